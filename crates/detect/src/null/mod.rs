//! What chance gives: every candidate set of accounts is tested against the same rounds of two permutations.
//!
//! *Likeness* (networks, payment, …): the accounts of each stratum exchange everything but their content, so a
//! candidate keeps its size and its mix of strata. *Synchrony*: each account's minutes are moved within their
//! half-hours. In every round the largest standardised value over all candidates and channels is kept; a candidate's
//! q-value is the share of rounds in which that maximum reaches its own. This is the maximum statistic (Westfall and
//! Young, 1993): it holds the family-wise error, under any dependence, and needs no further correction.

mod maxima;
mod members;
mod test;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::thread;

use stillwatch_core::Random;

use crate::parameters::{
    CUT_ROUNDS, EARLY_ROUNDS, HABIT_ROUNDS, LEAST_ACCOUNTS, LEAST_STRATUM, LEFT_DEVIATIONS, MOST_TESTED, REVIEW_LEVEL,
    ROUNDS, few,
};
use crate::population::Population;
use crate::seek::candidate::{Candidate, Origin};
use crate::seek::graph::Graph;
use crate::signal::channel::{Channel, Holdings, Scratch};
use crate::signal::timing::{Activity, Counter};

use maxima::{Maxima, rounded, size, spread, standardise};
use members::Members;
use test::{CONTENT, SYNCHRONY, TESTS, smallest_p};
pub(crate) use test::{FAMILIES, Test, Tested};

const LIKENESS_SEED: u64 = 0x5117;
/// Similarity of two accounts from which on they are fully alike, in millionths.
const ALIKE: u32 = 30_000;

/// The accounts of a candidate that are looked at, and what chose it.
type Sample<'a> = (Origin, Cow<'a, [u32]>);

/// The null, ready to test sets of accounts against.
pub(crate) struct Null<'a> {
    strata: Vec<Vec<u32>>,
    owners: &'a [u32],
    content: &'a Graph,
    holdings: &'a [Holdings],
    activity: &'a Activity,
    /// What was done on the days that did not choose the sets sought by time.
    held_out: Activity,
    threads: usize,
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

/// A set of accounts cut in two.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) part: Vec<u32>,
    pub(crate) rest: Vec<u32>,
}

impl<'a> Null<'a> {
    pub(crate) fn new(
        population: &Population,
        candidates: &[Candidate],
        (owners, content): (&'a [u32], &'a Graph),
        (holdings, activity): (&'a [Holdings], &'a Activity),
        threads: usize,
    ) -> Self {
        let mut strata: Vec<Vec<u32>> = Vec::new();
        for (account, stratum) in (0_u32..).zip(wide_enough(population.strata(), candidates)) {
            let stratum = stratum as usize;
            if strata.len() <= stratum {
                strata.resize(stratum + 1, Vec::new());
            }
            strata[stratum].push(account);
        }
        let held_out = activity.half(true);
        Self { strata, owners, content, holdings, activity, held_out, threads: threads.max(1) }
    }

    /// The activity that a candidate is tested on.
    fn activity(&self, origin: Origin) -> &Activity {
        if origin == Origin::Concert { &self.held_out } else { self.activity }
    }

    /// How much the accounts say the same: mean similarity over pairs of different owners, each no more than that of a
    /// loose community, so that many pairs count and not a few that use one template.
    fn said_alike(&self, accounts: &[u32], members: &mut Members) -> f64 {
        members.enter(accounts, self.content.nodes());
        let with = |account: u32| {
            let others = self.content.neighbours(account).iter();
            let others = others.filter(|(other, _)| self.owners[*other as usize] != self.owners[account as usize]);
            others
                .filter(|(other, _)| members.has(*other))
                .map(|(_, weight)| f64::from((*weight).min(ALIKE)))
                .sum::<f64>()
        };
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let pairs = (accounts.len() * accounts.len().saturating_sub(1)).max(1) as f64;
        accounts.iter().map(|&account| with(account)).sum::<f64>() / pairs
    }

