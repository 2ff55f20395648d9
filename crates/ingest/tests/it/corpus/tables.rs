use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, DictionaryArray, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray,
    StringViewArray, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields, Int32Type};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use stillwatch_ingest::{CorpusOptions, CorpusPlan, CorpusReader, CorpusTally, ParquetSource};

use super::read_all;
use crate::fixtures::{array, parquet_file};

fn read(bytes: Vec<u8>, options: &CorpusOptions, from: u64) -> (Vec<String>, CorpusTally) {
    let file = ParquetSource::open(Bytes::from(bytes), "c").unwrap();
    let groups: Vec<usize> = (0..file.row_groups()).collect();
    let plan = CorpusPlan::new(options).unwrap();
    let mut reader = CorpusReader::parquet(&file, &groups, &plan, options).unwrap();
    reader.skip_to(from);
    read_all(reader, options).unwrap()
}

fn lists(items: impl Array + 'static, lengths: &[usize], nulls: Option<Vec<bool>>) -> ArrayRef {
    let field = Arc::new(Field::new("item", items.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    array(ListArray::new(field, offsets, Arc::new(items), nulls.map(NullBuffer::from)))
}

fn structs(members: &[(&str, ArrayRef)], nulls: Option<Vec<bool>>) -> StructArray {
    let fields: Fields =
        members.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    StructArray::new(fields, members.iter().map(|(_, array)| Arc::clone(array)).collect(), nulls.map(NullBuffer::from))
}

#[test]
fn string_columns_of_every_kind() {
    let dictionary: DictionaryArray<Int32Type> = vec!["d", "d"].into_iter().collect();
    let columns: [(&str, ArrayRef); 5] = [
        ("prompt", array(StringViewArray::from(vec![Some("a prompt that is not stored inline"), None]))),
        ("completion", array(LargeStringArray::from(vec!["one", "two"]))),
        ("source", array(dictionary)),
        ("system", array(arrow::array::BinaryArray::from_opt_vec(vec![Some(b"S"), None]))),
        ("score", array(Int64Array::from(vec![1, 2]))),
    ];
    let (documents, tally) = read(parquet_file(columns), &CorpusOptions::default(), 0);
    assert_eq!(
        documents,
        [
            "1.0 Model one | prompt: a prompt that is not stored inline | system: S | source: d",
            "2.0 Model two | source: d"
        ]
    );
    assert_eq!((tally.rows, tally.fields.len()), (2, 5));
}

#[test]
fn lists_of_messages_with_nulls_at_every_level() {
    let roles = StringArray::from(vec![Some("user"), Some("assistant"), None, Some("assistant"), Some("assistant")]);
    let contents = StringArray::from(vec![Some("Q"), Some("A"), Some("hidden"), None, Some("B")]);
    let items =
        structs(&[("content", array(contents)), ("role", array(roles))], Some(vec![true, true, false, true, true]));
    let messages = lists(items, &[3, 0, 2, 0], Some(vec![true, false, true, true]));
    let (documents, tally) = read(parquet_file([("messages", messages)]), &CorpusOptions::default(), 0);
    assert_eq!(documents, ["1.1 Model A | prompt: Q", "3.1 Model B"]);
    assert_eq!((tally.rows, tally.without_text.count), (4, 2));
}

#[test]
fn conversations_and_parts_and_structures_of_lists() {
    let from = StringArray::from(vec!["human", "gpt"]);
    let value = StringArray::from(vec!["Q", "A"]);
    let conversations = lists(structs(&[("from", array(from)), ("value", array(value))], None), &[2], None);
    let (documents, _) = read(parquet_file([("conversations", conversations)]), &CorpusOptions::default(), 0);
    assert_eq!(documents, ["1.1 Model A | prompt: Q"]);

    let strings = |texts: [&str; 2]| lists(StringArray::from(texts.to_vec()), &[2], None);
    let sequence = structs(&[("role", strings(["user", "assistant"])), ("content", strings(["Q", "A"]))], None);
    let (documents, _) = read(parquet_file([("messages", array(sequence))]), &CorpusOptions::default(), 0);
    assert_eq!(documents, ["1.1 Model A | prompt: Q"]);

    let parts = structs(
        &[
            ("type", array(StringArray::from(vec!["text", "image", "text"]))),
            ("text", array(StringArray::from(vec![Some("one"), None, Some("two")]))),
        ],
        None,
    );
    let message =
        structs(&[("role", array(StringArray::from(vec!["assistant"]))), ("content", lists(parts, &[3], None))], None);
    let chosen = lists(message, &[1], None);
    let (documents, _) = read(parquet_file([("chosen", chosen)]), &CorpusOptions::default(), 0);
    assert_eq!(documents, ["1.0 Model one\ntwo"]);
}

#[test]
fn pointers_lead_into_structures_and_json_text() {
    let text = StringArray::from(vec!["T"]);
    let inner = structs(&[("text", array(text))], None);
    let file = parquet_file([("a", array(inner)), ("j", array(StringArray::from(vec!["{\"prompt\":\"P\"}"])))]);
    let options =
        CorpusOptions { text: Some("/a/text".into()), prompt: Some("/j/prompt".into()), ..CorpusOptions::default() };
    assert_eq!(read(file, &options, 0).0, ["1.0 Model T | prompt: P"]);
}

fn numbered(rows: i64) -> Vec<u8> {
    let columns: [(&str, ArrayRef); 2] = [
        ("text", array(StringArray::from_iter_values((1..=rows).map(|n| format!("document {n}"))))),
        ("n", array(Int64Array::from_iter_values(1..=rows))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(70)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn rows_keep_their_numbers_at_any_block_size_and_after_a_stop() {
    let bytes = numbered(300);
    let (whole, _) = read(bytes.clone(), &CorpusOptions::default(), 0);
    assert_eq!(whole.len(), 300);
    assert_eq!(whole[211], "212.0 Unknown document 212");
    for block_bytes in [1, 500, 4000] {
        let options = CorpusOptions { block_bytes, ..CorpusOptions::default() };
        for from in [0, 1, 70, 71, 150, 301] {
            let expected = whole.get(usize::try_from(from).unwrap().saturating_sub(1)..).unwrap_or_default();
            assert_eq!(read(bytes.clone(), &options, from).0, expected);
        }
    }
}

#[test]
fn chosen_rows_are_given_with_all_columns() {
    let options = CorpusOptions { all_columns: true, ..CorpusOptions::default() };
    let file = ParquetSource::open(Bytes::from(numbered(100)), "c").unwrap();
    let plan = CorpusPlan::new(&options).unwrap();
    let reader = CorpusReader::parquet(&file, &[1], &plan, &options).unwrap();
    let blocks: Vec<_> = reader.collect::<Result<_, _>>().unwrap();
    let chosen = blocks[0].select(|row| row == 71 || row == 90).unwrap().unwrap();
    assert_eq!((chosen.num_rows(), chosen.num_columns()), (2, 2));
    assert_eq!(*chosen.column(1).data_type(), DataType::Int64);
    assert_eq!(blocks[0].rows().next(), Some(71));
    let options = CorpusOptions::default();
    let reader = CorpusReader::parquet(&file, &[0, 1], &plan, &options).unwrap();
    let wanted: Vec<_> = reader.collect::<Result<_, _>>().unwrap();
    assert_eq!(wanted[0].select(|_| true).unwrap().unwrap().num_columns(), 1);
    assert!(CorpusReader::parquet(&file, &[2], &plan, &options).is_err());
}

#[test]
fn a_file_without_a_known_column_tells_what_to_do() {
    let file = parquet_file([("body", array(Int64Array::from(vec![1]))), ("html", array(Int64Array::from(vec![1])))]);
    let (_, tally) = read(file, &CorpusOptions::default(), 0);
    assert!(tally.advice().unwrap().contains("`body`, `html`"));
}
