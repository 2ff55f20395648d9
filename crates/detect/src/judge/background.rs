//! What accounts are like one by one, and what all others are like beside a set: for signs that compare a set with
//! everybody else.

use std::collections::BTreeMap;

use stillwatch_core::{AccountType, Micros, SECONDS_PER_DAY, float, median, ratio};
use stillwatch_digest::{Intent, Kind};

use crate::account::{AccountSet, PerAccount};
use crate::parameters::LEAST_ACCOUNTS;
use crate::population::Population;
use crate::profile::{Profile, mean_direction};

/// An account that is first used within so many days of its opening, or before it is recorded, is new.
const NEW_DAYS: i64 = 14;
/// An older account that is first used so many days after the log begins was kept for later, or bought.
const WAKING_DAYS: i64 = 5;
/// Exchanges beyond which an account has no more say about the clock of its set.
const MOST_CLOCK_EXCHANGES: f64 = 60.0;

/// Exchanges from which on a portion speaks for its account.
const LEAST_PORTION: usize = 5;

/// Facts of one account that need the whole log, or that several signs use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    pub(crate) is_new: Option<bool>,
    /// Whether it was opened before the log begins and first used days after that.
    pub(crate) woke: Option<bool>,
    pub(crate) has_organization: bool,
    /// Accounts with the same mail domain.
    pub(crate) domain_holders: Option<usize>,
    /// Networks per root of exchanges.
    pub(crate) rotation: Option<f64>,
    pub(crate) clock: Clock,
    /// Share of exchanges that are no part of a longer conversation.
    pub(crate) single_turns: f64,
    pub(crate) log_volume: f64,
    /// Logarithm of exchanges on an active day.
    pub(crate) log_tempo: f64,
    /// Logarithm of output tokens for each answer.
    pub(crate) log_output: Option<f64>,
    /// Distinct prompts as a share of exchanges with text.
    pub(crate) novelty: Option<f64>,
    pub(crate) elicits: [bool; Intent::ALL.len()],
}

/// Pairs of exchanges of one account, and how much they agree in the hour of the day: the sum of the cosines of their
/// differences on the 24-hour circle. Sums over accounts are those of a whole set, however little each account does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    pub(crate) pairs: f64,
    pub(crate) agreement: f64,
}

/// All accounts, one by one.
#[derive(Clone, Debug)]
pub(crate) struct Background {
    pub(crate) traits: PerAccount<Traits>,
    /// Whether any account has an organisation.
    pub(crate) organizations: bool,
    pub(crate) conversations: bool,
    /// Accounts by client (TLS handshake, or user agent where no handshake is logged).
    pub(crate) clients: BTreeMap<u64, usize>,
    pub(crate) client_kind: Option<Kind>,
    /// From the first exchange of all to the last, in seconds.
    pub(crate) seconds: i64,
}

impl Background {
    pub(crate) fn new(population: &Population) -> Self {
        let profiles = population.profiles();
        let mut domains: BTreeMap<&str, usize> = BTreeMap::new();
        for domain in profiles.iter().filter_map(|profile| profile.account.email_domain.as_deref()) {
            *domains.entry(domain).or_default() += 1;
        }
        let client_kind = [Kind::Ja4, Kind::UserAgent].into_iter().find(|kind| {
            2 * profiles.iter().filter(|profile| !profile.features(*kind).is_empty()).count() > profiles.len()
        });
        let mut clients: BTreeMap<u64, usize> = BTreeMap::new();
        if let Some(kind) = client_kind {
            for client in profiles.iter().filter_map(|profile| profile.foremost(kind)) {
                *clients.entry(client).or_default() += 1;
            }
        }
        let first = profiles.iter().map(|profile| profile.first.seconds()).min().unwrap_or(0);
        let last = profiles.iter().map(|profile| profile.last.seconds()).max().unwrap_or(0);
        let traits: PerAccount<Traits> = profiles.iter().map(|profile| Traits::new(profile, &domains, first)).collect();
        Self {
            organizations: traits.values().iter().any(|one| one.has_organization),
            conversations: 10 * profiles.iter().filter(|profile| profile.conversations > 0).count() > profiles.len(),
            clients,
            client_kind,
            seconds: last - first,
            traits,
        }
    }

    /// All accounts but those of a set, to compare it with.
    pub(crate) fn others(&self, set: &AccountSet) -> Others<'_> {
        Others(self.traits.iter().filter(|(account, _)| !set.contains(*account)).map(|(_, traits)| traits).collect())
    }
}

/// The accounts outside a set.
pub(crate) struct Others<'a>(Vec<&'a Traits>);

impl Others<'_> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Share of the accounts for which it is known that something holds.
    pub(crate) fn share(&self, of: impl Fn(&Traits) -> Option<bool>) -> f64 {
        let known: Vec<bool> = self.0.iter().filter_map(|one| of(one)).collect();
        ratio(known.iter().filter(|holds| **holds).count(), known.len())
    }

    pub(crate) fn median(&self, of: impl Fn(&Traits) -> f64) -> f64 {
        median(&mut self.0.iter().map(|one| of(one)).collect::<Vec<f64>>())
    }

    pub(crate) fn deviation(&self, of: impl Fn(&Traits) -> f64) -> f64 {
        deviation(&self.0.iter().map(|one| of(one)).collect::<Vec<f64>>())
    }

    /// The place of a value among the accounts of which it is known, 0 to 1; equal ones count half. Nothing where they are
    /// few.
    pub(crate) fn rank(&self, value: f64, of: impl Fn(&Traits) -> Option<f64>) -> Option<f64> {
        let known: Vec<f64> = self.0.iter().filter_map(|one| of(one)).collect();
        let below = known.iter().filter(|other| **other < value).count();
        let equal = known.iter().filter(|other| other.total_cmp(&value).is_eq()).count();
        (known.len() > LEAST_ACCOUNTS).then(|| (float(below) + float(equal) / 2.0) / float(known.len()))
    }
}

