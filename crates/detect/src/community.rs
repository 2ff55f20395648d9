//! Communities of a weighted graph by the constant Potts model (Traag, Van Dooren and Nesterov, Physical Review E 84,
//! 2011): a community is worth the weight inside it less `resolution` for every pair of its members, so its density
//! has a meaning that does not depend on the size of the graph. Found by the moves of the Leiden algorithm (Traag,
//! Waltman and van Eck, Scientific Reports 9, 2019).

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::graph::Graph;

const MOST_LEVELS: usize = 12;
const MOST_VISITS: usize = 40;

/// Communities of at least two nodes, each ascending, in ascending order. `resolution` is in the unit of the weights.
pub(crate) fn communities(graph: &Graph, resolution: u64) -> Vec<Vec<u32>> {
    let mut level = Level {
        adjacency: (0..graph.nodes()).map(|node| graph.neighbours(u32::try_from(node).unwrap_or(0)).to_vec()).collect(),
        sizes: vec![1; graph.nodes()],
    };
    let mut membership: Vec<u32> = (0..u32::try_from(graph.nodes()).unwrap_or(0)).collect();
    for _ in 0..MOST_LEVELS {
        let start = (0..u32::try_from(level.sizes.len()).unwrap_or(0)).collect();
        let mut coarse = level.settle(start, resolution, None);
        let count = renumber(&mut coarse);
        if count == level.sizes.len() {
            break;
        }
        // Refinement: within a community, start again from single nodes, so that what is not held together by its
        // own links falls apart.
        let start = (0..u32::try_from(level.sizes.len()).unwrap_or(0)).collect();
        let mut fine = level.settle(start, resolution, Some(&coarse));
        let fine_count = renumber(&mut fine);
        let merged = if fine_count < level.sizes.len() { (fine, fine_count) } else { (coarse, count) };
        for member in &mut membership {
            *member = merged.0[*member as usize];
        }
        level = level.aggregate(&merged.0, merged.1);
    }
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); level.sizes.len()];
    for (node, &community) in (0_u32..).zip(&membership) {
        groups[community as usize].push(node);
    }
    groups.retain(|group| group.len() > 1);
    groups.sort();
    groups
}

struct Level {
    adjacency: Vec<Vec<(u32, u64)>>,
    sizes: Vec<u64>,
}

impl Level {
    fn settle(&self, mut of: Vec<u32>, resolution: u64, within: Option<&[u32]>) -> Vec<u32> {
        let mut volume = self.sizes.clone();
        let mut queue: VecDeque<u32> = (0..u32::try_from(self.sizes.len()).unwrap_or(0)).collect();
        let mut queued = vec![true; self.sizes.len()];
        let mut visits = 0;
        let mut weights: FxHashMap<u32, u64> = FxHashMap::default();
        while let Some(node) = queue.pop_front() {
            let at = node as usize;
            queued[at] = false;
            visits += 1;
            if visits > MOST_VISITS * self.sizes.len() {
                break;
            }
            weights.clear();
            for &(other, weight) in &self.adjacency[at] {
                if within.is_none_or(|within| within[other as usize] == within[at]) {
                    *weights.entry(of[other as usize]).or_default() += weight;
                }
            }
            let current = of[at];
            volume[current as usize] -= self.sizes[at];
            let gain = |community: u32, weight: u64| {
                i128::from(weight) - i128::from(resolution) * i128::from(self.sizes[at]) * i128::from(volume[community as usize])
            };
            let mut best = (gain(current, weights.get(&current).copied().unwrap_or(0)).max(0), current);
            if best.0 == 0 && volume[current as usize] > 0 && gain(current, weights.get(&current).copied().unwrap_or(0)) < 0 {
                // Alone is better than where it is.
                if let Some(empty) = self.empty(&volume, node) {
                    best = (0, empty);
                }
            }
            for (&community, &weight) in &weights {
                let gain = gain(community, weight);
                if gain > best.0 || (gain == best.0 && gain > 0 && community < best.1 && best.1 != current) {
                    best = (gain, community);
                }
            }
            volume[best.1 as usize] += self.sizes[at];
            of[at] = best.1;
            if best.1 != current {
                for &(other, _) in &self.adjacency[at] {
                    if of[other as usize] != best.1 && !queued[other as usize] {
                        queued[other as usize] = true;
                        queue.push_back(other);
                    }
                }
            }
        }
        of
    }

    /// A community without members: the node's own first, then any.
    fn empty(&self, volume: &[u64], node: u32) -> Option<u32> {
        if volume[node as usize] == 0 {
            return Some(node);
        }
        volume.iter().position(|&volume| volume == 0).and_then(|at| u32::try_from(at).ok())
    }

    fn aggregate(&self, of: &[u32], count: usize) -> Self {
        let mut sizes = vec![0; count];
        let mut edges: Vec<FxHashMap<u32, u64>> = vec![FxHashMap::default(); count];
        for (node, &community) in of.iter().enumerate() {
            sizes[community as usize] += self.sizes[node];
            for &(other, weight) in &self.adjacency[node] {
                if of[other as usize] != community {
                    *edges[community as usize].entry(of[other as usize]).or_default() += weight;
                }
            }
        }
        let adjacency = edges
            .into_iter()
            .map(|edges| {
                let mut list: Vec<(u32, u64)> = edges.into_iter().collect();
                list.sort_unstable();
                list
            })
            .collect();
        Self { adjacency, sizes }
    }
}

fn renumber(of: &mut [u32]) -> usize {
    let mut names: FxHashMap<u32, u32> = FxHashMap::default();
    for community in of.iter_mut() {
        let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
        *community = *names.entry(*community).or_insert(next);
    }
    names.len()
}
