use std::io::Write;

use flate2::write::GzEncoder;
use proptest::prelude::*;
use stillwatch_ingest::{Block, CorpusFormat, CorpusOptions, CorpusReader, CorpusTally};

use super::{parse, read, read_all, read_with};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn with_blocks(block_bytes: usize) -> CorpusOptions {
    CorpusOptions { block_bytes, ..CorpusOptions::default() }
}

fn blocks(bytes: &[u8], format: CorpusFormat, options: &CorpusOptions) -> Vec<Block> {
    CorpusReader::new(bytes, Some(format), options, "c").unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn rows_are_numbered_by_lines_elements_and_records() {
    let (documents, tally) = read("\u{feff}\n{\"text\":\"a\"}\r\n\n {\"text\":\"b\"}");
    assert_eq!(documents, ["2.0 Unknown a", "4.0 Unknown b"]);
    assert_eq!(tally.rows, 2);
    let (documents, _) = read("\u{feff}[\n  {\"text\":\n \"a\"},\n\n \"b\" , {\"x\": [1, {}]}, {\"text\":\"c\"} ]\n");
    assert_eq!(documents, ["1.0 Unknown a", "2.0 Unknown b", "4.0 Unknown c"]);
    let (documents, _) = read("{\n \"text\": \"a\"\n}\n{\n \"text\": \"b\"\n}\n");
    assert_eq!(documents, ["1.0 Unknown a", "2.0 Unknown b"]);
    let csv = "text,source\n\n\"a\n\"\"b\"\"\",s\r\nc,\n";
    let (documents, _) = read_with(csv.as_bytes(), Some(CorpusFormat::Csv), &CorpusOptions::default());
    assert_eq!(documents, ["1.0 Unknown a\n\"b\" | source: s", "2.0 Unknown c"]);
    let tsv = "source\ttext\ns\ta, b\n";
    let (documents, _) = read_with(tsv.as_bytes(), Some(CorpusFormat::Tsv), &CorpusOptions::default());
    assert_eq!(documents, ["1.0 Unknown a, b | source: s"]);
}

#[test]
fn a_text_is_one_document_cut_at_line_ends() {
    let (documents, _) = read("Once\nupon a time\n");
    assert_eq!(documents, ["1.0 Unknown Once\nupon a time\n"]);
    let line = format!("{}\n", "x".repeat(99));
    let long = line.repeat(25_000);
    let parts = blocks(long.as_bytes(), CorpusFormat::Text, &CorpusOptions::default());
    let mut whole = Vec::new();
    for part in &parts {
        for row in part.rows() {
            let bytes = part.record(row).unwrap();
            assert!(bytes.len() <= 1 << 20 && bytes.ends_with(b"\n"));
            whole.extend_from_slice(bytes);
        }
    }
    assert_eq!(whole, long.as_bytes());
    assert_eq!(parts.last().unwrap().last_row(), 3);
    let wide = format!("x{}", "é".repeat(1 << 20));
    let (documents, tally) = read(&wide);
    assert_eq!((documents.len(), tally.text_bytes, tally.replaced), (3, (2 << 20) + 1, 0));
}

#[test]
fn of_text_read_by_lines_each_is_a_document() {
    let options = CorpusOptions { lines: true, ..CorpusOptions::default() };
    let (documents, _) = read_with(b"one\r\n\ntwo", None, &options);
    assert_eq!(documents, ["1.0 Unknown one", "3.0 Unknown two"]);
}

#[test]
fn members_and_frames_are_read_through() {
    let lines: String = (0..3000).map(|n| format!("{{\"text\":\"document {n}\"}}\n")).collect();
    let plain = read(&lines).0;
    assert_eq!(plain.len(), 3000);
    let (first, second) = lines.as_bytes().split_at(40_001);
    for pack in [gzip, zstd] {
        assert_eq!(read([pack(first), pack(b""), pack(second)].concat()).0, plain);
    }
    let skippable = [&b"\x50\x2a\x4d\x18\x04\0\0\0\x01\x02\x03\x04"[..], &zstd(lines.as_bytes())].concat();
    assert_eq!(read(skippable).0, plain);
}

#[test]
fn chosen_records_are_written_as_they_were() {
    let lines = b"{\"text\": \"a\" }\nnot json\n{\"text\":\"c\"}";
    let block = &blocks(lines, CorpusFormat::Json, &CorpusOptions::default())[0];
    let mut out = Vec::new();
    assert_eq!(block.write(|row| row != 1, &mut out).unwrap(), 2);
    assert_eq!(out, b"not json\n{\"text\":\"c\"}\n");
    let array = b"[{\"text\":\n\t\"a\"}, {\"text\":\"b\"}]";
    let mut out = Vec::new();
    blocks(array, CorpusFormat::Json, &CorpusOptions::default())[0].write(|row| row == 1, &mut out).unwrap();
    assert_eq!(out, b"{\"text\": \t\"a\"}\n");
    let csv = b"text,n\r\n\"a\nb\",1\r\nc,2\r\n";
    let block = &blocks(csv, CorpusFormat::Csv, &CorpusOptions::default())[0];
    let mut out = Vec::new();
    block.write(|row| row == 1, &mut out).unwrap();
    assert_eq!((block.header(), &out[..]), (Some(&b"text,n"[..]), &b"\"a\nb\",1\n"[..]));
    assert!(block.select(|_| true).unwrap().is_none() && block.record(3).is_none());
}

#[test]
fn reading_goes_on_at_a_row_as_if_it_had_not_stopped() {
    let lines: String = (1..=500)
        .map(|n| if n % 7 == 0 { "{broken\n".to_owned() } else { format!("{{\"text\":\"document {n}\"}}\n") })
        .collect();
    let array = format!("[{}]", lines.replace("{broken\n", "[broken]\n").trim_end().replace('\n', ","));
    let csv = format!("text\n{}", lines.replace(['{', '}', ':', '"'], ""));
    for (bytes, format) in [(lines, CorpusFormat::Json), (array, CorpusFormat::Json), (csv, CorpusFormat::Csv)] {
        let options = with_blocks(700);
        let (whole, total) = read_with(bytes.as_bytes(), Some(format), &options);
        let (mut tally, mut out, mut last) = (CorpusTally::default(), Vec::new(), 0);
        for block in CorpusReader::new(bytes.as_bytes(), Some(format), &options, "c").unwrap().take(5) {
            let block = block.unwrap();
            parse(&block, &options, &mut tally, &mut out);
            last = block.last_row();
        }
        let saved = serde_json::to_string(&tally).unwrap();
        let mut tally: CorpusTally = serde_json::from_str(&saved).unwrap();
        let options = with_blocks(333);
        let mut reader = CorpusReader::new(bytes.as_bytes(), Some(format), &options, "c").unwrap();
        reader.skip_to(last + 1);
        let (rest, more) = read_all(reader, &options).unwrap();
        out.extend(rest);
        tally.merge(&more);
        assert!(last > 10 && last < 300);
        assert_eq!((out, tally), (whole, total));
    }
}

/// Records and what is between them, good and bad.
fn corpus() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "{\"text\":\"a\"}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"x\\ny\"}]}",
        "{\"text\":\"\\ud800 \\\\\"}",
        "\"plain\"",
        "one,\"two\n\"\",\"\n",
        "\n",
        "\r\n",
        ",",
        "[",
        "]",
        "{",
        "\"",
        "\\",
        "text,source\n",
        " ",
        "é",
        "\u{1F600}",
        "long long long long long long long long long long long long",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

const FORMATS: [Option<CorpusFormat>; 5] =
    [None, Some(CorpusFormat::Json), Some(CorpusFormat::Csv), Some(CorpusFormat::Tsv), Some(CorpusFormat::Text)];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn documents_do_not_depend_on_where_blocks_end(bytes in corpus(), block in 1_usize..200, damage in any::<u8>(), from in 0_u64..6) {
        let mut bytes = bytes;
        let half = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(half).filter(|_| damage < 64) {
            *byte = damage.wrapping_mul(5);
        }
        for format in FORMATS {
            for lines in [false, true] {
                let options = CorpusOptions { max_record_bytes: 60, lines, ..CorpusOptions::default() };
                let whole = read_with(&bytes, format, &options);
                let options = CorpusOptions { block_bytes: block, ..options };
                let parts = read_with(&bytes, format, &options);
                prop_assert_eq!(&whole, &parts);
                let mut reader = CorpusReader::new(&bytes[..], format, &options, "c").unwrap();
                reader.skip_to(from);
                let rest = read_all(reader, &options).unwrap().0;
                let row = |line: &String| line.split('.').next().unwrap().parse::<u64>().unwrap();
                let expected: Vec<String> = whole.0.into_iter().filter(|line| row(line) >= from).collect();
                prop_assert_eq!(rest, expected);
            }
        }
    }

    #[test]
    fn tables_are_cut_as_the_csv_crate_cuts_them(bytes in corpus()) {
        let table = [&b"text\n"[..], &bytes].concat();
        let options = with_blocks(50);
        let mut cut = Vec::new();
        for block in blocks(&table, CorpusFormat::Csv, &options) {
            cut.extend(block.rows().map(|row| block.record(row).unwrap().to_vec()));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(&table[..]);
        let known: Vec<csv::ByteRecord> = reader.byte_records().skip(1).map(Result::unwrap).collect();
        prop_assert_eq!(cut.len(), known.len());
        for (cut, known) in cut.iter().zip(&known) {
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(&cut[..]);
            prop_assert_eq!(&reader.byte_records().next().unwrap().unwrap(), known);
        }
        // What may be a list of messages is read as one.
        let known = known.iter().filter(|record| record.len() == 1).filter_map(|record| {
            std::str::from_utf8(&record[0]).ok().filter(|text| !text.is_empty() && !text.starts_with("[{\""))
        });
        let documents = read_with(&table, Some(CorpusFormat::Csv), &options).0;
        let texts = documents.iter().map(|line| line.split_once(" Unknown ").unwrap().1);
        let texts: Vec<&str> = texts.filter(|text| !text.starts_with("[{\"")).collect();
        let known: Vec<&str> = known.collect();
        prop_assert_eq!(texts, known);
    }
}
