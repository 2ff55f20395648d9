use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Date;

use crate::NodeKind;
use crate::import::{DocumentId, Identifier, Scheme};

/// What a node can be called in a decision: its kind and a name or an identifier. `model/name:LLaMA 2`,
/// `model/hf:meta-llama/Llama-2-7b`, `model/local:cyclonedx-0f…#component-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NodeKey(String);

impl NodeKey {
    pub fn name(kind: NodeKind, name: &str) -> Self {
        Self(format!("{kind}/name:{name}"))
    }

    pub fn identifier(kind: NodeKind, identifier: &Identifier) -> Self {
        Self(format!("{kind}/{identifier}"))
    }

    /// A name that means something inside its document only.
    pub fn local(kind: NodeKind, document: &DocumentId, value: &str) -> Self {
        Self(format!("{kind}/{}:{document}#{value}", Scheme::Local))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Kind, scheme (`name` has none) and value.
    pub fn parts(&self) -> Option<(NodeKind, Option<Scheme>, &str)> {
        let (kind, rest) = self.0.split_once('/')?;
        let (scheme, value) = rest.split_once(':')?;
        let scheme = if scheme == "name" { None } else { Some(Scheme::parse(scheme)?) };
        Some((NodeKind::parse(kind)?, scheme, value))
    }
}

impl From<String> for NodeKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for NodeKey {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a reviewer decided. It is kept for good; an undo is a decision of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Unique in its ledger.
    pub id: String,
    #[serde(flatten)]
    pub action: Action,
    /// A role or a name, as the organisation keeps its records.
    pub by: String,
    pub on: Date,
    #[serde(default)]
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// Both names mean one thing.
    Same { left: NodeKey, right: NodeKey },
    /// They do not, however alike; it also parts what equal names have joined.
    Different { left: NodeKey, right: NodeKey },
    /// A statement that a rule read from words says what the document says.
    Confirm { document: DocumentId, statement: u32 },
    /// It does not; the statement is kept and counts no more.
    Reject { document: DocumentId, statement: u32 },
    /// A decision no longer holds.
    Undo { decision: String },
}

/// The decisions that hold on a day: an undo takes back what stands before it, unless it is itself taken back. What was
/// decided later does not count.
pub(crate) fn standing(decisions: &[Decision], as_of: Option<Date>) -> Vec<&Decision> {
    let mut undone = std::collections::BTreeSet::new();
    let mut standing = Vec::new();
    for decision in decisions.iter().rev().filter(|decision| as_of.is_none_or(|day| decision.on <= day)) {
        if undone.contains(decision.id.as_str()) {
            continue;
        }
        match &decision.action {
            Action::Undo { decision } => {
                undone.insert(decision.as_str());
            }
            _ => standing.push(decision),
        }
    }
    standing.reverse();
    standing
}
