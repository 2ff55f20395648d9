use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Upstream;
use super::upstream::Teacher;
use crate::graph::{Edge, Graph, Step};
use crate::resolve::EntityId;
use crate::terms::{Terms, is_issuer, is_output, is_same_vendor, licences, makers, service_terms};
use crate::{EdgeKind, NodeKind, Verdict};

/// A licence that a subject declares beside one that binds, or may bind, what it was made from.
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
    /// Whether the terms reach so far is not settled: something to be looked at, and no contradiction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
}

/// Licences that a subject declares although what it was made from is bound by others. A permit that a document names
/// lifts terms on outputs.
pub fn licence_conflicts(graph: &Graph<'_>, subject: EntityId) -> Vec<LicenceConflict> {
    contradictions(&Upstream::of(graph, subject))
}

/// Licences of what a subject was made from of which it is not settled whether they bind it.
pub fn unsettled_licences(graph: &Graph<'_>, subject: EntityId) -> Vec<LicenceConflict> {
    unsettled(&Upstream::of(graph, subject))
}

pub(crate) fn contradictions(upstream: &Upstream<'_, '_>) -> Vec<LicenceConflict> {
    conflicts(upstream).into_iter().filter(|conflict| !conflict.unsettled).collect()
}

pub(crate) fn unsettled(upstream: &Upstream<'_, '_>) -> Vec<LicenceConflict> {
    conflicts(upstream).into_iter().filter(|conflict| conflict.unsettled).collect()
}

/// Both readings, with where they stand. Decisions of November 2026 and before; neither court decided on a licence.
const TRAINING: &str = "law is unsettled on whether a model is derived from what it was trained on: a court in Munich \
                        held that texts which a model can give back are reproduced in its weights (LG M\u{fc}nchen I, \
                        42 O 14139/24, 11 November 2025), a court in London that weights are no copy of what they \
                        learnt from (High Court, [2025] EWHC 2863 (Ch), 4 November 2025)";

/// A contract binds its parties.
const CONTRACT: &str = "terms of a service bind whoever agreed to them; the outputs were taken by another party, and \
                        whether the terms reach those who learn from what it published is not settled";

pub(super) fn conflicts(upstream: &Upstream<'_, '_>) -> Vec<LicenceConflict> {
    let graph = upstream.graph;
    let subject = upstream.subject;
    let declared: Vec<(EntityId, &Terms)> =
        licences(graph, subject).into_iter().filter_map(|(id, terms)| Some((id, terms?))).collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let is_model = graph.kind(subject) == NodeKind::Model;
    let teachers = upstream.teachers();
    let mut found: Vec<LicenceConflict> = Vec::new();
    let mut add = |ancestor: EntityId, terms: &Terms, edges: &[&Edge], permitted: bool, service: Option<bool>| {
        // A dual licence of which one is the ancestor's own is no conflict with it, and whoever made both may choose.
        let is_own = is_issuer(graph, subject, terms) || is_same_vendor(graph, subject, ancestor);
        let is_declared = declared.iter().any(|(_, own)| own.id == terms.id);
        if is_own || is_declared || found.len() >= super::Answer::MOST_PATHS {
            return;
        }
        let over_outputs = edges.iter().any(|edge| is_output(edge.kind));
        let binds = match (over_outputs, terms.outputs) {
            (true, true) => !permitted,
            (true, false) => {
                let is_misnamed = terms.is_misnamed(graph.name(subject));
                !permitted && is_model && is_own_training(edges) && is_misnamed
            }
            (false, _) => terms.derivatives && edges.iter().all(|edge| terms.binds(edge.kind)),
        };
        let Some((licence, own)) = declared.iter().find(|(_, own)| own.lifts(terms)).filter(|_| binds) else { return };
        let by_training = !over_outputs && !terms.outputs && edges.iter().any(|edge| edge.kind == EdgeKind::TrainedOn);
        let by_others = service.is_some() && is_taken_by_others(graph, subject, edges);
        let by_name = service == Some(false);
        let guessed = if by_name { "; whose model it is, is told by its name and by no document" } else { "" };
        let open = match (by_training, by_others) {
            (true, _) => format!("; to be looked at: {TRAINING}"),
            (_, true) => format!("; to be looked at: {CONTRACT}"),
            _ => String::new(),
        };
        let path: Vec<Step> = edges.iter().map(|edge| graph.step(edge)).collect();
        found.push(LicenceConflict {
            declared: graph.name(*licence).to_owned(),
            ancestor: graph.name(ancestor).to_owned(),
            terms: terms.id.to_owned(),
            why: format!(
                "{} ({}; read as of {}) is not lifted by declaring {}{guessed}{open}",
                terms.what, terms.source, terms.as_of, own.id
            ),
            worst: path.iter().map(|step| step.verdict).min().unwrap_or(Verdict::Unknown),
            path,
            terms_by_name: by_name,
            unsettled: by_training || by_others,
        });
    };
    for reached in &upstream.reach.reached {
        let node = reached.entity;
        for (_, terms) in licences(graph, node) {
            if let Some(terms) = terms.filter(|terms| !terms.is_free()) {
                add(node, terms, &upstream.reach.edges(graph, node), is_permitted(graph, &teachers, node), None);
            }
        }
    }
    for teacher in teachers.iter().filter(|own| !is_same_vendor(graph, own.learner, own.teacher)) {
        let told = graph.kind(teacher.teacher) == NodeKind::Model && !licences(graph, teacher.teacher).is_empty();
        let vendor = teacher.vendor.as_deref().filter(|_| !told);
        if let Some(terms) = vendor.and_then(|vendor| service_terms(graph, teacher.teacher, vendor)) {
            let permitted = teacher.is_permitted(graph);
            add(teacher.teacher, terms, &teacher.edges, permitted, Some(teacher.vendor_is_told));
        }
    }
    found
}

/// Whether every way in which an ancestor's outputs were learnt from is permitted.
fn is_permitted(graph: &Graph<'_>, teachers: &[Teacher<'_>], ancestor: EntityId) -> bool {
    let mut ways = teachers.iter().filter(|teacher| teacher.teacher == ancestor).peekable();
    ways.peek().is_some() && ways.all(|teacher| teacher.is_permitted(graph))
}

/// Whether documents say that the outputs on a way were taken by somebody else than the subject's maker: the data set
/// that holds them is of another owner.
fn is_taken_by_others(graph: &Graph<'_>, subject: EntityId, edges: &[&Edge]) -> bool {
    let own = makers(graph, subject);
    let is_data = |id: EntityId| matches!(graph.kind(id), NodeKind::DataSet | NodeKind::Outputs);
    let holds = |edge: &&&Edge| is_output(edge.kind) && edge.subject != subject && is_data(edge.subject);
    let mut holders = edges.iter().filter(holds).map(|edge| makers(graph, edge.subject));
    !own.is_empty() && holders.any(|makers| !makers.is_empty() && makers.iter().all(|maker| !own.contains(maker)))
}

/// Whether the subject itself learnt from the outputs, from no other model in between: a duty to name binds that model.
fn is_own_training(edges: &[&Edge]) -> bool {
    let outputs = edges.iter().filter(|edge| is_output(edge.kind)).count();
    let data = [EdgeKind::TrainedOn, EdgeKind::DerivedFrom, EdgeKind::PartOf];
    outputs == 1 && edges.iter().all(|edge| is_output(edge.kind) || data.contains(&edge.kind))
}
