//! Single accounts that stand out. One at a time, members of a ring look ordinary and ordinary customers look busy, so
//! this never rises above tier `watch` and says what it cannot show.

use stillwatch_core::{AccountType, median};
use stillwatch_digest::Kind;

use crate::account::AccountIndex;
use crate::parameters::{FLAT_CLOCK, SINGLE_DEVIATIONS, SINGLE_EXCHANGES, SINGLE_TURNS};
use crate::population::Population;

/// 1 / Φ⁻¹(3/4): makes the median absolute deviation a standard deviation.
const MAD_SCALE: f64 = 1.482_602_2;

/// An account that is busier than its peers, knows no night and never follows up.
pub(crate) struct Single {
    pub(crate) account: AccountIndex,
    pub(crate) deviations: f64,
    pub(crate) peers: usize,
    pub(crate) clock: f64,
    pub(crate) single_turns: f64,
}

pub(crate) fn singles(population: &Population) -> Vec<Single> {
    let mut plans: Vec<(Option<&str>, AccountIndex)> =
        population.iter().map(|(account, profile)| (profile.account.plan.as_deref(), account)).collect();
    plans.sort_unstable();
    let mut found = Vec::new();
    for peers in plans.chunk_by(|a, b| a.0 == b.0) {
        let volume = |at: AccountIndex| population.profile(at).daily().ln();
        let mut volumes: Vec<f64> = peers.iter().map(|&(_, at)| volume(at)).collect();
        let middle = median(&mut volumes);
        let mut distances: Vec<f64> = volumes.iter().map(|value| (value - middle).abs()).collect();
        let spread = (MAD_SCALE * median(&mut distances)).max(0.1);
        for &(_, at) in peers {
            let profile = population.profile(at);
            let deviations = (volume(at) - middle) / spread;
            let (clock, single_turns) = (profile.clock(), profile.single_turns());
            // Whoever names end users carries customers of its own.
            let carries_others =
                !profile.features(Kind::EndUser).is_empty() || profile.account.account_type == AccountType::Aggregator;
            if profile.exchanges >= SINGLE_EXCHANGES
                && deviations >= SINGLE_DEVIATIONS
                && clock <= FLAT_CLOCK
                && single_turns >= SINGLE_TURNS
                && !carries_others
            {
                found.push(Single { account: at, deviations, peers: peers.len(), clock, single_turns });
            }
        }
    }
    found.sort_by(|a, b| b.deviations.total_cmp(&a.deviations).then(a.account.cmp(&b.account)));
    found
}
