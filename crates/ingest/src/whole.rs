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
        return result.and_then(|()| readable(batches.tally(), options.table));
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
    result.and_then(|()| readable(batches.tally(), options.table))
}

/// Refuses a file that is no table of this kind: what holds nothing of it is the wrong file, or is not readable.
fn readable(tally: &Tally, table: Table) -> Result<(), IngestError> {
    let refused = tally.unread.keys().find(|appearance| appearance.is_refused());
    if let Some(appearance) = refused {
        return Err(IngestError::Container(*appearance));
    }
    if table != Table::Account {
        return Ok(());
    }
    let unknown = |names: &[&str]| names.iter().filter(|name| tally.unknown_columns.contains(**name)).count();
    let covered = |name: &&str| tally.coverage.get(*name).is_some_and(|count| *count > 0);
    let facts = Table::Account.columns().iter().map(|column| column.name).filter(|name| !SHARED.contains(name));
    if tally.rows > 0 && unknown(OF_REQUESTS) >= FEWEST_OF_REQUESTS && !facts.clone().any(|name| covered(&name)) {
        let help = "give it as a log, without --accounts; an account table has a row for each account and no `time`";
        return Err(IngestError::NotThisTable("it is a request log".into(), help.into()));
    }
    if tally.accepted == 0 && tally.rejected_rows() > 0 {
        let reasons: Vec<String> =
            tally.rejected.iter().map(|(reason, rejected)| format!("{reason} ({})", rejected.count)).collect();
        let help = "an account table has a column `account`, as JSON lines, CSV or Parquet; a field map (--map) names it \
                    under [account]";
        return Err(IngestError::NotThisTable(format!("every row was rejected: {}", reasons.join(", ")), help.into()));
    }
    Ok(())
}

/// Columns that requests have too.
const SHARED: [&str; 4] = ["account", "organization", "status", "tier"];
/// Columns that only requests have.
const OF_REQUESTS: &[&str] = &[
    "time",
    "timestamp",
    "prompt",
    "response",
    "request_id",
    "model",
    "input_tokens",
    "output_tokens",
    "endpoint",
    "ip",
];
const FEWEST_OF_REQUESTS: usize = 2;

/// The options for a table other than that of exchanges.
pub(crate) fn options(table: Table, map: &crate::FieldMap) -> ReadOptions {
    ReadOptions { table, map: map.clone(), ..ReadOptions::default() }
}

const MOST_PARQUET_BYTES: u64 = 1 << 30;
