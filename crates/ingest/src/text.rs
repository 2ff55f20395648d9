use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::IngestError;
use crate::appearance::Appearance;
use crate::builder::BatchBuilder;
use crate::convert::{Value, convert};
use crate::csv::Cells;
use crate::format::{ByteCount, Compression, Format, PEEK, Stream};
use crate::moment;
use crate::ndjson::{Elements, Lines, is_document};
use crate::options::ReadOptions;
use crate::plan::Plan;
use crate::raw::{Raw, Row};
use crate::records::{Records, Step};
use crate::registry;
use crate::schema::Table;
use crate::source::foreign::Foreign;
use crate::source::log_source::LogSource;
use crate::source::recognise::{Recognised, recognise};
use crate::source::session::Session;
use crate::tally::{Reason, Tally};

/// Reads NDJSON or CSV, plain or compressed with gzip or zstd, as batches of at most
/// [`batch_rows`](ReadOptions::batch_rows) rows and about 8 MiB.
pub struct TextReader<'a> {
    records: Box<dyn Records + Send + 'a>,
    recognised: Recognised,
    bytes: ByteCount,
    compression: Option<Compression>,
    rows: RowWriter,
    appearance: Appearance,
    batch_rows: usize,
    failure: Option<IngestError>,
    ended: bool,
    /// Whether it has been told what the file looks like, if nothing of it could be read.
    told: bool,
}

impl<'a> TextReader<'a> {
    /// `source` names the file in samples of rejected rows. Without a format the first bytes decide.
    pub fn new(
        reader: impl std::io::Read + Send + 'a,
        format: Option<Format>,
        options: &ReadOptions,
        source: &str,
    ) -> Result<Self, IngestError> {
        let plan = Plan::new(options);
        let limit = options.max_line_bytes.clamp(1, MOST_LINE_BYTES);
        let known = options.source.or((options.table != Table::Exchange).then_some(Recognised::CANONICAL));
        let look = if known.is_some() { PEEK } else { LOOK };
        let stream = Stream::open(reader, format, look)?;
        let recognised = known.unwrap_or_else(|| recognise(&stream.first, &required(options), registry::ALL, None));
        let Stream { reader, format, array, bytes, compression, first } = stream;
        let records: Box<dyn Records + Send + 'a> = match recognised.source {
            Some(log) => {
                let parts = if recognised.parts == 0 { u8::MAX } else { recognised.parts };
                let last = options.session.is_none() || options.last;
                let session = options.session.clone().unwrap_or_else(|| Session::new(log, parts, options.limits));
                let overrides = options.map.overrides(options.table);
                if array || is_document(&first) {
                    let pieces = Elements::new(reader, plan.clone(), limit);
                    Box::new(Foreign::new(pieces, session, last, overrides))
                } else {
                    Box::new(Foreign::new(Lines::new(reader, plan.clone(), limit), session, last, overrides))
                }
            }
            None if format == Format::Csv => Box::new(Cells::new(reader, plan.clone(), limit)),
            None if array => Box::new(Elements::new(reader, plan.clone(), limit)),
            None => Box::new(Lines::new(reader, plan.clone(), limit)),
        };
        let rows = RowWriter::new(plan, source);
        let appearance = Appearance::of(&first);
        Ok(Self {
            appearance,
            records,
            recognised,
            bytes,
            compression,
            rows,
            batch_rows: options.batch_rows.max(1),
            failure: None,
            ended: false,
            told: false,
        })
    }

    /// What a log is, told from its first bytes; `only` looks for the parts of one source.
    pub fn recognise(
        reader: impl std::io::Read + Send + 'a,
        options: &ReadOptions,
        only: Option<&'static LogSource>,
    ) -> Result<Recognised, IngestError> {
        let stream = Stream::open(reader, None, LOOK)?;
        Ok(recognise(&stream.first, &required(options), registry::ALL, only))
    }

    /// What the log is.
    pub fn recognised(&self) -> Recognised {
        self.recognised
    }

    /// What has been counted so far.
    pub fn tally(&self) -> &Tally {
        &self.rows.tally
    }

    pub fn into_tally(self) -> Tally {
        self.rows.tally
    }

    /// Reads rows until a batch is full or the file has ended.
    fn fill(&mut self) {
        while !self.ended && self.rows.builder.rows() < self.batch_rows && !self.rows.builder.is_heavy() {
            match self.records.advance() {
                Ok(Step::Record) => self.rows.read(self.records.as_mut()),
                Ok(Step::Rejected(reason)) => self.rows.reject(reason, self.records.number()),
                Ok(Step::BrokenOff(reason)) => self.break_off(reason),
                Ok(Step::End) => self.ended = true,
                Err(error) => {
                    let explained = match self.compression {
                        Some(compression) => compression.explain(error),
                        None => Err(error),
                    };
                    match explained {
                        Ok(reason) => self.break_off(reason),
                        Err(error) => self.failure = Some(IngestError::Io(error)),
                    }
                    self.ended = true;
                }
            }
        }
        self.rows.tally.bytes = self.bytes.value();
        self.records.count(&mut self.rows.tally);
        if self.ended && !self.told {
            self.told = true;
            let tally = &mut self.rows.tally;
            // Rows of the last batch are counted once it is finished.
            if !tally.has_read() && self.rows.builder.rows() == 0 && tally.set_aside.is_empty() {
                *tally.unread.entry(self.appearance).or_default() += 1;
            }
        }
    }

    fn break_off(&mut self, reason: Reason) {
        self.rows.tally.truncated += 1;
        self.rows.reject(reason, self.records.number() + 1);
    }
}

