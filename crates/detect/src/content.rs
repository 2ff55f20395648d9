//! Who repeats what: passages that several accounts repeat, the graph that they span, and how a set of accounts words
//! what it shares.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use stillwatch_core::{Random, median};
use stillwatch_digest::estimated_count;

use crate::graph::Graph;
use crate::null::few;
use crate::parameters::{ALL_PAIRS, LEAST_COMMON, LEAST_REPEATS, LEAST_ROTATION, MOST_MEMBERS, MOST_UNIFORM};
use crate::population::Population;

const MILLION: f64 = 1_000_000.0;
const MOST_SHARED: usize = 32;
/// Exchanges that an account must have to show a rotation above the least one, since each passage counts from its third
/// repetition on.
const ENOUGH_TO_ROTATE: f64 = LEAST_REPEATS as f64 * LEAST_ROTATION + 1.0;

/// Passages with the same holders, which stand or fall together: a template, or a part of one.
#[derive(Clone, Debug)]
struct Template {
    holders: Vec<u32>,
    passages: u64,
    /// Rarity of one passage: ln(owners / owners that repeat it), in millionths.
    rarity: u64,
}

/// Templates, and what each account repeats in all.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContentIndex {
    templates: Vec<Template>,
    /// Per account, the rarity of all passages that it repeats, in millionths.
    repeated: Vec<u64>,
}

impl ContentIndex {
    pub(crate) fn new(population: &Population) -> Self {
        let mut held: Vec<(u64, u32)> = Vec::new();
        for (account, profile) in (0_u32..).zip(&population.profiles) {
            held.extend(profile.passages.iter().map(|&(passage, _)| (passage, account)));
        }
        held.sort_unstable();
        // Ordered by holders, so that nothing below depends on the values of fingerprints.
        let mut grouped: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for chunk in held.chunk_by(|a, b| a.0 == b.0) {
            *grouped.entry(chunk.iter().map(|pair| pair.1).collect()).or_default() += 1;
        }
        let owners = population.owners();
        let total = f64::from(owners.iter().max().map_or(1, |&last| last + 1));
        let mut index = Self { templates: Vec::new(), repeated: vec![0; population.profiles.len()] };
        for (holders, passages) in grouped {
            let mut of: Vec<u32> = holders.iter().map(|&holder| owners[holder as usize]).collect();
            of.sort_unstable();
            of.dedup();
            #[expect(clippy::cast_precision_loss, reason = "numbers of owners")]
            let rarity = millionths((total / of.len() as f64).ln());
            for &holder in &holders {
                index.repeated[holder as usize] += rarity * passages;
            }
            if holders.len() > 1 {
                index.templates.push(Template { holders, passages, rarity });
            }
        }
        index
    }

    /// Accounts linked by the rarity of the passages that both repeat, as a share of the geometric mean of what each
    /// repeats in all, in millionths.
    pub(crate) fn graph(&self) -> Graph {
        let mut pairs: FxHashMap<(u32, u32), u64> = FxHashMap::default();
        for template in &self.templates {
            template.link(|a, b, weight| *pairs.entry((a.min(b), a.max(b))).or_default() += weight);
        }
        let similarity = |((a, b), weight): ((u32, u32), u64)| {
            #[expect(clippy::cast_precision_loss, reason = "ratios of sums")]
            let share =
                weight as f64 / (self.repeated[a as usize] as f64 * self.repeated[b as usize] as f64).sqrt().max(1.0);
            (a, b, millionths(share))
        };
        Graph::new(self.repeated.len(), pairs.into_iter().map(similarity))
    }
}

impl Template {
    /// Every pair of a small template. In a large one the holders stand in a ring, in an order drawn from the holders
    /// themselves, and each is linked to those that follow; the weight is scaled so that the sum stays the same.
    fn link(&self, mut add: impl FnMut(u32, u32, u64)) {
        let count = self.holders.len();
        let weight = self.rarity * self.passages;
        if count <= ALL_PAIRS {
            for (at, &a) in self.holders.iter().enumerate() {
                self.holders[at + 1..].iter().for_each(|&b| add(a, b, weight));
            }
            return;
        }
        let seed = self.holders.iter().fold(0, |seed, &holder| Random::new(seed, u64::from(holder)).next_u64());
        let mut ring = self.holders.clone();
        Random::new(seed, 0).shuffle(&mut ring);
        let reach = ALL_PAIRS / 2;
        let scaled = weight * (count as u64 - 1) / (2 * reach as u64);
        for at in 0..count {
            (1..=reach).for_each(|step| add(ring[at], ring[(at + step) % count], scaled));
        }
    }
}

fn millionths(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let scaled = (value * MILLION).round() as u64;
    scaled
}

