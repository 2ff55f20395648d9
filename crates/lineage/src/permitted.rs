//! Which terms a permit lifts: what separates distillation from theft is permission.

use stillwatch_core::Date;

use crate::graph::{Cited, Graph};
use crate::resolve::{EntityId, fold};
use crate::terms::vendor_key;
use crate::{Attribute, EdgeKind, Verdict};

/// What permits say of something that was learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permission {
    None,
    /// A permit lifts the terms; it had ended before the learner was released, so that the day of learning matters.
    Ended(Date),
    Held,
}

/// Whether a permit lifts the terms of a vendor for what a learner took from one of the vendor's models.
///
/// The permit is held by the learner or by its owner; a document names the vendor as its issuer; it names the teacher, or no
/// model. A permit whose days are over still lifts what was learnt while it held, and where no document says when that was,
/// nobody is accused. One that began after the learner was released, or was revoked as it began, lifts nothing.
pub(crate) fn permission(graph: &Graph<'_>, learner: EntityId, teacher: EntityId, vendor: Option<&str>) -> Permission {
    let owners = [EdgeKind::OwnedBy, EdgeKind::SuppliedBy].map(|kind| graph.objects(learner, kind));
    let owners = owners.into_iter().flatten().map(|edge| edge.object);
    let released = released(graph, learner);
    let permits = std::iter::once(learner).chain(owners).flat_map(|holder| {
        graph.objects(holder, EdgeKind::PermittedBy).filter(|edge| edge.verdict >= Verdict::Disclosed)
    });
    let issued = permits.filter(|edge| is_issued_by(graph, edge.object, vendor));
    let said = issued.flat_map(|edge| graph.cite_edge(edge));
    said.map(|cited| covers(graph, &cited, teacher, released)).max().unwrap_or(Permission::None)
}

/// Whether a document names the vendor as the permit's issuer. What the permit is called is no issuer.
fn is_issued_by(graph: &Graph<'_>, permit: EntityId, vendor: Option<&str>) -> bool {
    let Some(vendor) = vendor.map(vendor_key).filter(|vendor| !vendor.is_empty()) else { return false };
    let kinds = [EdgeKind::OwnedBy, EdgeKind::SuppliedBy, EdgeKind::SignedBy];
    let mut issuers = kinds.into_iter().flat_map(|kind| graph.objects(permit, kind));
    issuers.any(|edge| vendor_key(graph.name(edge.object)) == vendor)
}

fn covers(graph: &Graph<'_>, cited: &Cited, teacher: EntityId, released: Option<Date>) -> Permission {
    let day = |name: &str| cited.qualifiers.get(name).and_then(|value| Date::parse(&value.to_string()));
    let (from, revoked) = (day("valid-from"), day("revoked"));
    let end = [day("valid-until"), revoked].into_iter().flatten().min();
    let models = cited.qualifiers.get("models").map(ToString::to_string);
    let is_named = models.is_none_or(|models| models.lines().any(|model| fold(model) == fold(graph.name(teacher))));
    let began = from.zip(released).is_none_or(|(from, released)| from <= released);
    let never = from.zip(revoked).is_some_and(|(from, revoked)| revoked <= from);
    match (end, released) {
        _ if cited.denied || !began || never || !is_named => Permission::None,
        (Some(end), Some(released)) if end <= released => Permission::Ended(end),
        _ => Permission::Held,
    }
}

fn released(graph: &Graph<'_>, model: EntityId) -> Option<Date> {
    let fact = graph.fact(model, Attribute::RELEASED)?;
    graph.cite_fact(fact).iter().find_map(|cited| Date::parse(&cited.object))
}
