use std::borrow::Cow;
use std::io::{self, BufRead};

use csv_core::ReadRecordResult;

use crate::column_tree::ColumnTree;
use crate::plan::Plan;
use crate::raw::{Raw, Row, descend};
use crate::records::{Records, Step};
use crate::repair::{Repairs, lossy};
use crate::tally::{Reason, Tally};

/// The records of a CSV file (RFC 4180); the first one names the columns.
pub(crate) struct Cells<R> {
    reader: R,
    core: csv_core::Reader,
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
    pub(crate) fn new(reader: R, plan: Plan, limit: usize) -> Self {
        Self {
            reader,
            core: csv_core::Reader::new(),
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
    fn record(&mut self) -> io::Result<Step> {
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

    fn read_header(&mut self) {
        let mut start = 0;
        let mut header = Vec::with_capacity(self.cells);
        for &end in &self.ends[..self.cells] {
            let name = String::from_utf8_lossy(&self.text[start..end]);
            let name = name.trim();
            let node = self.plan.root.children.get(name).cloned();
            if node.is_none() {
                self.unknown.push(name.into());
            }
            header.push(node);
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
        if self.header.is_none() {
            let step = self.record()?;
            if !matches!(step, Step::Record) {
                // Without a header no row can be read: what follows is one fault, not many.
                self.header = Some(Vec::new());
                return Ok(step);
            }
            self.read_header();
            if self.headless {
                return Ok(Step::Rejected(Reason::NoHeader));
            }
        }
        self.record()
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
        if self.cells != header.len() {
            return Err(Reason::CellCount);
        }
        let bytes = &self.text[..self.text_length];
        let whole = std::str::from_utf8(bytes).ok();
        let mut row = self.plan.row();
        let mut start = 0;
        for (node, &end) in header.iter().zip(&self.ends[..self.cells]) {
            let range = start..end;
            start = end;
            let Some(node) = node else {
                continue;
            };
            // Two cells, each broken, may join to valid text.
            let cell: Cow<'_, str> = if let Some(cell) = whole.and_then(|text| text.get(range.clone())) {
                cell.into()
            } else {
                let (cell, repairs) = lossy(&bytes[range]);
                self.repairs.add(repairs);
                cell.into()
            };
            descend(node, &cell, &mut row);
            for &target in &node.targets {
                row[target] = Some(if cell.is_empty() { Raw::Null } else { Raw::Text(cell.clone()) });
            }
        }
        Ok(row)
    }

    fn count(&mut self, tally: &mut Tally) {
        std::mem::take(&mut self.repairs).count(&mut tally.repaired);
    }
}

const FIRST_BYTES: usize = 4096;
const FIRST_CELLS: usize = 64;
const MOST_CELLS: usize = 1 << 16;
