use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use stillwatch_ingest::{IngestError, ReadOptions, TextReader};

use crate::fixtures::{reasons, text};

fn log(rows: usize) -> String {
    (0..rows).map(|row| format!("{{\"time\":{},\"account\":\"a{row}\"}}\n", 1_772_452_800 + row)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn gzip_and_zstd_are_read_through_member_by_member() {
    let (plain, _) = text(log(2000));
    let (first, second) = (log(2000), String::new());
    let cut = first.find("{\"time\":1772453800").unwrap();
    for pack in [gzip, zstd] {
        let members =
            [pack(&first.as_bytes()[..cut]), pack(second.as_bytes()), pack(&first.as_bytes()[cut..])].concat();
        let (batch, tally) = text(&members);
        assert_eq!(batch, plain);
        assert_eq!(tally.bytes, members.len() as u64);
        let csv = pack(b"time,account\n1772452800,a\n");
        assert_eq!(text(csv).0.num_rows(), 1);
    }
}

#[test]
fn of_a_truncated_stream_the_good_rows_are_kept() {
    for (pack, reason) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
        let whole = pack(log(50_000).as_bytes());
        let (batch, tally) = text(&whole[..whole.len() * 3 / 4]);
        assert!(batch.num_rows() > 10_000 && batch.num_rows() < 50_000, "{}", batch.num_rows());
        assert_eq!(tally.truncated, 1);
        assert_eq!(reasons(&tally), [(format!("truncated {reason} stream"), 1)]);
        assert_eq!(tally.rows, tally.accepted + 1);
        assert_eq!(text(&whole[..10]).1.truncated, 1);
    }
}

#[test]
fn a_damaged_stream_is_counted() {
    let mut bytes = gzip(log(50_000).as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 200].fill(0);
    let (_, tally) = text(bytes);
    assert_eq!(tally.truncated, 1);
}

/// A source that fails after its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "connection lost")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_source_that_fails_is_an_error_after_the_rows_before() {
    for bytes in [log(1000).into_bytes(), gzip(log(50_000).as_bytes()), zstd(log(50_000).as_bytes())] {
        let bytes = &bytes[..bytes.len() - 20];
        let mut reader = TextReader::new(Failing(bytes), None, &ReadOptions::default(), "f").unwrap();
        assert!(reader.next().unwrap().unwrap().num_rows() > 900);
        let failed = reader.by_ref().find_map(Result::err);
        assert!(matches!(failed, Some(IngestError::Io(_))), "{failed:?}");
        assert!(reader.next().is_none());
    }
}
