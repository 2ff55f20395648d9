use std::io::Read;
use std::sync::Arc;

use ::parquet::file::reader::ChunkReader;

use super::archive::Archive;
use super::block::{Block, Body, Fault, Header, Records, Span};
use super::cells::Cells;
use super::cut::{Cutter, Found, Kind, PART_BYTES, Place};
use super::fields::CorpusPlan;
use super::options::{CorpusFormat, CorpusOptions};
use super::rowgroups::RowGroups;
use crate::first_bytes::BYTE_ORDER_MARK;
use crate::format::{ByteCount, Compression, Decoded};
use crate::scan::{Scan, is_document};
use crate::tally::Reason;
use crate::{IngestError, ParquetSource};

/// Reads a corpus, decompresses it and cuts it into blocks: the part of the work that one thread must do.
///
/// After an error it ends.
pub struct CorpusReader<'a> {
    inner: Inner<'a>,
    /// Earlier rows are not handed out.
    from: u64,
}

enum Inner<'a> {
    Text(Box<TextBlocks<'a>>),
    Rows(Box<RowGroups>),
}

impl<'a> CorpusReader<'a> {
    /// `format` is what the file's name says ([`CorpusFormat::of_name`]); without it the first bytes decide. `source`
    /// names the file in samples of rejected rows.
    ///
    /// Parquet is an error here: its footer is at the end, so it is read with [`parquet`](Self::parquet).
    pub fn new(
        reader: impl Read + Send + 'a,
        format: Option<CorpusFormat>,
        options: &CorpusOptions,
        source: &str,
    ) -> Result<Self, IngestError> {
        let inner = Inner::Text(Box::new(TextBlocks::open(reader, format, options, source)?));
        Ok(Self { inner, from: 0 })
    }

    /// Reads row groups of a Parquet file in ascending order. Several readers may share one file.
    pub fn parquet<R: ChunkReader + 'static>(
        file: &ParquetSource<R>,
        row_groups: &[usize],
        plan: &CorpusPlan,
        options: &CorpusOptions,
    ) -> Result<Self, IngestError> {
        let inner = Inner::Rows(Box::new(RowGroups::open(file, row_groups, plan, options)?));
        Ok(Self { inner, from: 0 })
    }

    /// Hands out rows from this one on: the earlier ones are cut but not kept. Numbers stay what they are.
    pub fn skip_to(&mut self, row: u64) {
        self.from = row;
    }

    /// Bytes read so far, before decompression; of Parquet, those of the columns and row groups handed out.
    pub fn bytes(&self) -> u64 {
        match &self.inner {
            Inner::Text(text) => text.compressed.value(),
            Inner::Rows(rows) => rows.bytes(),
        }
    }

    /// Bytes read so far, after decompression.
    pub fn uncompressed_bytes(&self) -> u64 {
        match &self.inner {
            Inner::Text(text) => text.uncompressed,
            Inner::Rows(rows) => rows.uncompressed_bytes(),
        }
    }

    /// Takes a block back, so that its memory serves again.
    pub fn recycle(&mut self, block: Block) {
        if let (Inner::Text(text), Some(records)) = (&mut self.inner, block.into_records()) {
            text.recycle(records);
        }
    }
}

impl Iterator for CorpusReader<'_> {
    type Item = Result<Block, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Text(text) => text.next(self.from),
            Inner::Rows(rows) => rows.next(self.from),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Reading,
    /// All bytes have been read.
    Ended,
    /// All records have been cut.
    Done,
}

struct TextBlocks<'a> {
    reader: Box<dyn Read + Send + 'a>,
    compressed: ByteCount,
    uncompressed: u64,
    compression: Option<Compression>,
    /// The records are members of an archive.
    archived: bool,
    source: Arc<str>,
    shape: CorpusFormat,
    lines: bool,
    header: Option<Arc<Header>>,
    delimiter: u8,
    cutter: Cutter,
    /// Bytes read, of which `filled` count.
    buffer: Vec<u8>,
    filled: usize,
    /// The record at hand exceeds the limit; its bytes are dropped as they come.
    long: bool,
    stage: Stage,
    /// Why the stream ended early.
    broken: Option<Reason>,
    failure: Option<IngestError>,
    block_bytes: usize,
    limit: usize,
    most: Option<u64>,
    expansion: u64,
    spare: Vec<Records>,
}

