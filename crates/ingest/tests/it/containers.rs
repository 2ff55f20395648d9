//! Containers and encodings: read, or refused by name. A file that is refused has no rows and no rejected ones, and says what
//! it is and what to do.

use std::io::Write;

use flate2::write::GzEncoder;
use stillwatch_ingest::{FieldMap, Format, ReadOptions, Tally, TextReader, read_accounts, read_permits};

use crate::fixtures::{parquet_file, text, texts};

const LOG: &str = "{\"time\":1772452800,\"account\":\"a\",\"prompt\":\"caf\u{e9} \u{1f600}\"}\n{\"time\":1772452801,\"account\":\"b\",\"prompt\":\"two\"}\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// With a window of 2^`log` bytes.
fn zstd_long(bytes: &[u8], log: u32) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(log).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn layers_of_compression_are_undone() {
    for packed in [
        gzip(&gzip(LOG.as_bytes())),
        gzip(&zstd(LOG.as_bytes())),
        zstd(&gzip(&zstd(LOG.as_bytes()))),
        zstd_long(LOG.as_bytes(), 27),
    ] {
        let (batch, tally) = text(&packed);
        assert_eq!(texts(&batch, "prompt"), [Some("caf\u{e9} \u{1f600}"), Some("two")]);
        assert_eq!(tally.bytes, packed.len() as u64);
    }
}

#[test]
fn utf16_is_read_like_utf8() {
    for (little, mark) in [(true, true), (false, true), (true, false), (false, false)] {
        for log in [LOG, "time,account,prompt\r\n1772452800,a,caf\u{e9} \u{1f600}\r\n1772452801,b,two\r\n"] {
            let (batch, _) = text(utf16(log, little, mark));
            assert_eq!(texts(&batch, "prompt"), [Some("caf\u{e9} \u{1f600}"), Some("two")], "{little} {mark} {log}");
        }
    }
    let (batch, _) = text(gzip(&utf16(LOG, true, true)));
    assert_eq!(batch.num_rows(), 2);
    let accounts = utf16("account,payment_hmac\nzoe,00\n", true, true);
    let read = read_accounts(&accounts[..], None, &FieldMap::default(), "accounts", &mut Tally::default()).unwrap();
    assert_eq!(read.len(), 1);
    assert!(read_permits(&utf16("{\"permits\": []}", true, true)[..]).unwrap().is_empty());
}

