//! Communities of a weighted graph by the constant Potts model (Traag, Van Dooren and Nesterov, Physical Review E 84,
//! 2011): a community is worth the weight inside it less `resolution` for every pair of its members, so its density
//! has a meaning that does not depend on the size of the graph. Found by the moves of the Leiden algorithm (Traag,
//! Waltman and van Eck, Scientific Reports 9, 2019).

use std::cmp::Reverse;
use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::seek::graph::Graph;

const MOST_LEVELS: usize = 12;
const MOST_VISITS: usize = 40;

/// Communities of at least two nodes, each ascending, in ascending order. `resolution` is in the unit of the weights.
pub(crate) fn communities(graph: &Graph, resolution: u64) -> Vec<Vec<u32>> {
    let mut level = Level {
        adjacency: (0..graph.nodes()).map(|node| neighbours(graph, node)).collect(),
        sizes: vec![1; graph.nodes()],
    };
    let mut membership: Vec<u32> = (0..u32::try_from(graph.nodes()).unwrap_or(0)).collect();
    for _ in 0..MOST_LEVELS {
        let mut coarse = level.settle(resolution, None);
        let count = renumber(&mut coarse);
        if count == level.sizes.len() {
            break;
        }
        // Refinement: within a community, start again from single nodes, so that what is not held together by its
        // own links falls apart.
        let mut fine = level.settle(resolution, Some(&coarse));
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

fn neighbours(graph: &Graph, node: usize) -> Vec<(u32, u64)> {
    let neighbours = graph.neighbours(u32::try_from(node).unwrap_or(0));
    neighbours.iter().map(|&(other, weight)| (other, weight.into())).collect()
}

/// A graph whose nodes stand for `sizes` nodes of the original each.
struct Level {
    adjacency: Vec<Vec<(u32, u64)>>,
    sizes: Vec<u64>,
}

impl Level {
    /// Moves nodes, each starting by itself, to the community that gains most, until none gains. With `within`, only
    /// to communities inside the node's own group. Among equal gains the lowest number wins, so the outcome does not
    /// depend on the order of a map.
    fn settle(&self, resolution: u64, within: Option<&[u32]>) -> Vec<u32> {
        let count = u32::try_from(self.sizes.len()).unwrap_or(u32::MAX);
        let mut of: Vec<u32> = (0..count).collect();
        let mut volume = self.sizes.clone();
        let mut queue: VecDeque<u32> = (0..count).collect();
        let mut queued = vec![true; self.sizes.len()];
        let mut visits = MOST_VISITS * self.sizes.len();
        let mut weights: FxHashMap<u32, u64> = FxHashMap::default();
        while let Some(node) = queue.pop_front().filter(|_| visits > 0) {
            visits -= 1;
            let at = node as usize;
            queued[at] = false;
            weights.clear();
            let current = of[at];
            weights.insert(current, 0);
            for &(other, weight) in &self.adjacency[at] {
                if within.is_none_or(|group| group[other as usize] == group[at]) {
                    *weights.entry(of[other as usize]).or_default() += weight;
                }
            }
            volume[current as usize] -= self.sizes[at];
            let gain = |community: u32, weight: u64| {
                let pairs = i128::from(self.sizes[at]) * i128::from(volume[community as usize]);
                i128::from(weight) - i128::from(resolution) * pairs
            };
            let stay = (gain(current, weights[&current]), true, Reverse(current));
            let moves =
                weights.iter().map(|(&community, &weight)| (gain(community, weight), false, Reverse(community)));
            let (_, _, Reverse(best)) = moves.fold(stay, Ord::max);
            volume[best as usize] += self.sizes[at];
            of[at] = best;
            if best != current {
                for &(other, _) in &self.adjacency[at] {
                    if of[other as usize] != best && !std::mem::replace(&mut queued[other as usize], true) {
                        queue.push_back(other);
                    }
                }
            }
        }
        of
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

#[cfg(test)]
mod tests {
    use super::communities;
    use crate::seek::graph::Graph;

    /// Two groups of five, each fully linked, with one weak link between them.
    fn two_groups(bridge: u64) -> Graph {
        let within = |offset: u32| (0..5).flat_map(move |a| (a + 1..5).map(move |b| (offset + a, offset + b, 500)));
        Graph::new(11, within(0).chain(within(5)).chain([(4, 5, bridge)]))
    }

    #[test]
    fn a_bridge_does_not_merge_what_it_connects() {
        let groups = communities(&two_groups(100), 50);
        assert_eq!(groups, vec![vec![0, 1, 2, 3, 4], vec![5, 6, 7, 8, 9]]);
    }

    #[test]
    fn a_resolution_above_every_link_leaves_nothing() {
        assert!(communities(&two_groups(100), 600).is_empty());
    }

    #[test]
    fn a_chain_of_weak_links_is_no_community() {
        let chain = Graph::new(100, (0..99).map(|a| (a, a + 1, 100)));
        assert!(communities(&chain, 90).iter().all(|group| group.len() <= 3));
    }
}
