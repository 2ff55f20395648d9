use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Upstream;
use super::upstream::Teacher;
use crate::graph::{Edge, Graph, Step};
use crate::resolve::EntityId;
use crate::terms::{Terms, is_output, licences, service_terms};
use crate::{EdgeKind, NodeKind, Verdict};

/// A licence that a subject declares against one that binds what it was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LicenceConflict {
    pub declared: String,
    /// What it was made from.
    pub ancestor: String,
    pub terms: String,
    /// Why, with the clause, its source and the day of the version.
    pub why: String,
    /// From the subject to the ancestor.
    pub path: Vec<Step>,
    /// The weakest verdict of the path.
    pub worst: Verdict,
    /// The terms are those of the vendor that the model's family is known by; no document names them.
    pub terms_by_name: bool,
}

/// Licences that a subject declares although what it was made from is bound by others. A permit that a document names
/// lifts terms on outputs.
pub fn licence_conflicts(graph: &Graph<'_>, subject: EntityId) -> Vec<LicenceConflict> {
    conflicts(&Upstream::of(graph, subject))
}

pub(super) fn conflicts(upstream: &Upstream<'_, '_>) -> Vec<LicenceConflict> {
    let graph = upstream.graph;
    let declared: Vec<(EntityId, &Terms)> =
        licences(graph, upstream.subject).into_iter().filter_map(|(id, terms)| Some((id, terms?))).collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let is_model = graph.kind(upstream.subject) == NodeKind::Model;
    let teachers = upstream.teachers();
    let mut found: Vec<LicenceConflict> = Vec::new();
    let mut add = |ancestor: EntityId, terms: &Terms, edges: &[&Edge], permitted: bool, by_name: bool| {
        // A dual licence of which one is the ancestor's own is no conflict with it.
        if declared.iter().any(|(_, own)| own.id == terms.id) || found.len() >= super::Answer::MOST_PATHS {
            return;
        }
        let over_outputs = edges.iter().any(|edge| is_output(edge.kind));
        let binds = match (over_outputs, terms.outputs) {
            (true, true) => !permitted,
            (true, false) => {
                let is_misnamed = terms.is_misnamed(graph.name(upstream.subject));
                !permitted && is_model && is_own_training(edges) && is_misnamed
            }
            (false, _) => terms.derivatives && edges.iter().all(|edge| terms.binds(edge.kind)),
        };
        let Some((licence, own)) = declared.iter().find(|(_, own)| own.lifts(terms)).filter(|_| binds) else { return };
        let guessed = if by_name { "; whose model it is, is told by its name and by no document" } else { "" };
        let path: Vec<Step> = edges.iter().map(|edge| graph.step(edge)).collect();
        found.push(LicenceConflict {
            declared: graph.name(*licence).to_owned(),
            ancestor: graph.name(ancestor).to_owned(),
            terms: terms.id.to_owned(),
            why: format!(
                "{} ({}; read as of {}) is not lifted by declaring {}{guessed}",
                terms.what, terms.source, terms.as_of, own.id
            ),
            worst: path.iter().map(|step| step.verdict).min().unwrap_or(Verdict::Unknown),
            path,
            terms_by_name: by_name,
        });
    };
    for reached in &upstream.reach.reached {
        let node = reached.entity;
        for (_, terms) in licences(graph, node) {
            if let Some(terms) = terms.filter(|terms| !terms.is_free()) {
                add(node, terms, &upstream.reach.edges(graph, node), is_permitted(graph, &teachers, node), false);
            }
        }
    }
    for teacher in &teachers {
        let told = graph.kind(teacher.teacher) == NodeKind::Model && !licences(graph, teacher.teacher).is_empty();
        let vendor = teacher.vendor.as_deref().filter(|_| !told);
        if let Some(terms) = vendor.and_then(|vendor| service_terms(graph, teacher.teacher, vendor)) {
            add(teacher.teacher, terms, &teacher.edges, teacher.is_permitted(graph), !teacher.vendor_is_told);
        }
    }
    found
}

/// Whether every way in which an ancestor's outputs were learnt from is permitted.
fn is_permitted(graph: &Graph<'_>, teachers: &[Teacher<'_>], ancestor: EntityId) -> bool {
    let mut ways = teachers.iter().filter(|teacher| teacher.teacher == ancestor).peekable();
    ways.peek().is_some() && ways.all(|teacher| teacher.is_permitted(graph))
}

/// Whether the subject itself learnt from the outputs, from no other model in between: a duty to name binds that model.
fn is_own_training(edges: &[&Edge]) -> bool {
    let outputs = edges.iter().filter(|edge| is_output(edge.kind)).count();
    let data = [EdgeKind::TrainedOn, EdgeKind::DerivedFrom, EdgeKind::PartOf];
    outputs == 1 && edges.iter().all(|edge| is_output(edge.kind) || data.contains(&edge.kind))
}
