use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;

use crate::IngestError;
use crate::tally::Reason;

/// Whole records of a corpus, and which rows they are. It owns its bytes, so it can go to another thread.
///
/// Rows are numbered from 1: lines of NDJSON and of text read by lines, elements of a JSON array, records of CSV below
/// the header, parts of a text, rows of a Parquet file.
pub struct Block {
    pub(crate) source: Arc<str>,
    pub(crate) body: Body,
    pub(crate) faults: Vec<Fault>,
}

pub(crate) enum Body {
    Json(Records),
    Csv {
        header: Arc<Header>,
        records: Records,
    },
    Text(Records),
    Lines(Records),
    /// `fields` are all columns of the file, also those that are not in the batch.
    Rows {
        first: u64,
        batch: RecordBatch,
        fields: Arc<[String]>,
    },
}

/// The first record of a table.
pub(crate) struct Header {
    pub(crate) raw: Vec<u8>,
    pub(crate) delimiter: u8,
}

/// Text and where each record stands in it.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) bytes: Vec<u8>,
    pub(crate) spans: Vec<Span>,
}

#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) row: u64,
    /// Bounded by the longest record, which is below 4 GiB.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A row that the reader rejected.
pub(crate) struct Fault {
    pub(crate) row: u64,
    pub(crate) reason: Reason,
    /// The stream ended with it.
    pub(crate) broken_off: bool,
}

impl Records {
    pub(crate) fn raw(&self, span: Span) -> &[u8] {
        self.bytes.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

impl Block {
    /// Rows in the block, rejected ones apart.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Rows { batch, .. } => batch.num_rows(),
            _ => self.records().map_or(0, |records| records.spans.len()),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The last row that is settled with this block: reading may go on after it with
    /// [`CorpusReader::skip_to`](crate::CorpusReader::skip_to).
    pub fn last_row(&self) -> u64 {
        let last = match &self.body {
            Body::Rows { first, batch, .. } => (first + batch.num_rows() as u64).saturating_sub(1),
            _ => self.records().and_then(|records| records.spans.last()).map_or(0, |span| span.row),
        };
        self.faults.last().map_or(last, |fault| last.max(fault.row))
    }

    /// The numbers of the rows, ascending.
    pub fn rows(&self) -> impl Iterator<Item = u64> + '_ {
        let (spans, numbers) = match &self.body {
            Body::Rows { first, batch, .. } => (&[][..], *first..*first + batch.num_rows() as u64),
            _ => (self.records().map_or(&[][..], |records| &records.spans), 0..0),
        };
        spans.iter().map(|span| span.row).chain(numbers)
    }

    /// A record of a text format as it stands in the file, without its line ending.
    pub fn record(&self, row: u64) -> Option<&[u8]> {
        let records = self.records()?;
        let at = records.spans.binary_search_by_key(&row, |span| span.row).ok()?;
        Some(records.raw(records.spans[at]))
    }

    /// The header of a table, without its line ending: to be written once, before its records.
    pub fn header(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Csv { header, .. } => Some(&header.raw),
            _ => None,
        }
    }

    /// Writes the chosen records of a text format as they were: a line each, elements of arrays as NDJSON, parts of a
    /// text as they are. Returns how many; of Parquet none, for which there is [`select`](Self::select).
    pub fn write(&self, mut chosen: impl FnMut(u64) -> bool, out: &mut impl Write) -> io::Result<u64> {
        let mut written = 0;
        let Some(records) = self.records() else {
            return Ok(written);
        };
        for &span in records.spans.iter().filter(|span| chosen(span.row)) {
            let raw = records.raw(span);
            match &self.body {
                // Inside a JSON string no line may end, so every line end is a space between tokens.
                Body::Json(_) if memchr::memchr2(b'\n', b'\r', raw).is_some() => {
                    let line: Vec<u8> =
                        raw.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
                    out.write_all(&line)?;
                }
                _ => out.write_all(raw)?,
            }
            if !matches!(self.body, Body::Text(_)) {
                out.write_all(b"\n")?;
            }
            written += 1;
        }
        Ok(written)
    }

    /// The chosen rows of a Parquet file; `None` of a text format. The batch has all columns when
    /// [`all_columns`](crate::CorpusOptions::all_columns) was asked for.
    pub fn select(&self, mut chosen: impl FnMut(u64) -> bool) -> Result<Option<RecordBatch>, IngestError> {
        let Body::Rows { first, batch, .. } = &self.body else {
            return Ok(None);
        };
        let keep: BooleanArray = (0..batch.num_rows() as u64).map(|row| Some(chosen(first + row))).collect();
        filter_record_batch(batch, &keep).map(Some).map_err(IngestError::Arrow)
    }

    pub(crate) fn records(&self) -> Option<&Records> {
        match &self.body {
            Body::Json(records) | Body::Text(records) | Body::Lines(records) | Body::Csv { records, .. } => {
                Some(records)
            }
            Body::Rows { .. } => None,
        }
    }

    pub(crate) fn into_records(self) -> Option<Records> {
        match self.body {
            Body::Json(records) | Body::Text(records) | Body::Lines(records) | Body::Csv { records, .. } => {
                Some(records)
            }
            Body::Rows { .. } => None,
        }
    }
}

/// Tells nothing of what the records hold.
impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("source", &self.source).field("rows", &self.len()).finish_non_exhaustive()
    }
}
