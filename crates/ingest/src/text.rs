use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

use ::parquet::file::reader::ChunkReader;
use arrow::array::RecordBatch;

use crate::IngestError;
use crate::appearance::Appearance;
use crate::builder::BatchBuilder;
use crate::convert::{Value, convert};
use crate::csv::Cells;
use crate::dialect::Dialect;
use crate::format::{ByteCount, Compression, Format, Stream};
use crate::moment;
use crate::ndjson::{Elements, Lines, Plain};
use crate::options::ReadOptions;
use crate::parquet::{ParquetSource, batch_rows};
use crate::parquet_lines::ParquetLines;
use crate::plan::Plan;
use crate::raw::{Raw, Row};
use crate::records::{Records, Step};
use crate::registry;
use crate::schema::Table;
use crate::source::foreign::{Foreign, Pieces};
use crate::source::log_source::LogSource;
use crate::source::recognise::{Recognised, Told, tell};
use crate::source::session::Session;
use crate::tally::{Reason, Tally};
use crate::wrapper::Opened;

/// Reads JSON or tables of text, plain or compressed with gzip or zstd, as batches of at most
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
        reader: impl io::Read + Send + 'a,
        format: Option<Format>,
        options: &ReadOptions,
        source: &str,
    ) -> Result<Self, IngestError> {
        let mut plan = Plan::new(options);
        let limit = options.max_line_bytes.clamp(1, MOST_LINE_BYTES);
        let stream = Stream::open(reader, format, LOOK)?;
        let required = required(options);
        let told = match options.source.or((options.table != Table::Exchange).then_some(Recognised::CANONICAL)) {
            // A log that is read as it is belongs to no source.
            Some(Recognised { source: None, .. }) => tell(&stream.first, &required, &[], None),
            Some(known) => Told { recognised: known, ..tell(&stream.first, &required, registry::ALL, known.source) },
            None => tell(&stream.first, &required, registry::ALL, None),
        };
        plan.alias(&told.names);
        let role = (told.recognised.source.is_none() && options.table == Table::Exchange && told.wrappers.is_empty())
            .then(|| Appearance::of_role(told.names.iter().map(String::as_str)))
            .flatten();
        let refused = stream.refused.or(role);
        let shape = stream.shape();
        let Stream { reader, bytes, compression, first, .. } = stream;
        let (recognised, is_wrapped) = (told.recognised, !told.wrappers.is_empty());
        let records: Box<dyn Records + Send + 'a> =
            if refused.is_some() { Box::new(Nothing) } else { records(reader, shape, told, options, (&plan, limit)) };
        let rows = RowWriter::new(plan, source);
        let opened = is_wrapped.then_some(Appearance::Json);
        let appearance = refused.or(opened).unwrap_or_else(|| Appearance::of(&first));
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

    /// Reads a Parquet file of a known source: its rows are taken for records of the source.
    pub fn of_parquet<R: ChunkReader + Send + Sync + 'static>(
        file: &ParquetSource<R>,
        recognised: Recognised,
        options: &ReadOptions,
        source: &str,
    ) -> Result<TextReader<'static>, IngestError> {
        let plan = Plan::new(options);
        let limit = options.max_line_bytes.clamp(1, MOST_LINE_BYTES);
        let groups: Vec<usize> = (0..file.row_groups()).collect();
        let roots: Vec<usize> = (0..file.columns().count()).collect();
        let batches = file.batches(&groups, &roots, |bytes, rows| batch_rows(options.batch_rows, bytes, rows))?;
        let bytes = ByteCount::default();
        bytes.add(file.sizes_of(&groups, &roots)?.0);
        let lines = BufReader::new(ParquetLines::new(batches));
        let told = Told::of(recognised);
        Ok(TextReader {
            records: records(lines, (Format::Ndjson, false), told, options, (&plan, limit)),
            recognised,
            bytes,
            compression: None,
            rows: RowWriter::new(plan, source),
            appearance: Appearance::Columns,
            batch_rows: options.batch_rows.max(1),
            failure: None,
            ended: false,
            told: false,
        })
    }

    /// What a log is, told from its first bytes; `only` looks for the parts of one source.
    pub fn recognise(
        reader: impl io::Read + Send + 'a,
        options: &ReadOptions,
        only: Option<&'static LogSource>,
    ) -> Result<Recognised, IngestError> {
        let stream = Stream::open(reader, None, LOOK)?;
        if stream.refused.is_some() {
            return Ok(Recognised { source: only, parts: 0 });
        }
        Ok(tell(&stream.first, &required(options), registry::ALL, only).recognised)
    }

    /// The role of a file that is no log, told from its first bytes.
    pub fn role(reader: impl io::Read + Send + 'a, options: &ReadOptions) -> Result<Option<Appearance>, IngestError> {
        let stream = Stream::open(reader, None, LOOK)?;
        if stream.refused.is_some() {
            return Ok(None);
        }
        let told = tell(&stream.first, &required(options), registry::ALL, None);
        if told.recognised.source.is_some() || !told.wrappers.is_empty() {
            return Ok(None);
        }
        Ok(Appearance::of_role(told.names.iter().map(String::as_str)))
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
            // Rows of the last batch are counted once it is finished; what a source keeps waits for other files.
            let kept = self.recognised.source.is_some() && tally.rows == 0 && !self.appearance.is_refused();
            if !tally.has_read() && self.rows.builder.rows() == 0 && tally.set_aside.is_empty() && !kept {
                // Rows under names that are read were rejected for what they hold.
                let is_named = self.recognised.source.is_some();
                let rejected_for_values = tally.rejected_for_values() || (is_named && tally.rows > 0);
                let appearance = match self.appearance {
                    appearance if tally.rows == 0 && !appearance.is_refused() => Appearance::Empty,
                    Appearance::Json | Appearance::Table if rejected_for_values => Appearance::Rows,
                    Appearance::Table if !tally.rejected.contains_key(&Reason::NoHeader) && tally.rows > 0 => {
                        Appearance::Columns
                    }
                    appearance => appearance,
                };
                tally.note_unread(appearance, &self.rows.source);
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
            let tally = &mut self.tally;
            let converted = convert(field, raw).map_err(|raw| {
                match raw.shown() {
                    Some(shown) => tally.note_shape(name, &shown),
                    None => tally.note_nested(name),
                }
                Reason::Unreadable(name)
            });
            match converted? {
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
                self.tally.note_outside(*micros);
                return Ok(());
            }
        }
        for (index, value) in required.into_iter().enumerate() {
            self.builder.push(index, value);
        }
        for (index, value) in row.into_iter().enumerate().skip(count) {
            let field = &self.plan.fields[index];
            let converted = value.map_or(Ok(Value::Null), |raw| convert(field, raw)).unwrap_or_else(|raw| {
                self.unusable[index] += 1;
                if field.tells_shapes()
                    && self.unusable[index] <= SHAPES_A_BATCH
                    && let Some(shown) = raw.shown()
                {
                    self.tally.note_shape(field.column.name, &shown);
                }
                Value::Null
            });
            self.builder.push(index, converted);
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

/// The raw records of a text in a shape: its format, and whether they are cut apart by their braces and not by lines.
pub(crate) fn pieces<'a>(
    reader: impl BufRead + Send + 'a,
    (format, is_cut): (Format, bool),
    told: &Told,
    plan: &Plan,
    limit: usize,
) -> Box<dyn Pieces + Send + 'a> {
    let Told { recognised, wrappers, dialect, .. } = told;
    let lines = wrappers.first().is_some_and(|wrapper| wrapper.is_of_lines())
        || (recognised.source.is_some_and(|source| source.lines) && dialect.is_none());
    let mut pieces: Box<dyn Pieces + Send + 'a> = match dialect {
        Some(dialect) if !lines && format == Format::Csv => {
            Box::new(Cells::new(reader, dialect, plan.clone(), limit).of_source())
        }
        _ if is_cut && !lines => Box::new(Elements::new(reader, plan.clone(), limit)),
        _ => Box::new(Lines::new(reader, plan.clone(), limit)),
    };
    let keeps_lines = recognised.source.is_some_and(|source| source.lines);
    let lends_time = recognised.source.is_none();
    let innermost = wrappers.len().saturating_sub(1);
    for (depth, wrapper) in wrappers.iter().enumerate() {
        pieces = Box::new(Opened::new(pieces, *wrapper, keeps_lines || depth < innermost, lends_time));
    }
    pieces
}

