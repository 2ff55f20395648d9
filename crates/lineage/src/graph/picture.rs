use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condense::Way;
use super::{Graph, Step};
use crate::ledger::{NodeKey, position};
use crate::resolve::EntityId;
use crate::{Aspect, EdgeKind, NodeKind, Verdict};

/// What a subject rests on, small enough to be drawn: what it is made of, whose it is, where, under which terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// The subject first, then by depth; what is contradicted comes before what is not.
    pub nodes: Vec<PictureNode>,
    pub edges: Vec<PictureEdge>,
    /// Things that the subject rests on, at any distance, and that are left out.
    pub omitted: usize,
    /// It rests on more than were counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncounted: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PictureNode {
    pub key: NodeKey,
    pub name: String,
    pub kind: NodeKind,
    /// Edges between the subject and it.
    pub depth: u32,
    /// What the first way to it says of it; none for the subject.
    pub role: Option<EdgeKind>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PictureEdge {
    /// Places among the nodes.
    pub from: u32,
    pub to: u32,
    pub denied: bool,
    #[serde(flatten)]
    pub step: Step,
}

impl Graph<'_> {
    /// The things nearest to a subject, at most `most`, and all edges between them.
    pub fn picture(&self, subject: EntityId, most: usize) -> Picture {
        let mut places: FxHashMap<EntityId, u32> = FxHashMap::default();
        let mut nodes = vec![self.picture_node(subject, 0, None)];
        places.insert(subject, 0);
        let mut omitted: FxHashSet<EntityId> = FxHashSet::default();
        let mut queue = VecDeque::from([(subject, 0)]);
        let mut visited = 0_usize;
        while let Some((from, depth)) = queue.pop_front().filter(|_| visited <= MOST_VISITED) {
            for (other, role) in self.around(from) {
                visited += 1;
                if visited > MOST_VISITED {
                    break;
                }
                if places.contains_key(&other) {
                    continue;
                }
                if nodes.len() < most {
                    places.insert(other, position(nodes.len()));
                    nodes.push(self.picture_node(other, depth + 1, Some(role)));
                } else if !omitted.insert(other) {
                    continue;
                }
                queue.push_back((other, depth + 1));
            }
        }
        let mut drawn: Vec<(EntityId, u32)> = places.iter().map(|(&id, &place)| (id, place)).collect();
        drawn.sort_unstable_by_key(|(_, place)| *place);
        let edges = drawn.iter().flat_map(|&(id, from)| {
            let own = self.out(id).iter().filter(|edge| is_drawn(edge.kind));
            own.filter_map(|edge| Some((edge, *places.get(&edge.object)?)))
                .filter(move |(_, to)| from != *to)
                .take(MOST_EDGES)
                .map(move |(edge, to)| PictureEdge { from, to, denied: edge.denied, step: self.step(edge) })
        });
        let edges = edges.take(MOST_EDGES).collect();
        Picture { edges, nodes, omitted: omitted.len(), uncounted: visited > MOST_VISITED }
    }

    /// What something rests on directly: the objects of its edges, and what is part of it. Contradictions first.
    fn around(&self, from: EntityId) -> Vec<(EntityId, EdgeKind)> {
        let out = self.out(from).iter().filter(|edge| is_drawn(edge.kind)).map(|edge| (edge, edge.object));
        let parts =
            self.neighbours(from, Aspect::Taint, Way::Up).map(|found| (&self.edges[found.edge as usize], found.end));
        let mut found: Vec<_> = out.chain(parts).filter(|(_, other)| *other != from).collect();
        found.sort_by_key(|(edge, other)| (edge.denied, edge.verdict != Verdict::Contradicted, edge.kind, *other));
        found.into_iter().map(|(edge, other)| (other, edge.kind)).collect()
    }

    fn picture_node(&self, id: EntityId, depth: u32, role: Option<EdgeKind>) -> PictureNode {
        PictureNode { key: self.key(id), name: self.name(id).to_owned(), kind: self.kind(id), depth, role }
    }
}

/// What a subject rests on. Documents, signatures and evaluations are about it.
fn is_drawn(kind: EdgeKind) -> bool {
    !matches!(kind, EdgeKind::DescribedBy | EdgeKind::SignedBy | EdgeKind::EvaluatedOn)
}

/// Edges that are looked at; of a subject that rests on more, the rest is not counted.
const MOST_VISITED: usize = 100_000;
const MOST_EDGES: usize = 2_000;
