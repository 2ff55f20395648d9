//! What accounts hold: keys of several kinds, each with those who hold it.

use std::collections::BTreeMap;

use stillwatch_core::{SECONDS_PER_DAY, float};
use stillwatch_digest::Kind;

use crate::account::{AccountIndex, AccountSet, OwnerIndex, Owners};
use crate::index::{Lists, Per, place};
use crate::parameters::{LEAST_ACCOUNTS, LEAST_SHARE, MOST_OF_ALL};
use crate::population::Population;
use crate::profile::Profile;
use crate::seek::choice::{Choice, Choices};
use crate::signal::channel::{Channel, keys_of};

place! {
    /// The place of a key among those that enough owners hold.
    KeyIndex
}

/// A kind of keys. To add one, write its line in [`KINDS`].
pub(crate) struct KeyKind {
    /// What is not tested on sets that such a key chose. Kinds with one of these in common fail together.
    pub(crate) choices: Choices,
    keys: fn(&Profile) -> Vec<u64>,
}

/// All kinds. Addresses tell their autonomous system, and a program its handshake and its name.
const KINDS: [KeyKind; 8] = [
    KeyKind { choices: PROGRAM, keys: |profile| main(profile, Channel::Client) },
    KeyKind { choices: PROGRAM, keys: |profile| filling(profile, Kind::UserAgent, USED) },
    KeyKind {
        choices: Choices::of(&[Choice::Likeness(Channel::Parameters)]),
        keys: |profile| main(profile, Channel::Parameters),
    },
    KeyKind {
        choices: Choices::of(&[Choice::Likeness(Channel::Domain)]),
        keys: |profile| main(profile, Channel::Domain),
    },
    KeyKind { choices: Choices::of(&[Choice::Likeness(Channel::Signup)]), keys: opening },
    KeyKind { choices: PLACE, keys: |profile| filling(profile, Kind::Network, LEAST_SHARE) },
    KeyKind { choices: PLACE, keys: |profile| main(profile, Channel::Carrier) },
    KeyKind {
        choices: Choices::of(&[Choice::Likeness(Channel::Payment)]),
        keys: |profile| main(profile, Channel::Payment),
    },
];
/// The place of payment in [`KINDS`].
const PAYMENT: usize = KINDS.len() - 1;

const PROGRAM: Choices = Choices::of(&[Choice::Likeness(Channel::Client), Choice::Likeness(Channel::Adoption)]);
const PLACE: Choices = Choices::of(&[Choice::Likeness(Channel::Network), Choice::Likeness(Channel::Carrier)]);

/// A share of its traffic from which on a key is one that an account uses, and no passing one.
const USED: f32 = 0.2;
/// Days that are taken together beside single ones: accounts are opened over a long weekend.
const DAYS_TOGETHER: i64 = 4;

/// A key and all accounts that hold it.
pub(crate) struct Key {
    kind: usize,
    pub(crate) holders: AccountSet,
}

/// The keys that enough owners hold, and what each owner's first account holds of them.
pub(crate) struct Keys {
    pub(crate) keys: Per<KeyIndex, Key>,
    /// Per owner, ascending.
    pub(crate) of_owner: Lists<OwnerIndex, KeyIndex>,
}

impl Keys {
    /// `without` says which channels are left out.
    pub(crate) fn new(population: &Population, owners: &Owners, without: impl Fn(Channel) -> bool) -> Self {
        let mut held: BTreeMap<(usize, u64), Vec<AccountIndex>> = BTreeMap::new();
        for (place, kind) in KINDS.iter().enumerate() {
            if Channel::ALL.into_iter().any(|channel| without(channel) && kind.choices.has(Choice::Likeness(channel))) {
                continue;
            }
            for (account, profile) in population.iter() {
                for key in (kind.keys)(profile) {
                    held.entry((place, key)).or_default().push(account);
                }
            }
        }
        link_payers(&mut held, owners);
        let most = MOST_OF_ALL * float(population.len());
        let mut keys: Vec<Key> = held
            .into_iter()
            .map(|((kind, _), holders)| Key { kind, holders: holders.into_iter().collect() })
            .filter(|key| float(key.holders.len()) <= most)
            .filter(|key| owners.distinct(key.holders.iter()) >= LEAST_ACCOUNTS)
            .collect();
        // In an order that does not depend on fingerprints.
        keys.sort_by(|a, b| (a.kind, &a.holders).cmp(&(b.kind, &b.holders)));
        let keys: Per<KeyIndex, Key> = keys.into();
        let mut of_owner: Per<OwnerIndex, Vec<KeyIndex>> = Per::filled(Vec::new(), owners.count());
        let mut first: Per<OwnerIndex, Option<AccountIndex>> = Per::filled(None, owners.count());
        for account in owners.accounts() {
            first.of_mut(owners.of(account)).get_or_insert(account);
        }
        for (place, key) in keys.iter() {
            for account in key.holders.iter() {
                let owner = owners.of(account);
                // One account speaks for its owner: what an owner's own accounts have in common is no surprise.
                if *first.of(owner) == Some(account) {
                    of_owner.of_mut(owner).push(place);
                }
            }
        }
        Self { keys, of_owner: of_owner.into_values().into_iter().collect() }
    }

