use std::io::{self, Read};

use proptest::prelude::*;
use stillwatch_ingest::{
    CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally, IngestError,
};

use super::{read, read_all, read_with, reasons};

#[test]
fn bad_records_are_counted_and_the_others_read() {
    let deep = format!("{{\"messages\":{}{}}}", "[".repeat(400), "]".repeat(400));
    let skipped = format!("{{\"junk\":{}{},\"text\":\"kept\"}}", "[".repeat(100_000), "]".repeat(100_000));
    let lines = [
        b"{\"text\":\"a\"}".to_vec(),
        b"{\"text\":\"\xff\"}".to_vec(),
        b"{\"text\":\"b\"".to_vec(),
        b"17".to_vec(),
        deep.into_bytes(),
        skipped.into_bytes(),
        b"{\"text\":\"c\"} x".to_vec(),
        b"{\"text\":\"nul \\u0000\"}".to_vec(),
        b"{\"other\":\"d\"}".to_vec(),
    ];
    let (documents, tally) = read(lines.join(&b'\n'));
    assert_eq!(documents, ["1.0 Unknown a", "6.0 Unknown kept", "8.0 Unknown nul \0"]);
    let expected = [("malformed JSON", 2), ("not UTF-8", 1), ("not a JSON object", 1)];
    assert_eq!(reasons(&tally), expected);
    let rows: Vec<u64> = tally.rejected["malformed JSON"].samples.iter().map(|sample| sample.row).collect();
    assert_eq!(rows, [3, 7]);
    // What is nested too deeply holds no text, and neither does the record of another field.
    assert_eq!((tally.without_text.count, tally.replaced), (2, 1));
    assert!(!format!("{tally:?}").contains("kept"));
}

#[test]
fn more_turns_than_a_record_may_have_are_refused() {
    let (documents, tally) = read(format!("{{\"messages\":[{}\"\"]}}\n{{\"text\":\"a\"}}", "\"\",".repeat(1 << 20)));
    assert_eq!(reasons(&tally), [("over 1048576 values in one record", 1)]);
    assert_eq!(documents, ["2.0 Unknown a"]);
}

#[test]
fn lone_surrogates_are_replaced_and_counted() {
    let (documents, tally) = read(r#"{"text":"a \ud800 b \\ud800 \ud83d\ude00 \udc00\ud800","x":"\ud801"}"#);
    assert_eq!(documents, ["1.0 Unknown a \u{fffd} b \\ud800 \u{1f600} \u{fffd}\u{fffd}"]);
    assert_eq!((tally.replaced, tally.rejected_rows()), (4, 0));
}

#[test]
fn invalid_bytes_of_a_text_are_replaced_and_counted() {
    let (documents, tally) = read(b"caf\xe9 na\xefve \xe2\x82 \0");
    assert_eq!(documents, ["1.0 Unknown caf\u{fffd} na\u{fffd}ve \u{fffd} \0"]);
    assert_eq!(tally.replaced, 3);
}

#[test]
fn other_encodings_are_refused() {
    let options = CorpusOptions::default();
    for (mark, name) in [(&b"\xff\xfe{\0"[..], "UTF-16LE"), (b"\xfe\xff\0{", "UTF-16BE"), (b"\xff\xfe\0\0", "UTF-32LE")]
    {
        let refused = CorpusReader::new(mark, None, &options, "c").err().unwrap();
        assert_eq!(refused.to_string(), format!("the text is {name}, not UTF-8"));
        assert_eq!(refused.help().unwrap(), format!("convert it first: iconv -f {name} -t UTF-8"));
    }
    assert!(matches!(CorpusReader::new(&b"PAR1"[..], None, &options, "c"), Err(IngestError::ParquetAsText)));
    assert!(matches!(CorpusReader::new(&b"BZh9"[..], None, &options, "c"), Err(IngestError::Compression("bzip2"))));
    let unnamed = CorpusOptions { text: Some(String::new()), ..options };
    assert!(matches!(CorpusPlan::new(&unnamed), Err(IngestError::FieldName(_))));
}

#[test]
fn an_empty_corpus_is_one() {
    for format in [None, Some(CorpusFormat::Json), Some(CorpusFormat::Csv), Some(CorpusFormat::Text)] {
        for bytes in [&b""[..], b"\n\n", b"\xef\xbb\xbf"] {
            let (documents, tally) = read_with(bytes, format, &CorpusOptions::default());
            assert!(documents.is_empty() && tally.rejected_rows() == 0 && tally.advice().is_none() || bytes == b"\n\n");
        }
    }
    assert_eq!(read("[]").1, CorpusTally::default());
    assert!(read(zstd::encode_all(&b""[..], 1).unwrap()).0.is_empty());
}

#[test]
fn a_corpus_without_a_known_field_tells_what_to_do() {
    let (_, tally) = read("{\"body_html\":\"x\",\"label\":1}\n{\"body_html\":\"y\"}\n");
    assert_eq!(
        tally.advice().unwrap(),
        "no text was found; the fields are `body_html`, `label`: name the one that holds it with --text FIELD"
    );
    let (_, tally) = read_with(b"id,body_html\n1,x\n", Some(CorpusFormat::Csv), &CorpusOptions::default());
    assert!(tally.advice().unwrap().contains("`body_html`"));
}

/// The same bytes again and again, made while they are read.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(usize::try_from(self.0).unwrap_or(usize::MAX));
        buffer[..count].fill(b'a');
        self.0 -= count as u64;
        Ok(count)
    }
}

