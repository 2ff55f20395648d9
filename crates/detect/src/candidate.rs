//! Sets of accounts worth testing.

use crate::community::communities;
use crate::graph::Graph;
use crate::parameters::{LEAST_ACCOUNTS, RESOLUTIONS};

/// A set of accounts that say the same, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) accounts: Vec<u32>,
    pub(crate) origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A community at the coarse resolution.
    Coarse,
    /// A community at the fine resolution.
    Fine,
    /// What a coarse community leaves when its largest fine parts are taken out.
    Rest,
}

/// Content communities at every resolution, and the rests that finer ones leave of coarser ones.
pub(crate) fn candidates(content: &Graph) -> Vec<Candidate> {
    let levels = RESOLUTIONS.map(|resolution| large(content, resolution));
    let mut all: Vec<Candidate> = Vec::new();
    for (depth, level) in levels.iter().enumerate() {
        let origin = if depth == 0 { Origin::Coarse } else { Origin::Fine };
        all.extend(level.iter().map(|accounts| Candidate { accounts: accounts.clone(), origin }));
        for finer in &levels[depth + 1..] {
            let rests = level.iter().flat_map(|parent| rests(parent, finer));
            all.extend(rests.map(|accounts| Candidate { accounts, origin: Origin::Rest }));
        }
    }
    all.sort_by(|a, b| a.accounts.cmp(&b.accounts).then((a.origin as u8).cmp(&(b.origin as u8))));
    all.dedup_by(|later, earlier| later.accounts == earlier.accounts);
    all
}

fn large(graph: &Graph, resolution: u64) -> Vec<Vec<u32>> {
    let mut level = communities(graph, resolution);
    level.retain(|accounts| accounts.len() >= LEAST_ACCOUNTS);
    level
}

/// The parent without its largest part, without its second largest, and without both.
fn rests(parent: &[u32], finer: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut parts: Vec<&Vec<u32>> = finer
        .iter()
        .filter(|part| 5 * part.len() >= parent.len() && 2 * overlap(parent, part) > part.len())
        .collect();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    let without = |taken: &[&Vec<u32>]| -> Vec<u32> {
        let left = |account: &u32| taken.iter().all(|part| part.binary_search(account).is_err());
        parent.iter().copied().filter(left).collect()
    };
    [parts.get(..1), parts.get(1..2), parts.get(..2)]
        .into_iter()
        .flatten()
        .map(without)
        .filter(|rest| rest.len() >= LEAST_ACCOUNTS)
        .collect()
}

/// Accounts in both; both are ascending.
pub(crate) fn overlap(a: &[u32], b: &[u32]) -> usize {
    let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
    small.iter().filter(|account| large.binary_search(account).is_ok()).count()
}