    /// Tests all candidates together.
    pub(crate) fn test(&self, candidates: &[Candidate]) -> Outcome {
        let observed = self.observed(candidates, Wanted::All);
        let mut values = vec![Vec::new(); candidates.len()];
        let mut rounds = 0;
        loop {
            let until = if rounds == 0 { EARLY_ROUNDS } else { ROUNDS };
            self.run(candidates, rounds..until, Wanted::All, &mut values);
            rounds = until;
            let standards = self.standards(candidates, &values);
            let maxima = Maxima::new(&values, &standards, rounds);
            let tested: Vec<Tested> = observed.iter().zip(&standards).map(|(o, s)| maxima.rank(o, s)).collect();
            #[expect(clippy::cast_precision_loss, reason = "few rounds")]
            let needed = ((ROUNDS + 1) as f64 * REVIEW_LEVEL / (rounds + 1) as f64).min(0.999);
            // Once every candidate has been exceeded too often, no further round can bring it back.
            let hopeless = |tested: &Tested| tested.q > needed && tested.channel(Channel::Parameters).p > needed;
            if rounds == ROUNDS || tested.iter().all(hopeless) {
                return Outcome { tested: self.confirm(candidates, tested), rounds, maxima };
            }
        }
    }

    /// Tests further sets against the maxima of an earlier test.
    pub(crate) fn test_again(&self, candidates: &[Candidate], earlier: &Outcome) -> Vec<Tested> {
        let mut values = vec![Vec::new(); candidates.len()];
        self.run(candidates, 0..earlier.rounds, Wanted::All, &mut values);
        let observed = self.observed(candidates, Wanted::All);
        let standards = self.standards(candidates, &values);
        let tested =
            observed.iter().zip(&standards).map(|(observed, standard)| earlier.maxima.rank(observed, standard));
        self.confirm(candidates, tested.collect())
    }

    /// Whether the two sides of each cut are linked to each other by address, payment or minute: whether the whole has
    /// more than both sides have by themselves, by as much as the largest that chance gives a candidate in 95 of 100
    /// rounds.
    pub(crate) fn are_linked(&self, cuts: &[Cut], earlier: &Outcome) -> Vec<bool> {
        let set = |accounts: Vec<u32>| Candidate { accounts, origin: Origin::Rest };
        let sides: Vec<Candidate> = cuts
            .iter()
            .flat_map(|cut| {
                let mut whole = [cut.part.as_slice(), &cut.rest].concat();
                whole.sort_unstable();
                let whole = set(set(whole).sample().into_owned());
                let side = |accounts: &[u32]| {
                    let inside = |account: &u32| whole.accounts.binary_search(account).is_ok();
                    set(accounts.iter().copied().filter(inside).collect())
                };
                let (part, rest) = (side(&cut.part), side(&cut.rest));
                [whole, part, rest]
            })
            .collect();
        let observed = self.observed(&sides, Wanted::Links);
        let mut values = vec![Vec::new(); sides.len()];
        let rounds = earlier.rounds.min(CUT_ROUNDS);
        self.run(&sides, 0..rounds, Wanted::Links, &mut values);
        let additive = || (0..CONTENT).filter(|&at| Channel::ALL.get(at).is_none_or(|channel| channel.is_linked()));
        let linked = |(observed, values): (&[[f64; TESTS]], &[Vec<[f32; TESTS]>])| {
            additive().any(|at| {
                let rounds = (0..rounds).map(|round| {
                    let of = |side: usize| f64::from(values[side][round][at]);
                    of(0) - of(1) - of(2)
                });
                let floor = |mean: f64| {
                    self.holdings.get(at).map_or_else(|| synchrony_floor(mean), |holdings| holdings.floor(2))
                };
                let z = standardise(observed[0][at] - observed[1][at] - observed[2][at], spread(rounds, floor));
                size(at, z) / earlier.maxima.scale[at] >= 1.0
            })
        };
        observed.chunks(3).zip(values.chunks(3)).map(linked).collect()
    }

    /// The mean and the deviation of each test over the rounds, candidate by candidate.
    fn standards(&self, candidates: &[Candidate], values: &[Vec<[f32; TESTS]>]) -> Vec<[(f64, f64); TESTS]> {
        let of = |(candidate, rounds): (&Candidate, &Vec<[f32; TESTS]>)| {
            std::array::from_fn(|at| {
                let floor = |mean| match self.holdings.get(at) {
                    Some(holdings) => holdings.floor(candidate.accounts.len().min(MOST_TESTED)),
                    None if at == CONTENT => content_floor(candidate.accounts.len()),
                    None => synchrony_floor(mean),
                };
                spread(rounds.iter().map(|value| f64::from(value[at])), floor)
            })
        };
        candidates.iter().zip(values).map(of).collect()
    }