impl<'a> TextBlocks<'a> {
    fn open(
        reader: impl Read + Send + 'a,
        format: Option<CorpusFormat>,
        options: &CorpusOptions,
        source: &str,
    ) -> Result<Self, IngestError> {
        let Decoded { reader, bytes, compression, mut first, .. } = Decoded::open(reader, LOOK)?.decompressed()?;
        let mut shape = format.unwrap_or_else(|| CorpusFormat::of_content(&first));
        if let Some(name) = not_text(&first) {
            return Err(IngestError::Encoding(name));
        }
        let mut reader: Box<dyn Read + Send + 'a> = Box::new(reader);
        let archive = Archive::detect(&first);
        if let Some(archive) = archive {
            reader = Box::new(archive.records(reader));
            shape = CorpusFormat::Json;
            first.clear();
        }
        if shape == CorpusFormat::Parquet || first.starts_with(b"PAR1") {
            return Err(IngestError::ParquetAsText);
        }
        if let Some(name) = other_encoding(&first) {
            return Err(IngestError::Encoding(name));
        }
        let delimiter = if shape == CorpusFormat::Tsv { b'\t' } else { b',' };
        let kind = match shape {
            CorpusFormat::Csv | CorpusFormat::Tsv => Kind::Csv { cells: Cells::new(delimiter), header: true },
            CorpusFormat::Text if !options.lines => Kind::Parts,
            CorpusFormat::Json if is_wrapper(&first) => Kind::Wrapped { place: Place::Outside, element: None },
            CorpusFormat::Json if is_document(&first) || is_array(&first) => {
                Kind::Elements { inside: false, element: None }
            }
            _ => Kind::Lines,
        };
        let least = if matches!(kind, Kind::Parts) { 2 * PART_BYTES } else { 1 };
        let limit = options.max_record_bytes.clamp(least, MOST_RECORD_BYTES);
        Ok(Self {
            reader,
            compressed: bytes,
            uncompressed: 0,
            compression,
            archived: archive.is_some(),
            source: source.into(),
            shape,
            lines: options.lines,
            header: None,
            delimiter,
            cutter: Cutter::new(kind, limit),
            buffer: Vec::new(),
            filled: 0,
            long: false,
            stage: Stage::Reading,
            broken: None,
            failure: None,
            block_bytes: options.block_bytes.clamp(1, MOST_RECORD_BYTES),
            limit,
            most: options.max_bytes,
            expansion: options.max_expansion,
            spare: Vec::new(),
        })
    }

    fn next(&mut self, from: u64) -> Option<Result<Block, IngestError>> {
        let mut spans = self.spare.last_mut().map(|records| std::mem::take(&mut records.spans)).unwrap_or_default();
        let mut faults = Vec::new();
        while self.stage != Stage::Done {
            self.read();
            self.cut(from, &mut spans, &mut faults);
            if !spans.is_empty() || !faults.is_empty() {
                return Some(Ok(self.hand_out(spans, faults)));
            }
            // Nothing of what has been passed over is needed.
            self.move_to_front();
        }
        self.failure.take().map(Err)
    }

