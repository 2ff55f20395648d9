use super::Graph;
use crate::ledger::position;
use crate::resolve::EntityId;
use crate::{Aspect, EdgeKind, Flow, Rule, Verdict};

/// The strongly connected components of a graph under one aspect. Real lineage has cycles: a reward model labels the
/// data that trains the model that labels its data.
#[derive(Clone, Debug)]
pub struct Condensation {
    /// The component of each entity. A component comes after everything that flows from it, so ascending numbers are a
    /// topological order from the far ends back to the sources.
    pub component: Vec<u32>,
    pub components: u32,
}

impl Condensation {
    /// By Tarjan's algorithm (SIAM Journal on Computing 1, 1972), with a stack of its own instead of recursion.
    pub fn of(graph: &Graph<'_>, aspect: Aspect) -> Self {
        let count = graph.entities();
        let mut tarjan = Tarjan {
            index: vec![UNSEEN; count],
            low: vec![0; count],
            component: vec![UNSEEN; count],
            stack: Vec::new(),
            next: 0,
            components: 0,
        };
        for entity in graph.ids() {
            if tarjan.index[entity.at()] == UNSEEN {
                tarjan.visit(graph, aspect, entity);
            }
        }
        Self { component: tarjan.component, components: tarjan.components }
    }

    /// The components of more than one entity, each ascending, in ascending order of their first.
    pub fn cycles(&self) -> Vec<Vec<EntityId>> {
        let mut sizes = vec![0_u32; self.components as usize];
        for &component in &self.component {
            sizes[component as usize] += 1;
        }
        let mut place = vec![UNSEEN; sizes.len()];
        let mut cycles: Vec<Vec<EntityId>> = Vec::new();
        for (entity, &component) in (0_u32..).zip(&self.component) {
            if sizes[component as usize] > 1 {
                let slot = &mut place[component as usize];
                if *slot == UNSEEN {
                    *slot = position(cycles.len());
                    cycles.push(Vec::new());
                }
                cycles[*slot as usize].push(EntityId(entity));
            }
        }
        cycles
    }
}

const UNSEEN: u32 = u32::MAX;

struct Tarjan {
    index: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    stack: Vec<u32>,
    next: u32,
    components: u32,
}

impl Tarjan {
    fn visit(&mut self, graph: &Graph<'_>, aspect: Aspect, root: EntityId) {
        // An entity and how many of its edges have been followed.
        let mut frames: Vec<(EntityId, u32)> = vec![(root, 0)];
        self.open(root);
        while let Some((entity, followed)) = frames.last_mut() {
            let entity = *entity;
            if let Some(next) = graph.downstream_at(entity, aspect, followed) {
                if self.index[next.at()] == UNSEEN {
                    self.open(next);
                    frames.push((next, 0));
                } else if self.component[next.at()] == UNSEEN {
                    self.low[entity.at()] = self.low[entity.at()].min(self.index[next.at()]);
                }
                continue;
            }
            frames.pop();
            if let Some((above, _)) = frames.last() {
                self.low[above.at()] = self.low[above.at()].min(self.low[entity.at()]);
            }
            if self.low[entity.at()] == self.index[entity.at()] {
                while let Some(member) = self.stack.pop() {
                    self.component[member as usize] = self.components;
                    if member == entity.0 {
                        break;
                    }
                }
                self.components += 1;
            }
        }
    }

    fn open(&mut self, entity: EntityId) {
        self.index[entity.at()] = self.next;
        self.low[entity.at()] = self.next;
        self.next += 1;
        self.stack.push(entity.0);
    }
}

impl Graph<'_> {
    /// The next entity to which something passes from this one; `followed` counts the edges looked at.
    fn downstream_at(&self, entity: EntityId, aspect: Aspect, followed: &mut u32) -> Option<EntityId> {
        let into = self.incoming_edges(entity);
        let out = if self.is_part[entity.at()] { self.out(entity) } else { &[] };
        while (*followed as usize) < into.len() + out.len() {
            let at = *followed as usize;
            *followed += 1;
            let (kind, denied, flow, end) = if at < into.len() {
                (into[at].kind, into[at].denied, Flow::ToSubject, into[at].subject)
            } else {
                let edge = &out[at - into.len()];
                (edge.kind, edge.denied, Flow::ToObject, edge.object)
            };
            if !denied && Rule::of(kind).flow(aspect) == flow {
                return Some(end);
            }
        }
        None
    }

    /// Every edge along which something passes from an entity, with the entity at its far end; with the flow or against it.
    pub(crate) fn neighbours(&self, entity: EntityId, aspect: Aspect, way: Way) -> impl Iterator<Item = Passage> {
        let (of_into, of_out) =
            if way == Way::Down { (Flow::ToSubject, Flow::ToObject) } else { (Flow::ToObject, Flow::ToSubject) };
        let looks_in = way == Way::Down || self.has_part[entity.at()];
        let looks_out = way == Way::Up || self.is_part[entity.at()];
        let into = if looks_in { self.incoming_edges(entity) } else { &[] };
        let out = if looks_out { self.out_range(entity) } else { 0..0 };
        let into = into
            .iter()
            .filter(move |edge| !edge.denied && Rule::of(edge.kind).flow(aspect) == of_into)
            .map(|edge| Passage { edge: edge.edge, end: edge.subject, kind: edge.kind, verdict: edge.verdict });
        let out = out.filter_map(move |at| {
            let edge = &self.edges[at as usize];
            let passes = !edge.denied && Rule::of(edge.kind).flow(aspect) == of_out;
            passes.then_some(Passage { edge: at, end: edge.object, kind: edge.kind, verdict: edge.verdict })
        });
        into.chain(out)
    }
}

/// An edge on a walk: the edge itself is looked up only where more of it is needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passage {
    pub(crate) edge: u32,
    pub(crate) end: EntityId,
    pub(crate) kind: EdgeKind,
    pub(crate) verdict: Verdict,
}

/// With the flow, to what is made from something; or against it, to what something is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Down,
    Up,
}
