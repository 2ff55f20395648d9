//! What the accounts show beside their requests.

use std::collections::BTreeSet;

use stillwatch_core::{Family, Measure, PValue, Unit, median};

use crate::findings::evidence::{Item, Writer, deviations, gain, loss};
use crate::findings::sign::Sign;
use crate::judge::succession::Succession;
use crate::parameters::{HANDOVER_SECONDS, REVIEW_LEVEL, SEVERAL_PEOPLE, SUCCESSION_DAYS};
use crate::signal::channel::{Channel, Holdings, Scratch};

impl Writer<'_> {
    pub(super) fn likeness(&self, channel: Channel, holdings: &Holdings) -> Option<Item> {
        if holdings.known(&self.set.accounts) == 0 {
            return None;
        }
        let test = self.set.tested.channel(channel);
        let noun = channel.noun();
        let sign = Sign::from(channel);
        let significant = test.p <= REVIEW_LEVEL;
        let p_value = Some(self.p_value(test, "stratified permutation of accounts, maximum over all candidates"));
        if !significant {
            let statement = match test.taken_back {
                Some(why) if test.raw_p <= REVIEW_LEVEL => format!(
                    "{noun} are shared more than chance explains (z = {:.1}, p = {:.3}), but taken back because {}",
                    test.z,
                    test.raw_p,
                    why.reason()
                ),
                _ => {
                    format!("{noun} are shared no more than chance explains (z = {:.1}, p = {:.3})", test.z, test.raw_p)
                }
            };
            let bits = if test.z < 0.0 { -loss(test.z) } else { 0.0 };
            let mut item = self.item(channel.family(), sign, statement, bits, p_value).measured([deviations(test)]);
            item.for_it = false;
            return Some(item);
        }
        let mut measures = vec![deviations(test)];
        let commonest = holdings.commonest(&self.set.accounts).map_or_else(String::new, |(inside, anywhere)| {
            measures.extend([
                Measure::count("owners_of_commonest", inside, Unit::Owners),
                Measure::count("owners", self.set.owners, Unit::Owners),
                Measure::count("owners_of_commonest_anywhere", anywhere, Unit::Owners),
            ]);
            format!("; the commonest is held by {inside} of {} owners inside and {anywhere} anywhere", self.set.owners)
        });
        let note = match channel {
            Channel::Client | Channel::Adoption => {
                "; not counted as independent, since what runs a template also makes the connection and chooses the model"
            }
            _ => "",
        };
        let linked = match channel {
            Channel::Network | Channel::Payment | Channel::Owner => {
                let mut scratch = Scratch::default();
                let linked =
                    holdings.links(&self.set.accounts, &mut scratch).into_iter().filter(|linked| *linked).count();
                measures.extend([
                    Measure::count("accounts_linked", linked, Unit::Accounts),
                    Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
                ]);
                format!("{linked} of {} accounts share {noun} with another owner of the set", self.set.accounts.len())
            }
            _ => format!("{noun} agree across owners"),
        };
        let statement = format!(
            "{linked} (z = {:.1} against accounts of the same strata, p = {:.3}){commonest}{note}{}",
            test.z,
            test.p,
            self.sampled()
        );
        let bits = if matches!(channel, Channel::Client | Channel::Adoption) { 0.0 } else { gain(test) };
        Some(self.item(channel.family(), sign, statement, bits, p_value).measured(measures))
    }

    pub(super) fn synchrony(&self) -> Item {
        let test = self.set.tested.synchrony();
        let p_value = Some(self.p_value(test, "activity moved within its half-hours, maximum over all candidates"));
        let (pairs, expected) = (test.observed, test.mean);
        let measures = [
            deviations(test),
            Measure::real("pairs", pairs, Unit::Pairs),
            Measure::real("pairs_expected", expected, Unit::Pairs),
        ];
        if test.p > REVIEW_LEVEL {
            let back = test.taken_back.map_or_else(String::new, |why| format!(", taken back because {}", why.reason()));
            let statement = format!(
                "accounts share minutes as half-hours and habits explain ({pairs:.0} pairs, {expected:.0} expected, p = {:.3}{back})",
                test.raw_p
            );
            let mut item = self.item(Family::Timing, Sign::Synchrony, statement, 0.0, p_value).measured(measures);
            item.for_it = false;
            return item;
        }
        let (sign, what) = if test.z < 0.0 {
            (
                Sign::LoadBalancing,
                "accounts avoid each other's minutes, as workers on one queue do, and their sum is flat",
            )
        } else {
            (Sign::Synchrony, "accounts are active in the same minutes")
        };
        let statement = format!(
            "{what}: {pairs:.0} pairs where {expected:.0} are expected from the half-hours they were active in (z = {:.1}, p = {:.3})",
            test.z, test.p
        );
        self.item(Family::Timing, sign, statement + self.sampled(), gain(test), p_value).measured(measures)
    }

    /// One account begins when another stops at its limit.
    pub(super) fn handover(&self) -> Option<Item> {
        let handover = self.setting.handover(&self.set.accounts)?;
        (handover.p <= REVIEW_LEVEL).then(|| {
            let statement = format!(
                "{} of {} stops at the rate limit are followed by another account of the set within {HANDOVER_SECONDS} seconds, where {:.1} would be by chance; a common timetable may do the same, so it is not counted",
                handover.followed, handover.stops, handover.expected
            );
            let null = "Poisson, at the rate of beginnings in the hour before, times the candidates".into();
            let p_value = PValue { value: handover.p, smallest: 0.0, null };
            self.item(Family::Timing, Sign::QuotaHandover, statement, 0.0, Some(p_value)).measured([
                Measure::count("stops_followed", handover.followed, Unit::Stops),
                Measure::count("stops", handover.stops, Unit::Stops),
                Measure::real("stops_expected", handover.expected, Unit::Stops),
            ])
        })
    }

    /// Many people behind each account.
    pub(super) fn pool(&self) -> Option<Item> {
        let pool = &self.set.pool;
        self.set.is_relay().then(|| {
            let statement = format!(
                "{:.0} % of the accounts show at least {SEVERAL_PEOPLE} clients or end users each ({:.1} % elsewhere), through addresses that {} accounts outside use: many people behind a pool of accounts",
                100.0 * pool.several,
                100.0 * pool.elsewhere,
                pool.bystanders
            );
            let p_value = PValue { value: pool.p, smallest: 0.0, null: "Poisson, at the rate of accounts outside".into() };
            self.item(Family::Infrastructure, Sign::PooledAccounts, statement, 0.0, Some(p_value)).measured([
                Measure::share("accounts_with_several", pool.several),
                Measure::share("others_with_several", pool.elsewhere),
                Measure::count("bystanders", pool.bystanders, Unit::Accounts),
            ])
        })
    }

    /// Accounts that came after others were closed.
    pub(super) fn succession(&self, succession: &Succession) -> Option<Item> {
        succession.is_succession().then(|| {
            let statement = format!(
                "{} of {} accounts came within {SUCCESSION_DAYS} days after one of {} accounts that say or pay or connect alike was closed; {:.1} would have at the rate of all others",
                succession.came,
                self.set.accounts.len(),
                succession.followed.len(),
                succession.expected
            );
            let p_value = PValue { value: succession.p, smallest: 0.0, null: "Poisson, at the rate of arrivals of all other accounts, times the candidates".into() };
            self.item(Family::Lifecycle, Sign::Successors, statement, -succession.p.max(1e-6).log2(), Some(p_value)).measured([
                Measure::count("accounts_that_came", succession.came, Unit::Accounts),
                Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
                Measure::real("accounts_expected", succession.expected, Unit::Accounts),
                Measure::count("accounts_closed", succession.followed.len(), Unit::Accounts),
            ])
        })
    }

    /// Volume, turns and clock beside accounts of the same plan and contract. Told without weight.
    pub(super) fn behaviour(&self) -> Option<Item> {
        let population = self.setting.population;
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let (mut turns, mut clock) = (Vec::new(), [0_u64; 24]);
        let plans: BTreeSet<_> =
            population.of(&self.set.accounts).map(|profile| profile.account.plan.as_deref()).collect();
        for (at, profile) in population.iter() {
            if self.set.accounts.contains(at) {
                inside.push(profile.daily());
                turns.push(profile.single_turns());
                profile.hours.iter().zip(&mut clock).for_each(|(count, sum)| *sum += u64::from(*count));
            } else if plans.contains(&profile.account.plan.as_deref()) {
                outside.push(profile.daily());
            }
        }
        let (quietest, busiest) = (clock.iter().min()?, clock.iter().max()?);
        let (own, others, turns) = (median(&mut inside), median(&mut outside), median(&mut turns));
        let statement = format!(
            "the median account makes {own:.1} requests on an active day ({others:.1} among others of its plan); {:.0} % of its requests are single turns; the busiest hour has {busiest} requests and the quietest {quietest}",
            100.0 * turns
        );
        Some(self.item(Family::Timing, Sign::VolumeAndClock, statement, 0.0, None).measured([
            Measure::real("requests_median", own, Unit::ExchangesPerDay),
            Measure::real("requests_median_of_others", others, Unit::ExchangesPerDay),
            Measure::share("single_turns_median", turns),
            Measure::count("requests_in_busiest_hour", *busiest, Unit::Exchanges),
            Measure::count("requests_in_quietest_hour", *quietest, Unit::Exchanges),
        ]))
    }
}
