use std::borrow::Cow;
use std::io::{self, BufRead};
use std::ops::Range;

use csv_core::ReadRecordResult;

use crate::column_tree::ColumnTree;
use crate::dialect::Dialect;
use crate::plan::Plan;
use crate::raw::{Raw, Row, descend};
use crate::records::{Records, Step};
use crate::repair::{Repairs, lossy};
use crate::schema::Rule;
use crate::source::foreign::Pieces;
use crate::source::json::Json;
use crate::source::recognise::without_zone;
use crate::tally::{Reason, Tally};

/// The records of a table of text (RFC 4180 and its dialects); a header names the columns.
pub(crate) struct Cells<R> {
    reader: R,
    core: csv_core::Reader,
    /// Records before the header.
    skip: usize,
    /// The names of the columns.
    names: Vec<String>,
    plan: Plan,
    limit: usize,
    header: Option<Vec<Option<ColumnTree>>>,
    /// The first record names no column that is read: it may be a row, and so none of it is told.
    headless: bool,
    repairs: Repairs,
    /// Names of the header that are not wanted, until they have been told.
    unknown: Vec<String>,
    text: Vec<u8>,
    text_length: usize,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
    cells: usize,
    number: u64,
}

impl<R: BufRead> Cells<R> {
    pub(crate) fn new(reader: R, dialect: &Dialect, plan: Plan, limit: usize) -> Self {
        Self {
            reader,
            core: dialect.reader(),
            skip: dialect.skip,
            names: Vec::new(),
            plan,
            limit,
            header: None,
            headless: false,
            repairs: Repairs::default(),
            unknown: Vec::new(),
            text: vec![0; FIRST_BYTES.min(limit.max(1))],
            text_length: 0,
            ends: vec![0; FIRST_CELLS],
            cells: 0,
            number: 0,
        }
    }

    /// Reads a record; what exceeds the limits is read over, not held.
    fn read_record(&mut self) -> io::Result<Step> {
        (self.text_length, self.cells) = (0, 0);
        let mut fault = None;
        loop {
            let input = self.reader.fill_buf()?;
            let text = &mut self.text[self.text_length..];
            let (result, read, written, ended) = self.core.read_record(input, text, &mut self.ends[self.cells..]);
            self.reader.consume(read);
            self.text_length += written;
            self.cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < self.limit && fault.is_none() => {
                    self.text.resize((self.text.len() * 2).min(self.limit), 0);
                }
                ReadRecordResult::OutputFull => {
                    fault.get_or_insert(Reason::LineTooLong(self.limit));
                    self.text_length = 0;
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_CELLS && fault.is_none() => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    fault.get_or_insert(Reason::CellCount);
                    self.cells = 0;
                }
                ReadRecordResult::Record => {
                    self.number += 1;
                    return Ok(fault.map_or(Step::Record, Step::Rejected));
                }
                ReadRecordResult::End => return Ok(Step::End),
            }
        }
    }

    /// Reads what stands before the rows, once. Without a header no row can be read: what follows is one fault, not many.
    fn open(&mut self) -> io::Result<Option<Step>> {
        if self.header.is_some() {
            return Ok(None);
        }
        for _ in 0..std::mem::take(&mut self.skip) {
            self.read_record()?;
        }
        match self.read_record()? {
            Step::Record => {
                self.read_header();
                Ok(None)
            }
            step => {
                self.header = Some(Vec::new());
                Ok(Some(step))
            }
        }
    }

    fn read_header(&mut self) {
        let mut start = 0;
        let mut header = Vec::with_capacity(self.cells);
        for &end in &self.ends[..self.cells] {
            let name = String::from_utf8_lossy(&self.text[start..end]);
            let name = name.trim().trim_start_matches('\u{feff}');
            let node = self.plan.root.children.get(name).cloned();
            if node.is_none() {
                self.unknown.push(name.into());
            }
            header.push(node);
            self.names.push(without_zone(name).into());
            start = end;
        }
        self.headless = header.iter().all(Option::is_none) && self.plan.hive.iter().all(Option::is_none);
        if self.headless {
            self.unknown.clear();
        }
        self.header = Some(header);
    }
}

