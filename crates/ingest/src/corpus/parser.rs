use std::sync::Arc;

use stillwatch_core::{Author, Document};

use super::block::{Block, Body, Header, Records};
use super::cells::{plain, split, unquote};
use super::columns::Columns;
use super::draft::Draft;
use super::fields::{CorpusPlan, Node};
use super::json::{self, Names, PlaceSeed};
use super::row_place::RowPlace;
use super::tally::{CorpusTally, Shape};
use super::turns::is_prose;
use super::visitor::DocumentVisitor;
use crate::IngestError;
use crate::repair::mend;
use crate::tally::Reason;

/// Finds the documents in blocks: the part of the work that many threads can do, each with a parser of its own.
pub struct CorpusParser {
    plan: Arc<CorpusPlan>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    made: String,
    joined: String,
    text: String,
    names: Names,
}

impl CorpusParser {
    pub fn new(plan: &CorpusPlan) -> Self {
        Self { plan: Arc::new(plan.clone()), scratch: Scratch::default() }
    }

    /// Visits the documents of a block in their order, and counts. Fails when columns cannot be converted.
    pub fn documents(
        &mut self,
        block: &Block,
        tally: &mut CorpusTally,
        visit: &mut dyn FnMut(RowPlace, &Document<'_>),
    ) -> Result<(), IngestError> {
        for fault in &block.faults {
            tally.reject(&fault.reason, &block.source, fault.row);
            tally.truncated += u64::from(fault.broken_off);
        }
        let (plan, scratch) = (Arc::clone(&self.plan), &mut self.scratch);
        let mut rows = Rows { plan: &plan, source: &block.source, tally, visit, joined: &mut scratch.joined };
        match &block.body {
            Body::Json(records) => rows.json(records, &mut scratch.made, &mut scratch.names),
            Body::Csv { header, records } => rows.csv(header, records, &mut scratch.made, &mut scratch.names),
            Body::Text(records) | Body::Lines(records) => rows.text(records, &mut scratch.text),
            Body::Rows { first, batch, fields } => {
                fields.iter().for_each(|name| scratch.names.note(name));
                let columns = Columns::new(&plan, batch)?;
                let mut draft = Draft::default();
                for row in 0..batch.num_rows() {
                    draft.clear();
                    columns.read(row, &mut draft, &mut scratch.names);
                    rows.tell(first + row as u64, &draft, &mut scratch.names);
                }
            }
        }
        scratch.names.take().iter().for_each(|name| tally.note_field(name));
        scratch.names.take_unread().iter().for_each(|name| tally.note_unread(name));
        Ok(())
    }
}

/// The rows of one block.
struct Rows<'t> {
    plan: &'t CorpusPlan,
    source: &'t Arc<str>,
    tally: &'t mut CorpusTally,
    visit: &'t mut dyn FnMut(RowPlace, &Document<'_>),
    joined: &'t mut String,
}

