//! Day digests as Parquet files.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{ArrayBuilder, ArrayRef, Date32Builder, LargeBinaryBuilder, RecordBatch, StringBuilder};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::ColumnPath;
use stillwatch_core::{AccountId, Day, KeyId};
use stillwatch_digest::{DayDigest, Manifest};

use crate::columns::{DIGEST, digest_schema};
use crate::stream::Rows;
use crate::{AccountDay, Batches, EngineError, SourceError};

const SCHEMA_KEY: &str = "stillwatch.schema";
const NORMALISER_KEY: &str = "stillwatch.normaliser";
const KEY_KEY: &str = "stillwatch.key";

/// Bytes of digests that a row group holds, give or take one digest.
const ROW_GROUP_BYTES: usize = 16 << 20;
/// Digests grow to hundreds of kilobytes, so few are decoded at a time.
const READ_ROWS: usize = 256;
const UNSORTED: EngineError = EngineError::DigestFile("its rows are not sorted by account and day");

/// Writes day digests to a Parquet file: `account`, `day`, `digest`, in that order, sorted by the first two.
pub struct DigestWriter<W: Write + Send> {
    parquet: ArrowWriter<W>,
    account: StringBuilder,
    day: Date32Builder,
    digest: LargeBinaryBuilder,
    bytes: usize,
    last: Option<(AccountId, Day)>,
}

impl<W: Write + Send> DigestWriter<W> {
    pub fn new(output: W, key: KeyId) -> Result<Self, EngineError> {
        let sorted = |column_idx| SortingColumn { column_idx, descending: false, nulls_first: false };
        let digest = ColumnPath::from(DIGEST);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_column_dictionary_enabled(digest.clone(), false)
            .set_column_statistics_enabled(digest, EnabledStatistics::None)
            .set_sorting_columns(Some(vec![sorted(0), sorted(1)]))
            .set_key_value_metadata(Some(marks(key).map(|(name, value)| KeyValue::new(name.into(), value)).into()))
            .build();
        Ok(Self {
            parquet: ArrowWriter::try_new(output, digest_schema(), Some(properties))?,
            account: StringBuilder::new(),
            day: Date32Builder::new(),
            digest: LargeBinaryBuilder::new(),
            bytes: 0,
            last: None,
        })
    }

    /// Appends a digest. Rows come in ascending order of account and day, each once; anything else is refused.
    pub fn write(&mut self, row: &AccountDay) -> Result<(), EngineError> {
        let at = (row.account.clone(), row.day);
        if self.last.as_ref().is_some_and(|last| *last >= at) {
            return Err(UNSORTED);
        }
        self.last = Some(at);
        self.account.append_value(row.account.as_str());
        self.day.append_value(row.day.0);
        self.digest.append_value(&row.digest);
        self.bytes += row.account.as_str().len() + row.digest.len();
        if self.bytes >= ROW_GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    /// Completes the file and gives the output back.
    pub fn finish(mut self) -> Result<W, EngineError> {
        self.flush()?;
        Ok(self.parquet.into_inner()?)
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        if self.account.is_empty() {
            return Ok(());
        }
        let columns: Vec<ArrayRef> =
            vec![Arc::new(self.account.finish()), Arc::new(self.day.finish()), Arc::new(self.digest.finish())];
        self.bytes = 0;
        self.parquet.write(&RecordBatch::try_new(digest_schema(), columns)?)?;
        Ok(self.parquet.flush()?)
    }
}

/// Reads what a [`DigestWriter`] wrote and refuses everything else: another schema, key or order, and any digest that
/// is not in canonical form. The first error ends the iteration.
pub struct DigestReader {
    batches: ParquetRecordBatchReader,
    rows: Rows,
    last: Option<(AccountId, Day)>,
    failed: bool,
}

impl DigestReader {
    pub fn new<R: ChunkReader + 'static>(input: R, key: KeyId) -> Result<Self, EngineError> {
        // The schema is ours to say; what the file says of it is only checked.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(digest_schema());
        let builder = guard(|| ParquetRecordBatchReaderBuilder::try_new_with_options(input, options))??;
        let stored = builder.metadata().file_metadata().key_value_metadata();
        for (name, expected) in marks(key) {
            let found = stored.into_iter().flatten().find(|pair| pair.key == name).and_then(|pair| pair.value.as_ref());
            if found != Some(&expected) {
                return Err(EngineError::DigestFile(match name {
                    KEY_KEY => "it was made under another key",
                    NORMALISER_KEY => "it was made by another version of the normaliser",
                    _ => "it is not a file of day digests",
                }));
            }
        }
        let batches = guard(|| builder.with_batch_size(READ_ROWS).build())??;
        Ok(Self { batches, rows: Rows::default(), last: None, failed: false })
    }

    /// The rest of the file as batches with the columns of [`digest_schema`], for [`Source::new`](crate::Source::new).
    pub fn into_batches(mut self) -> Batches {
        Box::new(std::iter::from_fn(move || Some(self.batch()?.map_err(SourceError::from))))
    }

    fn batch(&mut self) -> Option<Result<RecordBatch, EngineError>> {
        if self.failed {
            return None;
        }
        let batch = guard(|| self.batches.next()).transpose()?.and_then(|batch| {
            let batch = batch.map_err(|error| ParquetError::ArrowError(error.to_string()))?;
            Rows::new(&batch).ok_or(EngineError::Schema)?.try_for_each(|row| self.check(row))?;
            Ok(batch)
        });
        self.failed = batch.is_err();
        Some(batch)
    }

    fn check(&mut self, row: AccountDay) -> Result<(), EngineError> {
        let AccountDay { account, day, digest } = row;
        if let Err(source) = DayDigest::decode(&digest) {
            return Err(EngineError::StoredDigest { account, day, source });
        }
        if self.last.as_ref().is_some_and(|(last, last_day)| (last, *last_day) >= (&account, day)) {
            return Err(UNSORTED);
        }
        self.last = Some((account, day));
        Ok(())
    }
}

impl Iterator for DigestReader {
    type Item = Result<AccountDay, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            match self.batch()? {
                Ok(batch) => self.rows = Rows::new(&batch)?,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The Parquet reader panics on some files whose structure contradicts itself.
fn guard<T>(read: impl FnOnce() -> T) -> Result<T, EngineError> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| EngineError::DigestFile("its structure contradicts itself"))
}

/// What the file says about itself.
fn marks(key: KeyId) -> [(&'static str, String); 3] {
    let manifest = Manifest::new(key);
    [(SCHEMA_KEY, manifest.schema), (NORMALISER_KEY, manifest.normaliser.to_string()), (KEY_KEY, manifest.key)]
}
