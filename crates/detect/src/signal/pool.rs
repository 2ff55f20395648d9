//! Many people behind each account: what tells a pool of accounts from neighbours who share an address.
//!
//! A relay hands the requests of its customers to whichever account is free. Each account then shows several clients or
//! end users, all through the relay's own addresses. Neighbours, offices and users of a VPN have one client an account,
//! and carriers and VPNs have many customers outside the set. Shared subscriptions show several clients too, but no
//! common address.

use stillwatch_core::{count, float, poisson_upper_tail, ratio};
use stillwatch_digest::Kind;

use crate::account::AccountSet;
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
    pub(crate) fn new(population: &Population, holdings: &[Holdings], accounts: &AccountSet) -> Self {
        let (mut inside, mut outside) = (Shown::default(), Shown::default());
        for (account, profile) in population.iter() {
            let Some(people) = people(profile) else { continue };
            let shown = if accounts.contains(account) { &mut inside } else { &mut outside };
            shown.any += 1;
            shown.several += u64::from(people >= SEVERAL_PEOPLE);
        }
        let expected = outside.share() * float(inside.any);
        let mut scratch = Scratch::default();
        let network = holdings.iter().find(|holdings| holdings.channel == Channel::Network);
        Self {
            several: inside.share(),
            elsewhere: outside.share(),
            p: poisson_upper_tail(inside.several, expected),
            bystanders: network.map_or(0, |holdings| holdings.bystanders(accounts, &mut scratch)),
            members: accounts.len(),
        }
    }

    /// Whether most accounts carry several people, more than elsewhere, through addresses that are mostly the set's own.
    pub(crate) fn is_relay(&self) -> bool {
        self.several >= MOST_MEMBERS && self.p <= ACT_LEVEL && self.bystanders < count(self.members)
    }
}

/// Accounts that show any clients or end users, and those that show several.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    any: u64,
    several: u64,
}

impl Shown {
    fn share(self) -> f64 {
        ratio(self.several, self.any)
    }
}

/// The most clients or end users that an account shows; nothing where neither is logged.
fn people(profile: &Profile) -> Option<usize> {
    let kinds = [Kind::Ja4, Kind::UserAgent, Kind::EndUser];
    kinds.iter().map(|&kind| profile.features(kind).len()).max().filter(|people| *people > 0)
}

#[cfg(test)]
mod tests {
    use stillwatch_digest::Kind;

    use super::Pool;
    use crate::account::AccountSet;
    use crate::made::{population, profile};
    use crate::population::Population;
    use crate::signal::channel::{Channel, Holdings};

    /// Forty accounts, of which the first ten show as many clients as given, all through one address; and as many others as
    /// given use that address too.
    fn pool(clients: u64, bystanders: usize) -> Pool {
        let all: Population = population((0..40).map(|at| {
            let shown = if at < 10 { clients } else { 1 };
            let address = if at < 10 + bystanders { 7 } else { 100 + at as u64 };
            let clients: Vec<(u64, u32)> = (0..shown).map(|client| (client, 9)).collect();
            profile(at).using(Kind::Address, &[(address, 20)]).using(Kind::Ja4, &clients).active_on(0, 9)
        }));
        let holdings = [Holdings::new(&all, Channel::Network, false)];
        Pool::new(&all, &holdings, &AccountSet::from(std::array::from_fn::<usize, 10, _>(|at| at)))
    }

    #[test]
    fn several_clients_behind_own_addresses_are_a_pool() {
        let relay = pool(4, 3);
        assert!(relay.is_relay() && (relay.several - 1.0).abs() < 1e-9 && relay.bystanders == 3, "{relay:?}");
    }

    #[test]
    fn neighbours_have_one_client_and_a_carrier_has_many_others() {
        assert!(!pool(1, 3).is_relay());
        assert!(!pool(2, 3).is_relay(), "one person has a computer and a telephone");
        assert!(!pool(4, 20).is_relay());
    }
}
