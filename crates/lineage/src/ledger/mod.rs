//! What has been read and decided so far, append-only: documents, their statements, decisions.
//!
//! On disk it is text, one record a line (`stillwatch.lineage/1`, see [`record`]), so that a version-control system
//! shows what a document added. In memory names are numbers. Nothing is overwritten: what contradicts stands beside
//! what it contradicts.
//!
//! ```
//! use stillwatch_lineage::{DocumentKind, Draft, EdgeKind, Ledger, LedgerLimits, NodeRef, Origin, StrictVerdict};
//!
//! let mut draft = Draft::new(b"bytes", &Origin::named("card.md"), DocumentKind::Card);
//! draft.node(NodeRef::model("a"), EdgeKind::TrainedOn, NodeRef::data_set("b"), "line 3");
//! let import = draft.finish(StrictVerdict::NotChecked { why: "an example".into() });
//!
//! let mut file = Vec::new();
//! stillwatch_lineage::write_header(&mut file)?;
//! stillwatch_lineage::write_import(&mut file, &import)?;
//! let ledger = Ledger::read(file.as_slice(), &LedgerLimits::default())?;
//! assert_eq!((ledger.documents().len(), ledger.statements()), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claim;
mod decision;
mod position;
mod read;
mod record;
mod strings;
mod write;

pub use decision::{Action, Decision, NodeKey};
pub use read::{LedgerError, LedgerLimits};
pub use record::FORMAT;
pub use write::{write_decision, write_header, write_import};

pub(crate) use claim::{Claim, NO_DAY, Target};
pub(crate) use decision::standing;
pub(crate) use position::{NONE, position};
pub(crate) use strings::{Strings, Text};

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{Date, Diagnostic};

use crate::import::{Document, Import, NodeRef, Object, Scheme, Statement, StrictVerdict, Value};
use crate::{NodeKind, Predicate};

/// A document of the ledger and how well it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadDocument {
    pub document: Document,
    pub strict: StrictVerdict,
    pub diagnostics: Vec<Diagnostic>,
}

/// Documents, statements and decisions.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(crate) strings: Strings,
    pub(crate) documents: Vec<ReadDocument>,
    /// Who speaks in each document, as a mention.
    pub(crate) speakers: Vec<u32>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) identifiers: Vec<(Scheme, Text)>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) qualifiers: Vec<BTreeMap<String, Value>>,
    pub(crate) decisions: Vec<Decision>,
    predicate_numbers: FxHashMap<Predicate, u16>,
    predicate_words: FxHashMap<Box<str>, u16>,
    document_numbers: FxHashMap<crate::DocumentId, u32>,
    /// Records that could not be read, at most a thousand.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// A record is lost.
    pub(crate) is_damaged: bool,
}

/// A node as one document names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    pub(crate) kind: NodeKind,
    pub(crate) name: Text,
    pub(crate) document: u32,
    /// Its part of `Ledger::identifiers`.
    pub(crate) identifiers: (u32, u32),
}

impl Ledger {
    /// Adds what a document says. `false`: these bytes were read before, and nothing is added.
    pub fn add(&mut self, import: &Import) -> bool {
        let read = ReadDocument {
            document: import.document.clone(),
            strict: import.strict.clone(),
            diagnostics: import.diagnostics.clone(),
        };
        let Some(document) = self.open_document(read) else { return false };
        let mut numbers = FxHashMap::default();
        for (number, statement) in (0_u32..).zip(&import.statements) {
            let claim = self.compact(document, number, statement, &mut numbers);
            self.claims.push(claim);
        }
        true
    }

    /// Adds a decision. `false`: its id was used before.
    pub fn decide(&mut self, decision: Decision) -> bool {
        let fresh = self.decisions.iter().all(|earlier| earlier.id != decision.id);
        if fresh {
            self.decisions.push(decision);
        }
        fresh
    }

    pub fn documents(&self) -> &[ReadDocument] {
        &self.documents
    }

    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The number of statements.
    pub fn statements(&self) -> usize {
        self.claims.len()
    }

    /// The number of nodes as documents name them, before any are found to be the same.
    pub fn mentions(&self) -> usize {
        self.mentions.len()
    }

    /// What was wrong with the ledger's own file.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether a record could not be read: what it said is in no answer.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The place of a document, by its id.
    pub(crate) fn document(&self, id: &crate::DocumentId) -> Option<u32> {
        self.document_numbers.get(id).copied()
    }

    pub(crate) fn predicate(&self, claim: &Claim) -> &Predicate {
        &self.predicates[usize::from(claim.predicate)]
    }

