//! Day digests in Parquet files.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, LargeBinaryArray, RecordBatch, StringArray};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use stillwatch_core::Key;
use stillwatch_engine::{AccountDay, DigestReader, DigestWriter, EngineError, Meter, Source, Unit, digest_schema};

use crate::traffic::{digests, engine, expected, key, traffic};

#[test]
fn digests_of_several_files_unite_to_the_digests_of_the_whole_log() {
    let spill = tempfile::tempdir().unwrap();
    let engine = engine(2, 1 << 30, spill.path());
    let halves = traffic(8_000, 200);
    let files = halves.chunks(halves.len() / 2).map(|half| file(&digests(&engine, half.to_vec())));
    let days: Result<Vec<AccountDay>, EngineError> = engine.unite(source(files), &Meter::default()).unwrap().collect();
    assert!(days.unwrap() == expected(8_000, 200));
}

#[test]
fn a_file_is_read_back() {
    let days = expected(4_000, 50);
    let read: Result<Vec<AccountDay>, EngineError> = DigestReader::new(file(&days), key().id()).unwrap().collect();
    assert!(read.unwrap() == days);
}

#[test]
fn another_key_is_refused() {
    let error = DigestReader::new(file(&expected(10, 2)), Key::from_bytes([6; 32]).id()).err().unwrap();
    assert_eq!(error.to_string(), "a digest file cannot be used: it was made under another key");
}

#[test]
fn rows_out_of_order_are_refused() {
    let mut days = expected(10, 2);
    let mut writer = DigestWriter::new(Vec::new(), key().id()).unwrap();
    writer.write(&days[1]).unwrap();
    assert!(matches!(writer.write(&days[0]), Err(EngineError::DigestFile(_))));
    days.reverse();
    assert!(matches!(read(forged(&days)), Err(EngineError::DigestFile(_))));
}

#[test]
fn a_damaged_digest_is_refused_and_named() {
    let mut days = expected(10, 2);
    days[1].digest.pop();
    assert!(matches!(read(forged(&days)), Err(EngineError::StoredDigest { day, .. }) if day == days[1].day));
    let spill = tempfile::tempdir().unwrap();
    let mut united = engine(2, 1 << 30, spill.path()).unite(source([forged(&days)]), &Meter::default()).unwrap();
    assert!(matches!(united.next(), Some(Err(EngineError::StoredDigest { .. }))));
}

#[test]
fn damaged_files_are_refused_without_panic() {
    let whole = file(&expected(200, 5));
    for length in (0..whole.len()).step_by(97) {
        assert!(DigestReader::new(whole.slice(..length), key().id()).is_err());
    }
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0x55;
        // A flipped bit may make other digests, but no panic.
        let _ = read(bytes.into());
    }
}

#[test]
fn other_parquet_files_are_refused() {
    let mut writer = ArrowWriter::try_new(Vec::new(), digest_schema(), None).unwrap();
    writer.write(&table(&expected(10, 2))).unwrap();
    let error = DigestReader::new(Bytes::from(writer.into_inner().unwrap()), key().id()).err().unwrap();
    assert_eq!(error.to_string(), "a digest file cannot be used: it is not a file of day digests");
}

/// Files of digests that lie in memory, found by their numbers.
fn source(files: impl IntoIterator<Item = Bytes>) -> Source {
    let files: Vec<Bytes> = files.into_iter().collect();
    let units: Vec<Unit> = (0..files.len()).map(|number| Unit::digests(number.to_string(), key().id())).collect();
    let open = move |unit: &Unit| {
        let number: usize = unit.name().parse()?;
        Ok(DigestReader::new(files[number].clone(), key().id())?.into_batches())
    };
    Source::new(units, Arc::new(open))
}

fn read(file: Bytes) -> Result<Vec<AccountDay>, EngineError> {
    DigestReader::new(file, key().id())?.collect()
}

fn file(days: &[AccountDay]) -> Bytes {
    let mut writer = DigestWriter::new(Vec::new(), key().id()).unwrap();
    days.iter().for_each(|day| writer.write(day).unwrap());
    writer.finish().unwrap().into()
}

/// A file with the marks of a digest file and any rows.
fn forged(days: &[AccountDay]) -> Bytes {
    let marks = [
        ("stillwatch.schema", "stillwatch.digest/1".into()),
        ("stillwatch.normaliser", stillwatch_digest::NORMALISER_VERSION.to_string()),
        ("stillwatch.key", key().id().to_string()),
    ];
    let marks = marks.map(|(name, value)| KeyValue::new(name.into(), value)).to_vec();
    let properties = WriterProperties::builder().set_key_value_metadata(Some(marks)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), digest_schema(), Some(properties)).unwrap();
    writer.write(&table(days)).unwrap();
    writer.into_inner().unwrap().into()
}

fn table(days: &[AccountDay]) -> RecordBatch {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(days.iter().map(|day| day.account.as_str()))),
        Arc::new(Date32Array::from_iter_values(days.iter().map(|day| day.day.0))),
        Arc::new(LargeBinaryArray::from_iter_values(days.iter().map(|day| &day.digest))),
    ];
    RecordBatch::try_new(digest_schema(), columns).unwrap()
}
