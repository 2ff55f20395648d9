//! Sets that several hands run: operations that have their wording from one generator, or wear one product's text, and have
//! nothing else in common.
//!
//! Accounts of one hand agree in keys of different causes at once: the same program from the same place, paid for by the same
//! purse. Where two groups inside a set each do so, differ in program or place, and hold no key together, one operator with
//! both is less likely than two operators. An operator with two kinds of program on the same hosts, or with one program and
//! many hosts, is not divided: what both have in common holds them together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use stillwatch_core::ratio;

use crate::account::{AccountIndex, AccountSet};
use crate::judge::setting::Setting;
use crate::parameters::{LEAST_ACCOUNTS, MOST_OF_ALL, OWN_SHARE, few};
use crate::profile::Profile;
use crate::signal::channel::{Channel, keys_of};

/// Keys with one cause.
struct Cause {
    channels: &'static [Channel],
    /// Whether a difference in it tells two hands apart.
    tells_apart: bool,
    /// Whether what two groups hold together in it holds them together. Days of sign-up fall together by chance.
    binds: bool,
}

const CAUSES: [Cause; 5] = [
    Cause { channels: &[Channel::Client, Channel::Parameters], tells_apart: true, binds: true },
    Cause { channels: &[Channel::Network, Channel::Carrier], tells_apart: true, binds: true },
    Cause { channels: &[Channel::Payment], tells_apart: false, binds: true },
    Cause { channels: &[Channel::Domain], tells_apart: false, binds: true },
    Cause { channels: &[Channel::Signup], tells_apart: false, binds: false },
];

/// The place of programs in [`CAUSES`].
const PROGRAM: usize = 0;

/// Of each of two groups, the share that must hold a key of the other before both are one hand's.
const BOUND: f64 = 0.2;
/// Of a set, the share that must belong to some hand before it is divided.
const EXPLAINED: f64 = 0.8;
/// A group of fewer is an accident.
const LEAST_ALIKE: usize = 3;

/// A key, by the place of its cause.
type Key = (usize, u64);

/// The parts of a set that different hands run, largest first; the whole where one hand may run it.
pub(super) fn by_hand(setting: &Setting<'_>, accounts: &AccountSet) -> Vec<AccountSet> {
    let whole = || vec![accounts.clone()];
    if accounts.len() < 2 * LEAST_ACCOUNTS {
        return whole();
    }
    let keys = Keys::new(setting, accounts);
    let mut hands = merged(&keys, keys.alike());
    hands.retain(|hand| setting.owners.distinct(hand.iter()) >= LEAST_ACCOUNTS);
    let explained: usize = hands.iter().map(AccountSet::len).sum();
    if hands.len() < 2 || ratio(explained, accounts.len()) < EXPLAINED {
        return whole();
    }
    let held = hands.iter().fold(AccountSet::default(), |all, hand| all.union(hand));
    for account in accounts.difference(&held).iter() {
        let shared = |hand: &AccountSet| keys.of(account).filter(|key| keys.inside(*key).overlap(hand) > 0).count();
        // Whoever holds nothing of any goes to the largest.
        if let Some(nearest) = hands.iter_mut().max_by_key(|hand| (shared(hand), hand.len(), Reverse(hand.first()))) {
            *nearest = nearest.union(&[account].into_iter().collect());
        }
    }
    hands.sort_by_key(|hand| (Reverse(hand.len()), hand.first()));
    hands
}

/// The keys that several accounts of a set hold.
struct Keys {
    /// Ascending by account.
    of_account: BTreeMap<AccountIndex, Vec<Key>>,
    holders: FxHashMap<Key, AccountSet>,
    /// Accounts outside the set that hold each.
    outside: FxHashMap<Key, usize>,
    others: usize,
}

