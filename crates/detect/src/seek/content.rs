//! Who repeats what: passages that several accounts repeat, and the graph that they span.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use stillwatch_core::{Random, count, float, ratio};

use crate::account::{AccountIndex, Owners, PerAccount};
use crate::parameters::ALL_PAIRS;
use crate::population::Population;
use crate::seek::graph::Graph;

pub(crate) const MILLION: f64 = 1_000_000.0;

/// Passages with the same holders, which stand or fall together: a template, or a part of one.
#[derive(Clone, Debug)]
struct Template {
    holders: Vec<AccountIndex>,
    passages: u64,
    /// Rarity of one passage: ln(owners / owners that repeat it), in millionths.
    rarity: u64,
}

/// Templates, and what each account repeats in all.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContentIndex {
    templates: Vec<Template>,
    /// Per account, the rarity of all passages that it repeats, in millionths.
    repeated: PerAccount<u64>,
}

impl ContentIndex {
    pub(crate) fn new(population: &Population, owners: &Owners) -> Self {
        let mut held: Vec<(u64, AccountIndex)> = Vec::new();
        for (account, profile) in population.iter() {
            held.extend(profile.passages.iter().map(|&(passage, _)| (passage, account)));
        }
        held.sort_unstable();
        // Ordered by holders, so that nothing below depends on the values of fingerprints.
        let mut grouped: BTreeMap<Vec<AccountIndex>, u64> = BTreeMap::new();
        for chunk in held.chunk_by(|a, b| a.0 == b.0) {
            *grouped.entry(chunk.iter().map(|pair| pair.1).collect()).or_default() += 1;
        }
        let mut index = Self { templates: Vec::new(), repeated: PerAccount::filled(0, population.len()) };
        for (holders, passages) in grouped {
            let rarity = millionths(ratio(owners.count(), owners.distinct(holders.iter().copied())).ln());
            for &holder in &holders {
                *index.repeated.of_mut(holder) += rarity * passages;
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
        let mut pairs: FxHashMap<(AccountIndex, AccountIndex), u64> = FxHashMap::default();
        for template in &self.templates {
            template.link(|a, b, weight| *pairs.entry((a.min(b), a.max(b))).or_default() += weight);
        }
        let similarity = |((a, b), weight): ((AccountIndex, AccountIndex), u64)| {
            let all = |account| float(*self.repeated.of(account));
            let share = float(weight) / (all(a) * all(b)).sqrt().max(1.0);
            (a, b, millionths(share))
        };
        Graph::new(self.repeated.len(), pairs.into_iter().map(similarity))
    }
}

impl Template {
    /// Every pair of a small template. In a large one the holders stand in a ring, in an order drawn from the holders
    /// themselves, and each is linked to those that follow; the weight is scaled so that the sum stays the same.
    fn link(&self, mut add: impl FnMut(AccountIndex, AccountIndex, u64)) {
        let holders = self.holders.len();
        let weight = self.rarity * self.passages;
        if holders <= ALL_PAIRS {
            for (at, &a) in self.holders.iter().enumerate() {
                self.holders.iter().skip(at + 1).for_each(|&b| add(a, b, weight));
            }
            return;
        }
        let seed = self.holders.iter().fold(0, |seed, &holder| Random::new(seed, holder.stream()).next_u64());
        let mut ring = self.holders.clone();
        Random::new(seed, 0).shuffle(&mut ring);
        let reach = ALL_PAIRS / 2;
        let scaled = weight * (count(holders) - 1) / (2 * count(reach));
        // Past the end of the ring, its beginning follows.
        let beginning: Vec<AccountIndex> = ring.iter().take(reach).copied().collect();
        ring.extend(beginning);
        for (a, following) in ring.windows(reach + 1).filter_map(<[_]>::split_first) {
            for &b in following {
                add(*a, b, scaled);
            }
        }
    }
}

pub(crate) fn millionths(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let scaled = (value * MILLION).round() as u64;
    scaled
}

#[cfg(test)]
mod tests {
    use super::ContentIndex;
    use crate::account::AccountIndex;
    use crate::index::Place;
    use crate::made::{population, profile};
    use crate::parameters::ALL_PAIRS;

    #[test]
    fn accounts_are_linked_by_what_both_repeat() {
        let passages = [vec![(1, 7), (2, 7)], vec![(1, 7), (2, 7)], vec![(2, 7), (9, 7)], vec![(5, 7)]];
        let all = population(passages.iter().enumerate().map(|(at, passages)| profile(at).repeating(passages)));
        let graph = ContentIndex::new(&all, &all.owners()).graph();
        let linked: Vec<usize> =
            graph.neighbours(AccountIndex::new(0)).iter().map(|(other, _)| other.place()).collect();
        assert_eq!(linked, [1, 2]);
        let weight = |at: usize| graph.neighbours(AccountIndex::new(0)).get(at).unwrap().1;
        assert_eq!(weight(0), 1_000_000, "they repeat nothing else");
        assert!(weight(1) < 300_000);
        assert!(graph.neighbours(AccountIndex::new(3)).is_empty());
    }

    #[test]
    fn in_a_large_template_everybody_has_equally_many_links() {
        let holders = 3 * ALL_PAIRS;
        let all = population((0..holders + 10).map(|at| {
            if at < holders { profile(at).repeating(&[(1, 7)]) } else { profile(at).repeating(&[(at as u64, 7)]) }
        }));
        let graph = ContentIndex::new(&all, &all.owners()).graph();
        for account in 0..holders {
            assert_eq!(graph.neighbours(AccountIndex::new(account)).len(), ALL_PAIRS, "{account}");
        }
    }
}
