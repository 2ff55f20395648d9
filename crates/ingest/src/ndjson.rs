use std::io::{self, BufRead};
use std::ops::Range;

use serde::de::DeserializeSeed;

use crate::first_bytes::BYTE_ORDER_MARK;
use crate::plan::Plan;
use crate::raw::{Row, RowSeed};
use crate::records::{Records, Step};
use crate::repair::{Repairs, lossy, mend};
use crate::scan::{Scan, is_between, several};
use crate::source::foreign::Pieces;
use crate::tally::{Reason, Tally};

/// One JSON object a line, or several behind each other.
pub(crate) struct Lines<R> {
    reader: R,
    plan: Plan,
    limit: usize,
    line: Vec<u8>,
    /// Where in the line the record stands.
    record: Range<usize>,
    repaired: Repaired,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, plan: Plan, limit: usize) -> Self {
        Self { reader, plan, limit, line: Vec::new(), record: 0..0, repaired: Repaired::default(), number: 0 }
    }

    /// Goes on to the next of several objects in the line.
    fn next_object(&mut self) -> bool {
        let start = self.record.end;
        let Some(rest) = self.line.get(start..).filter(|rest| !rest.trim_ascii().is_empty()) else { return false };
        let skipped = rest.iter().position(|byte| !is_between(*byte)).unwrap_or(rest.len());
        let (length, _) = Scan::default().measure(&rest[skipped..]);
        self.record = start + skipped..start + skipped + length.max(1).min(rest.len() - skipped);
        self.record.end > self.record.start
    }
}

impl<R: BufRead> Records for Lines<R> {
    fn advance(&mut self) -> io::Result<Step> {
        if self.next_object() {
            return Ok(Step::Record);
        }
        loop {
            self.line.clear();
            self.record = 0..0;
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
                let start = self.line.len() - unmarked(&self.line, self.number).len();
                self.record = start..self.line.len();
                if several(&self.line[start..]) {
                    self.record = start..start;
                    self.next_object();
                }
                return Ok(Step::Record);
            }
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        self.repaired.row(&self.plan, &self.line[self.record.clone()], unknown)
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
        &self.line[self.record.clone()]
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
                b',' | b' ' | b'\t' | b'\r' | b'\n' | 0x1e | 0xef | 0xbb | 0xbf => {}
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

/// A line without the byte order mark that the first one may have, and without the mark of a record.
fn unmarked(line: &[u8], number: u64) -> &[u8] {
    let line = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1).unwrap_or(line);
    line.strip_prefix(&[0x1e]).unwrap_or(line)
}

/// The rows of records that stood in something else.
pub(crate) struct Plain<P> {
    pieces: P,
    plan: Plan,
    repaired: Repaired,
}

impl<P: Pieces> Plain<P> {
    pub(crate) fn new(pieces: P, plan: Plan) -> Self {
        Self { pieces, plan, repaired: Repaired::default() }
    }
}

impl<P: Pieces> Records for Plain<P> {
    fn advance(&mut self) -> io::Result<Step> {
        self.pieces.advance()
    }

    fn number(&self) -> u64 {
        self.pieces.number()
    }

    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        self.repaired.row(&self.plan, self.pieces.bytes(), unknown)
    }

    fn count(&mut self, tally: &mut Tally) {
        self.pieces.count(tally);
        self.repaired.count(tally);
    }
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
