use std::io::{self, BufRead};

use memchr::memchr2;
use serde::de::DeserializeSeed;

use crate::format::BYTE_ORDER_MARK;
use crate::plan::Plan;
use crate::raw::{Row, RowSeed};
use crate::records::{Records, Step};
use crate::repair::{Repairs, lossy, mend};
use crate::source::foreign::Pieces;
use crate::tally::{Reason, Tally};

/// One JSON object a line.
pub(crate) struct Lines<R> {
    reader: R,
    plan: Plan,
    limit: usize,
    line: Vec<u8>,
    repaired: Repaired,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, plan: Plan, limit: usize) -> Self {
        Self { reader, plan, limit, line: Vec::new(), repaired: Repaired::default(), number: 0 }
    }
}

impl<R: BufRead> Records for Lines<R> {
    fn advance(&mut self) -> io::Result<Step> {
        loop {
            self.line.clear();
            let most = self.limit as u64 + 1;
            let count = io::Read::take(&mut self.reader, most).read_until(b'\n', &mut self.line)?;
            if count == 0 {
                return Ok(Step::End);
            }
            self.number += 1;
            if count as u64 == most && self.line.last() != Some(&b'\n') {
                self.line.clear();
                self.reader.skip_until(b'\n')?;
                return Ok(Step::Rejected(Reason::LineTooLong(self.limit)));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Step::Record);
            }
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        let bytes = unmarked(&self.line, self.number);
        self.repaired.row(&self.plan, bytes, unknown)
    }

    fn count(&mut self, tally: &mut Tally) {
        self.repaired.count(tally);
    }
}

impl<R: BufRead> Pieces for Lines<R> {
    fn advance(&mut self) -> io::Result<Step> {
        Records::advance(self)
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn bytes(&self) -> &[u8] {
        unmarked(&self.line, self.number)
    }
}

/// The objects of a JSON array (or of several), cut apart without parsing it as a whole.
pub(crate) struct Elements<R> {
    reader: R,
    plan: Plan,
    limit: usize,
    element: Vec<u8>,
    repaired: Repaired,
    number: u64,
    inside: bool,
}

impl<R: BufRead> Elements<R> {
    pub(crate) fn new(reader: R, plan: Plan, limit: usize) -> Self {
        Self { reader, plan, limit, element: Vec::new(), repaired: Repaired::default(), number: 0, inside: false }
    }

    /// Skips to the first byte of an element; `None` at the end of the file.
    fn find(&mut self) -> io::Result<Option<()>> {
        loop {
            let chunk = self.reader.fill_buf()?;
            let Some(&byte) = chunk.first() else {
                return Ok(None);
            };
            match byte {
                b'[' if !self.inside => self.inside = true,
                b']' if self.inside => self.inside = false,
                b',' | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => {}
                _ => return Ok(Some(())),
            }
            self.reader.consume(1);
        }
    }
}

impl<R: BufRead> Records for Elements<R> {
    fn advance(&mut self) -> io::Result<Step> {
        self.element.clear();
        if self.find()?.is_none() {
            let broken = std::mem::take(&mut self.inside);
            return Ok(if broken { Step::BrokenOff(Reason::Truncated("JSON array")) } else { Step::End });
        }
        self.number += 1;
        let mut scan = Scan::default();
        let mut long = false;
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                self.inside = false;
                return Ok(Step::BrokenOff(Reason::Truncated("JSON array")));
            }
            let (length, complete) = scan.measure(chunk);
            long |= self.element.len() + length > self.limit;
            if !long {
                self.element.extend_from_slice(&chunk[..length]);
            }
            self.reader.consume(length);
            if complete {
                return Ok(if long { Step::Rejected(Reason::LineTooLong(self.limit)) } else { Step::Record });
            }
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        self.repaired.row(&self.plan, &self.element, unknown)
    }

