//! When two documents mean the same value in different words.

use super::Graph;
use crate::ledger::{Ledger, Target};
use crate::quantity::Quantity;
use crate::resolve::{EntityId, fold};
use crate::{Attribute, EdgeKind};

/// Whether two values agree: numbers within the digits they are given with ("7B" and 6738415616), texts without case
/// and punctuation, architectures without the head they are loaded with ("LlamaForCausalLM" and "llama").
pub(super) fn same_value(ledger: &Ledger, attribute: &str, left: Target, right: Target) -> bool {
    if left == right {
        return true;
    }
    let text = |target: Target| match target {
        Target::Text(text) | Target::Number(text) => ledger.strings.text(text).to_owned(),
        Target::Flag(flag) => flag.to_string(),
        Target::Mention(_) | Target::Any => String::new(),
    };
    let (left, right) = (text(left), text(right));
    if let (Some(left), Some(right)) = (Quantity::parse(&left), Quantity::parse(&right)) {
        return left.agrees(&right);
    }
    let (left, right) = (fold(&left), fold(&right));
    if left == right {
        return true;
    }
    if attribute == Attribute::ARCHITECTURE {
        return stem(&left) == stem(&right);
    }
    if attribute == Attribute::SYNTHETIC || attribute == Attribute::SYNTHETIC_SEPARATED {
        return truth(&left).is_some_and(|left| truth(&right) == Some(left));
    }
    false
}

/// Whether two objects of an edge may be meant as one: the same, the same in all but spelling, or for parents one
/// made from the other.
pub(super) fn same_object(graph: &Graph<'_>, kind: EdgeKind, left: EntityId, right: EntityId) -> bool {
    if left == right || fold(graph.name(left)) == fold(graph.name(right)) {
        return true;
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

fn truth(folded: &str) -> Option<bool> {
    match folded {
        "true" | "yes" | "y" | "ja" | "oui" | "si" | "sí" | "1" => Some(true),
        "false" | "no" | "n" | "nein" | "non" | "0" => Some(false),
        _ => None,
    }
}

fn stem(folded: &str) -> &str {
    const HEADS: &[&str] = &[
        "forcausallm",
        "forconditionalgeneration",
        "forsequenceclassification",
        "formaskedlm",
        "lmheadmodel",
        "headmodel",
        "model",
    ];
    HEADS.iter().find_map(|head| folded.strip_suffix(head)).unwrap_or(folded)
}
