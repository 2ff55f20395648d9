use std::collections::VecDeque;

use super::condense::Way;
use super::{Edge, Graph, Step};
use crate::resolve::EntityId;
use crate::{Aspect, EdgeKind, NodeKind, Verdict};

/// What was reached from some sources, and how.
#[derive(Clone, Debug)]
pub struct Taint {
    pub sources: Vec<EntityId>,
    /// Ascending by entity, without the sources.
    pub reached: Vec<Reached>,
    /// How each entity was reached.
    slots: Vec<Slot>,
}

/// An entity that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    pub entity: EntityId,
    /// 1 if no other model stands between it and a source, 2 if one does: the second order.
    pub order: u32,
    /// Edges of the path shown: of those of the lowest order, the shortest.
    pub depth: u32,
    /// The weakest verdict along the path shown.
    pub worst: Verdict,
}

impl Taint {
    pub fn get(&self, entity: EntityId) -> Option<&Reached> {
        self.reached.binary_search_by_key(&entity, |reached| reached.entity).ok().map(|at| &self.reached[at])
    }

    /// The edges from a source to an entity, in that order.
    pub fn edges<'g>(&self, graph: &'g Graph<'_>, entity: EntityId) -> Vec<&'g Edge> {
        let mut edges = Vec::new();
        let mut at = entity.at();
        while let Some(slot) = self.slots.get(at).filter(|slot| slot.edge != NONE) {
            edges.push(&graph.edges[slot.edge as usize]);
            at = slot.from as usize;
        }
        edges.reverse();
        edges
    }

    /// The same for a reader.
    pub fn path(&self, graph: &Graph<'_>, entity: EntityId) -> Vec<Step> {
        self.edges(graph, entity).into_iter().map(|edge| graph.step(edge)).collect()
    }
}

const NONE: u32 = u32::MAX;

/// The best way to an entity so far, in one place of the memory.
#[derive(Clone, Copy, Debug)]
struct Slot {
    order: u32,
    depth: u32,
    edge: u32,
    from: u32,
    worst: Verdict,
}

impl Slot {
    const EMPTY: Self = Self { order: NONE, depth: NONE, edge: NONE, from: NONE, worst: Verdict::NotApplicable };
}

impl Graph<'_> {
    /// Everything that carries something of the sources, by the rules of the edges.
    pub fn taint(&self, sources: &[EntityId]) -> Taint {
        self.reach(sources, Aspect::Taint, Way::Down, |_| true)
    }

    /// Everything that the subjects carry something of: the same, against the flow. Paths lead from a subject upwards.
    pub fn upstream(&self, subjects: &[EntityId]) -> Taint {
        self.reach(subjects, Aspect::Taint, Way::Up, |_| true)
    }

    /// What an organisation's assets are: what it owns, and what organisations it controls own.
    pub fn assets(&self, organisation: EntityId) -> Vec<EntityId> {
        let mut owners = vec![organisation];
        let mut seen = vec![organisation];
        let mut assets = Vec::new();
        while let Some(owner) = owners.pop() {
            for edge in self.incoming(owner).filter(|edge| !edge.denied) {
                match edge.kind {
                    EdgeKind::ControlledBy if !seen.contains(&edge.subject) => {
                        seen.push(edge.subject);
                        owners.push(edge.subject);
                    }
                    EdgeKind::OwnedBy => assets.push(edge.subject),
                    _ => {}
                }
            }
        }
        assets.sort_unstable();
        assets.dedup();
        assets
    }

    /// Everything reached under an aspect along the edges that `passes` lets pass.
    pub(crate) fn reach(
        &self,
        sources: &[EntityId],
        aspect: Aspect,
        way: Way,
        passes: impl Fn(EdgeKind) -> bool,
    ) -> Taint {
        let mut sources = sources.to_vec();
        sources.sort_unstable();
        sources.dedup();
        let mut search = Search { graph: self, slots: vec![Slot::EMPTY; self.entities()] };
        search.run(&sources, aspect, way, &passes);
        let slots = search.slots;
        let reached = (0_u32..)
            .zip(&slots)
            .filter(|(_, slot)| !matches!(slot.order, 0 | NONE))
            .map(|(entity, slot)| Reached {
                entity: EntityId(entity),
                order: slot.order,
                depth: slot.depth,
                worst: slot.worst,
            })
            .collect();
        Taint { sources, reached, slots }
    }

    /// The weakest verdict along the firmest path from the sources, for each entity that [`Graph::taint`] reaches.
    pub fn firmest(&self, sources: &[EntityId]) -> Firmest {
        self.firmest_ways(sources, Way::Down)
    }

    /// The same against the flow, as [`Graph::upstream`] goes.
    pub fn firmest_upstream(&self, subjects: &[EntityId]) -> Firmest {
        self.firmest_ways(subjects, Way::Up)
    }

    /// Firm ways are followed before weaker ones, and each entity is left once.
    fn firmest_ways(&self, sources: &[EntityId], way: Way) -> Firmest {
        const FALLING: [Verdict; 5] =
            [Verdict::NotApplicable, Verdict::Evidenced, Verdict::Disclosed, Verdict::Unknown, Verdict::Contradicted];
        let mut firmest = vec![Verdict::NotApplicable; self.entities()];
        let mut is_left = vec![false; self.entities()];
        let mut waiting: [Vec<EntityId>; FALLING.len()] = Default::default();
        waiting[Verdict::NotApplicable as usize].extend(sources);
        for so_far in FALLING {
            while let Some(from) = waiting[so_far as usize].pop() {
                if std::mem::replace(&mut is_left[from.at()], true) {
                    continue;
                }
                for passage in self.neighbours(from, Aspect::Taint, way) {
                    let (end, verdict) = (passage.end.at(), passage.verdict.worst(so_far));
                    let is_better = firmest[end] == Verdict::NotApplicable || verdict > firmest[end];
                    if !is_left[end] && is_better {
                        firmest[end] = verdict;
                        waiting[verdict as usize].push(passage.end);
                    }
                }
            }
        }
        Firmest(firmest)
    }
}

