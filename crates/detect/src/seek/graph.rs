/// A sparse undirected graph with integer weights, as adjacency lists in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    offsets: Vec<usize>,
    neighbours: Vec<(u32, u32)>,
}

impl Graph {
    /// From edges in any order; parallel edges add up, loops are dropped.
    pub(crate) fn new(nodes: usize, edges: impl IntoIterator<Item = (u32, u32, u64)>) -> Self {
        let mut directed: Vec<(u32, u32, u32)> = Vec::new();
        for (a, b, weight) in edges {
            let weight = u32::try_from(weight).unwrap_or(u32::MAX);
            if a != b {
                directed.push((a, b, weight));
                directed.push((b, a, weight));
            }
        }
        directed.sort_unstable_by_key(|&(a, b, _)| (a, b));
        let mut offsets = vec![0; nodes + 1];
        let mut neighbours: Vec<(u32, u32)> = Vec::with_capacity(directed.len());
        let mut last = None;
        for (from, to, weight) in directed {
            if last == Some((from, to)) {
                if let Some(edge) = neighbours.last_mut() {
                    edge.1 = edge.1.saturating_add(weight);
                }
                continue;
            }
            last = Some((from, to));
            neighbours.push((to, weight));
            offsets[from as usize + 1] += 1;
        }
        for node in 0..nodes {
            offsets[node + 1] += offsets[node];
        }
        Self { offsets, neighbours }
    }

    pub(crate) fn nodes(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    pub(crate) fn neighbours(&self, node: u32) -> &[(u32, u32)] {
        &self.neighbours[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }
}
