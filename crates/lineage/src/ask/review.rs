//! What waits for a reviewer, grouped by what it would change, so that one who has little time decides on what matters.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::waiting::{Gist, gist, is_affordable};
use super::{Question, Upstream, draft};
use crate::Verdict;
use crate::graph::{Cited, Graph};
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// Statements that would change the same answers about the same thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewGroup {
    pub subject: NodeKey,
    pub name: String,
    /// Answers that each of the statements would change if it were confirmed; empty where none changes.
    pub changes: Vec<AnswerChange>,
    pub statements: Vec<Cited>,
}

/// An answer before and after something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct AnswerChange {
    pub question: Question,
    pub before: Verdict,
    /// The same as before where the answer names more or other things.
    pub after: Verdict,
}

impl Graph<'_> {
    /// Everything that waits: what changes most answers comes first, what changes none last. Where a graph is too large to
    /// try every statement, they are grouped by subject alone.
    pub fn review(&self) -> Vec<ReviewGroup> {
        let claims = self.waiting_claims();
        let tries = is_affordable(self, claims.len());
        let mut before: BTreeMap<EntityId, Vec<Gist>> = BTreeMap::new();
        let mut groups: BTreeMap<(EntityId, Vec<AnswerChange>), Vec<u32>> = BTreeMap::new();
        for &claim in claims {
            let mention = self.ledger.claims[claim as usize].subject;
            let subject = EntityId(self.resolution.entity_of[mention as usize]);
            let changes = if tries {
                let now = before.entry(subject).or_insert_with(|| gists(self, subject));
                let with = self.supposing(&[claim]);
                changes(now, &gists(&with, subject))
            } else {
                Vec::new()
            };
            groups.entry((subject, changes)).or_default().push(claim);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|((subject, changes), _)| {
            let turned = changes.iter().filter(|change| change.before != change.after).count();
            (std::cmp::Reverse((turned, changes.len())), *subject)
        });
        groups
            .into_iter()
            .map(|((subject, changes), claims)| ReviewGroup {
                subject: self.key(subject),
                name: self.name(subject).to_owned(),
                changes,
                statements: claims.into_iter().map(|claim| self.cited(claim)).collect(),
            })
            .collect()
    }

    /// How the answers about a subject differ from those that another graph gives about what it calls the same.
    pub fn changed_answers(&self, subject: EntityId, later: &Graph<'_>, same: EntityId) -> Vec<AnswerChange> {
        changes(&gists(self, subject), &gists(later, same))
    }
}

fn gists(graph: &Graph<'_>, subject: EntityId) -> Vec<Gist> {
    let upstream = Upstream::of(graph, subject);
    Question::ALL.iter().map(|&question| gist(&draft(&upstream, question))).collect()
}

fn changes(before: &[Gist], after: &[Gist]) -> Vec<AnswerChange> {
    let pairs = Question::ALL.iter().zip(before.iter().zip(after));
    pairs
        .filter(|(_, (before, after))| before != after)
        .map(|(&question, (before, after))| AnswerChange { question, before: before.0, after: after.0 })
        .collect()
}
