//! When two documents mean the same value in different words.

use super::Graph;
use crate::agree::{Agreement, Written, agreement};
use crate::ledger::{Ledger, Target};
use crate::resolve::{EntityId, are_spellings, fold};
use crate::terms::vendor_key;
use crate::{Attribute, EdgeKind};

/// Whether two values of an attribute are no contradiction ([`agree`](crate::agree)): of an attribute with one value,
/// words that cannot be held against it agree; of others, only what is the same is.
pub(super) fn values_agree(ledger: &Ledger, attribute: &str, left: Target, right: Target) -> bool {
    if left == right {
        return true;
    }
    let text = |target: Target| match target {
        Target::Text(text) | Target::Number(text) => ledger.strings.text(text),
        Target::Flag(true) => "true",
        Target::Flag(false) => "false",
        Target::Mention(_) | Target::Any => "",
    };
    match agreement(attribute, Written::guessed(text(left)), Written::guessed(text(right))) {
        Agreement::Same => true,
        Agreement::Different => false,
        Agreement::Unclear => Attribute::is_single(attribute),
    }
}

/// Whether two objects of an edge may be meant as one: the same, the same in all but spelling, or for parents one
/// made from the other.
pub(super) fn objects_agree(graph: &Graph<'_>, kind: EdgeKind, left: EntityId, right: EntityId) -> bool {
    let (one, other) = (graph.name(left), graph.name(right));
    if left == right || fold(one) == fold(other) && are_spellings(one, other) {
        return true;
    }
    if kind == EdgeKind::OwnedBy {
        return vendor_key(one) == vendor_key(other);
    }
    kind.is_derivation() && (descends(graph, left, right) || descends(graph, right, left))
}

/// Whether a model's weights come from another's, over at most a thousand edges.
fn descends(graph: &Graph<'_>, model: EntityId, ancestor: EntityId) -> bool {
    let mut queue = vec![model];
    let mut seen = rustc_hash::FxHashSet::default();
    while let Some(at) = queue.pop().filter(|_| seen.len() < 1_000) {
        if at == ancestor {
            return true;
        }
        if seen.insert(at) {
            queue.extend(
                graph.out(at).iter().filter(|edge| edge.kind.is_derivation() && !edge.denied).map(|e| e.object),
            );
        }
    }
    false
}
