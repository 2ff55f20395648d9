use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use stillwatch_core::Date;

use super::equivalence::{objects_agree, values_agree};
use super::{Edge, Fact, Graph, Incoming, Supposed};
use crate::ledger::{Action, Claim, Ledger, NO_DAY, Target, Text, position, standing};
use crate::placeholder::placeholder;
use crate::resolve::{EntityId, Resolution};
use crate::{Aspect, Attribute, EdgeKind, EvidenceKind, Flow, Predicate, Rule, Verdict};

/// Supported by this or more, a claim is evidenced. The word of whom it concerns is not evidence of it; the least
/// that is more is the word of somebody else, and the kind stands beside the verdict for whoever wants more.
const LEAST_EVIDENCE: EvidenceKind = EvidenceKind::Admission;

/// The order of claims: by what they are about, then by what does not depend on the order of imports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ClaimOrder {
    subject: u32,
    /// Edges by kind, before facts.
    predicate: u32,
    object: u32,
    document: u32,
    number: u32,
    claim: u32,
}

/// Above the predicates of edges.
const FACT: u32 = 1 << 20;

pub(super) fn build<'l>(
    ledger: &'l Ledger,
    as_of: Option<Date>,
    resolution: Arc<Resolution>,
    supposed: Supposed<'_>,
) -> Graph<'l> {
    let (places, proposed) = places(ledger, &resolution, as_of, supposed);
    let mut graph = Graph {
        ledger,
        as_of,
        edges: Vec::new(),
        by_subject: Vec::new(),
        into: Vec::new(),
        is_part: Vec::new(),
        has_part: Vec::new(),
        by_object: Vec::new(),
        facts: Vec::new(),
        facts_by_subject: Vec::new(),
        claims: places.iter().map(|place| place.claim).collect(),
        proposed,
        confirmed: OnceLock::new(),
        resolution,
    };
    let mut start = 0;
    for group in places.chunk_by(|a, b| (a.subject, a.predicate, a.object) == (b.subject, b.predicate, b.object)) {
        let end = start + position(group.len());
        let subject = EntityId(group[0].subject);
        let claims = &graph.claims[start as usize..end as usize];
        if group[0].predicate < FACT {
            let kind = EdgeKind::ALL[group[0].predicate as usize];
            let (verdict, best, denied) = edge_verdict(ledger, claims, as_of);
            let object = EntityId(group[0].object);
            graph.edges.push(Edge { subject, object, kind, verdict, best, denied, claims: (start, end) });
        } else {
            let (verdict, best) = fact_verdict(ledger, claims, as_of);
            let predicate = ledger.claims[claims[0] as usize].predicate;
            graph.facts.push(Fact { subject, predicate, verdict, best, claims: (start, end) });
        }
        start = end;
    }
    graph.edges.shrink_to_fit();
    let entities = graph.entities();
    graph.by_subject = offsets(entities, graph.edges.iter().map(|edge| edge.subject));
    graph.facts_by_subject = offsets(entities, graph.facts.iter().map(|fact| fact.subject));
    graph.by_object = offsets(entities, graph.edges.iter().map(|edge| edge.object));
    contradict_edges(&mut graph);
    let mut next = graph.by_object.clone();
    let empty =
        Incoming { edge: 0, subject: EntityId(0), kind: EdgeKind::TrainedOn, verdict: Verdict::Unknown, denied: true };
    graph.into = vec![empty; graph.edges.len()];
    graph.is_part = vec![false; entities];
    graph.has_part = vec![false; entities];
    for (at, edge) in (0_u32..).zip(&graph.edges) {
        let slot = &mut next[edge.object.at()];
        let Edge { subject, kind, verdict, denied, .. } = *edge;
        graph.into[*slot as usize] = Incoming { edge: at, subject, kind, verdict, denied };
        *slot += 1;
        if Aspect::ALL.iter().any(|&aspect| Rule::of(edge.kind).flow(aspect) == Flow::ToObject) {
            graph.is_part[edge.subject.at()] = true;
            graph.has_part[edge.object.at()] = true;
        }
    }
    graph
}

