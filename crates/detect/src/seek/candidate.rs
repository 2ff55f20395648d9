//! Sets of accounts worth testing.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use stillwatch_core::{Cancelled, Random};

use crate::account::{AccountIndex, AccountSet, Owners};
use crate::parameters::{LEAST_ACCOUNTS, MOST_TESTED, RESOLUTIONS};
use crate::population::Population;
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::seek::growth::Growth;
use crate::work::Work;

const SAMPLE_SEED: u64 = 0x511a;

/// Parts of a whole that are taken out of it.
const MOST_PARTS: usize = 4;

/// A set of accounts that say the same, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) accounts: AccountSet,
    pub(crate) origin: Origin,
}

impl Candidate {
    /// The accounts that tests look at: of a very large set a sample, drawn without looking at anything they did, so that
    /// cost does not grow with its size. What such a set has in common shows in hundreds.
    pub(crate) fn sample(&self) -> Cow<'_, AccountSet> {
        if self.accounts.len() <= MOST_TESTED {
            return Cow::Borrowed(&self.accounts);
        }
        let draw = |account: AccountIndex| (Random::new(SAMPLE_SEED, account.stream()).next_u64(), account);
        let mut drawn: Vec<(u64, AccountIndex)> = self.accounts.iter().map(draw).collect();
        drawn.sort_unstable();
        Cow::Owned(drawn.into_iter().take(MOST_TESTED).map(|drawn| drawn.1).collect())
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
pub(crate) fn candidates(
    population: &Population,
    owners: &Owners,
    content: &Graph,
    work: Work<'_>,
) -> Result<(Vec<Candidate>, Growth), Cancelled> {
    let mut all: Vec<Candidate> = Vec::new();
    let mut growth = Growth::default();
    for (depth, resolution) in RESOLUTIONS.into_iter().enumerate() {
        let level = large(content, resolution, work)?;
        if depth + 1 == RESOLUTIONS.len() {
            growth = Growth::new(population, owners, &level, work)?;
        }
        let origin = if depth == 0 { Origin::Coarse } else { Origin::Fine };
        all.extend(level.into_iter().map(|accounts| Candidate { accounts, origin }));
    }
    all.extend(growth.grown().map(|accounts| Candidate { accounts: accounts.clone(), origin: Origin::Grown }));
    order(&mut all);
    Ok((all, growth))
}

/// Accounts with one declared owner, where they belong to several organisations.
pub(crate) fn owned(population: &Population, owners: &Owners) -> Vec<Candidate> {
    let mut by_owner: BTreeMap<&str, Vec<AccountIndex>> = BTreeMap::new();
    for (account, profile) in population.iter() {
        if let Some(owner) = profile.account.owner.as_deref() {
            by_owner.entry(owner).or_default().push(account);
        }
    }
    by_owner.retain(|_, accounts| owners.distinct(accounts.iter().copied()) >= LEAST_ACCOUNTS);
    let candidate =
        |accounts: Vec<AccountIndex>| Candidate { accounts: accounts.into_iter().collect(), origin: Origin::Owned };
    by_owner.into_values().map(candidate).collect()
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

fn large(graph: &Graph, resolution: u64, work: Work<'_>) -> Result<Vec<AccountSet>, Cancelled> {
    let mut level = communities(graph, resolution, work)?;
    level.retain(|accounts| accounts.len() >= LEAST_ACCOUNTS);
    Ok(level)
}

/// The whole without its largest part, without its second largest, and without both; at each resolution.
fn rests_of(whole: &AccountSet, candidates: &[&Candidate]) -> Vec<AccountSet> {
    let mut parts: Vec<&AccountSet> = candidates
        .iter()
        .map(|candidate| &candidate.accounts)
        .filter(|part| {
            part.len() < whole.len() && 5 * part.len() >= whole.len() && 2 * whole.overlap(part) > part.len()
        })
        .collect();
    parts.sort_by_key(|part| (Reverse(part.len()), part.first()));
    parts.truncate(MOST_PARTS);
    let mut rests: Vec<AccountSet> = parts.iter().map(|part| whole.difference(part)).collect();
    for (at, part) in parts.iter().enumerate() {
        let apart = parts.iter().skip(at + 1).filter(|other| part.overlap(other) == 0);
        rests.extend(apart.map(|other| whole.difference(part).difference(other)));
    }
    rests.retain(|rest| rest.len() >= LEAST_ACCOUNTS);
    rests
}