#[test]
fn a_record_without_end_is_not_held_in_memory() {
    let options = CorpusOptions { max_record_bytes: 1 << 16, ..CorpusOptions::default() };
    for format in [CorpusFormat::Json, CorpusFormat::Csv] {
        let reader =
            CorpusReader::new(Endless(48 << 20).chain(&b"\n{\"text\":\"a\"}"[..]), Some(format), &options, "c");
        let (documents, tally) = read_all(reader.unwrap(), &options).unwrap();
        assert_eq!(reasons(&tally), [("line over 65536 bytes", 1)]);
        assert_eq!(documents.len(), usize::from(format == CorpusFormat::Json));
    }
    let start = &b"[{\"text\":\""[..];
    let reader = CorpusReader::new(start.chain(Endless(16 << 20)).chain(&b"\"},\"b\"]"[..]), None, &options, "c");
    let (documents, tally) = read_all(reader.unwrap(), &options).unwrap();
    assert_eq!((reasons(&tally), documents), (vec![("line over 65536 bytes", 1)], vec!["2.0 Unknown b".to_owned()]));
}

#[test]
fn a_bomb_of_zeros_is_one_rejected_line_and_then_broken_off() {
    let bomb = zstd::encode_all(Read::take(io::repeat(0), 1 << 30), 1).unwrap();
    let options = CorpusOptions { max_record_bytes: 1 << 20, ..CorpusOptions::default() };
    let mut reader = CorpusReader::new(&bomb[..], Some(CorpusFormat::Json), &options, "c").unwrap();
    let (mut parser, mut tally) = (CorpusParser::new(&CorpusPlan::new(&options).unwrap()), CorpusTally::default());
    for block in &mut reader {
        parser.documents(&block.unwrap(), &mut tally, &mut |_, _| ()).unwrap();
    }
    assert_eq!(reasons(&tally), [("decompresses to over 2000 times its size", 1)]);
    assert!(reader.uncompressed_bytes() < 512 << 20, "{}", reader.uncompressed_bytes());
    let limited = CorpusOptions { max_bytes: Some(10 << 20), ..options.clone() };
    let reader = CorpusReader::new(&bomb[..], Some(CorpusFormat::Json), &limited, "c").unwrap();
    assert!(matches!(read_all(reader, &limited), Err(IngestError::TooLarge { limit: 10_485_760 })));
    let unlimited = CorpusOptions { max_expansion: u64::MAX, ..options };
    let (_, tally) = read_with(&bomb, Some(CorpusFormat::Json), &unlimited);
    assert_eq!(reasons(&tally), [("line over 1 MiB", 1)]);
}

