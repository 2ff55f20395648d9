//! What changed between two states of a graph: two days, or before and after a document. Changes of the terms of what
//! lies upstream come first, since nobody who depends on them is told.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::AnswerChange;
use crate::graph::{Cited, Graph, Way};
use crate::resolve::EntityId;
use crate::vocabulary::words;
use crate::{Aspect, EdgeKind, NodeKind, Predicate, Verdict};

words! {
    /// What sort of change it is, the most urgent first.
    ChangeKind {
        /// Of a licence, terms or a permit of something that others are made from.
        UpstreamTerms = "upstream-terms",
        /// Of a licence, terms or a permit of anything else.
        Terms = "terms",
        /// What was disclosed or evidenced is contradicted now.
        Contradiction = "contradiction",
        /// What something is made from.
        Lineage = "lineage",
        /// Who owns, supplies, hosts or keeps it, and where.
        Supply = "supply",
        Attribute = "attribute",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GraphDiff {
    /// Answers to a buyer's questions about models that are not as they were.
    pub answers: Vec<AnswerDifference>,
    pub changes: Vec<Difference>,
    /// Keys of entities that only one side has.
    pub appeared: Vec<String>,
    pub disappeared: Vec<String>,
}

/// What became of the answers about one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerDifference {
    pub subject: String,
    pub name: String,
    pub changes: Vec<AnswerChange>,
}

/// An edge or attribute that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub kind: ChangeKind,
    pub subject: String,
    pub predicate: String,
    /// The name at the other end, or the values; where these changed, `before -> after`.
    pub object: String,
    /// `None`: it was not there.
    pub before: Option<Verdict>,
    /// `None`: it is not there any more.
    pub after: Option<Verdict>,
    /// How many entities are downstream of the subject, in the later state; not counted for subjects beyond
    /// [`GraphDiff::MOST_COUNTED`], the least urgent last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downstream: Option<usize>,
    pub cited: Vec<Cited>,
}

impl GraphDiff {
    pub const MOST_COUNTED: usize = 1_000;
    /// Models whose answers are compared.
    pub const MOST_ASKED: usize = 1_000;
}

/// What became of `before`.
pub fn diff<'l>(before: &Graph<'l>, after: &Graph<'l>) -> GraphDiff {
    let joined = joined(before, after);
    let (old, new) = (rows(before, &joined), rows(after, &BTreeMap::new()));
    let mut changes = Vec::new();
    for (named, now) in &new {
        let was = old.get(named);
        if was.is_none_or(|was| was.verdict != now.verdict || !now.is_edge && was.shown != now.shown) {
            changes.push((named, was, Some(now), now, after));
        }
    }
    for (named, was) in old.iter().filter(|(named, _)| !new.contains_key(*named)) {
        changes.push((named, Some(was), None, was, before));
    }
    let later: BTreeMap<String, EntityId> = after.ids().map(|id| (after.key(id).to_string(), id)).collect();
    let carried = |subject: EntityId| after.neighbours(subject, Aspect::Taint, Way::Down).next().is_some();
    let verdict = |row: Option<&Row>| row.map(|row| row.verdict);
    let mut changes: Vec<_> = changes
        .into_iter()
        .map(|(named, was, now, row, graph)| {
            let subject = later.get(&named.0).copied();
            let is_carried = subject.is_some_and(carried);
            let kind = kind(&named.1, graph.kind(row.subject), verdict(was), verdict(now), is_carried);
            (kind, named, subject, was, now, row, graph)
        })
        .collect();
    changes.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let mut reach: BTreeMap<EntityId, usize> = BTreeMap::new();
    let mut told: Vec<Difference> = changes
        .into_iter()
        .map(|(kind, (_, predicate, _), subject, was, now, row, graph)| {
            let downstream = match subject {
                None => Some(0),
                Some(subject) if reach.len() < GraphDiff::MOST_COUNTED || reach.contains_key(&subject) => {
                    Some(*reach.entry(subject).or_insert_with(|| after.taint(&[subject]).reached.len()))
                }
                Some(_) => None,
            };
            Difference {
                kind,
                subject: graph.name(row.subject).to_owned(),
                predicate: predicate.clone(),
                object: match was {
                    Some(was) if !row.is_edge && was.shown != row.shown => format!("{} -> {}", was.shown, row.shown),
                    _ => row.shown.clone(),
                },
                before: verdict(was),
                after: verdict(now),
                downstream,
                cited: if row.is_edge {
                    graph.cite_edge(&graph.edges()[row.at])
                } else {
                    graph.cite_fact(&graph.facts()[row.at])
                },
            }
        })
        .collect();
    told.sort_by(|a, b| {
        let order = |d: &Difference| (d.kind, std::cmp::Reverse(d.downstream));
        order(a)
            .cmp(&order(b))
            .then_with(|| (&a.subject, &a.predicate, &a.object).cmp(&(&b.subject, &b.predicate, &b.object)))
    });
    let keys = |graph: &Graph<'_>| -> BTreeSet<String> { graph.ids().map(|id| graph.key(id).to_string()).collect() };
    let (own, other) = (keys(before), keys(after));
    GraphDiff {
        answers: answers(before, after, &joined),
        changes: told,
        appeared: other.difference(&own).cloned().collect(),
        disappeared: own.difference(&other).cloned().collect(),
    }
}

