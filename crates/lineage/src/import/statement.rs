use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Date;

use super::NodeRef;
use crate::{EvidenceKind, Predicate};

/// A value as the document has it. Numbers keep their digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    Text(String),
    Number(String),
    Flag(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// What a statement says its subject is related to, or has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Object {
    Node(NodeRef),
    /// Of an attribute; or of an edge whose other end is told in words that name nothing.
    Value(Value),
    /// Something of that sort, not named; denied, it says that there is none (SPDX `NONE`).
    Any,
}

/// One sentence of a document: who or what, says what, of whom or what, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    pub subject: NodeRef,
    pub predicate: Predicate,
    pub object: Object,
    /// The document says that this is not so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub denied: bool,
    /// Where in the document: a JSON Pointer, `line 12`, `page 3`, `byte 17`.
    pub path: String,
    #[serde(rename = "evidence")]
    pub kind: EvidenceKind,
    /// Who says it, where that is another than the document's speaker: a signer, a quoted source, the tool that inferred it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<NodeRef>,
    /// Where that is another day than the document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<Date>,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The words of the document, where the statement is read from words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// It is read from words by a rule and counts only once a reviewer has confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proposed: bool,
    /// What narrows it: `share`, `stage`, `exit-days`, `copy`, `restore-tested`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub qualifiers: BTreeMap<String, Value>,
}

impl Statement {
    /// A plain self-claim; set the other fields where they differ.
    pub fn new(subject: NodeRef, predicate: impl Into<Predicate>, object: Object, path: impl Into<String>) -> Self {
        Self {
            subject,
            predicate: predicate.into(),
            object,
            denied: false,
            path: path.into(),
            kind: EvidenceKind::SelfClaim,
            said_by: None,
            said_on: None,
            expires: None,
            quote: None,
            proposed: false,
            qualifiers: BTreeMap::new(),
        }
    }
}