impl Iterator for TextReader<'_> {
    type Item = Result<RecordBatch, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fill();
        if self.rows.builder.rows() > 0 {
            return Some(self.rows.finish());
        }
        self.failure.take().map(Err)
    }
}

/// Converts rows, checks what is required of them and counts.
struct RowWriter {
    plan: Plan,
    builder: BatchBuilder,
    tally: Tally,
    source: Arc<str>,
    /// Unusable values by column, of the batch.
    unusable: Vec<u64>,
    previous: i64,
    /// Rows of the batch without an account.
    unattributed: u64,
}

impl RowWriter {
    fn new(plan: Plan, source: &str) -> Self {
        Self {
            builder: BatchBuilder::new(plan.table, &plan.fields),
            unusable: vec![0; plan.fields.len()],
            plan,
            tally: Tally::default(),
            source: source.into(),
            previous: i64::MIN,
            unattributed: 0,
        }
    }

    fn read(&mut self, records: &mut (dyn Records + Send + '_)) {
        let number = records.number();
        let tally = &mut self.tally;
        let written = match records.row(&mut |name| tally.note_unknown(name)) {
            Ok(row) => self.write(row),
            Err(reason) => Err(reason),
        };
        if let Err(reason) = written {
            self.reject(reason, number);
        }
    }

    fn reject(&mut self, reason: Reason, number: u64) {
        self.tally.reject(reason, &self.source, number);
    }

    fn write(&mut self, mut row: Row<'_>) -> Result<(), Reason> {
        for (value, hive) in row.iter_mut().zip(&self.plan.hive) {
            if value.is_none() {
                value.clone_from(hive);
            }
        }
        self.plan.split_prompt(&mut row);
        // Required columns come first in every table.
        let count = self.plan.fields.iter().take_while(|field| field.column.required).count();
        let mut required = Vec::with_capacity(count);
        let mut unattributed = false;
        for (index, field) in self.plan.fields[..count].iter().enumerate() {
            let name = field.column.name;
            let raw = match row[index].take() {
                Some(raw) => raw,
                None if self.plan.keep_unattributed && name == ACCOUNT => {
                    unattributed = true;
                    Raw::Text(UNATTRIBUTED.into())
                }
                None => return Err(Reason::Missing(name)),
            };
            match convert(field, raw).map_err(|_| Reason::Unreadable(name))? {
                Value::Null => return Err(Reason::Missing(name)),
                Value::Text(text) if text.is_empty() => return Err(Reason::Missing(name)),
                Value::Integer(micros) if !moment::plausible(micros) => return Err(Reason::TimeOutOfRange),
                value => required.push(value),
            }
        }
        if let Some(Value::Integer(micros)) = self.plan.time.and_then(|time| required.get(time)) {
            self.tally.disordered += u64::from(*micros < self.previous);
            self.previous = *micros;
            if !self.plan.window.contains(stillwatch_core::Micros(*micros)) {
                self.tally.rows += 1;
                self.tally.outside_window += 1;
                return Ok(());
            }
        }
        for (index, value) in required.into_iter().enumerate() {
            self.builder.push(index, value);
        }
        for (index, value) in row.into_iter().enumerate().skip(count) {
            let converted = value.map_or(Ok(Value::Null), |raw| convert(&self.plan.fields[index], raw));
            self.unusable[index] += u64::from(converted.is_err());
            self.builder.push(index, converted.unwrap_or(Value::Null));
        }
        self.builder.end_row();
        self.unattributed += u64::from(unattributed);
        Ok(())
    }

    fn finish(&mut self) -> Result<RecordBatch, IngestError> {
        let batch = self.builder.finish()?;
        self.tally.accept(&batch);
        self.tally.note_unattributed(std::mem::take(&mut self.unattributed));
        self.tally.nul_bytes += std::mem::take(&mut self.builder.nul_bytes);
        for (field, count) in self.plan.fields.iter().zip(&mut self.unusable) {
            self.tally.note_field_errors(field.column.name, std::mem::take(count));
        }
        Ok(batch)
    }
}

/// The paths of the columns without which a row is none.
fn required(options: &ReadOptions) -> Vec<String> {
    let columns = options.table.columns().iter().filter(|column| column.required);
    columns.map(|column| options.map.path(options.table, column.name).join("/")).collect()
}

/// The account of rows that have none, where these are kept.
pub const UNATTRIBUTED: &str = "(none)";
const ACCOUNT: &str = "account";
/// Enough to tell a source: a first record may begin with a long prompt.
const LOOK: u64 = 256 << 10;

/// Rows hold offsets of 32 bits.
const MOST_LINE_BYTES: usize = 256 << 20;
