use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

use super::assembly::Overrides;
use super::json::Json;
use super::session::Session;
use crate::raw::Row;
use crate::records::{Records, Step};
use crate::repair::{Repairs, lossy};
use crate::tally::{Reason, Tally};

/// Raw records of a file, cut apart: lines, or elements of arrays and documents.
pub(crate) trait Pieces {
    fn advance(&mut self) -> io::Result<Step>;
    fn number(&self) -> u64;
    fn bytes(&self) -> &[u8];

    /// The record as a tree; `lines` where lines of text are records too.
    fn record(&self, lines: bool, repairs: &mut Repairs) -> Result<Json, Reason> {
        tree(self.bytes(), lines, repairs)
    }

    /// Adds what else was counted since the last time.
    fn count(&mut self, _: &mut Tally) {}
}

impl<P: Pieces + ?Sized> Pieces for Box<P> {
    fn advance(&mut self) -> io::Result<Step> {
        (**self).advance()
    }

    fn number(&self) -> u64 {
        (**self).number()
    }

    fn bytes(&self) -> &[u8] {
        (**self).bytes()
    }

    fn record(&self, lines: bool, repairs: &mut Repairs) -> Result<Json, Reason> {
        (**self).record(lines, repairs)
    }

    fn count(&mut self, tally: &mut Tally) {
        (**self).count(tally);
    }
}

fn tree(bytes: &[u8], lines: bool, repairs: &mut Repairs) -> Result<Json, Reason> {
    let mut own = Repairs::default();
    let text = if let Ok(text) = std::str::from_utf8(bytes) {
        Cow::Borrowed(text)
    } else {
        let (text, replaced) = lossy(bytes);
        own = replaced;
        Cow::Owned(text)
    };
    let text = text.trim();
    let record = match text.as_bytes().first() {
        Some(b'{') => Json::repaired(text, &mut own)?,
        _ if lines => Json::text_of(text),
        Some(b'[' | b'"') => return Json::parse(text).and(Err(Reason::NotAnObject)),
        _ => {
            let complete = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
            return Err(if complete { Reason::NotAnObject } else { Reason::MalformedJson });
        }
    };
    repairs.add(own);
    Ok(record)
}

/// The exchanges of a foreign log.
pub(crate) struct Foreign<P> {
    pieces: P,
    session: Session,
    /// No other file of the session follows.
    last: bool,
    overrides: Overrides,
    lines: bool,
    row: Option<Row<'static>>,
    number: u64,
    ended: bool,
    unknown: BTreeSet<String>,
    repairs: Repairs,
}

impl<P: Pieces> Foreign<P> {
    pub(crate) fn new(pieces: P, session: Session, last: bool, overrides: Overrides) -> Self {
        let lines = session.reads_lines();
        Self {
            pieces,
            session,
            last,
            overrides,
            lines,
            row: None,
            number: 0,
            ended: false,
            unknown: BTreeSet::new(),
            repairs: Repairs::default(),
        }
    }

    fn read(&mut self) -> Result<(), Reason> {
        let record = self.pieces.record(self.lines, &mut self.repairs)?;
        let unknown = &mut self.unknown;
        self.session.read(record, self.pieces.number(), &self.overrides, &mut |name| {
            if !unknown.contains(name) && unknown.len() < MOST_UNKNOWN {
                unknown.insert(name.to_owned());
            }
        });
        Ok(())
    }
}

impl<P: Pieces> Records for Foreign<P> {
    fn advance(&mut self) -> io::Result<Step> {
        loop {
            if let Some((number, row)) = self.session.next() {
                (self.number, self.row) = (number, Some(row));
                return Ok(Step::Record);
            }
            if self.ended {
                return Ok(Step::End);
            }
            let step = self.pieces.advance()?;
            self.number = self.pieces.number();
            match step {
                Step::Record => {
                    if let Err(reason) = self.read() {
                        return Ok(Step::Rejected(reason));
                    }
                }
                Step::End => {
                    self.ended = true;
                    if self.last {
                        self.session.finish();
                    }
                }
                other => return Ok(other),
            }
        }
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn row(&mut self, _: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason> {
        self.row.take().ok_or(Reason::NotAnObject)
    }

    fn count(&mut self, tally: &mut Tally) {
        self.pieces.count(tally);
        self.session.count(tally);
        std::mem::take(&mut self.repairs).count(&mut tally.repaired);
        self.unknown.iter().for_each(|name| tally.note_unknown(name));
    }
}

/// As many as a tally keeps, and then some.
const MOST_UNKNOWN: usize = 2000;
