//! Communities of a weighted graph by the constant Potts model (Traag, Van Dooren and Nesterov, Physical Review E 84,
//! 2011): a community is worth the weight inside it less `resolution` for every pair of its members, so its density
//! has a meaning that does not depend on the size of the graph. Found by the moves of the Leiden algorithm (Traag,
//! Waltman and van Eck, Scientific Reports 9, 2019).

use std::cmp::Reverse;
use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use stillwatch_core::Cancelled;

use crate::account::{AccountIndex, AccountSet, PerAccount};
use crate::index::{Per, Place, place};
use crate::seek::graph::Graph;
use crate::work::Work;

const MOST_LEVELS: usize = 12;
const MOST_VISITS: usize = 40;
/// Nodes that are visited before it is asked whether the search is still wanted.
const VISITS_BETWEEN_CHECKS: usize = 4_096;

/// Communities of at least two accounts, in ascending order. `resolution` is in the unit of the weights.
pub(crate) fn communities(graph: &Graph, resolution: u64, work: Work<'_>) -> Result<Vec<AccountSet>, Cancelled> {
    let node = |account: AccountIndex| Node::new(account.place());
    let neighbours =
        |of: &[(AccountIndex, u32)]| of.iter().map(|&(other, weight)| (node(other), weight.into())).collect();
    let mut level = Level {
        adjacency: graph.iter().map(|(_, of)| neighbours(of)).collect(),
        sizes: Per::filled(1, graph.accounts()),
    };
    let mut membership: PerAccount<Node> = graph.iter().map(|(account, _)| node(account)).collect();
    for _ in 0..MOST_LEVELS {
        let mut coarse = level.settle(resolution, None, work)?;
        let count = renumber(&mut coarse);
        if count == level.sizes.len() {
            break;
        }
        // Refinement: within a community, start again from single nodes, so that what is not held together by its
        // own links falls apart.
        let mut fine = level.settle(resolution, Some(&coarse), work)?;
        let fine_count = renumber(&mut fine);
        let (of, count) = if fine_count < level.sizes.len() { (fine, fine_count) } else { (coarse, count) };
        for (_, member) in membership.iter_mut() {
            *member = *of.of(*member);
        }
        level = level.aggregate(&of, count);
    }
    let mut groups: Per<Node, Vec<AccountIndex>> = Per::filled(Vec::new(), level.sizes.len());
    for (account, &community) in membership.iter() {
        groups.of_mut(community).push(account);
    }
    let mut groups: Vec<AccountSet> =
        groups.into_values().into_iter().filter(|group| group.len() > 1).map(AccountSet::from_iter).collect();
    groups.sort();
    Ok(groups)
}

place! {
    /// An account, or a community of them that has become one node; also the name of the community it is in.
    Node
}

/// A graph whose nodes stand for `sizes` accounts each.
struct Level {
    adjacency: Per<Node, Vec<(Node, u64)>>,
    sizes: Per<Node, u64>,
}