/// The weakest verdict along the firmest path to each entity.
#[derive(Clone, Debug)]
pub struct Firmest(Vec<Verdict>);

impl Firmest {
    /// `NotApplicable` for what is not reached, and for a source that no way leads back to.
    pub fn of(&self, entity: EntityId) -> Verdict {
        self.0.get(entity.at()).copied().unwrap_or(Verdict::NotApplicable)
    }
}

struct Search<'g, 'l> {
    graph: &'g Graph<'l>,
    slots: Vec<Slot>,
}

impl Search<'_, '_> {
    /// Breadth first by (order, depth). Entities of one order come in two lines, both ascending by depth: those that
    /// were entered from the order before, and those found within it.
    fn run(&mut self, sources: &[EntityId], aspect: Aspect, way: Way, passes: &impl Fn(EdgeKind) -> bool) {
        let mut entered: VecDeque<(u32, EntityId)> = sources.iter().map(|&source| (0, source)).collect();
        for source in sources {
            let slot = &mut self.slots[source.at()];
            (slot.order, slot.depth) = (0, 0);
        }
        let mut order = 0;
        while !entered.is_empty() {
            let mut within: VecDeque<(u32, EntityId)> = VecDeque::new();
            let mut next: VecDeque<(u32, EntityId)> = VecDeque::new();
            loop {
                let from_entered = match (entered.front(), within.front()) {
                    (None, None) => break,
                    (Some((a, _)), Some((b, _))) => a <= b,
                    (entered, _) => entered.is_some(),
                };
                let line = if from_entered { &mut entered } else { &mut within };
                let Some((depth, entity)) = line.pop_front() else { break };
                // It was reached by a better way meanwhile, or looked at already.
                let own = self.slots[entity.at()];
                if (own.order, own.depth) != (order, depth) {
                    continue;
                }
                let leaves = order == 0 || self.graph.kind(entity) == NodeKind::Model;
                let found = (order + u32::from(leaves), depth + 1);
                for passage in self.graph.neighbours(entity, aspect, way) {
                    let slot = &mut self.slots[passage.end.at()];
                    if found < (slot.order, slot.depth) && passes(passage.kind) {
                        let worst = own.worst.worst(passage.verdict);
                        *slot = Slot { order: found.0, depth: found.1, edge: passage.edge, from: entity.0, worst };
                        let line = if leaves { &mut next } else { &mut within };
                        line.push_back((found.1, passage.end));
                    }
                }
            }
            entered = next;
            order += 1;
        }
    }
}
