use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Upstream;
use crate::graph::{Graph, Step};
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
    let Some(&(licence, own)) = declared.iter().find(|(_, terms)| terms.is_free()) else { return Vec::new() };
    // A dual licence of which one is the ancestor's own is no conflict with it.
    let names_too = |other: &Terms| declared.iter().any(|(_, terms)| terms.id == other.id);
    let teachers = upstream.teachers();
    let misnamed = |terms: &Terms| terms.is_misnamed(graph.name(upstream.subject));
    let mut found = Vec::new();
    let mut add = |ancestor: EntityId, terms: &Terms, path: Vec<Step>, by_name: bool| {
        let over_outputs = path.iter().any(|step| is_output(step.edge));
        let permitted = teachers.iter().any(|teacher| teacher.teacher == ancestor && teacher.is_permitted(graph));
        let binds = match (over_outputs, terms.outputs) {
            (true, true) => !permitted,
            (true, false) => {
                let is_model = graph.kind(upstream.subject) == NodeKind::Model;
                !permitted && is_model && is_own_training(&path) && misnamed(terms)
            }
            (false, _) => terms.derivatives && path.iter().all(|step| terms.binds(step.edge)),
        };
        if binds && !names_too(terms) && found.len() < super::Answer::MOST_PATHS {
            found.push(LicenceConflict {
                declared: graph.name(licence).to_owned(),
                ancestor: graph.name(ancestor).to_owned(),
                terms: terms.id.to_owned(),
                why: format!(
                    "{} ({}; read as of {}) is not lifted by declaring {}",
                    terms.what, terms.source, terms.as_of, own.id
                ),
                worst: path.iter().map(|step| step.verdict).min().unwrap_or(Verdict::Unknown),
                path,
                terms_by_name: by_name,
            });
        }
    };
    for reached in &upstream.reach.reached {
        let node = reached.entity;
        for (_, terms) in licences(graph, node) {
            if let Some(terms) = terms.filter(|terms| !terms.is_free()) {
                add(node, terms, upstream.path(node), false);
            }
        }
    }
    for teacher in &teachers {
        let told = graph.kind(teacher.teacher) == NodeKind::Model && !licences(graph, teacher.teacher).is_empty();
        if let Some(terms) = teacher.vendor.as_deref().filter(|_| !told).and_then(service_terms) {
            add(teacher.teacher, terms, teacher.path.clone(), !teacher.vendor_is_told);
        }
    }
    found
}

/// Whether the subject itself learnt from the outputs, from no other model in between: a duty to name binds that model.
fn is_own_training(path: &[Step]) -> bool {
    let outputs = path.iter().filter(|step| is_output(step.edge)).count();
    let data = [EdgeKind::TrainedOn, EdgeKind::DerivedFrom, EdgeKind::PartOf];
    outputs == 1 && path.iter().all(|step| is_output(step.edge) || data.contains(&step.edge))
}