    /// Reads until there is enough for a block, or twice of what is held.
    fn read(&mut self) {
        let held = self.filled - self.cutter.start;
        let wanted = self.cutter.start + self.block_bytes.max((held * 2).min(self.limit + 1));
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        let first = self.uncompressed == 0;
        while self.filled < wanted && self.stage == Stage::Reading {
            match self.reader.read(&mut self.buffer[self.filled..wanted]) {
                Ok(0) => self.stage = Stage::Ended,
                Ok(count) => {
                    self.filled += count;
                    self.uncompressed += count as u64;
                    self.check_size();
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.stage = Stage::Ended;
                    self.explain(error);
                }
            }
        }
        if first && self.buffer[..self.filled].starts_with(BYTE_ORDER_MARK) {
            self.cutter.pass(BYTE_ORDER_MARK.len());
        }
    }

    fn explain(&mut self, error: std::io::Error) {
        let explained = match self.compression {
            Some(compression) => compression.explain(error),
            // The members before the one that is cut are whole.
            None if self.archived && error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Ok(Reason::Truncated("archive"))
            }
            None => Err(error),
        };
        match explained {
            Ok(reason) => self.broken = Some(reason),
            Err(error) => self.failure = Some(IngestError::Io(error)),
        }
    }

    fn check_size(&mut self) {
        if let Some(limit) = self.most.filter(|most| self.uncompressed > *most) {
            self.failure = Some(IngestError::TooLarge { limit });
            self.stage = Stage::Ended;
        }
        let most = self.compressed.value().saturating_mul(self.expansion).max(FREE_BYTES);
        if self.compression.is_some() && self.uncompressed > most {
            self.broken = Some(Reason::Expanded(self.expansion));
            self.stage = Stage::Ended;
        }
    }

    fn cut(&mut self, from: u64, spans: &mut Vec<Span>, faults: &mut Vec<Fault>) {
        // What follows the last whole record of a broken stream is no record.
        let whole = self.stage == Stage::Ended && self.broken.is_none() && self.failure.is_none();
        let bytes = &self.buffer[..self.filled];
        let mut fault = |row, reason, broken_off| {
            if row >= from {
                faults.push(Fault { row, reason, broken_off });
            }
        };
        loop {
            match self.cutter.find(bytes, whole, self.long) {
                Found::Record(range) | Found::Header(range)
                    if std::mem::take(&mut self.long) || range.len() > self.limit =>
                {
                    let row = self.cutter.number.max(1);
                    fault(row, Reason::LineTooLong(self.limit), false);
                    // Without a header no row can be read: what follows is one fault, not many.
                    if self.header.is_none() && matches!(self.shape, CorpusFormat::Csv | CorpusFormat::Tsv) {
                        self.stage = Stage::Done;
                        return;
                    }
                }
                Found::Record(_) if self.cutter.number < from => {}
                Found::Record(range) => {
                    let (start, end) = (short(range.start), short(range.end));
                    spans.push(Span { row: self.cutter.number, start, end });
                }
                Found::Header(range) => {
                    let raw = bytes[range].to_vec();
                    self.header = Some(Arc::new(Header { raw, delimiter: self.delimiter }));
                }
                Found::More if self.stage == Stage::Reading => {
                    self.long |= self.filled - self.cutter.start > self.limit;
                    return;
                }
                Found::BrokenOff(what) => fault(self.cutter.number + 1, Reason::Truncated(what), true),
                Found::More | Found::End => {
                    self.stage = Stage::Done;
                    if let Some(reason) = self.broken.take() {
                        fault(self.cutter.number + 1, reason, true);
                    }
                    return;
                }
            }
        }
    }

    /// Gives the buffer away, with what is not cut yet copied to the next one.
    fn hand_out(&mut self, spans: Vec<Span>, faults: Vec<Fault>) -> Block {
        let cut = if self.long { self.filled } else { self.cutter.start };
        let mut next = self.spare.pop().unwrap_or_default().bytes;
        let rest = &self.buffer[cut..self.filled];
        if next.len() < rest.len() {
            next.resize(rest.len(), 0);
        }
        next[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
        self.cutter.drop_before(cut);
        let bytes = std::mem::replace(&mut self.buffer, next);
        let records = Records { bytes, spans };
        let body = match (self.shape, &self.header) {
            (CorpusFormat::Json, _) => Body::Json(records),
            (CorpusFormat::Text, _) if self.lines => Body::Lines(records),
            (_, Some(header)) => Body::Csv { header: Arc::clone(header), records },
            _ => Body::Text(records),
        };
        Block { source: Arc::clone(&self.source), body, faults }
    }

    fn move_to_front(&mut self) {
        let cut = if self.long { self.filled } else { self.cutter.start };
        self.buffer.copy_within(cut..self.filled, 0);
        self.filled -= cut;
        self.cutter.drop_before(cut);
    }

    fn recycle(&mut self, mut records: Records) {
        if records.bytes.len() <= self.block_bytes.saturating_mul(4) && self.spare.len() < MOST_SPARE {
            records.spans.clear();
            self.spare.push(records);
        }
    }
}

