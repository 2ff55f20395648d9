//! What the rest of a log looks like, for signs that compare a set with everybody else. Made once a run.

use std::collections::BTreeMap;

use stillwatch_core::{AccountType, SECONDS_PER_DAY, float, median, ratio};
use stillwatch_digest::{Intent, Kind};

use crate::account::PerAccount;
use crate::parameters::LEAST_ACCOUNTS;
use crate::population::Population;
use crate::profile::Profile;

/// An account that is first used within so many days of its opening, or before it is recorded, is new.
const NEW_DAYS: i64 = 14;
/// Exchanges from which on a clock says something of an account.
const CLOCK_EXCHANGES: u64 = 12;

/// Facts of one account that need the whole log, or that several signs use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    pub(crate) is_new: Option<bool>,
    pub(crate) has_organization: bool,
    /// Accounts with the same mail domain.
    pub(crate) domain_holders: Option<usize>,
    /// Its place, 0 to 1, among all accounts by addresses per root of exchanges.
    pub(crate) rotation: Option<f64>,
    /// Squared length of the mean direction of its clock, freed of what chance adds: 0 for a flat clock.
    pub(crate) clock: Option<f64>,
    /// Share of exchanges that are no part of a longer conversation.
    pub(crate) single_turns: f64,
    pub(crate) log_volume: f64,
    pub(crate) elicits: [bool; Intent::ALL.len()],
}

/// The rest of the log, to compare with.
#[derive(Clone, Debug)]
pub(crate) struct Background {
    pub(crate) traits: PerAccount<Traits>,
    /// Share of accounts for which a table gives an organisation; nothing where no table or log has any.
    pub(crate) organizations: Option<f64>,
    pub(crate) new: f64,
    pub(crate) conversations: bool,
    pub(crate) single_turns: f64,
    pub(crate) volume_spread: f64,
    pub(crate) elicits: [f64; Intent::ALL.len()],
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
            for client in profiles.iter().filter_map(|profile| main(profile, kind)) {
                *clients.entry(client).or_default() += 1;
            }
        }
        let mut traits: Vec<Traits> = profiles.iter().map(|profile| Traits::new(profile, &domains)).collect();
        rank_rotation(profiles, &mut traits);
        let share = |of: &dyn Fn(&Traits) -> bool| ratio(traits.iter().filter(|one| of(one)).count(), traits.len());
        let known = traits.iter().filter(|one| one.is_new.is_some()).count();
        let spread = deviation(&traits.iter().map(|one| one.log_volume).collect::<Vec<f64>>());
        let mut singles: Vec<f64> = traits.iter().map(|one| one.single_turns).collect();
        let organizations = share(&|one| one.has_organization);
        Self {
            organizations: (organizations > 0.0).then_some(organizations),
            new: ratio(traits.iter().filter(|one| one.is_new == Some(true)).count(), known),
            conversations: 10 * profiles.iter().filter(|profile| profile.conversations > 0).count() > profiles.len(),
            single_turns: median(&mut singles),
            volume_spread: spread,
            elicits: std::array::from_fn(|at| share(&|one| one.elicits.get(at) == Some(&true))),
            clients,
            client_kind,
            seconds: {
                let first = profiles.iter().map(|profile| profile.first.seconds()).min().unwrap_or(0);
                profiles.iter().map(|profile| profile.last.seconds()).max().unwrap_or(0) - first
            },
            traits: traits.into_iter().collect(),
        }
    }
}

impl Traits {
    fn new(profile: &Profile, domains: &BTreeMap<&str, usize>) -> Self {
        let account = &profile.account;
        let is_new =
            account.created_at.map(|created| profile.first.seconds() - created.seconds() <= NEW_DAYS * SECONDS_PER_DAY);
        Self {
            is_new,
            has_organization: profile.organization().is_some() && account.account_type != AccountType::Internal,
            domain_holders: account.email_domain.as_deref().and_then(|domain| domains.get(domain)).copied(),
            rotation: None,
            clock: (profile.exchanges >= CLOCK_EXCHANGES).then(|| {
                let (n, r) = (profile.hours.iter().copied().map(f64::from).sum::<f64>(), profile.clock());
                ((r * r - 1.0 / n) / (1.0 - 1.0 / n)).max(0.0)
            }),
            single_turns: profile.single_turns(),
            log_volume: (float(profile.exchanges) + 1.0).ln(),
            elicits: Intent::ALL.map(|intent| profile.share_of(intent) >= 0.5),
        }
    }
}

/// The client that an account uses most.
pub(crate) fn main(profile: &Profile, kind: Kind) -> Option<u64> {
    profile.features(kind).iter().max_by_key(|(client, slots)| (*slots, std::cmp::Reverse(*client))).map(|of| of.0)
}

fn rank_rotation(profiles: &[Profile], traits: &mut [Traits]) {
    let mut of: Vec<(f64, usize)> = profiles
        .iter()
        .enumerate()
        .filter(|(_, profile)| !profile.features(Kind::Network).is_empty())
        .map(|(at, profile)| {
            let networks = profile.features(Kind::Network).len();
            (float(networks) / float(profile.exchanges).sqrt(), at)
        })
        .collect();
    of.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = of.len();
    if all <= LEAST_ACCOUNTS {
        return;
    }
    // Equal values share the middle of their ranks, so that names decide nothing.
    let mut before = 0;
    for equal in of.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let rank = (float(before) + float(equal.len()) / 2.0) / float(all);
        before += equal.len();
        for (_, at) in equal {
            if let Some(one) = traits.get_mut(*at) {
                one.rotation = Some(rank);
            }
        }
    }
}

/// Standard deviation.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    let n = float(values.len().max(1));
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()
}