/// Which claims count, in order; and those that wait for a reviewer.
fn places(
    ledger: &Ledger,
    resolution: &Resolution,
    as_of: Option<Date>,
    supposed: Supposed<'_>,
) -> (Vec<ClaimOrder>, Vec<u32>) {
    let is_supposed = |at: u32| match supposed {
        Supposed::Nothing => false,
        Supposed::All => true,
        Supposed::These(claims) => claims.contains(&at),
    };
    let mut order: Vec<u32> = (0..position(ledger.documents.len())).collect();
    order.sort_unstable_by(|&a, &b| {
        let id = |at: u32| &ledger.documents[at as usize].document.id;
        id(a).cmp(id(b))
    });
    let mut document_rank = vec![0; order.len()];
    for (rank, &document) in (0_u32..).zip(&order) {
        document_rank[document as usize] = rank;
    }
    let mut names: Vec<usize> = (0..ledger.predicates.len()).collect();
    names.sort_unstable_by_key(|&at| ledger.predicates[at].as_str());
    let mut predicate_rank = vec![0; names.len()];
    for (rank, &predicate) in (0_u32..).zip(&names) {
        predicate_rank[predicate] = rank;
    }
    let reviewed = reviewed(ledger, as_of);
    let mut names_nothing: FxHashMap<Text, bool> = FxHashMap::default();
    let mut nameless = |mention: u32| {
        let name = ledger.mentions[mention as usize].name;
        says_nothing(ledger, mention, |text| *names_nothing.entry(name).or_insert_with(|| placeholder(text).is_some()))
    };
    let mut proposed = Vec::new();
    let mut places = Vec::with_capacity(ledger.claims.len());
    for (at, claim) in (0_u32..).zip(&ledger.claims) {
        if as_of.is_some_and(|day| said_on(ledger, claim).is_some_and(|said| said > day)) {
            continue;
        }
        let review = if reviewed.is_empty() { None } else { reviewed.get(&(claim.document, claim.number)) };
        match review {
            Some(false) => continue,
            None if claim.proposed && !is_supposed(at) => {
                proposed.push(at);
                continue;
            }
            _ => {}
        }
        let edge = match ledger.predicate(claim) {
            Predicate::Edge(edge) => Some(*edge),
            Predicate::Attribute(_) => None,
        };
        let (predicate, object) = match (edge, claim.target) {
            (Some(edge), Target::Mention(object)) if !nameless(object) => {
                (edge as u32, resolution.entity_of[object as usize])
            }
            _ => (FACT + predicate_rank[usize::from(claim.predicate)], 0),
        };
        places.push(ClaimOrder {
            subject: resolution.entity_of[claim.subject as usize],
            predicate,
            object,
            document: document_rank[claim.document as usize],
            number: claim.number,
            claim: at,
        });
    }
    places.sort_unstable();
    proposed.sort_unstable_by_key(|&at| {
        let claim = &ledger.claims[at as usize];
        (document_rank[claim.document as usize], claim.number)
    });
    (places, proposed)
}

/// Statements by document and number that a standing decision confirmed or rejected; the last one counts.
fn reviewed(ledger: &Ledger, as_of: Option<Date>) -> FxHashMap<(u32, u32), bool> {
    let mut reviewed = FxHashMap::default();
    for decision in standing(&ledger.decisions, as_of) {
        let (document, statement, sound) = match &decision.action {
            Action::Confirm { document, statement } => (document, *statement, true),
            Action::Reject { document, statement } => (document, *statement, false),
            _ => continue,
        };
        if let Some(document) = ledger.document(document) {
            reviewed.insert((document, statement), sound);
        }
    }
    reviewed
}

/// The day of a claim: its own, or its document's.
pub(super) fn said_on(ledger: &Ledger, claim: &Claim) -> Option<Date> {
    match claim.said_on {
        NO_DAY => ledger.documents[claim.document as usize].document.said_on,
        day => Some(Date::from_days(day)),
    }
}

fn is_expired(claim: &Claim, as_of: Option<Date>) -> bool {
    claim.expires != NO_DAY && as_of.is_some_and(|day| day.days() > claim.expires)
}

/// Verdict, strongest evidence, and whether the edge is only denied.
fn edge_verdict(ledger: &Ledger, claims: &[u32], as_of: Option<Date>) -> (Verdict, EvidenceKind, bool) {
    let (mut affirmed, mut denied) = (None::<EvidenceKind>, None::<EvidenceKind>);
    let mut lapsed = (false, false);
    for &at in claims {
        let claim = &ledger.claims[at as usize];
        let (side, lapsed) = if claim.denied { (&mut denied, &mut lapsed.1) } else { (&mut affirmed, &mut lapsed.0) };
        if is_expired(claim, as_of) {
            *lapsed = true;
        } else {
            *side = (*side).max(Some(claim.kind));
        }
    }
    match (affirmed, denied) {
        (Some(best), Some(_)) => (Verdict::Contradicted, best, false),
        (Some(best), None) => (of_kind(best), best, false),
        (None, Some(best)) => (of_kind(best), best, true),
        // All of it has expired: known to have been said, no longer known to hold.
        (None, None) => (Verdict::Unknown, EvidenceKind::SelfClaim, !lapsed.0),
    }
}

fn of_kind(best: EvidenceKind) -> Verdict {
    if best >= LEAST_EVIDENCE { Verdict::Evidenced } else { Verdict::Disclosed }
}

fn fact_verdict(ledger: &Ledger, claims: &[u32], as_of: Option<Date>) -> (Verdict, EvidenceKind) {
    let name = ledger.predicate(&ledger.claims[claims[0] as usize]).as_str();
    let single = Attribute::is_single(name);
    let mut best = None::<EvidenceKind>;
    let mut seen: Vec<&Claim> = Vec::new();
    let mut contradicted = false;
    for &at in claims {
        let claim = &ledger.claims[at as usize];
        if is_expired(claim, as_of) || is_placeholder(ledger, claim) {
            continue;
        }
        best = best.max(Some(claim.kind));
        // An attribute with one value has few different ones; more than these are contradicted anyway.
        if !contradicted {
            contradicted = seen.iter().any(|earlier| {
                let same = values_agree(ledger, name, earlier.target, claim.target);
                if earlier.denied == claim.denied { single && !claim.denied && !same } else { same }
            });
            if seen.len() < MOST_COMPARED {
                seen.push(claim);
            }
        }
    }
    match best {
        None => (Verdict::Unknown, EvidenceKind::SelfClaim),
        Some(best) if contradicted => (Verdict::Contradicted, best),
        Some(best) => (of_kind(best), best),
    }
}