    pub(crate) fn choices(&self, key: KeyIndex) -> Choices {
        KINDS.get(self.keys.of(key).kind).map(|kind| kind.choices).unwrap_or_default()
    }
}

/// Adds a key for all who pay with an instrument that a few other owners use too, whichever it is.
fn link_payers(held: &mut BTreeMap<(usize, u64), Vec<AccountIndex>>, owners: &Owners) {
    let few = (2, (owners.count() / RARE).max(2 * LEAST_ACCOUNTS));
    let payers = held.iter().filter(|((kind, _), _)| *kind == PAYMENT);
    let shared = payers.filter(|(_, holders)| {
        let owners = owners.distinct(holders.iter().copied());
        few.0 <= owners && owners <= few.1
    });
    let linked: AccountSet = shared.flat_map(|(_, holders)| holders.iter().copied()).collect();
    held.insert((PAYMENT, LINKED), linked.iter().collect());
}

/// An instrument that one owner in a hundred uses is a shop's.
const RARE: usize = 100;
/// The key of those who pay with what others pay with.
const LINKED: u64 = 0;

/// What an account holds of a channel for a good part of its traffic.
fn main(profile: &Profile, channel: Channel) -> Vec<u64> {
    keys_of(profile, channel).into_iter().filter(|(_, share)| *share >= USED).map(|(key, _)| key).collect()
}

/// What fills a share of an account's slots.
fn filling(profile: &Profile, kind: Kind, share: f32) -> Vec<u64> {
    let features = profile.features(kind);
    let total: u32 = features.iter().map(|feature| feature.1).sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of slots")]
    let fills = |slots: u32| slots as f32 >= share * total as f32;
    features.iter().filter(|(_, slots)| fills(*slots)).map(|(key, _)| *key).collect()
}

/// The day of sign-up, and the long weekends that hold it.
fn opening(profile: &Profile) -> Vec<u64> {
    let Some(created) = profile.account.created_at else { return Vec::new() };
    let day = created.seconds().div_euclid(SECONDS_PER_DAY);
    let key = |tag: u64, value: i64| (tag << 60) | (value.cast_unsigned() & ((1 << 60) - 1));
    let weekend = |offset: i64| (day + offset).div_euclid(DAYS_TOGETHER);
    vec![key(1, day), key(2, weekend(0)), key(3, weekend(DAYS_TOGETHER / 2))]
}

#[cfg(test)]
mod tests {
    use stillwatch_digest::Kind;

    use super::Keys;
    use crate::account::AccountSet;
    use crate::made::{population, profile};

    /// Twelve accounts pay in pairs with one card a pair, and a hundred others with cards of their own; one organisation has
    /// six accounts with one handshake.
    fn keys(without: bool) -> Keys {
        let all = population((0..112).map(|at| {
            let card = if at < 12 { at / 2 } else { at };
            let of = profile(at).with_payment(&format!("card-{card}"));
            if at >= 106 { of.with_organization("one").using(Kind::Ja4, &[(9, 20)]) } else { of }
        }));
        Keys::new(&all, &all.owners(), |_| without)
    }

    #[test]
    fn those_who_pay_with_what_others_pay_with_have_a_key_in_common() {
        let keys = keys(false);
        let linked: Vec<&AccountSet> = keys.keys.values().iter().map(|key| &key.holders).collect();
        assert_eq!(linked, [&AccountSet::from(std::array::from_fn::<usize, 12, _>(|at| at))]);
    }

    #[test]
    fn a_family_that_is_left_out_gives_no_keys() {
        assert!(keys(true).keys.values().is_empty());
    }
}
