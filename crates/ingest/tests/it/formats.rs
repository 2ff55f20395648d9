use arrow::array::{
    BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
    RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use bytes::Bytes;
use stillwatch_ingest::{Format, IngestError, ParquetSource, ReadOptions, Tally, TextReader, exchange_schema};

use crate::fixtures::{NOON, array, integers, parquet, parquet_file, text, texts, times};

const NDJSON: &str = r#"{"time":"2026-03-02T12:00:00Z","account":"a","ip":"1.2.3.4","prompt":"one, \"two\"","temperature":0.5,"n":2,"logprobs":true,"extra":1}
{"time":"2026-03-02T12:00:01Z","account":"b","ip":"::ffff:1.2.3.4","prompt":"drei\nvier","temperature":null,"n":-1,"logprobs":false,"extra":2}
{"time":"2026-03-02T12:00:00Z","account":"c","ip":"nowhere","prompt":null,"temperature":1,"n":null,"logprobs":null,"extra":3}
{"time":"1970-01-01T00:00:00Z","account":"d"}
{"time":"2026-03-02T12:00:00Z","account":null}
"#;

const CSV: &str = "time,account,ip,prompt,temperature,n,logprobs,extra\r\n\
    2026-03-02T12:00:00Z,a,1.2.3.4,\"one, \"\"two\"\"\",0.5,2,true,1\r\n\
    2026-03-02T12:00:01Z,b,::ffff:1.2.3.4,\"drei\nvier\",None,-1,False,2\r\n\
    2026-03-02 12:00:00,c,nowhere,,1,,,3\r\n\
    1970-01-01,d,,,,,,\r\n\
    2026-03-02T12:00:00Z,,,,,,,\r\n";

fn file() -> Vec<u8> {
    let seconds = NOON / 1_000_000;
    parquet_file([
        ("time", array(TimestampSecondArray::from(vec![seconds, seconds + 1, seconds, 0, seconds]))),
        ("account", array(StringArray::from(vec![Some("a"), Some("b"), Some("c"), Some("d"), None]))),
        ("ip", array(StringArray::from(vec![Some("1.2.3.4"), Some("::ffff:1.2.3.4"), Some("nowhere"), None, None]))),
        ("prompt", array(StringArray::from(vec![Some("one, \"two\""), Some("drei\nvier"), None, None, None]))),
        ("temperature", array(Float32Array::from(vec![Some(0.5), None, Some(1.0), None, None]))),
        ("n", array(Int32Array::from(vec![Some(2), Some(-1), None, None, None]))),
        ("logprobs", array(BooleanArray::from(vec![Some(true), Some(false), None, None, None]))),
        ("extra", array(Int32Array::from(vec![1, 2, 3, 4, 5]))),
    ])
}

#[test]
fn every_format_gives_the_same_batches_and_the_same_counts() {
    let array = format!("[{}]", NDJSON.trim().replace('\n', " ,\n"));
    let read = [text(NDJSON), text(CSV), text(array), parquet(file())];
    let same = |tally: &Tally| {
        let mut tally = Tally { bytes: 0, ..tally.clone() };
        tally.rejected.values_mut().for_each(|rejected| rejected.samples.clear());
        tally
    };
    for (batch, tally) in &read {
        assert_eq!(batch, &read[0].0);
        assert_eq!(same(tally), same(&read[0].1));
    }
    let (batch, tally) = &read[0];
    assert_eq!(times(batch), [NOON, NOON + 1_000_000, NOON]);
    assert_eq!(texts(batch, "ip"), [Some("1.2.3.4"), Some("1.2.3.4"), None]);
    assert_eq!(integers(batch, "n"), [Some(2), None, None]);
    assert_eq!((tally.rows, tally.accepted, tally.rejected_rows(), tally.disordered), (5, 3, 2, 1));
    assert_eq!(tally.coverage["prompt"], 2);
    assert_eq!(tally.coverage["model"], 0);
    assert_eq!(
        tally.field_errors.iter().map(|(name, n)| (name.as_str(), *n)).collect::<Vec<_>>(),
        [("ip", 1), ("n", 1)]
    );
    assert_eq!(tally.unknown_columns.iter().collect::<Vec<_>>(), ["extra"]);
}

#[test]
fn samples_name_the_line_and_nothing_of_the_row() {
    for (tally, rows) in [(text(NDJSON).1, [4, 5]), (text(CSV).1, [5, 6]), (parquet(file()).1, [4, 5])] {
        let samples: Vec<u64> =
            tally.rejected.values().flat_map(|rejected| &rejected.samples).map(|sample| sample.row).collect();
        assert_eq!(samples.iter().copied().collect::<std::collections::BTreeSet<_>>(), rows.into());
    }
}

#[test]
fn nothing_gives_no_rows_and_no_error() {
    for bytes in ["", "\n\n", "time,account\n", "[]", "[", " "] {
        assert_eq!(text(bytes).0.num_rows(), 0, "{bytes:?}");
    }
    let empty = parquet_file([("time", array(Int64Array::from(Vec::<i64>::new())))]);
    assert_eq!(parquet(empty).0.num_rows(), 0);
}

#[test]
fn parquet_types_of_every_kind_are_converted() {
    let account: DictionaryArray<Int32Type> = vec!["a", "a"].into_iter().collect();
    let bytes = parquet_file([
        ("time", array(TimestampNanosecondArray::from(vec![NOON * 1000; 2]).with_timezone("+02:00"))),
        ("account", array(account)),
        ("model", array(LargeStringArray::from(vec!["m", "m"]))),
        ("endpoint", array(StringViewArray::from(vec!["a long enough endpoint", "e"]))),
        ("organization", array(Int64Array::from(vec![7, 8]))),
        ("input_tokens", array(UInt64Array::from(vec![5, u64::MAX]))),
        ("output_tokens", array(Float64Array::from(vec![5.0, 5.5]))),
        ("latency_ms", array(Float64Array::from(vec![f64::NAN, 1.0]))),
        ("status", array(StringArray::from(vec!["200", "ok"]))),
        ("asn", array(Date32Array::from(vec![1, 2]))),
        ("system", array(StringArray::from(vec!["a\0b", ""]))),
        (
            "tools",
            array(StructArray::from(vec![(
                std::sync::Arc::new(arrow::datatypes::Field::new("x", arrow::datatypes::DataType::Int64, true)),
                array(Int64Array::from(vec![1, 2])),
            )])),
        ),
    ]);
    let (batch, tally) = parquet(bytes);
    assert_eq!(times(&batch), [NOON; 2]);
    assert_eq!(texts(&batch, "organization"), [Some("7"), Some("8")]);
    assert_eq!(texts(&batch, "endpoint")[0], Some("a long enough endpoint"));
    assert_eq!(integers(&batch, "input_tokens"), [Some(5), None]);
    assert_eq!(integers(&batch, "output_tokens"), [Some(5), None]);
    assert_eq!(integers(&batch, "status"), [Some(200), None]);
    assert_eq!(texts(&batch, "system"), [Some("a b"), Some("")]);
    assert_eq!(tally.nul_bytes, 1);
    assert_eq!(texts(&batch, "tools")[0], Some(r#"{"x":1}"#));
    let errors: Vec<(&str, u64)> = tally.field_errors.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(errors, [("asn", 2), ("input_tokens", 1), ("latency_ms", 1), ("output_tokens", 1), ("status", 1)]);
}

#[test]
fn parquet_times_may_be_text_or_epochs_of_any_unit() {
    let account = || array(StringArray::from(vec!["a"]));
    for time in [
        array(StringArray::from(vec!["2026-03-02T14:00:00+02:00"])),
        array(Int64Array::from(vec![NOON / 1_000_000])),
        array(Int64Array::from(vec![NOON / 1_000])),
        array(Int64Array::from(vec![NOON])),
        array(Int64Array::from(vec![NOON * 1_000])),
        array(Float64Array::from(vec![1_772_452_800.0])),
        array(TimestampMicrosecondArray::from(vec![NOON])),
    ] {
        assert_eq!(times(&parquet(parquet_file([("time", time), ("account", account())])).0), [NOON]);
    }
}

#[test]
fn row_groups_are_read_on_their_own_with_their_own_row_numbers() {
    let rows = 10;
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("time", array(Int64Array::from_iter_values((0..rows).map(|n| NOON + n))), true),
        ("account", array((0..rows).map(|n| (n != 7).then(|| n.to_string())).collect::<StringArray>()), true),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    let properties =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(4)).build();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let source = ParquetSource::open(Bytes::from(bytes), "f").unwrap();
    assert_eq!((source.row_groups(), source.rows(), source.row_group_rows(2)), (3, 10, 2));
    let mut reader = source.read(&[1], &ReadOptions::default()).unwrap();
    let batches: Vec<RecordBatch> = reader.by_ref().collect::<Result<_, _>>().unwrap();
    assert_eq!(texts(&batches[0], "account"), [Some("4"), Some("5"), Some("6")]);
    let samples: Vec<u64> = reader.tally().rejected.values().flat_map(|r| &r.samples).map(|s| s.row).collect();
    assert_eq!(samples, [8]);
    assert!(reader.tally().bytes > 0);
    assert!(matches!(source.read(&[3], &ReadOptions::default()), Err(IngestError::RowGroup { wanted: 3, present: 3 })));
}

#[test]
fn a_broken_parquet_file_is_an_error_with_help() {
    let good = file();
    let mut middle = good.clone();
    middle[4..60].fill(0xff);
    for bytes in [good[..good.len() - 1].to_vec(), good[..40].to_vec(), b"PAR1".to_vec(), Vec::new(), middle] {
        let error = crate::fixtures::parquet_with(bytes, &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with("the parquet file cannot be decoded"), "{error}");
        assert!(error.help().is_some());
    }
}

#[test]
fn parquet_given_as_text_and_foreign_compression_are_refused_by_name() {
    let refuse = |bytes: &[u8], format| {
        let mut reader = TextReader::new(bytes, format, &ReadOptions::default(), "f").unwrap();
        assert!(reader.next().is_none());
        let tally = reader.into_tally();
        assert_eq!(tally.rows, 0);
        tally
            .unread
            .into_iter()
            .map(|(appearance, unread)| format!("{}: {appearance}", unread.files))
            .collect::<Vec<_>>()
    };
    assert_eq!(refuse(&file(), None), ["1: a Parquet file inside a stream"]);
    assert_eq!(refuse(b"\xfd7zXZ\0....", None), ["1: a file compressed with xz"]);
    assert_eq!(refuse(b"x", Some(Format::Parquet)), ["1: a Parquet file inside a stream"]);
}

#[test]
fn batches_are_closed_by_rows_and_by_bytes() {
    let row = |size: usize| format!("{{\"time\":1772452800,\"account\":\"a\",\"prompt\":\"{}\"}}\n", "x".repeat(size));
    let sizes = |log: String| -> Vec<usize> {
        let reader = TextReader::new(log.as_bytes(), None, &ReadOptions::default(), "f").unwrap();
        reader.map(|batch| batch.unwrap().num_rows()).collect()
    };
    assert_eq!(sizes(row(1).repeat(10_000)), [8192, 1808]);
    assert_eq!(sizes(row(1 << 20).repeat(10)), [8, 2]);
}

#[test]
fn the_schema_is_the_contract() {
    let schema = exchange_schema();
    assert_eq!(schema.fields().len(), stillwatch_core::EXCHANGE_COLUMNS.len());
    let required: Vec<&str> =
        schema.fields().iter().filter(|field| !field.is_nullable()).map(|field| field.name().as_str()).collect();
    assert_eq!(required, ["time", "account"]);
}

#[test]
fn readers_may_move_to_other_threads() {
    fn moves<T: Send>(_: &T) {}
    let source = ParquetSource::open(Bytes::from(file()), "f").unwrap();
    moves(&source);
    moves(&source.read(&[0], &ReadOptions::default()).unwrap());
    moves(&TextReader::new(&b""[..], None, &ReadOptions::default(), "f").unwrap());
}
