//! Accounts that exchange what they have in a round.

use std::collections::BTreeMap;

use crate::account::{AccountIndex, PerAccount};
use crate::index::{Per, Place};
use crate::parameters::{LEAST_ACCOUNTS, LEAST_STRATUM};
use crate::population::{Population, Stratum};
use crate::seek::way::Candidate;

/// The accounts of each stratum, ascending.
pub(super) fn strata(population: &Population, candidates: &[Candidate]) -> Vec<Vec<AccountIndex>> {
    let of = wide_enough(&population.strata(), candidates);
    let count = of.values().iter().max().map_or(0, |last| last.place() + 1);
    let mut strata: Per<Stratum, Vec<AccountIndex>> = Per::filled(Vec::new(), count);
    for (account, &stratum) in of.iter() {
        strata.of_mut(stratum).push(account);
    }
    strata.into_values()
}

/// Puts into one stratum all those in which some candidate makes up more than half: there it would only change places
/// with itself, and whoever fills in his own country could choose his own null.
fn wide_enough(strata: &PerAccount<Stratum>, candidates: &[Candidate]) -> PerAccount<Stratum> {
    let count = strata.values().iter().max().map_or(0, |last| last.place() + 1);
    let mut sizes: Per<Stratum, usize> = Per::filled(0, count);
    for &stratum in strata.values() {
        *sizes.of_mut(stratum) += 1;
    }
    let mut narrow: Per<Stratum, bool> = Per::filled(false, count);
    let mut inside: BTreeMap<Stratum, usize> = BTreeMap::new();
    for candidate in candidates {
        inside.clear();
        candidate.accounts.iter().for_each(|account| *inside.entry(*strata.of(account)).or_default() += 1);
        for (&stratum, &members) in &inside {
            *narrow.of_mut(stratum) |= members >= LEAST_ACCOUNTS && 2 * members > *sizes.of(stratum);
        }
    }
    let pool = Stratum::new(count);
    // A small stratum is as easy to fill as a new one.
    let is_narrow = |stratum: Stratum| *narrow.of(stratum) || *sizes.of(stratum) < LEAST_STRATUM;
    strata.values().iter().map(|&stratum| if is_narrow(stratum) { pool } else { stratum }).collect()
}

#[cfg(test)]
mod tests {
    use super::wide_enough;
    use crate::account::{AccountIndex, AccountSet, PerAccount};
    use crate::index::Place;
    use crate::population::Stratum;
    use crate::seek::WAYS;
    use crate::seek::way::{Candidate, Part};

    /// A hundred accounts of one country, a hundred of another, ten of a third.
    fn countries() -> PerAccount<Stratum> {
        (0..210)
            .map(|at| {
                Stratum::new(if at < 100 {
                    0
                } else if at < 200 {
                    1
                } else {
                    2
                })
            })
            .collect()
    }

    fn candidate(places: std::ops::Range<usize>) -> Candidate {
        Candidate {
            accounts: places.map(AccountIndex::new).collect::<AccountSet>(),
            way: WAYS[0],
            part: Part::Whole,
            chosen_by: WAYS[0].chosen_by,
            keys: Vec::new(),
        }
    }

    #[test]
    fn small_strata_and_those_that_a_candidate_fills_are_compared_together() {
        let pool = Stratum::new(3);
        let plain = wide_enough(&countries(), &[candidate(0..50)]);
        assert_eq!(plain.values().iter().filter(|stratum| **stratum == pool).count(), 10);
        let filled = wide_enough(&countries(), &[candidate(0..51)]);
        assert_eq!(filled.values().iter().filter(|stratum| **stratum == pool).count(), 110);
        assert_eq!(*filled.of(AccountIndex::new(150)), Stratum::new(1));
    }
}
