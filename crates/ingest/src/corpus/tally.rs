use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::tally::{Reason, Rejected, Sample, note_name};

/// What a corpus held, and what of it was not read. Tallies of parts add up to the tally of the whole in any order.
///
/// `rows` = those with documents + `without_text` + all of `rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusTally {
    /// Rows read, good or not. A stream that breaks off counts as one row more.
    pub rows: u64,
    pub documents: u64,
    /// Bytes of the documents, their prompts apart.
    pub text_bytes: u64,
    /// Bytes of the prompts and system prompts that stood with documents. A long chat counts its turns again and again.
    pub prompt_bytes: u64,
    /// By the words of the [`Reason`].
    pub rejected: BTreeMap<String, Rejected>,
    /// Rows in which no text was found.
    pub without_text: Rejected,
    /// Invalid bytes of text files and halves of surrogate pairs, each replaced by U+FFFD, and values that are not JSON or
    /// nested too deeply, each read as null.
    pub replaced: u64,
    /// Compressed streams and arrays that broke off before their end.
    pub truncated: u64,
    /// Rows by what they were recognised as.
    pub shapes: BTreeMap<Shape, u64>,
    /// Names of fields: the first 100 in order, each cut at 64 characters.
    pub fields: BTreeSet<String>,
    /// Names of fields that hold text of several words and were not read, in the same way.
    #[serde(default)]
    pub unread: BTreeSet<String>,
}

/// How a row holds its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// Part of a text without structure, or a line of one.
    Text,
    /// A field of text.
    Field,
    /// A prompt and its answer.
    Answer,
    /// Instruction, input and output (Alpaca).
    Instruction,
    /// Messages with `role` and `content` (OpenAI).
    Messages,
    /// Conversations with `from` and `value` (ShareGPT).
    Conversation,
    /// A chosen answer and a rejected one.
    Preference,
}

impl CorpusTally {
    /// Adds what another part counted.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.documents += other.documents;
        self.text_bytes += other.text_bytes;
        self.prompt_bytes += other.prompt_bytes;
        self.replaced += other.replaced;
        self.truncated += other.truncated;
        self.without_text.merge(&other.without_text);
        for (reason, rejected) in &other.rejected {
            self.rejected.entry(reason.clone()).or_default().merge(rejected);
        }
        for (shape, count) in &other.shapes {
            *self.shapes.entry(*shape).or_default() += count;
        }
        for name in &other.fields {
            note_name(&mut self.fields, name);
        }
        for name in &other.unread {
            note_name(&mut self.unread, name);
        }
    }

    /// Rows rejected for any reason.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().map(|rejected| rejected.count).sum()
    }

    /// What to do when rows were read and no text was found in them.
    pub fn advice(&self) -> Option<String> {
        if self.documents > 0 || self.without_text.count == 0 {
            return None;
        }
        let seen: Vec<String> =
            self.fields.iter().take(NAMED).map(|name| format!("`{}`", name.escape_debug())).collect();
        if seen.is_empty() {
            return Some("no text was found; name the field that holds it with --text FIELD".into());
        }
        let more = if self.fields.len() > NAMED { ", …" } else { "" };
        let seen = seen.join(", ");
        Some(format!("no text was found; the fields are {seen}{more}: name the one that holds it with --text FIELD"))
    }

    pub(crate) fn reject(&mut self, reason: &Reason, source: &Arc<str>, row: u64) {
        self.rows += 1;
        add(self.rejected.entry(reason.to_string()).or_default(), source, row);
    }

    pub(crate) fn note_without_text(&mut self, source: &Arc<str>, row: u64) {
        self.rows += 1;
        add(&mut self.without_text, source, row);
    }

    pub(crate) fn note_unread(&mut self, name: &str) {
        note_name(&mut self.unread, name);
    }

    pub(crate) fn note_field(&mut self, name: &str) {
        note_name(&mut self.fields, name);
    }
}

const NAMED: usize = 12;

fn add(rejected: &mut Rejected, source: &Arc<str>, row: u64) {
    rejected.count += 1;
    rejected.sample(Sample { source: Arc::clone(source), row });
}
