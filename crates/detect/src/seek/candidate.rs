//! Sets of accounts worth testing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use stillwatch_core::Random;

use crate::parameters::{LEAST_ACCOUNTS, MOST_TESTED, RESOLUTIONS};
use crate::population::Population;
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::seek::growth::Growth;

const SAMPLE_SEED: u64 = 0x511a;

/// Parts of a whole that are taken out of it.
const MOST_PARTS: usize = 4;

/// A set of accounts that say the same, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) accounts: Vec<u32>,
    pub(crate) origin: Origin,
}

impl Candidate {
    /// The accounts that tests look at: of a very large set a sample, drawn without looking at anything they did, so that
    /// cost does not grow with its size. What such a set has in common shows in hundreds.
    pub(crate) fn sample(&self) -> Cow<'_, [u32]> {
        if self.accounts.len() <= MOST_TESTED {
            return Cow::Borrowed(&self.accounts);
        }
        let mut drawn: Vec<(u64, u32)> = self
            .accounts
            .iter()
            .map(|&account| (Random::new(SAMPLE_SEED, account.into()).next_u64(), account))
            .collect();
        drawn.sort_unstable();
        let mut sample: Vec<u32> = drawn.into_iter().take(MOST_TESTED).map(|drawn| drawn.1).collect();
        sample.sort_unstable();
        Cow::Owned(sample)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A community at the coarse resolution.
    Coarse,
    /// A community at the fine resolution.
    Fine,
    /// A community at the finest resolution with the accounts that speak its idiom.
    Grown,
    /// What a coarse community leaves when its largest fine parts are taken out.
    Rest,
    /// Accounts that meet in the same minutes, whatever they say.
    Concert,
    /// Accounts of several organisations with one declared owner, whatever they say.
    Owned,
}

impl Origin {
    /// Whether what the accounts say chose them, so that it is not tested again.
    pub(crate) fn is_by_content(self) -> bool {
        !matches!(self, Self::Concert | Self::Owned)
    }
}

/// Content communities at every resolution, and those of the finest as they have grown, in ascending order.
pub(crate) fn candidates(population: &Population, owners: &[u32], content: &Graph) -> (Vec<Candidate>, Growth) {
    let mut all: Vec<Candidate> = Vec::new();
    let mut growth = Growth::default();
    for (depth, resolution) in RESOLUTIONS.into_iter().enumerate() {
        let level = large(content, resolution);
        if depth + 1 == RESOLUTIONS.len() {
            growth = Growth::new(population, owners, &level);
        }
        let origin = if depth == 0 { Origin::Coarse } else { Origin::Fine };
        all.extend(level.into_iter().map(|accounts| Candidate { accounts, origin }));
    }
    all.extend(growth.grown().map(|accounts| Candidate { accounts: accounts.clone(), origin: Origin::Grown }));
    order(&mut all);
    (all, growth)
}

/// Accounts with one declared owner, where they belong to several organisations.
pub(crate) fn owned(population: &Population, owners: &[u32]) -> Vec<Candidate> {
    let mut by_owner: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (at, profile) in (0_u32..).zip(&population.profiles) {
        if let Some(owner) = profile.account.owner.as_deref() {
            by_owner.entry(owner).or_default().push(at);
        }
    }
    let organizations = |accounts: &[u32]| {
        let mut of: Vec<u32> = accounts.iter().map(|&account| owners[account as usize]).collect();
        of.sort_unstable();
        of.dedup();
        of.len()
    };
    by_owner.retain(|_, accounts| organizations(accounts) >= LEAST_ACCOUNTS);
    by_owner.into_values().map(|accounts| Candidate { accounts, origin: Origin::Owned }).collect()
}

/// What each of these wholes leaves when its largest parts among them are taken out.
pub(crate) fn rests(wholes: &[&Candidate], candidates: &[Candidate]) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = wholes
        .iter()
        .flat_map(|whole| rests_of(&whole.accounts, wholes))
        .map(|accounts| Candidate { accounts, origin: Origin::Rest })
        .collect();
    order(&mut all);
    all.retain(|rest| candidates.iter().all(|other| other.accounts != rest.accounts));
    all
}

fn order(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| a.accounts.cmp(&b.accounts).then((a.origin as u8).cmp(&(b.origin as u8))));
    candidates.dedup_by(|later, earlier| later.accounts == earlier.accounts);
}

fn large(graph: &Graph, resolution: u64) -> Vec<Vec<u32>> {
    let mut level = communities(graph, resolution);
    level.retain(|accounts| accounts.len() >= LEAST_ACCOUNTS);
    level
}

/// The whole without its largest part, without its second largest, and without both; at each resolution.
fn rests_of(whole: &[u32], candidates: &[&Candidate]) -> Vec<Vec<u32>> {
    let mut parts: Vec<&[u32]> = candidates
        .iter()
        .map(|candidate| candidate.accounts.as_slice())
        .filter(|part| {
            part.len() < whole.len() && 5 * part.len() >= whole.len() && 2 * overlap(whole, part) > part.len()
        })
        .collect();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    parts.truncate(MOST_PARTS);
    let without = |taken: &[&[u32]]| -> Vec<u32> {
        let left = |account: &u32| taken.iter().all(|part| part.binary_search(account).is_err());
        whole.iter().copied().filter(left).collect()
    };
    let mut rests: Vec<Vec<u32>> = parts.iter().map(|part| without(&[part])).collect();
    for (at, part) in parts.iter().enumerate() {
        rests.extend(
            parts[at + 1..].iter().filter(|other| overlap(part, other) == 0).map(|other| without(&[part, other])),
        );
    }
    rests.retain(|rest| rest.len() >= LEAST_ACCOUNTS);
    rests
}

/// Accounts in both; both are ascending.
pub(crate) fn overlap(a: &[u32], b: &[u32]) -> usize {
    let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
    small.iter().filter(|account| large.binary_search(account).is_ok()).count()
}
