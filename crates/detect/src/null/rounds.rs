//! The rounds of the null: what a candidate shows, and what it would show by chance.

use std::ops::Range;
use std::thread;

use stillwatch_core::{Cancelled, Random, Stage, count};

use super::maxima::{Values, rounded, shortened};
use super::members::Members;
use super::test::{Each, Statistic};
use super::{Null, Sample, Wanted};
use crate::account::{AccountIndex, PerAccount};
use crate::seek::choice::{Choice, Choices};
use crate::seek::way::Candidate;
use crate::signal::channel::Scratch;
use crate::signal::timing::{Counter, Pairs, Width};

const LIKENESS_SEED: u64 = 0x5117;

impl Null<'_> {
    /// What the candidates show.
    pub(super) fn observed(&self, candidates: &[Candidate], wanted: Wanted) -> Vec<Each<f64>> {
        let (mut scratch, mut counter, mut members) = (Scratch::default(), Counter::default(), Members::default());
        let of = |candidate: &Candidate| {
            let (chosen_by, accounts) = (candidate.chosen_by, candidate.sample());
            let mut values = self.likeness(chosen_by, accounts.as_slice(), wanted, &mut scratch);
            set_synchrony(&mut values, self.activity(chosen_by).observed(&accounts, &mut counter));
            if !chosen_by.is_by_wording() {
                *values.of_mut(Statistic::Content) = self.said_alike(accounts.as_slice(), &mut members);
            }
            Each::new(|statistic| rounded(*values.of(statistic)))
        };
        candidates.iter().map(of).collect()
    }

    /// Adds the values of the rounds to each candidate's list. Rounds are independent and numbered, so threads share
    /// them without changing anything. Each looks before a round whether it is still wanted.
    pub(super) fn run(
        &self,
        candidates: &[Candidate],
        rounds: Range<usize>,
        wanted: Wanted,
        values: &mut [Values],
    ) -> Result<(), Cancelled> {
        let rounds: Vec<usize> = rounds.collect();
        let samples: Vec<Sample<'_>> =
            candidates.iter().map(|candidate| (candidate.chosen_by, candidate.sample())).collect();
        let samples = &samples;
        let share = rounds.len().div_ceil(self.threads).max(1);
        self.work.begin(&Stage { name: "permutations", unit: "rounds", total: Some(count(rounds.len())) });
        let one = |&round: &usize| {
            self.work.check()?;
            let values = self.round(samples, round, wanted);
            self.work.advance(1);
            Ok(values)
        };
        let one = &one;
        let parts: Vec<Result<Vec<Vec<Each<f32>>>, Cancelled>> = thread::scope(|scope| {
            let workers: Vec<_> =
                rounds.chunks(share).map(|chunk| scope.spawn(move || chunk.iter().map(one).collect())).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        self.work.end();
        for part in parts {
            for round in part? {
                values.iter_mut().zip(round).for_each(|(list, value)| list.push(value));
            }
        }
        Ok(())
    }

    fn round(&self, samples: &[Sample<'_>], round: usize, wanted: Wanted) -> Vec<Each<f32>> {
        let round = count(round);
        let exchanged = self.exchange(round);
        let (mut scratch, mut counter, mut members) = (Scratch::default(), Counter::default(), Members::default());
        let of = |(chosen_by, sample): &Sample<'_>| {
            let others: Vec<AccountIndex> = sample.iter().map(|account| *exchanged.of(account)).collect();
            let mut values = self.likeness(*chosen_by, &others, wanted, &mut scratch);
            set_synchrony(&mut values, self.activity(*chosen_by).within_cells(sample, round, &mut counter));
            if !chosen_by.is_by_wording() {
                *values.of_mut(Statistic::Content) = self.said_alike(&others, &mut members);
            }
            Each::new(|statistic| shortened(*values.of(statistic)))
        };
        samples.iter().map(of).collect()
    }

    /// How much these accounts share in each channel; nothing in those that are not wanted, or that chose them.
    fn likeness(
        &self,
        chosen_by: Choices,
        accounts: &[AccountIndex],
        wanted: Wanted,
        scratch: &mut Scratch,
    ) -> Each<f64> {
        let mut values = Each::new(|_| 0.0);
        let tested =
            self.holdings.iter().filter(|of| wanted.has(of.channel) && !chosen_by.has(Choice::Likeness(of.channel)));
        for holdings in tested {
            let value = holdings.value(accounts.iter().copied(), scratch);
            *values.of_mut(Statistic::Likeness(holdings.channel)) = value;
        }
        values
    }

    /// For each account, the account of its stratum whose likeness it wears in this round.
    fn exchange(&self, round: u64) -> PerAccount<AccountIndex> {
        let mut exchanged = PerAccount::filled(AccountIndex::default(), self.strata.iter().map(Vec::len).sum());
        for (stratum, members) in (0_u64..).zip(&self.strata) {
            let mut dealt = members.clone();
            Random::new(LIKENESS_SEED ^ stratum << 20, round).shuffle(&mut dealt);
            for (&member, other) in members.iter().zip(dealt) {
                *exchanged.of_mut(member) = other;
            }
        }
        exchanged
    }
}

fn set_synchrony(values: &mut Each<f64>, pairs: Pairs) {
    for width in Width::ALL {
        *values.of_mut(Statistic::Synchrony(width)) = pairs.at(width);
    }
}