    fn count(&mut self, tally: &mut Tally) {
        self.repaired.count(tally);
    }
}

impl<R: BufRead> Pieces for Elements<R> {
    fn advance(&mut self) -> io::Result<Step> {
        Records::advance(self)
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn bytes(&self) -> &[u8] {
        &self.element
    }
}

/// Whether a text is a document over several lines: its first line opens a structure, or ends in the midst of one and
/// is not followed by another record, as a damaged line would be.
pub(crate) fn is_document(first: &[u8]) -> bool {
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii_start();
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(line), Some(next)) = (lines.next(), lines.next()) else {
        return false;
    };
    let whole = |line: &[u8]| Scan::default().measure(line) == (line.len(), true);
    match line.last() {
        _ if line.first() != Some(&b'{') => false,
        Some(b'{' | b'[') => !whole(line),
        Some(b',' | b':') => !whole(line) && !next.starts_with(b"{\""),
        _ => false,
    }
}

/// Where in an element the scan stands.
#[derive(Default)]
pub(crate) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Bytes of the element have been seen, so that a chunk may add none.
    begun: bool,
}

impl Scan {
    /// How many bytes of the chunk belong to the element, and whether it ends with them.
    pub(crate) fn measure(&mut self, chunk: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            if self.escaped {
                self.escaped = false;
            } else if self.in_string {
                let Some(skipped) = memchr2(b'"', b'\\', &chunk[at..]) else { break };
                at += skipped;
                self.escaped = chunk[at] == b'\\';
                self.in_string = self.escaped;
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b']' | b'}' if self.depth > 1 => self.depth -= 1,
                    b']' | b'}' if self.depth == 1 => return (at + 1, true),
                    b'}' => return (at + 1, true),
                    b',' | b']' | b'\n' if self.depth == 0 => return (at.max(usize::from(!self.begun)), true),
                    _ => {}
                }
            }
            at += 1;
        }
        self.begun |= !chunk.is_empty();
        (chunk.len(), false)
    }
}

/// A line without the byte order mark that the first one may have.
fn unmarked(line: &[u8], number: u64) -> &[u8] {
    line.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1).unwrap_or(line)
}

/// The text of a record of which single values had to be set right, and what was set right so far.
#[derive(Default)]
struct Repaired {
    text: String,
    repairs: Repairs,
}

impl Repaired {
    /// The row of a record. Only where a strict parser refuses it is it looked at value by value.
    fn row<'a>(&'a mut self, plan: &Plan, json: &'a [u8], unknown: &mut dyn FnMut(&str)) -> Result<Row<'a>, Reason> {
        let mut repairs = Repairs::default();
        let text = if let Ok(text) = std::str::from_utf8(json) {
            match parse(plan, text, unknown) {
                Err(Reason::MalformedJson) => text,
                read => return read,
            }
        } else {
            (self.text, repairs) = lossy(json);
            &self.text
        };
        if let Some((mended, more)) = mend(text) {
            repairs.add(more);
            self.text = mended;
        } else if repairs.total() == 0 {
            return Err(Reason::MalformedJson);
        }
        let row = parse(plan, &self.text, unknown)?;
        self.repairs.add(repairs);
        Ok(row)
    }

    fn count(&mut self, tally: &mut Tally) {
        std::mem::take(&mut self.repairs).count(&mut tally.repaired);
    }
}

fn parse<'a>(plan: &Plan, text: &'a str, unknown: &mut dyn FnMut(&str)) -> Result<Row<'a>, Reason> {
    if !text.trim_ascii_start().starts_with('{') {
        let complete = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        return Err(if complete { Reason::NotAnObject } else { Reason::MalformedJson });
    }
    let mut row = plan.row();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = RowSeed { root: &plan.root, row: &mut row, unknown }.deserialize(&mut deserializer);
    read.and_then(|()| deserializer.end()).map_or(Err(Reason::MalformedJson), |()| Ok(row))
}
