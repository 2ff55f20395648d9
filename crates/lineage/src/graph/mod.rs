//! The graph that a ledger describes on a day: entities, edges with their verdicts, and attributes.
//!
//! Edges are sorted by subject, so those of a subject are one slice; a second list has them by object. Nothing here
//! changes the ledger.

mod build;
mod cite;
mod condense;
mod equivalence;
mod loss;
mod parallel;
mod picture;
mod reach;

pub use cite::{Cited, Step};
pub use condense::Condensation;
pub(crate) use condense::Way;
pub use loss::{Loss, Lost, Weakened};
pub(crate) use parallel::join;
pub use picture::{Picture, PictureEdge, PictureNode};
pub use reach::{Firmest, Reached, Taint};

use std::sync::{Arc, OnceLock};

use stillwatch_core::{Date, Diagnostic};

use crate::import::Scheme;
use crate::ledger::{Ledger, NodeKey, position};
use crate::resolve::{EntityId, Key, Resolution};
use crate::{EdgeKind, EvidenceKind, NodeKind, Predicate, Verdict};

/// Entities and edges, as of a day.
#[derive(Debug)]
pub struct Graph<'l> {
    pub(crate) ledger: &'l Ledger,
    pub(crate) resolution: Arc<Resolution>,
    as_of: Option<Date>,
    pub(crate) edges: Vec<Edge>,
    /// Where the edges of each subject begin; one entry more than there are entities.
    by_subject: Vec<u32>,
    into: Vec<Incoming>,
    /// Whether an edge that flows to its object leaves a subject, and whether one reaches an object: most have none, and
    /// a walk need not look.
    is_part: Vec<bool>,
    has_part: Vec<bool>,
    by_object: Vec<u32>,
    pub(crate) facts: Vec<Fact>,
    facts_by_subject: Vec<u32>,
    /// Claims in the order of edges and facts.
    claims: Vec<u32>,
    /// Claims that no reviewer has confirmed yet.
    proposed: Vec<u32>,
    /// The same with all of these confirmed, once somebody asks.
    confirmed: OnceLock<Option<Box<Graph<'l>>>>,
}

/// Which statements that wait for a reviewer count as if they had been confirmed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Supposed<'s> {
    Nothing,
    All,
    These(&'s [u32]),
}

/// What a walk needs to know of an edge, beside its object: small, so that a walk stays in the cache.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incoming {
    pub(crate) edge: u32,
    pub(crate) subject: EntityId,
    pub(crate) kind: EdgeKind,
    pub(crate) verdict: Verdict,
    pub(crate) denied: bool,
}

/// All that documents say of one edge.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub subject: EntityId,
    pub object: EntityId,
    pub kind: EdgeKind,
    pub verdict: Verdict,
    /// The strongest evidence for it, or against it if it is only denied.
    pub best: EvidenceKind,
    /// Documents say only that this is not so; nothing passes along it.
    pub denied: bool,
    claims: (u32, u32),
}

/// All that documents say of one attribute, or of one kind of edge in words that name no other end.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    pub subject: EntityId,
    predicate: u16,
    pub verdict: Verdict,
    pub best: EvidenceKind,
    claims: (u32, u32),
}

impl<'l> Graph<'l> {
    /// The graph as of a day: what was said or decided later does not count, and what expired before it counts no more.
    /// Without a day everything counts that was said or decided, and nothing expires.
    pub fn of(ledger: &'l Ledger, as_of: Option<Date>) -> Self {
        build::build(ledger, as_of, Arc::new(Resolution::of(ledger, as_of)), Supposed::Nothing)
    }

    /// The graph as it would be if a reviewer confirmed every statement that waits; `None` where none does. Entities have
    /// the same ids in both.
    pub fn confirmed(&self) -> Option<&Self> {
        let build = || {
            let all = || build::build(self.ledger, self.as_of, Arc::clone(&self.resolution), Supposed::All);
            (!self.proposed.is_empty()).then(|| Box::new(all()))
        };
        self.confirmed.get_or_init(build).as_deref()
    }

