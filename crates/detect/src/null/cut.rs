//! Whether the two sides of a set hold together.

use stillwatch_core::Cancelled;

use super::maxima::{Standard, Values};
use super::test::{Each, Statistic};
use super::{Null, Outcome, Wanted, synchrony_floor};
use crate::account::AccountSet;
use crate::parameters::CUT_ROUNDS;
use crate::seek::way::{Candidate, Part, Way};

/// A set of accounts cut in two.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) part: AccountSet,
    pub(crate) rest: AccountSet,
}

/// Something for the whole and for each side.
struct Sides<T>([T; 3]);

impl<T> Sides<T> {
    /// What the whole has more than both sides by themselves.
    fn excess(&self, value: impl Fn(&T) -> f64) -> f64 {
        let [whole, part, rest] = &self.0;
        value(whole) - value(part) - value(rest)
    }
}

impl Null<'_> {
    /// Whether the two sides of each cut are linked to each other by address, payment or minute: whether the whole has
    /// more than both sides have by themselves, by as much as the largest that chance gives a candidate in 95 of 100
    /// rounds.
    pub(crate) fn are_linked(
        &self,
        way: &'static Way,
        cuts: &[Cut],
        earlier: &Outcome,
    ) -> Result<Vec<bool>, Cancelled> {
        let set = |accounts: AccountSet| Candidate {
            accounts,
            way,
            part: Part::Rest,
            chosen_by: way.chosen_by,
            keys: Vec::new(),
        };
        let sides: Vec<Candidate> = cuts
            .iter()
            .flat_map(|cut| {
                let whole = set(set(cut.part.union(&cut.rest)).sample().into_owned());
                let side = |accounts: &AccountSet| set(accounts.intersection(&whole.accounts));
                let (part, rest) = (side(&cut.part), side(&cut.rest));
                [whole, part, rest]
            })
            .collect();
        let observed = self.observed(&sides, Wanted::Links);
        let mut values = vec![Vec::new(); sides.len()];
        self.run(&sides, 0..earlier.rounds.min(CUT_ROUNDS), Wanted::Links, &mut values)?;
        let linked = |(observed, values): (Sides<&Each<f64>>, Sides<&Values>)| {
            let mut additive = Statistic::ALL.into_iter().filter(|statistic| match statistic {
                Statistic::Likeness(channel) => channel.is_linked(),
                Statistic::Synchrony(_) => true,
                Statistic::Content => false,
            });
            additive.any(|statistic| self.is_linked(statistic, &observed, &values, earlier))
        };
        let observed = observed.chunks_exact(3).filter_map(sides_of);
        Ok(observed.zip(values.chunks_exact(3).filter_map(sides_of)).map(linked).collect())
    }

    fn is_linked(
        &self,
        statistic: Statistic,
        observed: &Sides<&Each<f64>>,
        values: &Sides<&Values>,
        earlier: &Outcome,
    ) -> bool {
        let [whole, part, rest] = values.0;
        let rounds =
            whole.iter().zip(part).zip(rest).map(|((whole, part), rest)| {
                Sides([whole, part, rest]).excess(|round| f64::from(*round.of(statistic)))
            });
        let floor = |mean: f64| match statistic {
            Statistic::Likeness(channel) => self.holdings_of(channel).map_or(1.0, |holdings| holdings.floor(2)),
            _ => synchrony_floor(mean),
        };
        let z = Standard::new(rounds, floor).standardise(observed.excess(|side| *side.of(statistic)));
        statistic.size(z) / earlier.maxima.scale.of(statistic) >= 1.0
    }
}

fn sides_of<T>(three: &[T]) -> Option<Sides<&T>> {
    match three {
        [whole, part, rest] => Some(Sides([whole, part, rest])),
        _ => None,
    }
}
