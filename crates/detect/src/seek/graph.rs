use crate::account::{AccountIndex, PerAccount};

/// A sparse undirected graph of accounts with integer weights, as adjacency lists in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// Where the neighbours of each account begin, and how many there are.
    ranges: PerAccount<(usize, usize)>,
    neighbours: Vec<(AccountIndex, u32)>,
}

impl Graph {
    /// From edges in any order; parallel edges add up, loops are dropped. Weights are kept up to 2^32 − 1.
    pub(crate) fn new(accounts: usize, edges: impl IntoIterator<Item = (AccountIndex, AccountIndex, u64)>) -> Self {
        let mut directed: Vec<(AccountIndex, AccountIndex, u32)> = Vec::new();
        for (a, b, weight) in edges {
            #[expect(clippy::cast_possible_truncation, reason = "cut off at what 32 bits hold")]
            let weight = weight.min(u32::MAX.into()) as u32;
            if a != b {
                directed.push((a, b, weight));
                directed.push((b, a, weight));
            }
        }
        directed.sort_unstable_by_key(|&(a, b, _)| (a, b));
        let mut ranges = PerAccount::filled((0, 0), accounts);
        let mut neighbours: Vec<(AccountIndex, u32)> = Vec::with_capacity(directed.len());
        for of_one in directed.chunk_by(|a, b| a.0 == b.0) {
            let begin = neighbours.len();
            for parallel in of_one.chunk_by(|a, b| a.1 == b.1) {
                let sum = |weight: u32, edge: &(AccountIndex, AccountIndex, u32)| weight.saturating_add(edge.2);
                neighbours.extend(parallel.first().map(|edge| (edge.1, parallel.iter().fold(0, sum))));
            }
            if let Some((from, ..)) = of_one.first() {
                *ranges.of_mut(*from) = (begin, neighbours.len() - begin);
            }
        }
        Self { ranges, neighbours }
    }

    pub(crate) fn accounts(&self) -> usize {
        self.ranges.len()
    }

    pub(crate) fn neighbours(&self, account: AccountIndex) -> &[(AccountIndex, u32)] {
        let &(begin, count) = self.ranges.of(account);
        self.neighbours.get(begin..begin + count).unwrap_or_default()
    }

    /// Every account with its neighbours.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (AccountIndex, &[(AccountIndex, u32)])> {
        self.ranges.places().map(|account| (account, self.neighbours(account)))
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::account::AccountIndex;
    use crate::index::Place;

    #[test]
    fn parallel_edges_add_up_and_loops_are_dropped() {
        let edges = [(0, 2, 3), (2, 0, 4), (1, 1, 9), (2, 1, u64::MAX)];
        let at = AccountIndex::new;
        let graph = Graph::new(4, edges.map(|(a, b, weight)| (at(a), at(b), weight)));
        assert_eq!(graph.neighbours(at(2)), [(at(0), 7), (at(1), u32::MAX)]);
        assert_eq!(graph.neighbours(at(0)), [(at(2), 7)]);
        assert!(graph.neighbours(at(3)).is_empty());
    }
}