impl Keys {
    fn new(setting: &Setting<'_>, accounts: &AccountSet) -> Self {
        let population = setting.population;
        let mut lists: FxHashMap<Key, Vec<AccountIndex>> = FxHashMap::default();
        for account in accounts.iter() {
            for key in keys(setting, population.profile(account)) {
                lists.entry(key).or_default().push(account);
            }
        }
        let holders: FxHashMap<Key, AccountSet> = lists
            .into_iter()
            .map(|(key, of)| (key, of.into_iter().collect::<AccountSet>()))
            .filter(|(_, of)| of.len() >= LEAST_ALIKE)
            .collect();
        let mut outside: FxHashMap<Key, usize> = FxHashMap::default();
        for (_, profile) in population.iter().filter(|(account, _)| !accounts.contains(*account)) {
            for key in keys(setting, profile).into_iter().filter(|key| holders.contains_key(key)) {
                *outside.entry(key).or_default() += 1;
            }
        }
        let of_account = accounts
            .iter()
            .map(|account| {
                let held = keys(setting, population.profile(account));
                (account, held.into_iter().filter(|key| holders.contains_key(key)).collect())
            })
            .collect();
        Self { of_account, holders, outside, others: population.len().saturating_sub(accounts.len()) }
    }

    fn of(&self, account: AccountIndex) -> impl Iterator<Item = Key> {
        self.of_account.get(&account).into_iter().flatten().copied()
    }

    fn inside(&self, key: Key) -> &AccountSet {
        static NOBODY: AccountSet = AccountSet::EMPTY;
        self.holders.get(&key).unwrap_or(&NOBODY)
    }

    /// Whether a key belongs to some of the set rather than to anybody.
    fn is_rare(&self, key: Key) -> bool {
        self.outside.get(&key).copied().unwrap_or(0) <= self.inside(key).len()
    }

    fn is_common(&self, key: Key) -> bool {
        ratio(self.outside.get(&key).copied().unwrap_or(0), self.others) > MOST_OF_ALL
    }

    /// Groups that hold rare keys of two causes together, or a rare program that enough accounts have.
    fn alike(&self) -> Vec<AccountSet> {
        let mut groups: BTreeMap<(Key, Key), Vec<AccountIndex>> = BTreeMap::new();
        for (account, held) in &self.of_account {
            let rare: Vec<Key> = held.iter().copied().filter(|key| self.is_rare(*key)).collect();
            for (at, &one) in rare.iter().enumerate() {
                if one.0 == PROGRAM && self.inside(one).len() >= LEAST_ACCOUNTS {
                    groups.entry((one, one)).or_default().push(*account);
                }
                for &other in rare.iter().skip(at + 1).filter(|other| other.0 != one.0) {
                    groups.entry((one, other)).or_default().push(*account);
                }
            }
        }
        let sets = groups.into_values().filter(|of| of.len() >= LEAST_ALIKE);
        let mut sets: Vec<AccountSet> = sets.map(|of| of.into_iter().collect()).collect();
        // In an order that does not depend on fingerprints.
        sets.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        sets.dedup();
        sets
    }

    /// Whether two groups may be one hand's: each has its share of accounts that hold what the other holds, or fewer than two
    /// causes show them apart, program or place among them.
    fn are_bound(&self, one: &AccountSet, other: &AccountSet) -> bool {
        let few_of = |of: &AccountSet| few(of.len()).max(1);
        let bound = |cause: usize| {
            let holding = |group: &AccountSet, theirs: &AccountSet| {
                let holds = |account: &AccountIndex| {
                    self.of(*account).any(|key| {
                        key.0 == cause && !self.is_common(key) && self.inside(key).overlap(theirs) > few_of(theirs) / 2
                    })
                };
                ratio(group.iter().filter(holds).count(), group.len())
            };
            holding(one, other).min(holding(other, one)) >= BOUND
        };
        let causes = || CAUSES.iter().enumerate();
        if causes().any(|(at, cause)| cause.binds && bound(at)) {
            return true;
        }
        let has_own = |group: &AccountSet, cause: usize| {
            let own = |account: &AccountIndex| {
                self.of(*account)
                    .any(|key| key.0 == cause && !self.is_common(key) && self.inside(key).overlap(group) >= LEAST_ALIKE)
            };
            2 * group.iter().filter(own).count() >= group.len()
        };
        let differ: Vec<&Cause> =
            causes().filter(|(at, _)| has_own(one, *at) && has_own(other, *at)).map(|of| of.1).collect();
        differ.len() < 2 || !differ.iter().any(|cause| cause.tells_apart)
    }
}

