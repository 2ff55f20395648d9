//! How a set of accounts words what it shares: with a fixed template, or drawn anew from request to request.

use rustc_hash::FxHashSet;
use stillwatch_core::{float, median, ratio};
use stillwatch_digest::estimated_count;

use crate::account::{AccountSet, OwnerIndex, Owners};
use crate::parameters::{LEAST_COMMON, LEAST_REPEATS, LEAST_ROTATION, MOST_MEMBERS, MOST_UNIFORM, few};
use crate::population::Population;
use crate::profile::Profile;

const MOST_SHARED: usize = 32;
/// Exchanges that an account must have to show a rotation above the least one, since each passage counts from its third
/// repetition on.
const ENOUGH_TO_ROTATE: f64 = LEAST_REPEATS as f64 * LEAST_ROTATION + 1.0;

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
    /// Per member, the slots of the exchanges that hold any of the shared passages.
    pub(crate) slots: Vec<u64>,
}

impl Wording {
    pub(crate) fn new(population: &Population, owners: &Owners, accounts: &AccountSet) -> Self {
        let mut held: Vec<(u64, OwnerIndex)> = accounts
            .iter()
            .flat_map(|at| {
                let owner = owners.of(at);
                population.profile(at).passages.iter().map(move |held| (held.0, owner))
            })
            .collect();
        held.sort_unstable();
        let least = (accounts.len() / 20).max(LEAST_REPEATS as usize);
        // What an owner's own accounts have in common is no surprise.
        let mut most_shared: Vec<(u64, usize)> = held
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|chunk| chunk.chunk_by(|a, b| a.1 == b.1).count() >= least)
            .filter_map(|chunk| Some((chunk.first()?.0, chunk.len())))
            .collect();
        let shared: Vec<u64> = most_shared.iter().map(|shared| shared.0).collect();
        most_shared.sort_unstable_by_key(|&(passage, accounts)| (std::cmp::Reverse(accounts), passage));
        most_shared.truncate(MOST_SHARED);
        let mut wording = Self { shared, most_shared, ..Self::default() };
        let (mut counts, mut coverages, mut rotations) = (Vec::new(), Vec::new(), Vec::new());
        let mut drawn = 0;
        for profile in population.of(accounts) {
            let own = wording.of(profile);
            let any = own.iter().fold(0, |any: u64, slots| any | slots);
            let coverage =
                f64::from((any & profile.text_slots).count_ones()) / f64::from(profile.text_slots.count_ones().max(1));
            wording.affinity.push(coverage);
            wording.slots.push(any);
            let count = float(own.len());
            counts.push(count);
            coverages.push(coverage);
            let of_any = estimated_count(any.count_ones());
            if of_any >= ENOUGH_TO_ROTATE {
                let of_each: f64 = own.iter().map(|slots| estimated_count(slots.count_ones())).sum();
                let rotation = of_any * count / of_each;
                let common = ratio(own.len(), profile.passages.len());
                drawn += usize::from(rotation > LEAST_ROTATION && common >= LEAST_COMMON);
                rotations.push(rotation);
            }
        }
        // A few that do so say nothing about the others.
        wording.drawn = if drawn > few(accounts.len()) { ratio(drawn, rotations.len()) } else { 0.0 };
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
        self.repeated / float(self.shared.len().max(1))
    }

    /// Accounts outside the set that repeat half as many of the shared passages as a member does.
    pub(crate) fn outside(&self, population: &Population, accounts: &AccountSet) -> usize {
        let least = (self.repeated / 2.0).max(1.0);
        let shared: FxHashSet<u64> = self.shared.iter().copied().collect();
        let repeats = |profile: &Profile| {
            let repeated = profile.passages.iter().filter(|held| shared.contains(&held.0)).count();
            float(repeated) >= least
        };
        let others = population.iter().filter(|(account, _)| !accounts.contains(*account));
        others.filter(|(_, profile)| repeats(profile)).count()
    }

    /// The slot sets of the shared passages that an account repeats.
    fn of(&self, profile: &Profile) -> Vec<u64> {
        profile
            .passages
            .iter()
            .filter(|(passage, _)| self.shared.binary_search(passage).is_ok())
            .map(|&(_, slots)| slots)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Wording;
    use crate::account::AccountSet;
    use crate::made::{population, profile};
    use crate::population::Population;

    /// Twelve accounts, each with 32 exchanges in slots of their own, that repeat passages with these slots.
    fn wording(passages: impl Fn(u64) -> Vec<(u64, u64)>) -> (Wording, Population) {
        let all = population((0..12).map(|at| profile(at).repeating(&passages(at as u64))));
        let wording =
            Wording::new(&all, &all.owners(), &AccountSet::from(std::array::from_fn::<usize, 10, _>(|at| at)));
        (wording, all)
    }

    #[test]
    fn a_fixed_template_is_repeated_as_it_is() {
        let (wording, all) = wording(|_| (0..6).map(|passage| (passage, u64::from(u32::MAX))).collect());
        assert!((wording.rotation - 1.0).abs() < 1e-9 && !wording.is_generated(), "{}", wording.rotation);
        assert!((wording.uniformity() - 1.0).abs() < 1e-9);
        assert!((wording.coverage - 0.5).abs() < 1e-9);
        assert_eq!(wording.outside(&all, &AccountSet::from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])), 2);
    }

    #[test]
    fn a_generator_draws_anew_from_a_common_stock() {
        // Eight of twenty-four passages an account, each in four of its exchanges.
        let (wording, _) =
            wording(|account| (0..8).map(|nth| ((account * 5 + nth * 3) % 24, 0b1111 << (nth * 4))).collect());
        assert!(wording.rotation > 3.0 && wording.uniformity() < 0.5 && wording.is_generated(), "{wording:?}");
    }

    #[test]
    fn what_two_owners_repeat_is_not_common() {
        let (wording, _) = wording(|account| vec![(account / 2, u64::MAX)]);
        assert!(wording.shared.is_empty() && wording.coverage.abs() < f64::EPSILON);
    }
}