/// How a set of accounts words what it shares.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wording {
    /// Passages that at least three owners (and as many as a twentieth of the accounts) of the set repeat.
    pub(crate) shared: Vec<u64>,
    /// The passages that most accounts repeat, with their number, most first.
    pub(crate) most_shared: Vec<(u64, usize)>,
    /// Per member, the number of shared passages that it repeats.
    pub(crate) counts: Vec<f64>,
    /// Median number of shared passages that a member repeats.
    pub(crate) repeated: f64,
    /// Median share of a member's exchanges that hold any of them.
    pub(crate) coverage: f64,
    /// Median number of exchanges with any shared passage for each exchange with a given one: 1 for a fixed template,
    /// more for wording that is changed from request to request.
    pub(crate) rotation: f64,
    /// Of the members with enough exchanges to tell, the share whose own wording is drawn anew from what all have in
    /// common: it rotates, and a good part of what the account repeats is shared.
    pub(crate) drawn: f64,
    /// Per member, the share of the shared passages' exchanges, 0 to 1.
    pub(crate) affinity: Vec<f64>,
}

impl Wording {
    pub(crate) fn new(population: &Population, owners: &[u32], accounts: &[u32]) -> Self {
        let mut held: Vec<(u64, u32)> = accounts
            .iter()
            .flat_map(|&at| {
                let owner = owners[at as usize];
                population.profiles[at as usize].passages.iter().map(move |held| (held.0, owner))
            })
            .collect();
        held.sort_unstable();
        let least = (accounts.len() / 20).max(LEAST_REPEATS as usize);
        // What an owner's own accounts have in common is no surprise.
        let mut most_shared: Vec<(u64, usize)> = held
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|chunk| chunk.chunk_by(|a, b| a.1 == b.1).count() >= least)
            .map(|chunk| (chunk[0].0, chunk.len()))
            .collect();
        let shared: Vec<u64> = most_shared.iter().map(|shared| shared.0).collect();
        most_shared.sort_unstable_by_key(|&(passage, accounts)| (std::cmp::Reverse(accounts), passage));
        most_shared.truncate(MOST_SHARED);
        let mut wording = Self { shared, most_shared, ..Self::default() };
        let (mut counts, mut coverages, mut rotations) = (Vec::new(), Vec::new(), Vec::new());
        let mut drawn = 0.0;
        for &account in accounts {
            let profile = &population.profiles[account as usize];
            let own = wording.of(profile);
            let any = own.iter().fold(0, |any: u64, slots| any | slots);
            let coverage =
                f64::from((any & profile.text_slots).count_ones()) / f64::from(profile.text_slots.count_ones().max(1));
            wording.affinity.push(coverage);
            #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
            let count = own.len() as f64;
            counts.push(count);
            coverages.push(coverage);
            let of_any = estimated_count(any.count_ones());
            if of_any >= ENOUGH_TO_ROTATE {
                let of_each: f64 = own.iter().map(|slots| estimated_count(slots.count_ones())).sum();
                let rotation = of_any * count / of_each;
                #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
                let common = count / profile.passages.len() as f64;
                drawn += f64::from(u8::from(rotation > LEAST_ROTATION && common >= LEAST_COMMON));
                rotations.push(rotation);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let able = rotations.len().max(1) as f64;
        // A few that do so say nothing about the others.
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let enough = drawn > few(accounts.len()) as f64;
        wording.drawn = if enough { drawn / able } else { 0.0 };
        wording.repeated = median(&mut counts.clone());
        wording.counts = counts;
        wording.coverage = median(&mut coverages);
        wording.rotation = median(&mut rotations);
        wording
    }

    /// Whether the wording is drawn anew from request to request and account by account. Whoever takes over a published
    /// template, or a set of them, repeats them as they are: all of it, and each part as often as the whole.
    pub(crate) fn is_generated(&self) -> bool {
        self.drawn >= MOST_MEMBERS && self.uniformity() < MOST_UNIFORM
    }

    /// The share of what the set has in common that its median account repeats: near 1 for a published template.
    pub(crate) fn uniformity(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
        let shared = self.shared.len().max(1) as f64;
        self.repeated / shared
    }

    /// Accounts outside the set that repeat half as many of the shared passages as a member does.
    pub(crate) fn outside(&self, population: &Population, accounts: &[u32]) -> usize {
        let least = (self.repeated / 2.0).max(1.0);
        let shared: FxHashSet<u64> = self.shared.iter().copied().collect();
        #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
        let repeats = |at: &u32| {
            let passages = &population.profiles[*at as usize].passages;
            passages.iter().filter(|held| shared.contains(&held.0)).count() as f64 >= least
        };
        let everyone = u32::try_from(population.profiles.len()).unwrap_or(0);
        (0..everyone).filter(|at| accounts.binary_search(at).is_err()).filter(repeats).count()
    }

    /// The slot sets of the shared passages that an account repeats.
    fn of(&self, profile: &crate::profile::Profile) -> Vec<u64> {
        profile
            .passages
            .iter()
            .filter(|(passage, _)| self.shared.binary_search(passage).is_ok())
            .map(|&(_, slots)| slots)
            .collect()
    }
}
