//! Accounts that take over from each other at the limit: one is refused for its rate and falls silent, another begins
//! within the minute.
//!
//! How many begin within the minute by chance is told by how many begin within the half-hour around.

use stillwatch_core::{float, poisson_upper_tail};

use crate::account::{AccountIndex, AccountSet};
use crate::parameters::{HANDOVER_SECONDS, HANDOVER_WITHIN};
use crate::population::Population;

/// Hand-overs among the accounts of a set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handover {
    /// Stops at the limit that another account follows within the minute.
    pub(crate) followed: u64,
    pub(crate) stops: u64,
    /// As many as would be followed by chance.
    pub(crate) expected: f64,
    /// Probability of so many, times the number of sets that were looked at.
    pub(crate) p: f64,
}

impl Handover {
    pub(crate) fn new(population: &Population, accounts: &AccountSet, sets: usize) -> Self {
        let mut starts: Vec<(i64, AccountIndex)> = Vec::new();
        for at in accounts.iter() {
            starts.extend(population.profile(at).starts.iter().map(|&start| (start, at)));
        }
        starts.sort_unstable();
        let (mut followed, mut stops, mut expected) = (0, 0, 0.0);
        for at in accounts.iter() {
            for &stop in &population.profile(at).stops {
                let others = |from: i64, until: i64| {
                    let first = starts.partition_point(|start| start.0 < from);
                    let since = starts.iter().skip(first).take_while(|start| start.0 <= until);
                    since.filter(|start| start.1 != at).count()
                };
                stops += 1;
                followed += u64::from(others(stop, stop + HANDOVER_SECONDS) > 0);
                #[expect(clippy::cast_precision_loss, reason = "seconds of an hour")]
                let (after, before) = (HANDOVER_SECONDS as f64, HANDOVER_WITHIN as f64);
                let rate = float(others(stop - HANDOVER_WITHIN, stop - 1)) * after / before;
                // Half a start more than was seen, so that a quiet half-hour is no certainty.
                expected += (rate + 0.5 * after / before).min(1.0);
            }
        }
        let p = (poisson_upper_tail(followed, expected) * float(sets.max(1))).min(1.0);
        Self { followed, stops, expected, p }
    }
}

#[cfg(test)]
mod tests {
    use super::Handover;
    use crate::account::AccountSet;
    use crate::made::profile;
    use crate::population::Population;

    /// Accounts that stop and begin at these seconds.
    fn population(times: &[(&[i64], &[i64])]) -> Population {
        let made = |(at, (stops, starts)): (usize, &(&[i64], &[i64]))| {
            let mut profile = profile(at);
            (profile.stops, profile.starts) = (stops.to_vec(), starts.to_vec());
            profile
        };
        times.iter().enumerate().map(made).collect()
    }

    #[test]
    fn an_account_that_begins_when_another_stops_takes_over() {
        let hours: Vec<i64> = (1..9).map(|hour| hour * 7_200).collect();
        let soon: Vec<i64> = hours.iter().map(|hour| hour + 30).collect();
        let late: Vec<i64> = hours.iter().map(|hour| hour + 300).collect();
        let all = AccountSet::from([0, 1]);
        let taken = Handover::new(&population(&[(&hours, &[]), (&[], &soon)]), &all, 10);
        assert_eq!((taken.followed, taken.stops), (8, 8));
        assert!(taken.p < 1e-3, "{}", taken.p);
        let apart = Handover::new(&population(&[(&hours, &[]), (&[], &late)]), &all, 10);
        assert_eq!((apart.followed, apart.stops), (0, 8));
        assert!(apart.p > 0.5);
        // Nobody takes over from itself.
        let alone = Handover::new(&population(&[(&hours, &soon), (&[], &[])]), &all, 10);
        assert_eq!(alone.followed, 0);
    }
}