impl<R: BufRead> Records for Cells<R> {
    fn advance(&mut self) -> io::Result<Step> {
        let begins = self.header.is_none();
        match self.open()? {
            Some(step) => Ok(step),
            None if begins && self.headless => Ok(Step::Rejected(Reason::NoHeader)),
            None => self.read_record(),
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        self.unknown.drain(..).for_each(|name| unknown(&name));
        if self.headless {
            return Err(Reason::NoHeader);
        }
        let header = self.header.as_deref().unwrap_or_default();
        let bytes = &self.text[..self.text_length];
        if !fits(&self.ends[..self.cells], header.len()) {
            return Err(Reason::CellCount);
        }
        let whole = std::str::from_utf8(bytes).ok();
        let mut row = self.plan.row();
        let mut start = 0;
        for (node, &end) in header.iter().zip(&self.ends[..self.cells]) {
            let range = start..end;
            start = end;
            let Some(node) = node else {
                continue;
            };
            let cell = cell(bytes, whole, range, &mut self.repairs);
            descend(node, &cell, &mut row);
            for &target in &node.targets {
                // Of columns with one name the first that holds something counts.
                if matches!(row[target], None | Some(Raw::Null)) {
                    row[target] = Some(value(&cell, self.plan.fields[target].rule, &mut self.repairs));
                }
            }
        }
        Ok(row)
    }

    fn count(&mut self, tally: &mut Tally) {
        std::mem::take(&mut self.repairs).count(&mut tally.repaired);
    }
}

impl<R: BufRead> Cells<R> {
    /// Passes over the header, whatever it names: the names are those of a source.
    pub(crate) fn of_source(mut self) -> Self {
        self.plan.root = ColumnTree::default();
        self
    }
}

impl<R: BufRead> Pieces for Cells<R> {
    fn advance(&mut self) -> io::Result<Step> {
        match self.open()? {
            Some(step) => Ok(step),
            None => self.read_record(),
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn bytes(&self) -> &[u8] {
        &self.text[..self.text_length]
    }

    fn record(&self, _: bool, repairs: &mut Repairs) -> Result<Json, Reason> {
        if !fits(&self.ends[..self.cells], self.names.len()) {
            return Err(Reason::CellCount);
        }
        let bytes = &self.text[..self.text_length];
        let whole = std::str::from_utf8(bytes).ok();
        let mut start = 0;
        let entries = self.names.iter().zip(&self.ends[..self.cells]).map(|(name, &end)| {
            let cell = cell(bytes, whole, start..end, repairs);
            start = end;
            let value = if is_null(&cell) { Json::Null } else { Json::Text(cell.into_owned()) };
            (name.clone(), value)
        });
        Ok(Json::Map(entries.collect()))
    }
}

/// Whether a row has the cells of the header; exports end lines with a delimiter, which makes one more that is empty.
fn fits(ends: &[usize], cells: usize) -> bool {
    match ends.len().checked_sub(cells) {
        Some(0) => true,
        Some(_) if cells > 0 => ends.last() == ends.get(cells - 1),
        _ => false,
    }
}

fn cell<'t>(bytes: &'t [u8], whole: Option<&'t str>, range: Range<usize>, repairs: &mut Repairs) -> Cow<'t, str> {
    // Two cells, each broken, may join to valid text.
    if let Some(cell) = whole.and_then(|text| text.get(range.clone())) {
        return cell.into();
    }
    let (cell, replaced) = lossy(&bytes[range]);
    repairs.add(replaced);
    cell.into()
}

/// A cell without a value, also as databases write it.
fn is_null(cell: &str) -> bool {
    cell.is_empty() || cell == "\\N"
}

/// A cell as a value. Where some ids were missing, tables of numbers are written as fractions: `1001.0` is 1001.
fn value<'t>(cell: &Cow<'t, str>, rule: Rule, repairs: &mut Repairs) -> Raw<'t> {
    if is_null(cell) {
        return Raw::Null;
    }
    let digits =
        cell.strip_suffix(".0").filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.filter(|_| rule == Rule::Id) {
        Some(digits) => {
            repairs.fractions += 1;
            Raw::Text(digits.to_owned().into())
        }
        None => Raw::Text(cell.clone()),
    }
}

const FIRST_BYTES: usize = 4096;
const FIRST_CELLS: usize = 64;
const MOST_CELLS: usize = 1 << 16;
