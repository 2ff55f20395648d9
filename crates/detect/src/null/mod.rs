//! What chance gives: every candidate set of accounts is tested against the same rounds of two permutations.
//!
//! *Likeness* (networks, payment, …): the accounts of each stratum exchange everything but their content, so a
//! candidate keeps its size and its mix of strata. *Synchrony*: each account's minutes are moved within their
//! half-hours. In every round the largest standardised value over all candidates and channels is kept; a candidate's
//! q-value is the share of rounds in which that maximum reaches its own. This is the maximum statistic (Westfall and
//! Young, 1993): it holds the family-wise error, under any dependence, and needs no further correction.

mod confirm;
mod cut;
mod maxima;
mod members;
mod rounds;
mod strata;
mod test;

use std::borrow::Cow;

use stillwatch_core::{Cancelled, float};

use crate::account::{AccountIndex, AccountSet, Owners};
use crate::parameters::{EARLY_ROUNDS, MOST_TESTED, REVIEW_LEVEL, ROUNDS};
use crate::population::Population;
use crate::seek::choice::{Choice, Choices};
use crate::seek::graph::Graph;
use crate::seek::way::Candidate;
use crate::signal::channel::{Channel, Holdings};
use crate::signal::timing::Activity;
use crate::work::Work;

pub(crate) use cut::Cut;
pub(crate) use maxima::smallest_p;
use maxima::{Maxima, Standard, Values};
use members::Members;
use test::{Each, Statistic};
pub(crate) use test::{TakenBack, Test, Tested};

/// Similarity of two accounts from which on they are fully alike, in millionths.
const ALIKE: u32 = 30_000;

/// The accounts of a candidate that are looked at, and what chose it.
type Sample<'a> = (Choices, Cow<'a, AccountSet>);

/// The null, ready to test sets of accounts against.
pub(crate) struct Null<'a> {
    strata: Vec<Vec<AccountIndex>>,
    owners: &'a Owners,
    content: &'a Graph,
    holdings: &'a [Holdings],
    activity: &'a Activity,
    /// What was done on the days that did not choose the sets sought by the even days.
    held_out: Activity,
    threads: usize,
    work: Work<'a>,
}

/// What the rounds gave.
pub(crate) struct Outcome {
    pub(crate) tested: Vec<Tested>,
    pub(crate) rounds: usize,
    maxima: Maxima,
}

/// Which tests are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// Those that add up over accounts, so that two sides of a cut can be told from their union.
    Links,
}

impl Wanted {
    fn has(self, channel: Channel) -> bool {
        self == Self::All || channel.is_linked()
    }
}

impl<'a> Null<'a> {
    pub(crate) fn new(
        population: &Population,
        candidates: &[Candidate],
        (owners, content): (&'a Owners, &'a Graph),
        (holdings, activity): (&'a [Holdings], &'a Activity),
        threads: usize,
        work: Work<'a>,
    ) -> Self {
        let strata = strata::strata(population, candidates);
        let held_out = activity.half(true);
        Self { strata, owners, content, holdings, activity, held_out, threads: threads.max(1), work }
    }

    /// Tests all candidates together.
    pub(crate) fn test(&self, candidates: &[Candidate]) -> Result<Outcome, Cancelled> {
        let observed = self.observed(candidates, Wanted::All);
        let mut values = vec![Vec::new(); candidates.len()];
        let mut rounds = 0;
        loop {
            let until = if rounds == 0 { EARLY_ROUNDS } else { ROUNDS };
            self.run(candidates, rounds..until, Wanted::All, &mut values)?;
            rounds = until;
            let standards = self.standards(candidates, &values);
            let maxima = Maxima::new(&values, &standards, rounds);
            let tested: Vec<Tested> = observed.iter().zip(&standards).map(|(o, s)| maxima.rank(o, s)).collect();
            let needed = (float(ROUNDS + 1) * REVIEW_LEVEL / float(rounds + 1)).min(0.999);
            // Once every candidate has been exceeded too often, no further round can bring it back.
            let hopeless = |tested: &Tested| tested.q > needed && tested.channel(Channel::Parameters).p > needed;
            if rounds == ROUNDS || tested.iter().all(hopeless) {
                return Ok(Outcome { tested: self.confirm(candidates, tested)?, rounds, maxima });
            }
        }
    }

    /// Tests further sets against the maxima of an earlier test.
    pub(crate) fn test_again(&self, candidates: &[Candidate], earlier: &Outcome) -> Result<Vec<Tested>, Cancelled> {
        let mut values = vec![Vec::new(); candidates.len()];
        self.run(candidates, 0..earlier.rounds, Wanted::All, &mut values)?;
        let observed = self.observed(candidates, Wanted::All);
        let standards = self.standards(candidates, &values);
        let tested =
            observed.iter().zip(&standards).map(|(observed, standard)| earlier.maxima.rank(observed, standard));
        self.confirm(candidates, tested.collect())
    }

    /// The activity that a candidate is tested on.
    fn activity(&self, chosen_by: Choices) -> &Activity {
        if chosen_by.has(Choice::EvenDays) { &self.held_out } else { self.activity }
    }

    fn holdings_of(&self, channel: Channel) -> Option<&Holdings> {
        self.holdings.iter().find(|holdings| holdings.channel == channel)
    }

    /// The mean and the deviation of each test over the rounds, candidate by candidate.
    fn standards(&self, candidates: &[Candidate], values: &[Values]) -> Vec<Each<Standard>> {
        let of = |(candidate, rounds): (&Candidate, &Values)| {
            let accounts = candidate.accounts.len();
            Each::new(|statistic| {
                let floor = |mean| match statistic {
                    Statistic::Likeness(channel) => {
                        self.holdings_of(channel).map_or(1.0, |holdings| holdings.floor(accounts.min(MOST_TESTED)))
                    }
                    Statistic::Content => content_floor(accounts),
                    Statistic::Synchrony(_) => synchrony_floor(mean),
                };
                Standard::new(rounds.iter().map(|value| f64::from(*value.of(statistic))), floor)
            })
        };
        candidates.iter().zip(values).map(of).collect()
    }

    /// How much the accounts say the same: mean similarity over pairs of different owners, each no more than that of a
    /// loose community, so that many pairs count and not a few that use one template.
    fn said_alike(&self, accounts: &[AccountIndex], members: &mut Members) -> f64 {
        members.enter(accounts, self.content.accounts());
        let with = |account: AccountIndex| {
            let others = self.content.neighbours(account).iter();
            let others = others.filter(|(other, _)| self.owners.of(*other) != self.owners.of(account));
            others
                .filter(|(other, _)| members.has(*other))
                .map(|(_, weight)| f64::from((*weight).min(ALIKE)))
                .sum::<f64>()
        };
        let pairs = float((accounts.len() * accounts.len().saturating_sub(1)).max(1));
        accounts.iter().map(|&account| with(account)).sum::<f64>() / pairs
    }
}

/// The least deviation of the null of content: one pair that says the same by chance.
fn content_floor(accounts: usize) -> f64 {
    let count = float(accounts.clamp(2, MOST_TESTED));
    2.0 * f64::from(ALIKE) / (count * (count - 1.0))
}

/// The least deviation of the null of pairs: that of a Poisson count, one more counted.
fn synchrony_floor(mean: f64) -> f64 {
    (mean + 1.0).sqrt()
}
