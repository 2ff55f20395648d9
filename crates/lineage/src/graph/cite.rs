use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Date;

use super::{Edge, Graph};
use crate::graph::build::said_on;
use crate::import::{DocumentId, Value};
use crate::ledger::{NO_DAY, NodeKey, Target, Text};
use crate::resolve::EntityId;
use crate::{EdgeKind, EvidenceKind, Verdict};

/// One statement, for a reader: who says what, where, how well supported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cited {
    pub document: DocumentId,
    /// What the document is called.
    pub name: String,
    /// Place among the document's statements, for a decision.
    pub statement: u32,
    pub path: String,
    pub subject: String,
    pub predicate: String,
    /// The name at the other end, or the value. Empty for "something" or "none".
    pub object: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub denied: bool,
    pub evidence: EvidenceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub qualifiers: BTreeMap<String, Value>,
}

/// One edge of a path, for a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub subject: NodeKey,
    pub subject_name: String,
    pub edge: EdgeKind,
    pub object: NodeKey,
    pub object_name: String,
    pub verdict: Verdict,
    pub evidence: EvidenceKind,
    /// Document and place of the strongest statement.
    pub document: DocumentId,
    pub path: String,
    /// What passes along the edge, and why.
    pub rule: String,
}

impl Graph<'_> {
    /// What is said of an entity in statements that have a qualifier in words, where these are wanted; edges first.
    pub fn cite_qualified(
        &self,
        entity: EntityId,
        qualifier: &str,
        mut is_wanted: impl FnMut(&str) -> bool,
    ) -> Vec<Cited> {
        let edges = self.out(entity).iter().map(|edge| self.edge_claims(edge));
        let facts = self.facts_of(entity).iter().map(|fact| self.fact_claims(fact));
        let claims = edges.chain(facts).flatten();
        let wanted = claims.filter(|&&claim| self.qualifier_of(claim, qualifier).is_some_and(&mut is_wanted));
        wanted.map(|&claim| self.cited(claim)).collect()
    }

    fn qualifier_of(&self, claim: u32, qualifier: &str) -> Option<&str> {
        let claim = &self.ledger.claims[claim as usize];
        match self.ledger.qualifiers.get(claim.qualifiers as usize)?.get(qualifier)? {
            Value::Text(words) => Some(words),
            Value::Number(_) | Value::Flag(_) => None,
        }
    }

    pub(crate) fn cited(&self, claim: u32) -> Cited {
        let claim = &self.ledger.claims[claim as usize];
        let strings = &self.ledger.strings;
        let read = &self.ledger.documents[claim.document as usize];
        let name = |mention: u32| self.name(EntityId(self.resolution.entity_of[mention as usize])).to_owned();
        let optional = |text: Text| (!text.is_none()).then(|| strings.text(text).to_owned());
        let speaker = |mention: u32| self.ledger.mentions.get(mention as usize).map(|_| name(mention));
        Cited {
            document: read.document.id.clone(),
            name: read.document.name.clone(),
            statement: claim.number,
            path: strings.text(claim.path).to_owned(),
            subject: name(claim.subject),
            predicate: self.ledger.predicate(claim).as_str().to_owned(),
            object: match claim.target {
                Target::Mention(object) => name(object),
                Target::Text(text) | Target::Number(text) => strings.text(text).to_owned(),
                Target::Flag(flag) => flag.to_string(),
                Target::Any => String::new(),
            },
            denied: claim.denied,
            evidence: claim.kind,
            said_by: speaker(claim.said_by).or_else(|| speaker(self.ledger.speakers[claim.document as usize])),
            said_on: said_on(self.ledger, claim),
            expires: (claim.expires != NO_DAY).then(|| Date::from_days(claim.expires)),
            quote: optional(claim.quote),
            qualifiers: self.ledger.qualifiers.get(claim.qualifiers as usize).cloned().unwrap_or_default(),
        }
    }

    /// An edge with both ends and its strongest statement.
    pub fn step(&self, edge: &Edge) -> Step {
        let claims = self.edge_claims(edge);
        let strongest = claims.iter().copied().reduce(|best, other| {
            let kind = |at: u32| self.ledger.claims[at as usize].kind;
            if kind(other) > kind(best) { other } else { best }
        });
        let cited = strongest.map(|claim| self.cited(claim));
        Step {
            subject: self.key(edge.subject),
            subject_name: self.name(edge.subject).to_owned(),
            edge: edge.kind,
            object: self.key(edge.object),
            object_name: self.name(edge.object).to_owned(),
            verdict: edge.verdict,
            evidence: edge.best,
            document: cited.as_ref().map_or_else(|| "".into(), |cited| cited.document.clone()),
            path: cited.map(|cited| cited.path).unwrap_or_default(),
            rule: crate::Rule::of(edge.kind).why.to_owned(),
        }
    }
}