#[test]
fn what_is_not_read_is_named_and_says_what_to_do() {
    let mut tar = vec![0_u8; 1024];
    tar[..9].copy_from_slice(b"log.jsonl");
    tar[257..262].copy_from_slice(b"ustar");
    let sqlite = [&b"SQLite format 3\0"[..], &[0; 84]].concat();
    let files: Vec<(Vec<u8>, &str, &str)> = vec![
        (sqlite.clone(), "an SQLite database", "sqlite3"),
        (gzip(&sqlite), "an SQLite database", "sqlite3"),
        (b"ORC\x08\x03\x10\x01\x00\x01".to_vec(), "an ORC file", "pyarrow.orc"),
        (b"Obj\x01\x04\x14avro.codec".to_vec(), "an Avro file", "tojson"),
        (b"ARROW1\0\0\xff\xff\xff\xff\x10\0\0\0".to_vec(), "an Arrow file", "open_file"),
        (b"\xff\xff\xff\xff\x10\x01\0\0\x10\0\0\0".to_vec(), "an Arrow stream", "open_stream"),
        ([&b"PARE\x15\x04\x00\x00"[..], b"PARE"].concat(), "an encrypted Parquet file", "decrypt"),
        (b"Salted__\x01\x02\x03\x04\x05\x06\x07\x08".to_vec(), "a file encrypted by OpenSSL", "decrypt"),
        (tar.clone(), "a tar archive", "tar -xf"),
        (gzip(&tar), "a tar archive", "tar -xf"),
        (b"PK\x03\x04\x14\0\x08\0".to_vec(), "a ZIP archive", "unzip"),
        (b"BZh91AY&SY\x00\x01".to_vec(), "a file compressed with bzip2", "bzip2 -d"),
        (b"\x04\x22\x4d\x18\x64\x40\xa7".to_vec(), "a file compressed with lz4", "lz4 -d"),
        (zstd_long(LOG.as_bytes(), 29), "a zstd stream that needs a window of 512 MiB", "--long=31"),
        (gzip(&gzip(&gzip(&gzip(LOG.as_bytes())))), "a file compressed many times over", "decompress"),
        (b"-- PostgreSQL database dump\nINSERT INTO logs VALUES (1);\n".to_vec(), "plain text", "JSON lines"),
        (b"INSERT INTO logs VALUES (1, 'words');\n".to_vec(), "an SQL dump", "\\copy"),
        (b"\xff\xfe\0\0t\0\0\0".to_vec(), "UTF-32 text", "UTF-32"),
        ((0..200_u8).collect(), "binary data", "decompress or decrypt"),
        (b"<?xml version=\"1.0\"?><log/>".to_vec(), "XML or HTML", "JSON lines"),
        (gzip(b"PAR1\x15\x04"), "a Parquet file inside a stream", "decompress"),
    ];
    for (bytes, name, help) in files {
        let (batch, tally) = text(&bytes);
        assert_eq!(batch.num_rows(), 0, "{name}");
        let told: Vec<String> = tally.unread.keys().map(ToString::to_string).collect();
        assert_eq!(told, [name]);
        let (appearance, unread) = tally.unread.first_key_value().unwrap();
        assert_eq!((unread.files, unread.names.len()), (1, 1));
        assert!(appearance.help().contains(help), "{name}: {}", appearance.help());
        if appearance.is_refused() {
            assert_eq!((tally.rows, tally.unknown_columns.len()), (0, 0), "{name}");
            let error = read_accounts(&bytes[..], None, &FieldMap::default(), "accounts", &mut Tally::default());
            assert!(error.is_err(), "{name} as an account table");
        }
    }
}

#[test]
fn files_of_another_role_are_no_logs() {
    let roles = [
        ("account,payment_hmac,created_at\na,00,2026-01-01\n", "an account table"),
        ("{\"account\":\"a\",\"email_domain\":\"example.org\"}\n", "an account table"),
        ("{\"permits\": []}", "a file of permits"),
        (
            "{\n  \"campaign\": {},\n  \"klass\": {},\n  \"actor\": {},\n  \"kind\": {}\n}",
            "the truth about simulated traffic",
        ),
        (
            "{\"schema\":\"stillwatch.detect/2\",\"inputs\":{},\"campaigns\":[],\"not_evaluated\":[]}",
            "a report of Stillwatch",
        ),
    ];
    for (log, role) in roles {
        let (_, tally) = text(log);
        assert_eq!(tally.unread.keys().map(ToString::to_string).collect::<Vec<_>>(), [role]);
    }
    // Account facts in a request log are no account table, and a request log is none either.
    let (batch, _) = text("time,account,tier\n1772452800,a,pro\n");
    assert_eq!(batch.num_rows(), 1);
    let log = &b"time,account,prompt,model\n1772452800,a,words,m\n"[..];
    let error = read_accounts(log, None, &FieldMap::default(), "log", &mut Tally::default()).unwrap_err();
    assert!(error.to_string().contains("request log") && error.help().unwrap().contains("--accounts"), "{error}");
    let table = &b"who,card\na,00\n"[..];
    assert!(read_accounts(table, None, &FieldMap::default(), "log", &mut Tally::default()).is_err());
}

#[test]
fn a_parquet_file_as_it_is_needs_a_file() {
    let file = parquet_file([("time", crate::fixtures::array(arrow::array::Int64Array::from(vec![1_772_452_800])))]);
    let mut reader = TextReader::new(&file[..], Some(Format::Parquet), &ReadOptions::default(), "pipe").unwrap();
    assert!(reader.next().is_none());
    assert_eq!(reader.tally().unread.len(), 1);
}
