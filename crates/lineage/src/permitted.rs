//! Which terms a permit lifts: what separates distillation from theft is permission.

use crate::graph::{Cited, Graph};
use crate::resolve::{EntityId, fold};
use crate::{Attribute, Date, EdgeKind, Verdict};

/// Whether a permit lifts the terms of a vendor for what a learner took from one of the vendor's models.
///
/// The permit is held by the learner or by its owner; its issuer is the vendor; it names the teacher, or no model. A permit
/// whose days are over still lifts what was learnt while it held, and where no document says when that was, nobody is
/// accused. One that began after the learner was released lifts nothing.
pub(crate) fn is_permitted(graph: &Graph<'_>, learner: EntityId, teacher: EntityId, vendor: Option<&str>) -> bool {
    let owners = [EdgeKind::OwnedBy, EdgeKind::SuppliedBy].map(|kind| graph.objects(learner, kind));
    let owners = owners.into_iter().flatten().map(|edge| edge.object);
    let released = released(graph, learner);
    std::iter::once(learner).chain(owners).any(|holder| {
        graph.objects(holder, EdgeKind::PermittedBy).filter(|edge| edge.verdict >= Verdict::Disclosed).any(|edge| {
            let is_issued = is_issued_by(graph, edge.object, vendor);
            is_issued && graph.cite_edge(edge).iter().any(|cited| covers(graph, cited, teacher, released))
        })
    })
}

/// Whether the vendor is the permit's issuer: by what a document says, or else by the permit's own name.
fn is_issued_by(graph: &Graph<'_>, permit: EntityId, vendor: Option<&str>) -> bool {
    let Some(vendor) = vendor.map(fold).filter(|vendor| !vendor.is_empty()) else { return false };
    let kinds = [EdgeKind::OwnedBy, EdgeKind::SuppliedBy, EdgeKind::SignedBy];
    let mut issuers = kinds.into_iter().flat_map(|kind| graph.objects(permit, kind)).peekable();
    if issuers.peek().is_some() {
        issuers.any(|edge| fold(graph.name(edge.object)) == vendor)
    } else {
        fold(graph.name(permit)).contains(&vendor)
    }
}

fn covers(graph: &Graph<'_>, cited: &Cited, teacher: EntityId, released: Option<Date>) -> bool {
    let day = |name: &str| cited.qualifiers.get(name).and_then(|value| Date::parse(&value.to_string()));
    let began = day("valid-from").zip(released).is_none_or(|(from, released)| from <= released);
    let is_named = cited
        .qualifiers
        .get("models")
        .is_none_or(|models| models.to_string().lines().any(|model| fold(model) == fold(graph.name(teacher))));
    !cited.denied && began && is_named
}

fn released(graph: &Graph<'_>, model: EntityId) -> Option<Date> {
    let fact = graph.fact(model, Attribute::RELEASED)?;
    graph.cite_fact(fact).iter().find_map(|cited| Date::parse(&cited.object))
}
