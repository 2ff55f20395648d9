//! Accounts that say too little, or mix it with too much else, to repeat anything, and are known by the idiom of a
//! community all the same.
//!
//! A generator draws each request from a stock of phrases. An account with a dozen requests repeats few of them, but
//! uses dozens once. The idiom of a community is what several of its owners say and hardly anybody else; an account
//! outside joins the community whose idiom it speaks most, if it speaks more of it than chance explains. Communities of
//! innocent users have idioms too and compete for their own.

use rustc_hash::FxHashMap;
use stillwatch_core::poisson_upper_tail;

use crate::parameters::{JOINING_LEVEL, LEAST_REPEATS, TYPICAL};
use crate::population::Population;
use crate::profile::Profile;

/// By the third pass hardly anybody joins any more.
const PASSES: usize = 3;

/// Communities with the accounts that joined them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growth {
    /// Per account, the community that it joined.
    joined: Vec<Option<u32>>,
    /// The communities, ascending, each with those that joined it.
    grown: Vec<Vec<u32>>,
}

/// What an account speaks of one community's idiom.
#[derive(Clone, Copy, Debug, Default)]
struct Spoken {
    passages: u32,
    /// The slots of the exchanges that hold any of them.
    slots: u64,
    /// Logarithm of how much likelier members are to say them than others.
    weight: f64,
}

impl Growth {
    /// `cores` are disjoint communities, each ascending. Those who joined speak for the community in the next pass.
    pub(crate) fn new(population: &Population, owners: &[u32], cores: &[Vec<u32>]) -> Self {
        let mut growth = Self { joined: vec![None; population.profiles.len()], grown: cores.to_vec() };
        for _ in 0..PASSES {
            growth = growth.next(population, owners, cores);
        }
        growth
    }

    fn next(&self, population: &Population, owners: &[u32], cores: &[Vec<u32>]) -> Self {
        let profiles = &population.profiles;
        let mut inside: Vec<Option<u32>> = vec![None; profiles.len()];
        for (at, core) in (0_u32..).zip(cores) {
            core.iter().for_each(|&account| inside[account as usize] = Some(at));
        }
        let idioms = idioms(population, owners, &self.grown);
        let spoken: Vec<FxHashMap<u32, Spoken>> = profiles.iter().map(|profile| spoken(profile, &idioms)).collect();
        let rates = rates(population, &inside, &spoken, cores.len());
        let mut growth = Self { joined: vec![None; profiles.len()], grown: cores.to_vec() };
        for (account, spoken) in (0_u32..).zip(&spoken).filter(|(account, _)| inside[*account as usize].is_none()) {
            let said = profiles[account as usize].sample().count();
            let beyond_chance = |(core, spoken): &(&u32, &Spoken)| {
                #[expect(clippy::cast_precision_loss, reason = "numbers of passages and accounts")]
                let (expected, accounts) = (rates[**core as usize] * said as f64, profiles.len() as f64);
                spoken.slots.count_ones() >= LEAST_REPEATS
                    && poisson_upper_tail(u64::from(spoken.passages), expected) * accounts <= JOINING_LEVEL
            };
            let nearest =
                spoken.iter().max_by(|a, b| a.1.weight.total_cmp(&b.1.weight).then(b.0.cmp(a.0))).filter(beyond_chance);
            if let Some((&core, _)) = nearest {
                growth.joined[account as usize] = Some(core);
                growth.grown[core as usize].push(account);
            }
        }
        growth.grown.iter_mut().for_each(|grown| grown.sort_unstable());
        growth
    }

    /// The communities that anybody joined.
    pub(crate) fn grown(&self) -> impl Iterator<Item = &Vec<u32>> {
        let mut any = vec![false; self.grown.len()];
        self.joined.iter().flatten().for_each(|&core| any[core as usize] = true);
        self.grown.iter().zip(any).filter_map(|(grown, any)| any.then_some(grown))
    }

    /// Whether an account joined a community most of which belongs to these accounts.
    pub(crate) fn belongs(&self, account: u32, accounts: &[u32]) -> bool {
        self.joined[account as usize].is_some_and(|core| {
            let grown = &self.grown[core as usize];
            2 * grown.iter().filter(|member| accounts.binary_search(member).is_ok()).count() > grown.len()
        })
    }
}

/// For each passage that is typical of a community, the community and the weight.
fn idioms(population: &Population, owners: &[u32], cores: &[Vec<u32>]) -> FxHashMap<u64, Vec<(u32, f64)>> {
    let mut everywhere: FxHashMap<u64, u32> = FxHashMap::default();
    for (passage, _) in population.profiles.iter().flat_map(Profile::sample) {
        *everywhere.entry(passage).or_default() += 1;
    }
    let rate = |holders: u32, of: usize| {
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let accounts = of as f64;
        (f64::from(holders) + 0.5) / (accounts + 1.0)
    };
    let mut idioms: FxHashMap<u64, Vec<(u32, f64)>> = FxHashMap::default();
    for (at, core) in (0_u32..).zip(cores) {
        let mut held: Vec<(u64, u32)> = Vec::new();
        for &account in core {
            let owner = owners[account as usize];
            held.extend(population.profiles[account as usize].sample().map(|(passage, _)| (passage, owner)));
        }
        held.sort_unstable();
        for chunk in held.chunk_by(|a, b| a.0 == b.0) {
            let passage = chunk[0].0;
            let speakers = chunk.chunk_by(|a, b| a.1 == b.1).count();
            let holders = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            let others = everywhere[&passage].saturating_sub(holders);
            let ratio = rate(holders, core.len()) / rate(others, population.profiles.len() - core.len());
            if speakers >= LEAST_REPEATS as usize && ratio >= TYPICAL {
                idioms.entry(passage).or_default().push((at, ratio.ln()));
            }
        }
    }
    idioms
}

fn spoken(profile: &Profile, idioms: &FxHashMap<u64, Vec<(u32, f64)>>) -> FxHashMap<u32, Spoken> {
    let mut spoken: FxHashMap<u32, Spoken> = FxHashMap::default();
    for (passage, slots) in profile.sample() {
        for &(core, weight) in idioms.get(&passage).into_iter().flatten() {
            let of = spoken.entry(core).or_default();
            of.passages += 1;
            of.slots |= slots;
            of.weight += weight;
        }
    }
    spoken
}

/// Of the passages that others say, how many belong to the idiom of each community. Those who will join are among the
/// others, so this errs on the side of chance.
fn rates(population: &Population, inside: &[Option<u32>], spoken: &[FxHashMap<u32, Spoken>], cores: usize) -> Vec<f64> {
    let mut idiom = vec![0_u64; cores];
    let mut own = vec![0_u64; cores];
    let mut all = 0;
    for ((profile, inside), spoken) in population.profiles.iter().zip(inside).zip(spoken) {
        let said = profile.sample().count() as u64;
        all += said;
        if let Some(core) = inside {
            own[*core as usize] += said;
        }
        for (core, of) in spoken.iter().filter(|(core, _)| *inside != Some(**core)) {
            idiom[*core as usize] += u64::from(of.passages);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
    let rate = |(idiom, own): (&u64, &u64)| *idiom as f64 / (all - own).max(1) as f64;
    idiom.iter().zip(&own).map(rate).collect()
}