/// The rows of a text in a shape.
fn records<'a>(
    reader: impl BufRead + Send + 'a,
    (format, is_cut): (Format, bool),
    told: Told,
    options: &ReadOptions,
    (plan, limit): (&Plan, usize),
) -> Box<dyn Records + Send + 'a> {
    let recognised = told.recognised;
    if recognised.source.is_none() && told.wrappers.is_empty() {
        let plan = plan.clone();
        return match told.dialect {
            Some(dialect) if format == Format::Csv => Box::new(Cells::new(reader, &dialect, plan, limit)),
            _ if format == Format::Csv => Box::new(Cells::new(reader, &Dialect::detect(&[], &|_| false), plan, limit)),
            _ if is_cut => Box::new(Elements::new(reader, plan, limit)),
            _ => Box::new(Lines::new(reader, plan, limit)),
        };
    }
    let pieces = pieces(reader, (format, is_cut), &told, plan, limit);
    let Some(log) = recognised.source else { return Box::new(Plain::new(pieces, plan.clone())) };
    let parts = if recognised.parts == 0 { u8::MAX } else { recognised.parts };
    let last = options.session.is_none() || options.last;
    let session = options.session.clone().unwrap_or_else(|| Session::new(log, parts, options.limits));
    Box::new(Foreign::new(pieces, session, last, options.map.overrides(options.table)))
}

/// A file that is not read as a log.
struct Nothing;

impl Records for Nothing {
    fn advance(&mut self) -> io::Result<Step> {
        Ok(Step::End)
    }

    fn number(&self) -> u64 {
        0
    }

    fn row(&mut self, _: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        Err(Reason::NotAnObject)
    }
}

/// Unusable values of a column in one batch of which the shape is looked at.
const SHAPES_A_BATCH: u64 = 3;

/// The paths of the columns without which a row is none.
pub(crate) fn required(options: &ReadOptions) -> Vec<String> {
    let columns = options.table.columns().iter().filter(|column| column.required);
    columns.map(|column| options.map.path(options.table, column.name).join("/")).collect()
}

/// The account of rows that have none, where these are kept.
pub const UNATTRIBUTED: &str = "(none)";
const ACCOUNT: &str = "account";
/// Enough to tell a source: a first record may begin with a long prompt.
pub(crate) const LOOK: u64 = 256 << 10;

/// Rows hold offsets of 32 bits.
const MOST_LINE_BYTES: usize = 256 << 20;
