use std::io::{self, Read};
use std::time::{Duration, Instant};

use arrow::array::{Int64Array, StringArray};
use proptest::prelude::*;
use stillwatch_ingest::{EdgeLog, FieldMap, Format, ReadOptions, Tally, TextReader, read_accounts, read_permits};

use crate::fixtures::{NOON, array, parquet_file, parquet_with, reasons};

/// Bytes that are made while they are read.
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
fn a_line_without_end_is_not_held_in_memory() {
    let options = ReadOptions { max_line_bytes: 1 << 16, ..ReadOptions::default() };
    let began = Instant::now();
    for (format, rejected) in [(Format::Ndjson, 1), (Format::Csv, 1)] {
        let mut reader = TextReader::new(Endless(64 << 20), Some(format), &options, "f").unwrap();
        assert!(reader.next().is_none());
        assert_eq!(reasons(reader.tally()), [("line over 65536 bytes".to_string(), rejected)]);
        assert_eq!(reader.tally().bytes, 64 << 20);
    }
    assert!(began.elapsed() < Duration::from_mins(1));
}

fn read_every_way(bytes: &[u8]) {
    let map = FieldMap::parse("[exchange]\nmodel = \"/a/b/0\"\nsystem = \"a\"").unwrap();
    let options = ReadOptions { map, max_line_bytes: 200, batch_rows: 3, ..ReadOptions::default() };
    for format in [None, Some(Format::Ndjson), Some(Format::Csv)] {
        if let Ok(mut reader) = TextReader::new(bytes, format, &options, "f") {
            reader.by_ref().for_each(drop);
            let tally = reader.tally();
            assert_eq!(tally.rows, tally.accepted + tally.outside_window + tally.rejected_rows());
        }
    }
    let map = FieldMap::default();
    drop(parquet_with(bytes.to_vec(), &options));
    drop(read_accounts(bytes, None, &map, "f", &mut Tally::default()));
    drop(EdgeLog::read(bytes, None, &map, "f", 1 << 20, &mut Tally::default()));
    drop(read_permits(bytes));
    drop(FieldMap::parse(&String::from_utf8_lossy(bytes)));
}

/// Text that is nearly right reaches further into the readers than noise does.
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
        "\"time\":1772452800,",
        "\"account\":\"a\"",
        "\"prompt\":",
        "[{\"role\":\"user\",\"content\":",
        "null",
        "-1",
        "1e999",
        "\"a\":{\"b\":[",
        "time,account,prompt\n",
        "1772452800,a,",
        "\"\"",
        "\u{feff}",
        "é",
        "\0",
        "[exchange]",
        "time = ",
        "permits",
        "\"ip\":\"1.2.3.x\"",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_every_way(&bytes);
        for magic in [&b"\x1f\x8b\x08\x00"[..], b"\x28\xb5\x2f\xfd", b"PAR1", b"{\"", b"[{"] {
            read_every_way(&[magic, &bytes].concat());
        }
    }

    #[test]
    fn no_nearly_right_text_makes_a_reader_panic(text in near_misses()) {
        read_every_way(text.as_bytes());
    }

    #[test]
    fn no_damage_to_a_parquet_file_makes_the_reader_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = parquet_file([
            ("time", array(Int64Array::from(vec![NOON; 50]))),
            ("account", array(StringArray::from((0..50).map(|n| n.to_string()).collect::<Vec<_>>()))),
            ("prompt", array(StringArray::from(vec![Some("x"); 50]))),
        ]);
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        drop(parquet_with(bytes, &ReadOptions::default()));
    }
}
