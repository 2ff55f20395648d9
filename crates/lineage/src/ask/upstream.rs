use crate::graph::{Edge, Fact, Graph, Step, Taint};
use crate::ledger::position;
use crate::permitted::{Permission, permission};
use crate::resolve::EntityId;
use crate::terms::vendor_of;
use crate::{EdgeKind, NodeKind, Verdict};

/// A subject with everything that went into it. Found once, it serves every question about the subject.
pub struct Upstream<'g, 'l> {
    pub graph: &'g Graph<'l>,
    pub subject: EntityId,
    pub(crate) reach: Taint,
}

/// Somebody's model whose outputs or labels were learnt from.
pub(crate) struct Teacher<'g> {
    /// The model, or the organisation where no model is named.
    pub(crate) teacher: EntityId,
    pub(crate) vendor: Option<String>,
    /// Whether a document names the vendor; otherwise the name of the model's family does.
    pub(crate) vendor_is_told: bool,
    pub(crate) order: u32,
    pub(crate) worst: Verdict,
    /// From the subject to it.
    pub(crate) edges: Vec<&'g Edge>,
    pub(crate) kind: EdgeKind,
    /// The model that learnt from it, the nearest one.
    pub(crate) learner: EntityId,
}

impl Teacher<'_> {
    /// The way from the subject to it, for a reader.
    pub(crate) fn path(&self, graph: &Graph<'_>) -> Vec<Step> {
        self.edges.iter().map(|edge| graph.step(edge)).collect()
    }

    /// What permits of the vendor say of what was learnt.
    pub(crate) fn permission(&self, graph: &Graph<'_>) -> Permission {
        permission(graph, self.learner, self.teacher, self.vendor.as_deref())
    }

    pub(crate) fn is_permitted(&self, graph: &Graph<'_>) -> bool {
        self.permission(graph) > Permission::None
    }
}

impl<'g, 'l> Upstream<'g, 'l> {
    pub fn of(graph: &'g Graph<'l>, subject: EntityId) -> Self {
        Self { graph, subject, reach: graph.upstream(&[subject]) }
    }

    /// The subject and everything upstream of it.
    pub(crate) fn all(&self) -> impl Iterator<Item = EntityId> {
        std::iter::once(self.subject).chain(self.reach.reached.iter().map(|reached| reached.entity))
    }

    pub(crate) fn of_kind(&self, kinds: &[NodeKind]) -> Vec<EntityId> {
        self.all().filter(|&id| kinds.contains(&self.graph.kind(id))).collect()
    }

    /// Data sets and outputs, the subject included if it is one.
    pub(crate) fn data(&self) -> Vec<EntityId> {
        self.of_kind(&[NodeKind::DataSet, NodeKind::Outputs])
    }

    /// Models whose weights the subject's weights come from, the subject first.
    pub(crate) fn ancestors(&self) -> Vec<EntityId> {
        let mut found = vec![self.subject];
        let mut at = 0;
        while at < found.len() {
            let parents = self.graph.out(found[at]).iter().filter(|edge| edge.kind.is_derivation() && !edge.denied);
            let fresh: Vec<EntityId> = parents.map(|edge| edge.object).filter(|id| !found.contains(id)).collect();
            for id in fresh {
                if !found.contains(&id) && found.len() < MOST_ANCESTORS {
                    found.push(id);
                }
            }
            at += 1;
        }
        found
    }

    /// The path from the subject to something upstream.
    pub(crate) fn path(&self, to: EntityId) -> Vec<Step> {
        self.reach.path(self.graph, to)
    }

    /// Attributes of these names, of the subject and its ancestors; the subject's first.
    pub(crate) fn facts(&self, of: &[EntityId], names: &[&str]) -> Vec<&'g Fact> {
        let facts = of.iter().flat_map(|&id| self.graph.facts_of(id));
        facts.filter(|fact| names.contains(&self.graph.predicate(fact).as_str())).collect()
    }

    /// Everyone whose outputs or labels were learnt from, by order and name.
    pub(crate) fn teachers(&self) -> Vec<Teacher<'g>> {
        let mut teachers = Vec::new();
        for node in self.all() {
            for edge in self.graph.out(node).iter().filter(|edge| teaches(self.graph, edge)) {
                let mut edges = self.reach.edges(self.graph, node);
                let is_model = |id: &EntityId| self.graph.kind(*id) == NodeKind::Model;
                let back = edges.iter().rev().flat_map(|edge| [edge.object, edge.subject]);
                let learner = back.chain([node]).find(is_model).unwrap_or(self.subject);
                let between = edges.iter().flat_map(|edge| [edge.subject, edge.object]);
                let mut models: Vec<EntityId> = between.filter(|id| *id != self.subject && is_model(id)).collect();
                models.sort_unstable();
                models.dedup();
                edges.push(edge);
                let (vendor, vendor_is_told) = if self.graph.kind(edge.object) == NodeKind::Organisation {
                    (Some(self.graph.name(edge.object).to_owned()), true)
                } else {
                    vendor_of(self.graph, edge.object).map_or((None, false), |(vendor, told)| (Some(vendor), told))
                };
                teachers.push(Teacher {
                    teacher: edge.object,
                    vendor,
                    vendor_is_told,
                    order: 1 + position(models.len()),
                    worst: edges.iter().map(|edge| edge.verdict).min().unwrap_or(edge.verdict),
                    edges,
                    kind: edge.kind,
                    learner,
                });
                if teachers.len() >= MOST_TEACHERS {
                    return teachers;
                }
            }
        }
        teachers.sort_by(|a, b| {
            a.order.cmp(&b.order).then(a.teacher.cmp(&b.teacher)).then(a.edges.len().cmp(&b.edges.len()))
        });
        teachers
    }
}

fn teaches(graph: &Graph<'_>, edge: &Edge) -> bool {
    let from_model = matches!(graph.kind(edge.object), NodeKind::Model | NodeKind::Organisation);
    match edge.kind {
        EdgeKind::TrainedOnOutputsOf | EdgeKind::DistilledFrom | EdgeKind::GeneratedBy => from_model && !edge.denied,
        EdgeKind::LabelledBy => graph.kind(edge.object) == NodeKind::Model && !edge.denied,
        _ => false,
    }
}

const MOST_ANCESTORS: usize = 1_000;
const MOST_TEACHERS: usize = 1_000;
