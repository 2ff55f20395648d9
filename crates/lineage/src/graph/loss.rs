use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::condense::{Passage, Way};
use super::{Edge, Graph, Step};
use crate::ledger::position;
use crate::resolve::EntityId;
use crate::{Aspect, EdgeKind, Need, Rule, Verdict};

/// What is lost with something else.
#[derive(Clone, Debug)]
pub struct Loss {
    /// Ascending by entity; what was lost first has depth 0.
    pub lost: Vec<Lost>,
    /// What lost some of its alternatives and has others left: ascending.
    pub weakened: Vec<Weakened>,
    /// The edge by which each entity was lost, and from where.
    parents: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    pub entity: EntityId,
    /// Edges of the shortest path on which it was found.
    pub depth: u32,
    /// The weakest verdict along that path; `NotApplicable` for what was lost first.
    pub worst: Verdict,
}

/// A subject that had to give up alternatives of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakened {
    pub entity: EntityId,
    pub edge: EdgeKind,
    pub lost: Vec<EntityId>,
    /// What it can switch to.
    pub left: Vec<EntityId>,
}

const NONE: u32 = u32::MAX;

impl Loss {
    pub fn contains(&self, entity: EntityId) -> bool {
        self.lost.binary_search_by_key(&entity, |lost| lost.entity).is_ok()
    }

    /// The edges from what was lost first to an entity.
    pub fn path(&self, graph: &Graph<'_>, entity: EntityId) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = entity.at();
        while let Some(&(edge, from)) = self.parents.get(at).filter(|(edge, _)| *edge != NONE) {
            steps.push(graph.step(&graph.edges[edge as usize]));
            at = from as usize;
        }
        steps.reverse();
        steps
    }
}

impl Graph<'_> {
    /// What is lost under an aspect once `first` are lost.
    pub fn loss(&self, first: &[EntityId], aspect: Aspect) -> Loss {
        let mut depth = vec![NONE; self.entities()];
        let mut parents = vec![(NONE, NONE); self.entities()];
        let mut worst = vec![Verdict::NotApplicable; self.entities()];
        let mut left: FxHashMap<(EntityId, EdgeKind), u32> = FxHashMap::default();
        let mut seeds = first.to_vec();
        seeds.sort_unstable();
        seeds.dedup();
        let mut queue: VecDeque<EntityId> = VecDeque::new();
        for seed in seeds {
            depth[seed.at()] = 0;
            queue.push_back(seed);
        }
        while let Some(entity) = queue.pop_front() {
            let next = depth[entity.at()] + 1;
            for Passage { edge: at, end, kind, verdict } in self.neighbours(entity, aspect, Way::Down) {
                // What is lost already needs no reason more.
                if depth[end.at()] != NONE {
                    continue;
                }
                let falls = match Rule::of(kind).need(aspect) {
                    Need::No => false,
                    Need::Required | Need::ByObject => true,
                    Need::OneOf => {
                        let edge = &self.edges[at as usize];
                        let rest = left
                            .entry((edge.subject, edge.kind))
                            .or_insert_with(|| self.alternatives(edge.subject, edge.kind));
                        *rest = rest.saturating_sub(1);
                        *rest == 0
                    }
                };
                if falls {
                    depth[end.at()] = next;
                    worst[end.at()] = worst[entity.at()].worst(verdict);
                    parents[end.at()] = (at, entity.0);
                    queue.push_back(end);
                }
            }
        }
        let mut weakened: Vec<Weakened> = left
            .into_iter()
            .filter(|((entity, _), rest)| *rest > 0 && depth[entity.at()] == NONE)
            .map(|((entity, edge), _)| {
                let (lost, left) = self
                    .objects(entity, edge)
                    .map(|edge| edge.object)
                    .partition(|object: &EntityId| depth[object.at()] != NONE);
                Weakened { entity, edge, lost, left }
            })
            .collect();
        weakened.sort_unstable_by_key(|weakened| (weakened.entity, weakened.edge));
        let lost = (0_u32..)
            .zip(depth.iter().zip(&worst))
            .filter(|(_, (depth, _))| **depth != NONE)
            .map(|(entity, (&depth, &worst))| Lost { entity: EntityId(entity), depth, worst })
            .collect();
        Loss { lost, weakened, parents }
    }

    fn alternatives(&self, subject: EntityId, kind: EdgeKind) -> u32 {
        let of_kind = |edge: &&Edge| edge.kind == kind && !edge.denied;
        position(self.out(subject).iter().filter(of_kind).count())
    }
}