/// Fails after its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("connection lost")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_source_that_fails_is_an_error_after_the_records_before() {
    let lines: String = (0..30_000).map(|n| format!("{{\"text\":\"document {n}\"}}\n")).collect();
    for bytes in [zstd::encode_all(lines.as_bytes(), 1).unwrap(), lines.into_bytes()] {
        let bytes = &bytes[..bytes.len() - 9];
        let mut reader = CorpusReader::new(Failing(bytes), None, &CorpusOptions::default(), "c").unwrap();
        let first = reader.next().unwrap().unwrap();
        assert!(first.len() > 1000 && first.len() < 30_000);
        assert!(matches!(reader.find_map(Result::err), Some(IngestError::Io(_))));
        assert!(reader.next().is_none());
    }
}

#[test]
fn of_a_broken_stream_the_whole_records_are_kept() {
    let lines: String = (0..30_000).map(|n| format!("{{\"text\":\"document {n}\"}}\n")).collect();
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    let (documents, tally) = read(&packed[..packed.len() / 2]);
    assert!(documents.len() > 5_000 && documents.len() < 30_000);
    assert_eq!((reasons(&tally), tally.truncated), (vec![("truncated zstd stream", 1)], 1));
    let (documents, tally) = read("[{\"text\":\"a\"}, {\"text\":");
    assert_eq!((documents.len(), reasons(&tally), tally.truncated), (1, vec![("truncated JSON array", 1)], 1));
}

fn read_every_way(bytes: &[u8]) {
    for format in
        [None, Some(CorpusFormat::Json), Some(CorpusFormat::Csv), Some(CorpusFormat::Tsv), Some(CorpusFormat::Text)]
    {
        for text in [None, Some("/a/0/b".to_owned()), Some("text".to_owned())] {
            let options = CorpusOptions {
                text,
                people: true,
                max_record_bytes: 300,
                block_bytes: 64,
                max_bytes: Some(1 << 24),
                ..CorpusOptions::default()
            };
            if let Ok(reader) = CorpusReader::new(bytes, format, &options, "c") {
                drop(read_all(reader, &options));
            }
        }
    }
}

fn near_misses() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\n",
        "\\",
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\"messages\":",
        "\"role\":",
        "\"assistant\"",
        "\"user\"",
        "\"content\":",
        "\"conversations\":",
        "\"from\":",
        "\"gpt\"",
        "\"value\":",
        "\"text\":",
        "\"a\":[{\"b\":",
        "\"chosen\":",
        "\"rejected\":",
        "\"choices\":[{\"message\":{",
        "\"body\":{",
        "\"response\":",
        "\"prompt\":",
        "\"input\":\"i\"",
        "null",
        "-1e999",
        "true",
        "text,source\n",
        "\t",
        "é",
        "\0",
        "\u{feff}",
        "\"x\"",
        "\"[{\\\"role\\\":\\\"user\\\"}]\"",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(80) })]

    #[test]
    fn no_bytes_make_a_corpus_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_every_way(&bytes);
        for magic in [&b"\x1f\x8b\x08\x00"[..], b"\x28\xb5\x2f\xfd", b"{\"text\":\"", b"[{", b"\"a\",\""] {
            read_every_way(&[magic, &bytes].concat());
        }
    }

    #[test]
    fn no_nearly_right_text_makes_a_corpus_panic(text in near_misses()) {
        read_every_way(text.as_bytes());
    }

    #[test]
    fn no_damage_to_good_records_makes_a_corpus_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        pack in any::<bool>(),
    ) {
        let mut bytes = br#"{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"one"}]},{"role":"assistant","content":"two \ud83d\ude00\n"}],"model":"m"}
{"instruction":"add","input":"1","output":"2","source":"s"}
{"prompt":"p","chosen":[{"role":"assistant","content":"c"}],"rejected":"r"}
{"response":{"body":{"choices":[{"message":{"role":"assistant","content":"x"}}]}}}
"#.to_vec();
        if pack {
            bytes = zstd::encode_all(&bytes[..], 1).unwrap();
        }
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read_every_way(&bytes);
    }
}