/// Puts groups together that have accounts in common or are bound otherwise.
fn merged(keys: &Keys, groups: Vec<AccountSet>) -> Vec<AccountSet> {
    let mut hands: Vec<AccountSet> = Vec::new();
    for group in groups {
        let (same, mut apart): (Vec<AccountSet>, Vec<AccountSet>) =
            hands.into_iter().partition(|hand| hand.overlap(&group) > 0);
        apart.push(same.iter().fold(group, |all, hand| all.union(hand)));
        hands = apart;
    }
    hands.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut bound: Vec<AccountSet> = Vec::new();
    for hand in hands {
        let (same, mut apart): (Vec<AccountSet>, Vec<AccountSet>) =
            bound.into_iter().partition(|other| keys.are_bound(other, &hand));
        apart.push(same.iter().fold(hand, |all, other| all.union(other)));
        bound = apart;
    }
    bound
}

/// What an account holds for a good part of its traffic.
fn keys(setting: &Setting<'_>, profile: &Profile) -> Vec<Key> {
    let causes = CAUSES.iter().enumerate();
    let of_cause = causes.flat_map(|(at, cause)| {
        let known = cause.channels.iter().filter(|channel| setting.has(channel.family()));
        known.flat_map(move |&channel| keys_of(profile, channel).into_iter().map(move |held| (at, channel, held)))
    });
    of_cause
        .filter(|(_, _, (_, share))| *share >= OWN_SHARE)
        .map(|(at, channel, (key, _))| (at, key ^ (channel as u64).rotate_right(8)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::by_hand;
    use crate::account::{AccountSet, Owners};
    use crate::census::Census;
    use crate::judge::background::Background;
    use crate::judge::setting::Setting;
    use crate::made::{population, profile};
    use crate::population::Population;
    use crate::signal::channel::{Channel, Holdings};
    use stillwatch_digest::Kind;

    fn parts(all: &Population, size: usize) -> Vec<usize> {
        let owners: Owners = all.owners();
        let holdings: Vec<Holdings> =
            Channel::ALL.into_iter().map(|channel| Holdings::new(all, channel, false)).collect();
        let setting = Setting {
            population: all,
            owners: &owners,
            holdings: &holdings,
            census: Census::new(all),
            background: Background::new(all),
            sets: 1,
            intermediaries: &[],
            without: &[],
        };
        let accounts: AccountSet = owners.accounts().take(size).collect();
        by_hand(&setting, &accounts).iter().map(AccountSet::len).collect()
    }

    /// Twenty accounts with these programs and carriers, among eighty others.
    fn world(of: impl Fn(usize) -> (u64, u64)) -> Population {
        population((0..100).map(|at| {
            let (client, carrier) = if at < 20 { of(at) } else { (1_000 + at as u64 % 7, 2_000 + at as u64 % 9) };
            profile(at).using(Kind::AutonomousSystem, &[(carrier, 10)]).using(Kind::Ja4, &[(client, 10)])
        }))
    }

    #[test]
    fn two_programs_at_two_places_are_two_hands() {
        assert_eq!(parts(&world(|at| if at < 12 { (1, 11) } else { (2, 12) }), 20), [12, 8]);
    }

    #[test]
    fn one_program_at_two_places_is_one_hand() {
        assert_eq!(parts(&world(|at| (1, if at < 12 { 11 } else { 12 })), 20), [20]);
    }

    #[test]
    fn programs_that_change_places_are_one_hand() {
        assert_eq!(parts(&world(|at| (at as u64 % 2, 10 + at as u64 / 2 % 2)), 20), [20]);
    }

    #[test]
    fn accounts_without_keys_stay_together() {
        assert_eq!(parts(&world(|at| (100 + at as u64, 200 + at as u64)), 20), [20]);
    }
}