    /// The graph as it would be if a reviewer confirmed these of the statements that wait.
    pub(crate) fn supposing(&self, claims: &[u32]) -> Self {
        build::build(self.ledger, self.as_of, Arc::clone(&self.resolution), Supposed::These(claims))
    }

    /// The claims that wait for a reviewer, by document and place.
    pub(crate) fn waiting_claims(&self) -> &[u32] {
        &self.proposed
    }

    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    pub fn ledger(&self) -> &'l Ledger {
        self.ledger
    }

    /// The number of entities.
    pub fn entities(&self) -> usize {
        self.resolution.entities.len()
    }

    /// Every entity, in an order that depends on names only.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> + use<> {
        (0..position(self.entities())).map(EntityId)
    }

    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    pub fn kind(&self, entity: EntityId) -> NodeKind {
        self.resolution.entities[entity.at()].kind
    }

    /// What most documents call it.
    pub fn name(&self, entity: EntityId) -> &str {
        self.resolution.strings.text(self.resolution.entities[entity.at()].name)
    }

    /// Its best name for decisions and files: an identifier if it has one.
    pub fn key(&self, entity: EntityId) -> NodeKey {
        let key = self.resolution.keys_of_entity(entity.0).next();
        key.map_or_else(|| NodeKey::from(""), |key| key.node_key(self.ledger, &self.resolution.strings))
    }

    /// All its names and identifiers.
    pub fn keys(&self, entity: EntityId) -> Vec<NodeKey> {
        let keys = self.resolution.keys_of_entity(entity.0);
        keys.map(|key| key.node_key(self.ledger, &self.resolution.strings)).collect()
    }

    /// Whether a document names or identifies something so.
    pub fn holds(&self, key: &NodeKey) -> bool {
        let strings = &self.resolution.strings;
        let is_key =
            |own: &Key| key.as_str().ends_with(strings.text(own.value)) && own.node_key(self.ledger, strings) == *key;
        self.resolution.keys.iter().any(is_key)
    }

    /// Its identifiers of a scheme.
    pub fn identifiers(&self, entity: EntityId, scheme: Scheme) -> impl Iterator<Item = &str> {
        let keys = self.resolution.keys_of_entity(entity.0).filter(move |key| key.scheme == Some(scheme));
        keys.map(|key| self.resolution.strings.text(key.value))
    }

    /// Whether anything but a name within documents identifies it.
    pub fn is_identified(&self, entity: EntityId) -> bool {
        self.resolution.keys_of_entity(entity.0).any(Key::is_global)
    }

    /// Entities of this key, this name, or whose name folds alike; several where it is not clear which is meant.
    pub fn find(&self, text: &str) -> Vec<EntityId> {
        let strings = &self.resolution.strings;
        let wanted = NodeKey::from(text);
        if let Some((kind, ..)) = wanted.parts() {
            // A key is written out only where its value ends the text.
            let is_key =
                |key: &Key| text.ends_with(strings.text(key.value)) && key.node_key(self.ledger, strings) == wanted;
            let of_kind = self.ids().filter(|&id| self.kind(id) == kind);
            let found: Vec<EntityId> = of_kind.filter(|&id| self.resolution.keys_of_entity(id.0).any(is_key)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<EntityId> {
            self.ids()
                .filter(|&id| {
                    wanted(self.name(id))
                        || self.resolution.keys_of_entity(id.0).any(|key| wanted(strings.text(key.value)))
                })
                .collect()
        };
        let exact = of(&|name| name == text);
        if !exact.is_empty() {
            return exact;
        }
        let folded = crate::resolve::fold(text);
        if folded.is_empty() { Vec::new() } else { of(&|name| crate::resolve::fold(name) == folded) }
    }

    /// The edges of which it is the subject.
    pub fn out(&self, entity: EntityId) -> &[Edge] {
        let at = entity.at();
        &self.edges[self.by_subject[at] as usize..self.by_subject[at + 1] as usize]
    }

    /// The edges of this kind of which it is the subject and that are not merely denied.
    pub fn objects(&self, entity: EntityId, kind: EdgeKind) -> impl Iterator<Item = &Edge> {
        self.out(entity).iter().filter(move |edge| edge.kind == kind && !edge.denied)
    }

    /// The edges of which it is the object.
    pub fn incoming(&self, entity: EntityId) -> impl Iterator<Item = &Edge> {
        self.incoming_edges(entity).iter().map(|incoming| &self.edges[incoming.edge as usize])
    }

    /// Its attributes.
    pub fn facts_of(&self, entity: EntityId) -> &[Fact] {
        let at = entity.at();
        &self.facts[self.facts_by_subject[at] as usize..self.facts_by_subject[at + 1] as usize]
    }

    /// One of its attributes.
    pub fn fact(&self, entity: EntityId, predicate: &str) -> Option<&Fact> {
        self.facts_of(entity).iter().find(|fact| self.predicate(fact).as_str() == predicate)
    }

    pub fn predicate(&self, fact: &Fact) -> &Predicate {
        &self.ledger.predicates[usize::from(fact.predicate)]
    }

    /// Who says an edge, and where.
    pub fn cite_edge(&self, edge: &Edge) -> Vec<Cited> {
        self.cite(edge.claims)
    }

    /// Who says an attribute, and where.
    pub fn cite_fact(&self, fact: &Fact) -> Vec<Cited> {
        self.cite(fact.claims)
    }

    /// Statements read from words that wait for a reviewer.
    pub fn proposed(&self) -> Vec<Cited> {
        self.proposed.iter().map(|&claim| self.cited(claim)).collect()
    }

    /// What the statements are about that wait for a reviewer, each once.
    pub fn waiting_subjects(&self) -> Vec<EntityId> {
        let subject = |&claim: &u32| self.ledger.claims[claim as usize].subject as usize;
        let mut subjects: Vec<EntityId> =
            self.proposed.iter().map(|claim| EntityId(self.resolution.entity_of[subject(claim)])).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// Models, data sets, outputs and programs that somebody names and nobody describes or identifies.
    pub fn dangling(&self) -> Vec<EntityId> {
        let named = [NodeKind::Model, NodeKind::DataSet, NodeKind::Outputs, NodeKind::Software];
        self.ids()
            .filter(|&id| {
                named.contains(&self.kind(id))
                    && self.out(id).is_empty()
                    && self.facts_of(id).is_empty()
                    && !self.is_identified(id)
            })
            .collect()
    }

    /// What is wrong with the decisions.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.resolution.diagnostics
    }

    /// Whether a walk over all of it is worth a second thread.
    pub(crate) fn is_large(&self) -> bool {
        self.edges.len() > parallel::LARGE
    }

    pub(crate) fn incoming_edges(&self, entity: EntityId) -> &[Incoming] {
        let at = entity.at();
        &self.into[self.by_object[at] as usize..self.by_object[at + 1] as usize]
    }

    pub(crate) fn out_range(&self, entity: EntityId) -> std::ops::Range<u32> {
        self.by_subject[entity.at()]..self.by_subject[entity.at() + 1]
    }

    pub(crate) fn edge_claims(&self, edge: &Edge) -> &[u32] {
        &self.claims[edge.claims.0 as usize..edge.claims.1 as usize]
    }

    pub(crate) fn fact_claims(&self, fact: &Fact) -> &[u32] {
        &self.claims[fact.claims.0 as usize..fact.claims.1 as usize]
    }

    fn cite(&self, (start, end): (u32, u32)) -> Vec<Cited> {
        self.claims[start as usize..end as usize].iter().map(|&claim| self.cited(claim)).collect()
    }
}
