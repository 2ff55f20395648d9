use std::io::{self, BufRead, Read};

use stillwatch_core::{Date, Diagnostic, Severity};
use thiserror::Error;

use super::record::{FORMAT, NodeRecord, ObjectRecord, Record, StatementRecord};
use super::{Claim, Ledger, NO_DAY, NONE, Target, Text};
use crate::import::Value;

/// How much of a ledger's file is read.
#[derive(Clone, Copy, Debug)]
pub struct LedgerLimits {
    /// Bytes of one record.
    pub line: usize,
    /// Nodes as documents name them.
    pub nodes: usize,
    pub statements: usize,
}

impl Default for LedgerLimits {
    /// Four times what the crate is measured with: five million statements, in which six million nodes are named.
    fn default() -> Self {
        Self { line: 1 << 20, nodes: 24_000_000, statements: 20_000_000 }
    }
}

/// Why a file is no ledger.
#[derive(Debug, Error)]
pub enum LedgerError {
    #[error("the ledger cannot be read")]
    Io(#[from] io::Error),
    #[error("the file does not begin with the record of format {FORMAT}")]
    Format,
    #[error("more than {0} {1}")]
    TooMany(usize, &'static str),
}

impl Ledger {
    /// Reads a ledger's file. A record that cannot be read is a diagnostic (a file that a crash cut off ends in one);
    /// what belongs to it is left out, everything else is kept.
    pub fn read(mut reader: impl BufRead, limits: &LedgerLimits) -> Result<Self, LedgerError> {
        let mut reading = Reading { ledger: Self::default(), document: None, nodes: Vec::new(), limits };
        let mut line = Vec::new();
        let mut count = 0_usize;
        let mut begun = false;
        loop {
            line.clear();
            // One byte more than allowed tells a long record from one that fits.
            let taken = (&mut reader).take(limits.line as u64 + 1).read_until(b'\n', &mut line)?;
            if taken == 0 {
                break;
            }
            count += 1;
            if taken > limits.line && line.last() != Some(&b'\n') {
                pass_over_line(&mut reader)?;
                reading.tell(count, format!("a record of more than {} bytes", limits.line));
                continue;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let record = serde_json::from_slice::<Record<'_>>(&line);
            if !begun {
                begun = matches!(&record, Ok(Record::Lineage(header)) if header.format == FORMAT);
                if !begun {
                    return Err(LedgerError::Format);
                }
                continue;
            }
            match record {
                Ok(record) => reading.record(record, count)?,
                Err(error) => {
                    reading.tell(count, format!("no record: {}", stillwatch_core::shown(&error.to_string())));
                    if line.starts_with(b"{\"document\"") {
                        reading.document = None;
                    }
                }
            }
        }
        if begun { Ok(reading.ledger) } else { Err(LedgerError::Format) }
    }
}

/// Leaves the reader behind the next line feed, a buffer at a time.
fn pass_over_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, end) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if end {
            return Ok(());
        }
    }
}

struct Reading<'l> {
    ledger: Ledger,
    /// The document whose nodes and statements come now.
    document: Option<u32>,
    /// The mention of each of its nodes; `NONE` for one whose record was lost.
    nodes: Vec<u32>,
    limits: &'l LedgerLimits,
}

impl Reading<'_> {
    fn record(&mut self, record: Record<'_>, line: usize) -> Result<(), LedgerError> {
        match record {
            Record::Lineage(_) => self.document = None,
            Record::Document(read) => {
                let id = read.document.id.clone();
                let opened = self.ledger.open_document(*read);
                if opened.is_none() {
                    self.repeated(line, format!("document {id} was read before; this reading of it is left out"));
                }
                self.document = opened;
                self.nodes.clear();
            }
            Record::Node(node) => {
                if self.ledger.mentions.len() >= self.limits.nodes {
                    return Err(LedgerError::TooMany(self.limits.nodes, "nodes"));
                }
                self.node(&node, line);
            }
            Record::Statement(statement) => {
                if self.ledger.claims.len() >= self.limits.statements {
                    return Err(LedgerError::TooMany(self.limits.statements, "statements"));
                }
                self.statement(&statement, line);
            }
            Record::Decision(decision) => {
                let id = decision.id.clone();
                if !self.ledger.decide(decision) {
                    self.repeated(line, format!("decision {} stands here a second time", stillwatch_core::shown(&id)));
                }
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &NodeRecord<'_>, line: usize) {
        let Some(document) = self.document else { return };
        let place = node.n as usize;
        if place < self.nodes.len() || place >= self.limits.nodes {
            // The record of a new document is missing: what follows is not the old one's.
            self.document = None;
            self.tell(line, format!("node {place} does not follow the nodes above it"));
            return;
        }
        self.nodes.resize(place, NONE);
        let ids = node.ids.iter().map(|(scheme, value)| (*scheme, value.as_str()));
        let mention = self.ledger.mention(document, node.kind, &node.name, ids);
        self.nodes.push(mention);
    }

    fn statement(&mut self, record: &StatementRecord<'_>, line: usize) {
        let Some(document) = self.document else { return };
        let known = |node: u32| self.nodes.get(node as usize).copied().filter(|&mention| mention != NONE);
        let object = if let ObjectRecord::Node(node) = &record.o { known(*node) } else { Some(NONE) };
        let said_by = record.by.map_or(Some(NONE), known);
        let (Some(subject), Some(object), Some(said_by)) = (known(record.s), object, said_by) else {
            self.tell(line, "a statement of a node that was not told before".into());
            return;
        };
        let ledger = &mut self.ledger;
        let target = match &record.o {
            ObjectRecord::Node(_) => Target::Mention(object),
            ObjectRecord::Value(Value::Text(text)) => Target::Text(ledger.strings.intern(text)),
            ObjectRecord::Value(Value::Number(text)) => Target::Number(ledger.strings.intern(text)),
            ObjectRecord::Value(Value::Flag(flag)) => Target::Flag(*flag),
            ObjectRecord::Any => Target::Any,
        };
        let claim = Claim {
            subject,
            target,
            predicate: ledger.predicate_of_word(&record.p),
            kind: record.e,
            denied: record.denied,
            proposed: record.proposed,
            document,
            number: record.n,
            path: ledger.strings.keep(&record.path),
            quote: record.quote.as_ref().map_or(Text::NONE, |quote| ledger.strings.keep(quote)),
            said_by,
            said_on: record.on.map_or(NO_DAY, Date::days),
            expires: record.expires.map_or(NO_DAY, Date::days),
            qualifiers: ledger.keep_qualifiers(&record.with),
        };
        ledger.claims.push(claim);
    }

    /// A record that is lost.
    fn tell(&mut self, line: usize, message: String) {
        self.ledger.is_damaged = true;
        self.add(line, Severity::Error, "record", message);
    }

    /// A record that stands twice, as where two copies of a graph were put together: nothing is lost.
    fn repeated(&mut self, line: usize, message: String) {
        self.add(line, Severity::Note, "repeated", message);
    }

    fn add(&mut self, line: usize, severity: Severity, code: &'static str, message: String) {
        if self.ledger.diagnostics.len() < MOST_DIAGNOSTICS {
            let path = format!("line {line}");
            self.ledger.diagnostics.push(Diagnostic { path, severity, code: code.into(), message });
        }
    }
}

const MOST_DIAGNOSTICS: usize = 1_000;