impl Level {
    /// Moves nodes, each starting by itself, to the community that gains most, until none gains. With `within`, only
    /// to communities inside the node's own group. Among equal gains the lowest number wins, so the outcome does not
    /// depend on the order of a map.
    fn settle(
        &self,
        resolution: u64,
        within: Option<&Per<Node, Node>>,
        work: Work<'_>,
    ) -> Result<Per<Node, Node>, Cancelled> {
        let mut of: Per<Node, Node> = self.sizes.places().collect();
        let mut volume = self.sizes.clone();
        let mut queue: VecDeque<Node> = self.sizes.places().collect();
        let mut queued = Per::filled(true, self.sizes.len());
        let mut visits = MOST_VISITS * self.sizes.len();
        let mut weights: FxHashMap<Node, u64> = FxHashMap::default();
        while let Some(node) = queue.pop_front().filter(|_| visits > 0) {
            visits -= 1;
            if visits.is_multiple_of(VISITS_BETWEEN_CHECKS) {
                work.check()?;
            }
            *queued.of_mut(node) = false;
            weights.clear();
            let (current, size) = (*of.of(node), *self.sizes.of(node));
            weights.insert(current, 0);
            for &(other, weight) in self.adjacency.of(node) {
                if within.is_none_or(|group| group.of(other) == group.of(node)) {
                    *weights.entry(*of.of(other)).or_default() += weight;
                }
            }
            *volume.of_mut(current) -= size;
            let gain = |community: Node, weight: u64| {
                let pairs = i128::from(size) * i128::from(*volume.of(community));
                i128::from(weight) - i128::from(resolution) * pairs
            };
            let own = weights.get(&current).copied().unwrap_or_default();
            let stay = (gain(current, own), true, Reverse(current));
            let moves =
                weights.iter().map(|(&community, &weight)| (gain(community, weight), false, Reverse(community)));
            let (_, _, Reverse(best)) = moves.fold(stay, Ord::max);
            *volume.of_mut(best) += size;
            *of.of_mut(node) = best;
            if best != current {
                for &(other, _) in self.adjacency.of(node) {
                    if *of.of(other) != best && !std::mem::replace(queued.of_mut(other), true) {
                        queue.push_back(other);
                    }
                }
            }
        }
        Ok(of)
    }

    fn aggregate(&self, of: &Per<Node, Node>, count: usize) -> Self {
        let mut sizes = Per::filled(0, count);
        let mut edges: Per<Node, FxHashMap<Node, u64>> = Per::filled(FxHashMap::default(), count);
        for (node, &community) in of.iter() {
            *sizes.of_mut(community) += *self.sizes.of(node);
            for &(other, weight) in self.adjacency.of(node) {
                if *of.of(other) != community {
                    *edges.of_mut(community).entry(*of.of(other)).or_default() += weight;
                }
            }
        }
        let adjacency = edges
            .into_values()
            .into_iter()
            .map(|edges| {
                let mut list: Vec<(Node, u64)> = edges.into_iter().collect();
                list.sort_unstable();
                list
            })
            .collect();
        Self { adjacency, sizes }
    }
}

fn renumber(of: &mut Per<Node, Node>) -> usize {
    let mut names: FxHashMap<Node, Node> = FxHashMap::default();
    for (_, community) in of.iter_mut() {
        let next = Node::new(names.len());
        *community = *names.entry(*community).or_insert(next);
    }
    names.len()
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Cancel, Silent};

    use crate::account::{AccountIndex, AccountSet};
    use crate::index::Place;
    use crate::seek::graph::Graph;
    use crate::work::Work;

    fn communities(graph: &Graph, resolution: u64) -> Vec<AccountSet> {
        super::communities(graph, resolution, Work::new(&Cancel::default(), &Silent)).unwrap()
    }

    fn graph(accounts: usize, edges: impl Iterator<Item = (usize, usize, u64)>) -> Graph {
        Graph::new(accounts, edges.map(|(a, b, weight)| (AccountIndex::new(a), AccountIndex::new(b), weight)))
    }

    /// Two groups of five, each fully linked, with one weak link between them.
    fn two_groups(bridge: u64) -> Graph {
        let within = |offset: usize| (0..5).flat_map(move |a| (a + 1..5).map(move |b| (offset + a, offset + b, 500)));
        graph(11, within(0).chain(within(5)).chain([(4, 5, bridge)]))
    }

    #[test]
    fn a_bridge_does_not_merge_what_it_connects() {
        let groups = communities(&two_groups(100), 50);
        assert_eq!(groups, [AccountSet::from([0, 1, 2, 3, 4]), AccountSet::from([5, 6, 7, 8, 9])]);
    }

    #[test]
    fn a_resolution_above_every_link_leaves_nothing() {
        assert!(communities(&two_groups(100), 600).is_empty());
    }

    #[test]
    fn a_chain_of_weak_links_is_no_community() {
        let chain = graph(100, (0..99).map(|a| (a, a + 1, 100)));
        assert!(communities(&chain, 90).iter().all(|group| group.len() <= 3));
    }
}
