use std::io::{Cursor, Read};

use arrow::array::RecordBatch;
use bytes::Bytes;

use crate::format::Format;
use crate::options::ReadOptions;
use crate::parquet::ParquetSource;
use crate::tally::Tally;
use crate::text::TextReader;
use crate::{IngestError, schema::Table};

/// Reads a small table of any format from a reader, batch by batch.
pub(crate) fn read(
    mut reader: impl Read + Send,
    format: Option<Format>,
    options: &ReadOptions,
    source: &str,
    tally: &mut Tally,
    mut each: impl FnMut(&RecordBatch, &mut Tally) -> Result<(), IngestError>,
) -> Result<(), IngestError> {
    let mut first = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut first).map_err(IngestError::Io)?;
    if format.or_else(|| Format::detect(&first)) != Some(Format::Parquet) {
        let mut batches = TextReader::new(Cursor::new(first).chain(reader), format, options, source)?;
        let result = batches.by_ref().try_for_each(|batch| each(&batch?, tally));
        tally.merge(batches.tally());
        return result;
    }
    if first.is_empty() {
        return Ok(());
    }
    // The footer stands at the end, so the whole file is needed.
    let rest = reader.by_ref().take(MOST_PARQUET_BYTES).read_to_end(&mut first).map_err(IngestError::Io)?;
    if rest as u64 == MOST_PARQUET_BYTES {
        return Err(IngestError::TooLarge { limit: MOST_PARQUET_BYTES });
    }
    let file = ParquetSource::open(Bytes::from(first), source)?;
    let row_groups: Vec<usize> = (0..file.row_groups()).collect();
    let mut batches = file.read(&row_groups, options)?;
    let result = batches.by_ref().try_for_each(|batch| each(&batch?, tally));
    tally.merge(batches.tally());
    result
}

/// The options for a table other than that of exchanges.
pub(crate) fn options(table: Table, map: &crate::FieldMap) -> ReadOptions {
    ReadOptions { table, map: map.clone(), ..ReadOptions::default() }
}

const MOST_PARQUET_BYTES: u64 = 1 << 30;
