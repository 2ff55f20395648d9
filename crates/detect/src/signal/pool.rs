//! Many people behind each account: what tells a pool of accounts from neighbours who share an address.
//!
//! A relay hands the requests of its customers to whichever account is free. Each account then shows several clients or
//! end users, all through the relay's own addresses. Neighbours, offices and users of a VPN have one client an account,
//! and carriers and VPNs have many customers outside the set. Shared subscriptions show several clients too, but no
//! common address.

use stillwatch_core::poisson_upper_tail;
use stillwatch_digest::Kind;

use crate::parameters::{ACT_LEVEL, MOST_MEMBERS, SEVERAL_PEOPLE};
use crate::population::Population;
use crate::profile::Profile;
use crate::signal::channel::{Channel, Holdings, Scratch};

/// How many people seem to be behind the accounts of a set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pool {
    /// Members that show several clients or end users, as a share of those that show any.
    pub(crate) several: f64,
    /// The same of all other accounts.
    pub(crate) elsewhere: f64,
    /// Probability of so many members at the rate of the others.
    pub(crate) p: f64,
    /// Accounts outside that use the addresses which members share.
    pub(crate) bystanders: u64,
    members: usize,
}

impl Pool {
    pub(crate) fn new(population: &Population, holdings: &[Holdings], accounts: &[u32]) -> Self {
        let (mut inside, mut outside) = ([0_u32; 2], [0_u32; 2]);
        for (at, profile) in (0_u32..).zip(&population.profiles) {
            let Some(people) = people(profile) else { continue };
            let counts = if accounts.binary_search(&at).is_ok() { &mut inside } else { &mut outside };
            counts[0] += 1;
            counts[1] += u32::from(people >= SEVERAL_PEOPLE);
        }
        let share = |[all, several]: [u32; 2]| f64::from(several) / f64::from(all.max(1));
        let expected = share(outside) * f64::from(inside[0]);
        let mut scratch = Scratch::default();
        let network = holdings.iter().find(|holdings| holdings.channel == Channel::Network);
        Self {
            several: share(inside),
            elsewhere: share(outside),
            p: poisson_upper_tail(inside[1].into(), expected),
            bystanders: network.map_or(0, |holdings| holdings.bystanders(accounts, &mut scratch)),
            members: accounts.len(),
        }
    }

    /// Whether most accounts carry several people, more than elsewhere, through addresses that are mostly the set's own.
    pub(crate) fn is_relay(&self) -> bool {
        self.several >= MOST_MEMBERS && self.p <= ACT_LEVEL && self.bystanders < self.members as u64
    }
}

/// The most clients or end users that an account shows; nothing where neither is logged.
fn people(profile: &Profile) -> Option<usize> {
    let kinds = [Kind::Ja4, Kind::UserAgent, Kind::EndUser];
    kinds.iter().map(|&kind| profile.features(kind).len()).max().filter(|people| *people > 0)
}