/// Models that both graphs know, and whose answers differ.
fn answers<'l>(before: &Graph<'l>, after: &Graph<'l>, joined: &BTreeMap<String, String>) -> Vec<AnswerDifference> {
    let later: BTreeMap<String, EntityId> = after.ids().map(|id| (after.key(id).to_string(), id)).collect();
    let models = before.ids().filter(|&id| before.kind(id) == NodeKind::Model);
    let pairs = models.filter_map(|id| {
        let key = before.key(id).to_string();
        let key = joined.get(&key).cloned().unwrap_or(key);
        let same = later.get(&key).copied()?;
        Some((key, id, same))
    });
    let compared = pairs.take(GraphDiff::MOST_ASKED).map(|(key, id, same)| AnswerDifference {
        subject: key,
        name: after.name(same).to_owned(),
        changes: before.changed_answers(id, after, same),
    });
    compared.filter(|own| !own.changes.is_empty()).collect()
}

/// What the later graph calls the entities that decisions in between have joined to others or parted from them: their
/// rows are the same rows.
fn joined(before: &Graph<'_>, after: &Graph<'_>) -> BTreeMap<String, String> {
    let own: BTreeSet<String> = after.ids().map(|id| after.key(id).to_string()).collect();
    let gone: BTreeSet<String> =
        before.ids().map(|id| before.key(id).to_string()).filter(|key| !own.contains(key)).collect();
    if gone.is_empty() {
        return BTreeMap::new();
    }
    let keys = after.ids().flat_map(|id| {
        let best = after.key(id).to_string();
        after.keys(id).into_iter().map(move |key| (key.to_string(), best.clone()))
    });
    keys.filter(|(key, _)| gone.contains(key)).collect()
}

/// Subject, predicate, and for an edge its object.
type Named = (String, String, Option<String>);

struct Row {
    subject: EntityId,
    verdict: Verdict,
    is_edge: bool,
    at: usize,
    /// The name at the other end of an edge, or the values of an attribute.
    shown: String,
}

/// Every edge by the keys of its ends, and every attribute by the key of its subject: what it was said to be before and
/// what it is said to be now belong together.
fn rows(graph: &Graph<'_>, joined: &BTreeMap<String, String>) -> BTreeMap<Named, Row> {
    let key = |id: EntityId| {
        let key = graph.key(id).to_string();
        joined.get(&key).cloned().unwrap_or(key)
    };
    let mut rows = BTreeMap::new();
    for (at, edge) in graph.edges().iter().enumerate() {
        let row = (key(edge.subject), edge.kind.as_str().to_owned(), Some(key(edge.object)));
        let shown = graph.name(edge.object).to_owned();
        rows.insert(row, Row { subject: edge.subject, verdict: edge.verdict, is_edge: true, at, shown });
    }
    for (at, fact) in graph.facts().iter().enumerate() {
        let cited = graph.cite_fact(fact).into_iter();
        let values: BTreeSet<String> =
            cited.map(|own| if own.denied { format!("not {}", own.object) } else { own.object }).collect();
        let shown = values.into_iter().collect::<Vec<_>>().join("; ");
        let row = (key(fact.subject), graph.predicate(fact).as_str().to_owned(), None);
        rows.insert(row, Row { subject: fact.subject, verdict: fact.verdict, is_edge: false, at, shown });
    }
    rows
}

fn kind(
    predicate: &str,
    subject: NodeKind,
    was: Option<Verdict>,
    now: Option<Verdict>,
    is_carried: bool,
) -> ChangeKind {
    let of_terms = matches!(subject, NodeKind::Licence | NodeKind::Permit)
        || ["licensed-under", "permitted-by", "licence-text", "export", "copyright"].contains(&predicate);
    if of_terms {
        return if is_carried || subject == NodeKind::Licence { ChangeKind::UpstreamTerms } else { ChangeKind::Terms };
    }
    if now == Some(Verdict::Contradicted) && was.is_some() {
        return ChangeKind::Contradiction;
    }
    match Predicate::parse(predicate) {
        Predicate::Edge(
            EdgeKind::OwnedBy
            | EdgeKind::ControlledBy
            | EdgeKind::SuppliedBy
            | EdgeKind::RunsOn
            | EdgeKind::RentsFrom
            | EdgeKind::LocatedIn
            | EdgeKind::HeldAt,
        ) => ChangeKind::Supply,
        Predicate::Edge(_) => ChangeKind::Lineage,
        Predicate::Attribute(_) => ChangeKind::Attribute,
    }
}