/// Enough for the first lines, by which an array is told from lines.
const LOOK: u64 = 64 << 10;
/// Places in a block have 32 bits, and a block may hold a record and nearly another.
const MOST_RECORD_BYTES: usize = 1 << 30;
/// What any stream may decompress to.
const FREE_BYTES: u64 = 64 << 20;
const MOST_SPARE: usize = 8;

fn short(place: usize) -> u32 {
    stillwatch_core::at_most_u32(place)
}

/// A JSON array over the whole file, unless each line is one of its own.
fn is_array(first: &[u8]) -> bool {
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii_start();
    if text.first() != Some(&b'[') {
        return false;
    }
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(line), Some(next)) = (lines.next(), lines.next()) else {
        return true;
    };
    !(Scan::default().measure(line) == (line.len(), true) && next.starts_with(b"["))
}

/// Lists under these names hold the records of a data set, if nothing else of the object is a text to read.
const LISTS: [&str; 10] =
    ["data", "train", "test", "validation", "valid", "dev", "examples", "rows", "instances", "records"];

/// An object around lists of records: `{"version": "1.0", "data": [{…}, …]}`, or splits by their names.
fn is_wrapper(first: &[u8]) -> bool {
    const MOST_NAMES: usize = 16;
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii_start();
    let Some(mut rest) = text.strip_prefix(b"{") else { return false };
    for _ in 0..MOST_NAMES {
        rest = rest.trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
        let Some(name) = rest.strip_prefix(b"\"") else { return false };
        let Some(end) = name.iter().position(|byte| *byte == b'"') else { return false };
        let (name, after) = name.split_at(end);
        let Some(value) = after[1..].trim_ascii_start().strip_prefix(b":") else { return false };
        let value = value.trim_ascii_start();
        if LISTS.iter().any(|list| list.as_bytes() == name) {
            return value.strip_prefix(b"[").is_some_and(|list| list.trim_ascii_start().starts_with(b"{"));
        }
        if value.starts_with(b"[") {
            return false;
        }
        let (length, whole) = Scan::default().measure(value);
        // A field of prose is a record's own.
        let prose = value.starts_with(b"\"") && memchr::memchr_iter(b' ', &value[..length]).count() > 12;
        if !whole || prose {
            return false;
        }
        rest = &value[length..];
    }
    false
}

/// Containers of tables and columns, which would be read as if they were text.
fn not_text(first: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 6] = [
        (b"ARROW1\0\0", "Arrow"),
        (b"\xff\xff\xff\xff", "Arrow stream"),
        (b"ORC", "ORC"),
        (b"Obj\x01", "Avro"),
        (b"SQLite format 3\0", "SQLite"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
    ];
    MAGIC.into_iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, name)| name)
}

fn other_encoding(first: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 4] = [
        (b"\xff\xfe\0\0", "UTF-32LE"),
        (b"\0\0\xfe\xff", "UTF-32BE"),
        (b"\xff\xfe", "UTF-16LE"),
        (b"\xfe\xff", "UTF-16BE"),
    ];
    MARKS.into_iter().find(|(mark, _)| first.starts_with(mark)).map(|(_, name)| name)
}
