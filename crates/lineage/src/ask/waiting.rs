//! What waits for a reviewer is part of the answer: how many statements that were read from words bear on it, which of
//! them would change it, and what it would become.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AnswerDraft, Question, Upstream, counted, draft};
use crate::Verdict;
use crate::graph::{Cited, Graph};
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// Statements that wait, as far as they bear on one answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// Statements about the subject, or about what lies upstream of it, that no reviewer has looked at.
    pub statements: usize,
    /// Those that would change the answer if they were confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changing: Vec<Cited>,
    /// What the answer would be if all of them were confirmed, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Outlook>,
}

/// An answer as it would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outlook {
    pub verdict: Verdict,
    pub statement: String,
}

impl Waiting {
    pub fn is_empty(&self) -> bool {
        self.statements == 0
    }

    /// That an answer is not decided yet, in one sentence; `None` where nothing that waits would change it.
    pub fn text(&self) -> Option<String> {
        let becomes = self.becomes.as_ref()?;
        let quote = self.changing.iter().find_map(|cited| cited.quote.as_deref());
        let quote = quote.map_or_else(String::new, |quote| format!(", such as \u{201c}{quote}\u{201d}"));
        let number = self.changing.len();
        Some(format!(
            "not decided: {} read from prose {} for a reviewer and would make this {}{quote}",
            counted(number, "statement"),
            if number == 1 { "waits" } else { "wait" },
            becomes.verdict
        ))
    }
}

/// What makes two answers one: the verdict, and what the ways through the graph lead to.
pub(super) type Gist = (Verdict, BTreeSet<NodeKey>);

pub(super) fn gist(found: &AnswerDraft) -> Gist {
    (found.verdict, found.paths.iter().filter_map(|path| path.last()).map(|step| step.object.clone()).collect())
}

/// For each question, what waits and bears on it.
pub(super) fn waiting(upstream: &Upstream<'_, '_>, questions: &[Question], found: &[AnswerDraft]) -> Vec<Waiting> {
    let graph = upstream.graph;
    let Some(confirmed) = graph.confirmed() else { return vec![Waiting::default(); questions.len()] };
    let later = Upstream::of(confirmed, upstream.subject);
    let claims = bearing(graph, &later);
    let now: Vec<Gist> = found.iter().map(gist).collect();
    let drafts: Vec<AnswerDraft> = questions.iter().map(|&question| draft(&later, question)).collect();
    let changes: Vec<bool> = now.iter().zip(&drafts).map(|(now, later)| *now != gist(later)).collect();
    let mut decisive: Vec<Vec<u32>> = vec![Vec::new(); questions.len()];
    if changes.contains(&true) && is_affordable(graph, claims.len()) {
        for &claim in &claims {
            let with = graph.supposing(&[claim]);
            let own = Upstream::of(&with, upstream.subject);
            for (at, &question) in questions.iter().enumerate().filter(|(at, _)| changes[*at]) {
                if gist(&draft(&own, question)) != now[at] {
                    decisive[at].push(claim);
                }
            }
        }
    }
    let each = drafts.into_iter().zip(changes).zip(decisive);
    each.map(|((later, changes), decisive)| {
        // Where none changes it alone, it takes several of them; which ones is not worth every combination.
        let changing = if decisive.is_empty() { &claims } else { &decisive };
        Waiting {
            statements: claims.len(),
            changing: if changes { changing.iter().map(|&claim| graph.cited(claim)).collect() } else { Vec::new() },
            becomes: changes.then_some(Outlook { verdict: later.verdict, statement: later.statement }),
        }
    })
    .collect()
}

/// The statements that wait and change what holds of a subject if they are confirmed, each tried by itself; all that bear
/// on the subject where none does so alone.
pub(crate) fn decisive(
    graph: &Graph<'_>,
    subject: EntityId,
    is_changed: impl Fn(&Upstream<'_, '_>) -> bool,
) -> Vec<Cited> {
    let Some(confirmed) = graph.confirmed() else { return Vec::new() };
    let claims = bearing(graph, &Upstream::of(confirmed, subject));
    let mut decisive = Vec::new();
    if is_affordable(graph, claims.len()) {
        decisive.extend(claims.iter().copied().filter(|&claim| {
            let with = graph.supposing(&[claim]);
            is_changed(&Upstream::of(&with, subject))
        }));
    }
    let found = if decisive.is_empty() { &claims } else { &decisive };
    found.iter().map(|&claim| graph.cited(claim)).collect()
}

/// The claims that wait and are about a subject or something upstream of it, once everything is confirmed.
fn bearing(graph: &Graph<'_>, later: &Upstream<'_, '_>) -> Vec<u32> {
    let upstream: FxHashSet<EntityId> = later.all().collect();
    let subject = |claim: u32| {
        let mention = graph.ledger.claims[claim as usize].subject;
        EntityId(graph.resolution.entity_of[mention as usize])
    };
    graph.waiting_claims().iter().copied().filter(|&claim| upstream.contains(&subject(claim))).collect()
}

/// Whether there is time to try each statement by itself: a graph is built for every one.
pub(super) fn is_affordable(graph: &Graph<'_>, statements: usize) -> bool {
    graph.ledger.claims.len().saturating_mul(statements) <= MOST_WORK
}

/// Claims looked at in all, a second or two.
const MOST_WORK: usize = 20_000_000;
