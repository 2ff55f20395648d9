use crate::graph::{Edge, Fact, Graph, Step, Taint};
use crate::permitted::is_permitted;
use crate::resolve::EntityId;
use crate::terms::vendor_of;
use crate::{EdgeKind, NodeKind, Verdict};

/// A subject with everything that went into it.
pub(crate) struct Upstream<'g, 'l> {
    pub(crate) graph: &'g Graph<'l>,
    pub(crate) subject: EntityId,
    pub(crate) reach: Taint,
}

/// Somebody's model whose outputs or labels were learnt from.
pub(crate) struct Teacher {
    /// The model, or the organisation where no model is named.
    pub(crate) teacher: EntityId,
    pub(crate) vendor: Option<String>,
    /// Whether a document names the vendor; otherwise the name of the model's family does.
    pub(crate) vendor_is_told: bool,
    pub(crate) order: u32,
    pub(crate) worst: Verdict,
    pub(crate) path: Vec<Step>,
    pub(crate) kind: EdgeKind,
    /// The model that learnt from it, the nearest one.
    pub(crate) learner: EntityId,
}

impl Teacher {
    /// Whether a permit of the vendor lifts its terms for what was learnt.
    pub(crate) fn is_permitted(&self, graph: &Graph<'_>) -> bool {
        is_permitted(graph, self.learner, self.teacher, self.vendor.as_deref())
    }
}

impl<'g, 'l> Upstream<'g, 'l> {
    pub(crate) fn of(graph: &'g Graph<'l>, subject: EntityId) -> Self {
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
    pub(crate) fn teachers(&self) -> Vec<Teacher> {
        let mut teachers = Vec::new();
        for node in self.all() {
            for edge in self.graph.out(node).iter().filter(|edge| teaches(self.graph, edge)) {
                let edges = self.reach.edges(self.graph, node);
                let between = edges.iter().flat_map(|edge| [edge.subject, edge.object]);
                let is_model = |id: &EntityId| self.graph.kind(*id) == NodeKind::Model;
                let learner =
                    edges.iter().rev().flat_map(|edge| [edge.object, edge.subject]).chain([node]).find(is_model);
                let mut models: Vec<EntityId> =
                    between.filter(|&id| id != self.subject && self.graph.kind(id) == NodeKind::Model).collect();
                models.sort_unstable();
                models.dedup();
                let mut path: Vec<Step> = edges.iter().map(|edge| self.graph.step(edge)).collect();
                path.push(self.graph.step(edge));
                let (vendor, vendor_is_told) = if self.graph.kind(edge.object) == NodeKind::Organisation {
                    (Some(self.graph.name(edge.object).to_owned()), true)
                } else {
                    vendor_of(self.graph, edge.object).map_or((None, false), |(vendor, told)| (Some(vendor), told))
                };
                teachers.push(Teacher {
                    teacher: edge.object,
                    vendor,
                    vendor_is_told,
                    order: 1 + u32::try_from(models.len()).unwrap_or(u32::MAX),
                    worst: path.iter().map(|step| step.verdict).min().unwrap_or(edge.verdict),
                    path,
                    kind: edge.kind,
                    learner: learner.unwrap_or(self.subject),
                });
                if teachers.len() >= MOST_TEACHERS {
                    return teachers;
                }
            }
        }
        teachers.sort_by(|a, b| {
            a.order.cmp(&b.order).then(a.teacher.cmp(&b.teacher)).then(a.path.len().cmp(&b.path.len()))
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
