//! Accounts that take over from each other at the limit: one is refused for its rate and falls silent, another begins
//! within the minute.
//!
//! How many begin within the minute by chance is told by how many begin within the half-hour around.

use stillwatch_core::poisson_upper_tail;

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
    pub(crate) fn new(population: &Population, accounts: &[u32], sets: usize) -> Self {
        let mut starts: Vec<(i64, u32)> = Vec::new();
        for &at in accounts {
            starts.extend(population.profiles[at as usize].starts.iter().map(|&start| (start, at)));
        }
        starts.sort_unstable();
        let (mut followed, mut stops, mut expected) = (0, 0, 0.0);
        for &at in accounts {
            for &stop in &population.profiles[at as usize].stops {
                let others = |from: i64, until: i64| {
                    let range = starts.partition_point(|start| start.0 < from)
                        ..starts.partition_point(|start| start.0 <= until);
                    starts[range].iter().filter(|start| start.1 != at).count()
                };
                stops += 1;
                followed += u64::from(others(stop, stop + HANDOVER_SECONDS) > 0);
                #[expect(clippy::cast_precision_loss, reason = "seconds and numbers of accounts")]
                let rate =
                    others(stop - HANDOVER_WITHIN, stop - 1) as f64 * HANDOVER_SECONDS as f64 / HANDOVER_WITHIN as f64;
                // Half a start more than was seen, so that a quiet half-hour is no certainty.
                #[expect(clippy::cast_precision_loss, reason = "seconds")]
                let floor = 0.5 * HANDOVER_SECONDS as f64 / HANDOVER_WITHIN as f64;
                expected += (rate + floor).min(1.0);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of sets")]
        let p = (poisson_upper_tail(followed, expected) * sets.max(1) as f64).min(1.0);
        Self { followed, stops, expected, p }
    }
}