impl Traits {
    fn new(profile: &Profile, domains: &BTreeMap<&str, usize>, beginning: i64) -> Self {
        let account = &profile.account;
        let (first, created) = (profile.first.seconds(), account.created_at.map(Micros::seconds));
        let is_new = created.map(|created| first - created <= NEW_DAYS * SECONDS_PER_DAY);
        let woke = created.map(|created| {
            created < beginning - NEW_DAYS * SECONDS_PER_DAY && first > beginning + WAKING_DAYS * SECONDS_PER_DAY
        });
        let networks = profile.features(Kind::Network).len();
        Self {
            is_new,
            woke,
            has_organization: profile.organization().is_some() && account.account_type != AccountType::Internal,
            domain_holders: account.email_domain.as_deref().and_then(|domain| domains.get(domain)).copied(),
            rotation: (networks > 0).then(|| float(networks) / float(profile.exchanges.max(1)).sqrt()),
            clock: Clock::of(&profile.hours),
            single_turns: profile.single_turns(),
            log_volume: (float(profile.exchanges) + 1.0).ln(),
            log_tempo: (profile.daily() + 1.0).ln(),
            log_output: (profile.answered > 0 && profile.output_tokens > 0)
                .then(|| (float(profile.output_tokens) / float(profile.answered)).ln()),
            novelty: (profile.with_text > 0).then(|| ratio(profile.prompts.len(), profile.with_text).min(1.0)),
            elicits: Intent::ALL.map(|intent| profile.share_of(intent) >= 0.5),
        }
    }
}

impl Traits {
    /// The same account by a portion of its exchanges alone: what a set has in common is seen in those that hold it, and
    /// what else an account is used for, or is made to show, is no part of it.
    pub(crate) fn by_portion(mut self, profile: &Profile, slots: u64) -> Self {
        let Some(portion) = profile.deeds.within(slots).filter(|of| of.exchanges >= LEAST_PORTION) else { return self };
        self.clock = Clock::of(&portion.hours);
        self.single_turns = portion.single_turns;
        self.log_output = portion.output.map(f64::ln).or(self.log_output);
        self.elicits = portion.intents.map(|share| share >= 0.5);
        self
    }
}

impl Clock {
    fn of(hours: &[u32; 24]) -> Self {
        let (n, r) = (hours.iter().copied().map(f64::from).sum::<f64>(), mean_direction(hours));
        // Busy accounts count no more than those with a few exchanges a day.
        let pairs = n * (n - 1.0);
        if pairs <= 0.0 {
            return Self::default();
        }
        let weight = (MOST_CLOCK_EXCHANGES / n).min(1.0);
        let agreement = n * n * r * r - n;
        Self { pairs: pairs * weight * weight, agreement: agreement * weight * weight }
    }
}

/// Standard deviation.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    let n = float(values.len().max(1));
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Background, Clock};
    use crate::account::AccountSet;
    use crate::made::{population, profile};
    use crate::profile::Profile;

    fn at_hours(number: usize, hours: impl IntoIterator<Item = usize>) -> Profile {
        let mut made = profile(number);
        hours.into_iter().for_each(|hour| made.hours[hour] += 1);
        made
    }

    /// Squared mean direction over all pairs of exchanges of one account.
    fn clock(profiles: &[Profile]) -> f64 {
        let of: Vec<Clock> = profiles.iter().map(|profile| Clock::of(&profile.hours)).collect();
        of.iter().map(|one| one.agreement).sum::<f64>() / of.iter().map(|one| one.pairs).sum::<f64>()
    }

    #[test]
    fn accounts_with_three_exchanges_each_have_a_clock_together() {
        // Each keeps to an hour of its own: the set as a whole is spread over the day.
        let asleep: Vec<Profile> = (0..24).map(|at| at_hours(at, [at, at, (at + 1) % 24])).collect();
        assert!(clock(&asleep) > 0.9, "{}", clock(&asleep));
        // Three exchanges eight hours apart have no direction.
        let awake: Vec<Profile> = (0..24).map(|at| at_hours(at, [at, (at + 8) % 24, (at + 16) % 24])).collect();
        assert!(clock(&awake) < 0.0, "{}", clock(&awake));
    }

    #[test]
    fn a_busy_account_does_not_speak_for_the_others() {
        let busy = at_hours(0, std::iter::repeat_n(5, 6_000));
        let quiet: Vec<Profile> = (1..200).map(|at| at_hours(at, (0..24).chain(0..24))).collect();
        let all: Vec<Profile> = quiet.into_iter().chain([busy]).collect();
        assert!(clock(&all) < 0.04, "{}", clock(&all));
    }

    #[test]
    fn a_set_is_compared_with_the_accounts_outside_it() {
        let of = |at: usize| if at < 10 { profile(at).with_organization("one") } else { profile(at) };
        let all = population((0..40).map(of));
        let background = Background::new(&all);
        let inside = AccountSet::from(std::array::from_fn::<usize, 10, _>(|at| at));
        let others = background.others(&inside);
        assert_eq!(others.len(), 30);
        assert!(others.share(|one| Some(one.has_organization)).abs() < 1e-12);
        let rank = others.rank(0.5, |one| Some(one.log_volume)).unwrap();
        assert!((rank - 1.0).abs() < 1e-12, "{rank}");
        assert!(others.rank(0.0, |_| None).is_none());
    }
}
