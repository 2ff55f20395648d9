//! Who repeats what: passages that several accounts repeat, and the graph that they span.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use stillwatch_core::Random;

use crate::parameters::ALL_PAIRS;
use crate::population::Population;
use crate::seek::graph::Graph;

const MILLION: f64 = 1_000_000.0;

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