const MOST_COMPARED: usize = 32;

/// Whether a claim has words that say nothing. A flag, a number or "there are none" says something.
pub(super) fn is_placeholder(ledger: &Ledger, claim: &Claim) -> bool {
    match claim.target {
        Target::Text(text) => placeholder(ledger.strings.text(text)).is_some(),
        Target::Any => !claim.denied,
        Target::Mention(mention) => says_nothing(ledger, mention, |text| placeholder(text).is_some()),
        Target::Number(_) | Target::Flag(_) => false,
    }
}

/// Whether a node is named by a placeholder only: "trained on: unknown" names no data set. Identifiers say something, and
/// so do digits.
fn says_nothing(ledger: &Ledger, mention: u32, is_placeholder: impl FnOnce(&str) -> bool) -> bool {
    let mention = &ledger.mentions[mention as usize];
    let name = ledger.strings.text(mention.name);
    let is_identified = ledger.identifiers_of(mention).iter().any(|(scheme, _)| scheme.is_global());
    !is_identified && !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_digit()) && is_placeholder(name)
}

/// What contradicts across edges: "there are none" beside some, and sources of which one names this parent or licence
/// and another only others.
fn contradict_edges(graph: &mut Graph<'_>) {
    let mut marks: FxHashSet<u32> = FxHashSet::default();
    let mut facts: FxHashSet<usize> = FxHashSet::default();
    for (at, fact) in graph.facts.iter().enumerate() {
        let Predicate::Edge(kind) = graph.predicate(fact) else { continue };
        let none = graph.fact_claims(fact).iter().any(|&claim| {
            let claim = &graph.ledger.claims[claim as usize];
            claim.denied && claim.target == Target::Any && !is_expired(claim, graph.as_of)
        });
        if none {
            for edge in graph.out_range(fact.subject) {
                let found = &graph.edges[edge as usize];
                // "There is no parent" speaks against a parent of every sort.
                let is_meant = found.kind == *kind
                    || *kind == EdgeKind::FineTunedFrom && found.kind.is_derivation()
                    || *kind == EdgeKind::TrainedOnOutputsOf && found.kind == EdgeKind::DistilledFrom;
                if is_meant && !found.denied {
                    marks.insert(edge);
                    facts.insert(at);
                }
            }
        }
    }
    let groups = graph.edges.chunk_by(|a, b| (a.subject, a.kind) == (b.subject, b.kind));
    let mut start = 0;
    for group in groups {
        let range = start..start + group.len();
        start = range.end;
        if group.len() > 1 && group.len() <= MOST_COMPARED && has_one(group[0].kind) && disagree(graph, group) {
            marks.extend(range.filter(|&at| !graph.edges[at].denied).map(position));
        }
    }
    for edge in marks {
        graph.edges[edge as usize].verdict = Verdict::Contradicted;
    }
    for fact in facts {
        graph.facts[fact].verdict = Verdict::Contradicted;
    }
}

/// Kinds of which a subject has one object, or one list that every source has alike.
fn has_one(kind: EdgeKind) -> bool {
    matches!(kind, EdgeKind::LicensedUnder | EdgeKind::FineTunedFrom | EdgeKind::QuantisedFrom | EdgeKind::OwnedBy)
}

/// Whether two documents name objects of which none is the same.
fn disagree(graph: &Graph<'_>, group: &[Edge]) -> bool {
    let mut by_document: Vec<(u32, EntityId)> = Vec::new();
    for edge in group.iter().filter(|edge| !edge.denied) {
        for &claim in graph.edge_claims(edge) {
            let claim = &graph.ledger.claims[claim as usize];
            if !claim.denied && !is_expired(claim, graph.as_of) {
                by_document.push((claim.document, edge.object));
            }
        }
    }
    by_document.sort_unstable();
    by_document.dedup();
    let sets: Vec<&[(u32, EntityId)]> = by_document.chunk_by(|a, b| a.0 == b.0).take(MOST_COMPARED).collect();
    sets.iter().enumerate().any(|(at, set)| {
        sets[..at].iter().any(|other| {
            !set.iter()
                .any(|(_, object)| other.iter().any(|(_, own)| objects_agree(graph, group[0].kind, *object, *own)))
        })
    })
}

fn offsets(entities: usize, of: impl Iterator<Item = EntityId>) -> Vec<u32> {
    let mut offsets = vec![0_u32; entities + 1];
    for entity in of {
        offsets[entity.at() + 1] += 1;
    }
    for at in 0..entities {
        offsets[at + 1] += offsets[at];
    }
    offsets
}