impl Rows<'_> {
    fn json(&mut self, records: &Records, made: &mut String, names: &mut Names) {
        let mut draft = Draft::with(std::mem::take(made));
        for (row, record) in texts(records) {
            let read = record.ok_or(Reason::NotUtf8).and_then(|json| {
                draft.clear();
                match json::read(&self.plan.root, json, &mut draft, names) {
                    Err(Reason::MalformedJson | Reason::TooDeep) => self.mended(row, json, names),
                    Err(reason) => Err(reason),
                    Ok(()) => {
                        self.tell(row, &draft, names);
                        Ok(())
                    }
                }
            });
            if let Err(reason) = read {
                self.tally.reject(&reason, self.source, row);
            }
        }
        *made = draft.made;
    }

    /// A record that is JSON but for single values.
    fn mended(&mut self, row: u64, json: &str, names: &mut Names) -> Result<(), Reason> {
        let (json, repairs) = mend(json).ok_or(Reason::MalformedJson)?;
        let mut draft = Draft::default();
        json::read(&self.plan.root, &json, &mut draft, names)?;
        self.tally.replaced += repairs.total();
        self.tell(row, &draft, names);
        Ok(())
    }

    fn csv(&mut self, header: &Header, records: &Records, made: &mut String, names: &mut Names) {
        let delimiter = header.delimiter;
        let (plan, header) = (self.plan, String::from_utf8_lossy(&header.raw));
        let mut name = String::new();
        let mut nodes: Vec<Option<&Node>> = Vec::new();
        // Columns that are not read, in which no text was found so far.
        let mut unread: Vec<Option<String>> = Vec::new();
        for cell in split(&header, delimiter) {
            name.clear();
            unquote(cell, &mut name);
            names.note(name.trim());
            nodes.push(plan.root.children.get(name.trim()));
            unread.push(nodes.last().is_some_and(Option::is_none).then(|| name.trim().to_owned()));
        }
        let mut draft = Draft::with(std::mem::take(made));
        let mut unquoted = String::new();
        for (row, record) in texts(records) {
            let Some(record) = record else {
                self.tally.reject(&Reason::NotUtf8, self.source, row);
                continue;
            };
            draft.clear();
            let mut count = 0;
            for cell in split(record, delimiter) {
                if let Some(Some(node)) = nodes.get(count) {
                    let place = PlaceSeed { root: &plan.root, node, draft: &mut draft, names, depth: 1 };
                    if let Some(text) = plain(cell) {
                        place.given(text);
                    } else {
                        unquoted.clear();
                        unquote(cell, &mut unquoted);
                        place.copied(&unquoted);
                    }
                } else if let Some(column) = unread.get_mut(count)
                    && column.is_some()
                    && is_prose(cell)
                    && let Some(column) = column.take()
                {
                    names.note_unread(&column);
                }
                count += 1;
            }
            if count == nodes.len() {
                self.tell(row, &draft, names);
            } else {
                self.tally.reject(&Reason::CellCount, self.source, row);
            }
        }
        *made = draft.made;
    }

    fn text(&mut self, records: &Records, repaired: &mut String) {
        for &span in &records.spans {
            let raw = records.raw(span);
            let text = if let Ok(text) = std::str::from_utf8(raw) {
                text
            } else {
                self.tally.replaced += repair(raw, repaired);
                repaired.as_str()
            };
            let text = text.strip_suffix('\r').unwrap_or(text);
            if text.trim_ascii().is_empty() {
                self.tally.note_without_text(self.source, span.row);
                continue;
            }
            self.tally.rows += 1;
            self.tally.documents += 1;
            self.tally.text_bytes += text.len() as u64;
            *self.tally.shapes.entry(Shape::Text).or_default() += 1;
            let document = Document { text, author: Author::Unknown, ..Document::default() };
            (self.visit)(RowPlace { row: span.row, turn: 0 }, &document);
        }
    }

    /// Visits what has been found in a row.
    fn tell(&mut self, row: u64, draft: &Draft<'_>, names: &mut Names) {
        for want in &draft.lost {
            self.plan.name(*want).into_iter().for_each(|name| names.note_unread(name));
        }
        let mut visitor = DocumentVisitor { plan: self.plan, row, tally: self.tally, visit: self.visit, told: 0 };
        let shape = visitor.tell(draft, self.joined);
        if visitor.told == 0 {
            self.tally.note_without_text(self.source, row);
        } else {
            self.tally.rows += 1;
            *self.tally.shapes.entry(shape).or_default() += 1;
        }
    }
}

/// Replaces what is not UTF-8 by U+FFFD; returns how often.
fn repair(raw: &[u8], out: &mut String) -> u64 {
    out.clear();
    let mut replaced = 0;
    for chunk in raw.utf8_chunks() {
        out.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
            replaced += 1;
        }
    }
    replaced
}

/// The records as text; `None` for one that is not UTF-8. All are checked at once where they are good.
fn texts(records: &Records) -> impl Iterator<Item = (u64, Option<&str>)> {
    let first = records.spans.first().map_or(0, |span| span.start as usize);
    let last = records.spans.last().map_or(0, |span| span.end as usize);
    let whole = records.bytes.get(first..last).and_then(|bytes| std::str::from_utf8(bytes).ok());
    records.spans.iter().map(move |&span| {
        let text = match whole {
            Some(whole) => whole.get(span.start as usize - first..span.end as usize - first),
            None => std::str::from_utf8(records.raw(span)).ok(),
        };
        (span.row, text)
    })
}