    fn observed(&self, candidates: &[Candidate], wanted: Wanted) -> Vec<[f64; TESTS]> {
        let (mut scratch, mut counter, mut members) = (Scratch::default(), Counter::default(), Members::default());
        let of = |candidate: &Candidate| {
            let accounts = candidate.sample();
            let mut values = [0.0; TESTS];
            for (value, holdings) in values
                .iter_mut()
                .zip(self.holdings)
                .filter(|(_, holdings)| wanted.has(holdings.channel) && !chose(candidate.origin, holdings.channel))
            {
                *value = rounded(holdings.value(accounts.iter().copied(), &mut scratch));
            }
            let pairs = self.activity(candidate.origin).observed(&accounts, &mut counter);
            SYNCHRONY.iter().zip(pairs).for_each(|(&at, pairs)| values[at] = rounded(pairs));
            if !candidate.origin.is_by_content() {
                values[CONTENT] = rounded(self.said_alike(&accounts, &mut members));
            }
            values
        };
        candidates.iter().map(of).collect()
    }

    /// Adds the values of the rounds to each candidate's list. Rounds are independent and numbered, so threads share
    /// them without changing anything.
    fn run(&self, candidates: &[Candidate], rounds: Range<usize>, wanted: Wanted, values: &mut [Vec<[f32; TESTS]>]) {
        let rounds: Vec<usize> = rounds.collect();
        let samples: Vec<Sample<'_>> =
            candidates.iter().map(|candidate| (candidate.origin, candidate.sample())).collect();
        let samples = &samples;
        let share = rounds.len().div_ceil(self.threads).max(1);
        let parts: Vec<Vec<Vec<[f32; TESTS]>>> = thread::scope(|scope| {
            let workers: Vec<_> = rounds
                .chunks(share)
                .map(|chunk| {
                    scope.spawn(move || {
                        chunk.iter().map(|&round| self.round(samples, round, wanted)).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for round in parts.into_iter().flatten() {
            values.iter_mut().zip(round).for_each(|(list, value)| list.push(value));
        }
    }

    fn round(&self, samples: &[Sample<'_>], round: usize, wanted: Wanted) -> Vec<[f32; TESTS]> {
        let exchanged = self.exchange(round as u64);
        let (mut scratch, mut counter, mut members) = (Scratch::default(), Counter::default(), Members::default());
        #[expect(clippy::cast_possible_truncation, reason = "three digits are enough for a null")]
        let of = |(origin, sample): &Sample<'_>| {
            let mut values = [0.0; TESTS];
            let others: Vec<u32> = sample.iter().map(|&account| exchanged[account as usize]).collect();
            for (value, holdings) in values
                .iter_mut()
                .zip(self.holdings)
                .filter(|(_, holdings)| wanted.has(holdings.channel) && !chose(*origin, holdings.channel))
            {
                *value = holdings.value(others.iter().copied(), &mut scratch) as f32;
            }
            let pairs = self.activity(*origin).within_cells(sample, round as u64, &mut counter);
            SYNCHRONY.iter().zip(pairs).for_each(|(&at, pairs)| values[at] = pairs as f32);
            if !origin.is_by_content() {
                values[CONTENT] = self.said_alike(&others, &mut members) as f32;
            }
            values
        };
        samples.iter().map(of).collect()
    }

    /// For each account, the account of its stratum whose likeness it wears in this round.
    fn exchange(&self, round: u64) -> Vec<u32> {
        let accounts = self.strata.iter().map(Vec::len).sum();
        let mut exchanged = vec![0; accounts];
        for (stratum, members) in (0_u64..).zip(&self.strata) {
            let mut dealt = members.clone();
            Random::new(LIKENESS_SEED ^ stratum << 20, round).shuffle(&mut dealt);
            for (&member, other) in members.iter().zip(dealt) {
                exchanged[member as usize] = other;
            }
        }
        exchanged
    }

    /// Takes back synchrony that the accounts' own habits explain, and synchrony and sign-ups of a few among many.
    fn confirm(&self, candidates: &[Candidate], mut tested: Vec<Tested>) -> Vec<Tested> {
        let (mut counter, mut scratch) = (Counter::default(), Scratch::default());
        for (candidate, tested) in candidates.iter().zip(&mut tested) {
            let accounts = candidate.sample();
            let activity = self.activity(candidate.origin);
            for (holdings, test) in self.holdings.iter().zip(&mut tested.tests) {
                if holdings.channel == Channel::Signup && test.p <= REVIEW_LEVEL {
                    let left = holdings.without_the_most_alike(&accounts, few(accounts.len()), &mut scratch);
                    if left - test.mean < LEFT_DEVIATIONS * test.deviation {
                        test.p = 1.0;
                    }
                }
            }
            for (width, at) in SYNCHRONY.into_iter().enumerate() {
                let test = &mut tested.tests[at];
                if test.p > REVIEW_LEVEL {
                    continue;
                }
                let days = (0..HABIT_ROUNDS).map(|round| activity.between_days(&accounts, round, &mut counter)[width]);
                let days: Vec<f64> = days.collect();
                let z = standardise(test.observed, spread(days.iter().copied(), synchrony_floor));
                let is_habit = z * test.z <= 0.0 || z.abs() < test.z.abs() / 2.0;
                if is_habit
                    || without_the_most_synchronous(activity, &accounts, width, test.z, &mut counter) < LEFT_DEVIATIONS
                {
                    test.p = 1.0;
                }
            }
            tested.q = smallest_p(&tested.tests);
        }
        tested
    }
}

/// The standardised excess that is left, in the direction of `z`, when the accounts that add most to it are left out:
/// as many as could be synchronous without implicating the others.
fn without_the_most_synchronous(
    activity: &Activity,
    accounts: &[u32],
    width: usize,
    z: f64,
    counter: &mut Counter,
) -> f64 {
    let observed = activity.each(accounts, None, counter);
    let mut excess: Vec<f64> = observed.iter().map(|pairs| pairs[width]).collect();
    #[expect(clippy::cast_precision_loss, reason = "few rounds")]
    let rounds = HABIT_ROUNDS as f64;
    for round in 0..HABIT_ROUNDS {
        let chance = activity.each(accounts, Some(round), counter);
        excess.iter_mut().zip(chance).for_each(|(excess, pairs)| *excess -= pairs[width] / rounds);
    }
    let mut order: Vec<usize> = (0..accounts.len()).collect();
    order.sort_by(|&a, &b| (excess[b] * z).total_cmp(&(excess[a] * z)).then(a.cmp(&b)));
    let left_out = few(accounts.len());
    let mut others: Vec<u32> = order.into_iter().skip(left_out).map(|at| accounts[at]).collect();
    others.sort_unstable();
    let chance: Vec<f64> =
        (0..HABIT_ROUNDS).map(|round| activity.within_cells(&others, round, counter)[width]).collect();
    let observed = activity.observed(&others, counter)[width];
    standardise(observed, spread(chance.iter().copied(), synchrony_floor)) * z.signum()
}

/// Puts into one stratum all those in which some candidate makes up more than half: there it would only change places
/// with itself, and whoever fills in his own country could choose his own null.
fn wide_enough(strata: Vec<u32>, candidates: &[Candidate]) -> Vec<u32> {
    let count = strata.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sizes = vec![0_usize; count];
    for &stratum in &strata {
        sizes[stratum as usize] += 1;
    }
    let mut narrow = vec![false; count];
    let mut inside: BTreeMap<u32, usize> = BTreeMap::new();
    for candidate in candidates {
        inside.clear();
        candidate.accounts.iter().for_each(|&account| *inside.entry(strata[account as usize]).or_default() += 1);
        for (&stratum, &members) in &inside {
            narrow[stratum as usize] |= members >= LEAST_ACCOUNTS && 2 * members > sizes[stratum as usize];
        }
    }
    let pool = u32::try_from(count).unwrap_or(u32::MAX);
    // A small stratum is as easy to fill as a new one.
    let is_narrow = |stratum: u32| narrow[stratum as usize] || sizes[stratum as usize] < LEAST_STRATUM;
    strata.into_iter().map(|stratum| if is_narrow(stratum) { pool } else { stratum }).collect()
}

/// Which channel chose the candidate and can not be tested on it.
fn chose(origin: Origin, channel: Channel) -> bool {
    origin == Origin::Owned && channel == Channel::Owner
}

/// The least deviation of the null of content: one pair that says the same by chance.
fn content_floor(accounts: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let count = accounts.clamp(2, MOST_TESTED) as f64;
    2.0 * f64::from(ALIKE) / (count * (count - 1.0))
}

fn synchrony_floor(mean: f64) -> f64 {
    (mean + 1.0).sqrt()
}
