//! What is taken back of a significant test: what habits explain, and what a few of many accounts carry.

use stillwatch_core::{Cancelled, count, float};

use super::maxima::Standard;
use super::test::{Statistic, TakenBack, Test, Tested};
use super::{Null, synchrony_floor};
use crate::account::AccountSet;
use crate::parameters::{HABIT_ROUNDS, LEFT_DEVIATIONS, REVIEW_LEVEL, few};
use crate::seek::way::Candidate;
use crate::signal::channel::{Channel, Scratch};
use crate::signal::timing::{Activity, Counter, Width};

impl Null<'_> {
    /// Takes back synchrony that the accounts' own habits explain, and synchrony and sign-ups of a few among many.
    pub(super) fn confirm(&self, candidates: &[Candidate], mut tested: Vec<Tested>) -> Result<Vec<Tested>, Cancelled> {
        let (mut counter, mut scratch) = (Counter::default(), Scratch::default());
        for (candidate, tested) in candidates.iter().zip(&mut tested) {
            self.work.check()?;
            let accounts = candidate.sample();
            let activity = self.activity(candidate.chosen_by);
            let signup = tested.tests.of_mut(Statistic::Likeness(Channel::Signup));
            if let Some(holdings) = self.holdings_of(Channel::Signup).filter(|_| signup.p <= REVIEW_LEVEL) {
                let left = holdings.without_the_most_alike(&accounts, few(accounts.len()), &mut scratch);
                if left - signup.mean < LEFT_DEVIATIONS * signup.deviation {
                    signup.take_back(TakenBack::FewCarryIt);
                }
            }
            for width in Width::ALL {
                let test = tested.tests.of_mut(Statistic::Synchrony(width));
                if test.p > REVIEW_LEVEL {
                    continue;
                }
                if is_habit(activity, &accounts, width, test, &mut counter) {
                    test.take_back(TakenBack::Habit);
                } else if without_the_most_synchronous(activity, &accounts, width, test.z, &mut counter)
                    < LEFT_DEVIATIONS
                {
                    test.take_back(TakenBack::FewCarryIt);
                }
            }
            tested.update();
        }
        Ok(tested)
    }
}

/// Whether the same accounts would be nearly as synchronous if what each did on its active days were dealt anew to those
/// days.
fn is_habit(activity: &Activity, accounts: &AccountSet, width: Width, test: &Test, counter: &mut Counter) -> bool {
    let days = (0..count(HABIT_ROUNDS)).map(|round| activity.between_days(accounts, round, counter).at(width));
    let days: Vec<f64> = days.collect();
    let z = Standard::new(days.iter().copied(), synchrony_floor).standardise(test.observed);
    z * test.z <= 0.0 || z.abs() < test.z.abs() / 2.0
}

/// The standardised excess that is left, in the direction of `z`, when the accounts that add most to it are left out:
/// as many as could be synchronous without implicating the others.
fn without_the_most_synchronous(
    activity: &Activity,
    accounts: &AccountSet,
    width: Width,
    z: f64,
    counter: &mut Counter,
) -> f64 {
    let observed = activity.each(accounts, None, counter);
    let mut excess: Vec<f64> = observed.iter().map(|pairs| pairs.at(width)).collect();
    for round in 0..count(HABIT_ROUNDS) {
        let chance = activity.each(accounts, Some(round), counter);
        excess.iter_mut().zip(chance).for_each(|(excess, pairs)| *excess -= pairs.at(width) / float(HABIT_ROUNDS));
    }
    let mut order: Vec<_> = excess.into_iter().zip(accounts.iter()).collect();
    order.sort_by(|a, b| (b.0 * z).total_cmp(&(a.0 * z)).then(a.1.cmp(&b.1)));
    let others: AccountSet = order.into_iter().skip(few(accounts.len())).map(|(_, account)| account).collect();
    let chance: Vec<f64> =
        (0..count(HABIT_ROUNDS)).map(|round| activity.within_cells(&others, round, counter).at(width)).collect();
    let observed = activity.observed(&others, counter).at(width);
    Standard::new(chance.iter().copied(), synchrony_floor).standardise(observed) * z.signum()
}