    pub(crate) fn identifiers_of(&self, mention: &Mention) -> &[(Scheme, Text)] {
        let (start, end) = mention.identifiers;
        &self.identifiers[start as usize..end as usize]
    }

    fn open_document(&mut self, read: ReadDocument) -> Option<u32> {
        let number = u32::try_from(self.documents.len()).ok()?;
        if self.document_numbers.contains_key(&read.document.id) {
            return None;
        }
        self.document_numbers.insert(read.document.id.clone(), number);
        let speaker = read.document.said_by.clone().map_or(NONE, |node| {
            let identifiers = node.identifiers.iter().map(|id| (id.scheme, id.value.as_str()));
            self.mention(number, node.kind, &node.name, identifiers)
        });
        self.speakers.push(speaker);
        self.documents.push(read);
        Some(number)
    }

    fn compact<'s>(
        &mut self,
        document: u32,
        number: u32,
        statement: &'s Statement,
        numbers: &mut FxHashMap<&'s NodeRef, u32>,
    ) -> Claim {
        let mut mention = |ledger: &mut Self, node: &'s NodeRef| {
            *numbers.entry(node).or_insert_with(|| {
                let identifiers = node.identifiers.iter().map(|id| (id.scheme, id.value.as_str()));
                ledger.mention(document, node.kind, &node.name, identifiers)
            })
        };
        let subject = mention(self, &statement.subject);
        let target = match &statement.object {
            Object::Node(node) => Target::Mention(mention(self, node)),
            Object::Value(Value::Text(text)) => Target::Text(self.strings.intern(text)),
            Object::Value(Value::Number(text)) => Target::Number(self.strings.intern(text)),
            Object::Value(Value::Flag(flag)) => Target::Flag(*flag),
            Object::Any => Target::Any,
        };
        let said_by = statement.said_by.as_ref().map_or(NONE, |node| mention(self, node));
        Claim {
            subject,
            target,
            predicate: self.predicate_number(&statement.predicate),
            kind: statement.kind,
            denied: statement.denied,
            proposed: statement.proposed,
            document,
            number,
            path: self.strings.keep(&statement.path),
            quote: statement.quote.as_ref().map_or(Text::NONE, |quote| self.strings.keep(quote)),
            said_by,
            said_on: statement.said_on.map_or(NO_DAY, Date::days),
            expires: statement.expires.map_or(NO_DAY, Date::days),
            qualifiers: self.keep_qualifiers(&statement.qualifiers),
        }
    }

    fn keep_qualifiers(&mut self, qualifiers: &BTreeMap<String, Value>) -> u32 {
        if qualifiers.is_empty() {
            return NONE;
        }
        self.qualifiers.push(qualifiers.clone());
        position(self.qualifiers.len() - 1)
    }

    fn mention<'i>(
        &mut self,
        document: u32,
        kind: NodeKind,
        name: &str,
        identifiers: impl Iterator<Item = (Scheme, &'i str)>,
    ) -> u32 {
        let start = self.identifiers.len();
        for (scheme, value) in identifiers {
            let value = self.strings.intern(value);
            self.identifiers.push((scheme, value));
        }
        let range = (position(start), position(self.identifiers.len()));
        let name = self.strings.intern(name);
        self.mentions.push(Mention { kind, name, document, identifiers: range });
        position(self.mentions.len() - 1)
    }

    /// The number of a predicate by its word, which is read anew only the first time.
    fn predicate_of_word(&mut self, word: &str) -> u16 {
        if let Some(&found) = self.predicate_words.get(word) {
            return found;
        }
        let number = self.predicate_number(&Predicate::parse(word));
        if self.predicate_words.len() < MOST_PREDICATES {
            self.predicate_words.insert(word.into(), number);
        }
        number
    }

    /// At most 65,535 different predicates; a hostile document that invents more gets the last one, `claim`.
    fn predicate_number(&mut self, predicate: &Predicate) -> u16 {
        if let Some(&found) = self.predicate_numbers.get(predicate) {
            return found;
        }
        let predicate =
            if self.predicates.len() < MOST_PREDICATES { predicate.clone() } else { Predicate::parse("claim") };
        if let Some(&found) = self.predicate_numbers.get(&predicate) {
            return found;
        }
        #[expect(clippy::cast_possible_truncation, reason = "there are at most 60,001")]
        let at = self.predicates.len() as u16;
        self.predicates.push(predicate.clone());
        self.predicate_numbers.insert(predicate, at);
        at
    }
}

const MOST_PREDICATES: usize = 60_000;
