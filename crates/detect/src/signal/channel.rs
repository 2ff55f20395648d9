//! Ways in which accounts can be alike, and how much a set of accounts is.

use stillwatch_core::{Family, SECONDS_PER_DAY, count, float};
use stillwatch_digest::Kind;

use crate::account::{AccountIndex, AccountSet, OwnerIndex, Owners, PerAccount};
use crate::index::{Lists, Per, Place, place};
use crate::parameters::{LEAST_SHARE, OWN_SHARE};
use crate::population::Population;
use crate::profile::Profile;

/// One way of being alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Addresses and their /24 or /48: one chance to be linked, since they fail together.
    Network,
    /// Payment instrument, telephone, e-mail address.
    Payment,
    /// Declared owner, where accounts of several organisations have the same.
    Owner,
    /// Autonomous systems.
    Carrier,
    /// Domain of the e-mail address.
    Domain,
    /// Day and hour of sign-up.
    Signup,
    /// Days on which new models and new clients were taken up. What runs a template also chooses these, so this is not
    /// independent of content.
    Adoption,
    /// TLS client fingerprint. What runs a prompt template also makes the connection, so this is not independent of
    /// content.
    Client,
    /// Sampling parameters; part of the request, so of the family content.
    Parameters,
}

impl Channel {
    pub(crate) const ALL: [Self; 9] = [
        Self::Network,
        Self::Payment,
        Self::Owner,
        Self::Carrier,
        Self::Domain,
        Self::Signup,
        Self::Adoption,
        Self::Client,
        Self::Parameters,
    ];

    pub(crate) fn family(self) -> Family {
        match self {
            Self::Parameters => Family::Content,
            Self::Signup => Family::Lifecycle,
            Self::Adoption => Family::Timing,
            _ => Family::Infrastructure,
        }
    }

    /// What is shared, in the plural.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Network => "addresses or their /24",
            Self::Payment => "payment or contact tokens",
            Self::Owner => "declared owners",
            Self::Carrier => "autonomous systems",
            Self::Domain => "e-mail domains",
            Self::Signup => "days and hours of sign-up",
            Self::Adoption => "days of taking up new models and clients",
            Self::Client => "TLS client fingerprints",
            Self::Parameters => "sampling parameters",
        }
    }

    /// Whether it is evidence beside content, and not a consequence of the same program.
    pub(crate) fn is_independent(self) -> bool {
        !matches!(self, Self::Adoption | Self::Client | Self::Parameters)
    }

    /// Whether each account counts with its rarest shared key. Otherwise the mean over pairs counts.
    pub(crate) fn is_linked(self) -> bool {
        matches!(self, Self::Network | Self::Payment | Self::Owner)
    }
}

place! {
    /// The place of a key among those of a channel that several owners hold.
    KeyIndex
}

/// The keys of a channel that several owners hold, account by account.
pub(crate) struct Holdings {
    pub(crate) channel: Channel,
    /// What each account holds, and the share of its traffic.
    keys: Lists<AccountIndex, (KeyIndex, f32)>,
    /// ln(owners / owners that hold it).
    rarity: Per<KeyIndex, f32>,
    owners: Owners,
    /// First and last moment of each account, in days: single precision tells minutes apart.
    spans: PerAccount<(f32, f32)>,
    /// Whether an account holds any key, shared or not.
    known: PerAccount<bool>,
}

impl Holdings {
    /// `without` leaves every key out, as if none were known.
    pub(crate) fn new(population: &Population, channel: Channel, without: bool) -> Self {
        let owners = population.owners();
        let keys = |profile| if without { Vec::new() } else { keys_of(profile, channel) };
        let raw: Lists<AccountIndex, (u64, f32)> = population.profiles().iter().map(keys).collect();
        let mut holders: Vec<(u64, OwnerIndex)> = raw
            .iter()
            .flat_map(|(account, keys)| {
                let owner = owners.of(account);
                keys.iter().map(move |&(key, _)| (key, owner))
            })
            .collect();
        holders.sort_unstable();
        holders.dedup();
        let several = || holders.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > 1);
        let shared: Vec<u64> = several().filter_map(<[_]>::first).map(|held| held.0).collect();
        #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough for a rarity")]
        let rarity = several().map(|chunk| (float(owners.count()) / float(chunk.len())).ln() as f32).collect();
        let place = |(key, share): &(u64, f32)| Some((KeyIndex::new(shared.binary_search(key).ok()?), *share));
        let keys = raw.iter().map(|(_, held)| held.iter().filter_map(place)).collect();
        let known = raw.iter().map(|(_, keys)| !keys.is_empty()).collect();
        Self { channel, keys, rarity, owners, spans: population.spans(), known }
    }

    /// Whether nobody holds any key.
    pub(crate) fn is_empty(&self) -> bool {
        !self.known.values().contains(&true)
    }

    /// How many of these accounts hold any key, shared or not.
    pub(crate) fn known(&self, accounts: &AccountSet) -> usize {
        accounts.iter().filter(|&account| *self.known.of(account)).count()
    }

    /// How much the accounts share.
    pub(crate) fn value(&self, accounts: impl Iterator<Item = AccountIndex> + Clone, scratch: &mut Scratch) -> f64 {
        self.prepare(scratch);
        if self.channel.is_linked() { self.linked(accounts, scratch) } else { self.concentrated(accounts, scratch) }
    }

    /// For each account, whether it shares a key of the channel with another owner of the set.
    pub(crate) fn links(&self, accounts: &AccountSet, scratch: &mut Scratch) -> Vec<bool> {
        self.prepare(scratch);
        self.hold(accounts.iter(), scratch);
        accounts.iter().map(|account| self.best(account, scratch) > 0.0).collect()
    }

    /// The key that most owners of the set share: owners inside, owners anywhere.
    pub(crate) fn commonest(&self, accounts: &AccountSet) -> Option<(usize, usize)> {
        let of = |accounts: &mut dyn Iterator<Item = AccountIndex>| {
            let mut held: Vec<(KeyIndex, OwnerIndex)> = accounts
                .flat_map(|account| self.of(account).iter().map(move |&(key, _)| (key, self.owners.of(account))))
                .collect();
            held.sort_unstable();
            held.dedup();
            held
        };
        let inside = of(&mut accounts.iter());
        let most = inside.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).max()?;
        // Of keys that as many share, the one that fewest hold: not the one that happens to come first under this key.
        let tied = inside.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() == most);
        let anywhere = |key: KeyIndex| {
            let mut holders = self.owners.accounts().filter(|&account| self.holds(account, key));
            of(&mut holders).iter().filter(|held| held.0 == key).count()
        };
        let keys = tied.filter_map(<[_]>::first).take(MOST_TIES).map(|held| held.0);
        Some((most, keys.map(anywhere).min()?))
    }

    /// Accounts outside the set that share a key which at least two owners of the set hold.
    pub(crate) fn bystanders(&self, accounts: &AccountSet, scratch: &mut Scratch) -> u64 {
        self.prepare(scratch);
        self.hold(accounts.iter(), scratch);
        let others = self.owners.accounts().filter(|&account| !accounts.contains(account));
        count(others.filter(|&account| self.of(account).iter().any(|&(key, _)| scratch.is_shared(key))).count())
    }

    /// For each account, whether it shares a rare key of the channel with at least two other owners of the set.
    pub(crate) fn gathered(&self, accounts: &AccountSet) -> Vec<bool> {
        let mut held: Vec<(KeyIndex, OwnerIndex)> = accounts
            .iter()
            .flat_map(|account| self.of(account).iter().map(move |held| (held.0, self.owners.of(account))))
            .filter(|(key, _)| self.is_rare(*key))
            .collect();
        held.sort_unstable();
        held.dedup();
        let several = held.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > 2);
        let gathering: Vec<KeyIndex> = several.filter_map(<[_]>::first).map(|held| held.0).collect();
        let gathers = |account| self.of(account).iter().any(|held| gathering.binary_search(&held.0).is_ok());
        accounts.iter().map(gathers).collect()
    }

    /// Whether an account holds a rare key that a member holds too.
    pub(crate) fn holds_key_of(&self, account: AccountIndex, members: &AccountSet, scratch: &mut Scratch) -> bool {
        if self.of(account).is_empty() {
            return false;
        }
        self.prepare(scratch);
        self.hold(members.iter(), scratch);
        self.of(account).iter().any(|(key, _)| self.is_rare(*key) && scratch.is_held(*key))
    }

    fn of(&self, account: AccountIndex) -> &[(KeyIndex, f32)] {
        self.keys.of(account)
    }

    fn holds(&self, account: AccountIndex, key: KeyIndex) -> bool {
        self.of(account).iter().any(|held| held.0 == key)
    }

    /// A key that one owner in a hundred holds says nothing.
    fn is_rare(&self, key: KeyIndex) -> bool {
        f64::from(*self.rarity.of(key)) > RARE
    }

    fn prepare(&self, scratch: &mut Scratch) {
        scratch.prepare(self.rarity.len(), self.owners.count());
    }

    fn hold(&self, accounts: impl Iterator<Item = AccountIndex>, scratch: &mut Scratch) {
        for account in accounts {
            for &(key, _) in self.of(account) {
                scratch.hold(key, self.owners.of(account), *self.spans.of(account));
            }
        }
    }

    fn best(&self, account: AccountIndex, scratch: &Scratch) -> f32 {
        self.of(account)
            .iter()
            .filter(|(key, _)| scratch.is_shared(*key))
            .map(|&(key, share)| self.rarity.of(key) * (share / OWN_SHARE).min(1.0))
            .fold(0.0, f32::max)
    }

    fn linked(&self, accounts: impl Iterator<Item = AccountIndex> + Clone, scratch: &mut Scratch) -> f64 {
        self.hold(accounts.clone(), scratch);
        accounts.map(|account| f64::from(self.best(account, scratch))).sum()
    }

    /// One account speaks for each owner: what an owner's own accounts share is no surprise.
    fn concentrated(&self, accounts: impl Iterator<Item = AccountIndex>, scratch: &mut Scratch) -> f64 {
        let mut count = 0.0;
        for account in accounts {
            if !scratch.first_of_owner(self.owners.of(account)) {
                continue;
            }
            count += 1.0;
            for &(key, share) in self.of(account) {
                scratch.add(key, share);
            }
        }
        let sum: f64 = scratch
            .touched
            .iter()
            .map(|&key| {
                let Slot { since: sum, until: squares, .. } = *scratch.slots.of(key);
                f64::from(self.rarity.of(key) * (sum * sum - squares))
            })
            .sum();
        if count > 1.0 { sum / (count * (count - 1.0)) } else { 0.0 }
    }

    /// How much is shared without the accounts that add most to it.
    pub(crate) fn without_the_most_alike(&self, accounts: &AccountSet, left_out: usize, scratch: &mut Scratch) -> f64 {
        self.value(accounts.iter(), scratch);
        let mut by_share: Vec<(f32, AccountIndex)> = accounts
            .iter()
            .map(|account| {
                let held = self.of(account).iter();
                (held.map(|&(key, share)| self.rarity.of(key) * share * scratch.sum(key)).sum(), account)
            })
            .collect();
        by_share.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let others: AccountSet = by_share.into_iter().skip(left_out).map(|of| of.1).collect();
        self.value(others.iter(), scratch)
    }

    /// The least deviation that a null for a set of so many accounts is believed to have: one accidental link between
    /// two of them by a key that nobody else holds.
    pub(crate) fn floor(&self, accounts: usize) -> f64 {
        let rarest = float(self.owners.count()).ln();
        let count = float(accounts.max(2));
        if self.channel.is_linked() { rarest } else { 2.0 * rarest / (count * (count - 1.0)) }
    }
}

const SECONDS_PER_HOUR: i64 = 3_600;
/// Keys that as many owners share, of which the rarest is told.
const MOST_TIES: usize = 64;
/// Spreads days over the bits of a key.
const DAY_MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// Logarithm of a hundred.
const RARE: f64 = 4.6;

/// The keys of a channel that an account holds, each with the share of its traffic.
pub(crate) fn keys_of(profile: &Profile, channel: Channel) -> Vec<(u64, f32)> {
    let shares = |kind: Kind, tag: u64| {
        let features = profile.features(kind);
        let total: u32 = features.iter().map(|feature| feature.1).sum();
        #[expect(clippy::cast_precision_loss, reason = "numbers of slots")]
        let all = features.iter().map(move |&(key, slots)| (key | tag, slots as f32 / total as f32));
        all.filter(|(_, share)| *share >= LEAST_SHARE)
    };
    let account = &profile.account;
    match channel {
        Channel::Network => shares(Kind::Address, 0).chain(shares(Kind::Network, 1 << 63)).collect(),
        Channel::Payment => [(&account.payment_hmac, 1), (&account.phone_hmac, 2), (&account.email_hmac, 3)]
            .into_iter()
            .filter_map(|(token, tag)| Some((key_of(tag, token.as_ref()?.expose()), 1.0)))
            .collect(),
        Channel::Carrier => shares(Kind::AutonomousSystem, 0).collect(),
        Channel::Domain => account.email_domain.iter().map(|domain| (key_of(4, domain), 1.0)).collect(),
        Channel::Owner => account.owner.iter().map(|owner| (key_of(5, owner), 1.0)).collect(),
        Channel::Signup => account.created_at.map_or_else(Vec::new, |created| {
            let hour = created.seconds().div_euclid(SECONDS_PER_HOUR).cast_unsigned();
            let day = created.seconds().div_euclid(SECONDS_PER_DAY).cast_unsigned();
            vec![(day, 1.0), (hour | 1 << 62, 1.0)]
        }),
        Channel::Adoption => {
            // What was in use on the first day was not taken up in this window.
            let began = profile.first.day();
            let taken = profile.first_days.iter().filter(|(_, day)| *day > began);
            taken.map(|&(what, day)| (what ^ u64::from(day.0.cast_unsigned()).wrapping_mul(DAY_MIX), 1.0)).collect()
        }
        Channel::Client => shares(Kind::Ja4, 0).collect(),
        Channel::Parameters => shares(Kind::Parameters, 0).collect(),
    }
}

/// A name for a token within this process; it is never written anywhere.
fn key_of(tag: u8, text: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[tag]).update(text.as_bytes());
    let mut key = [0; 8];
    hasher.finalize_xof().fill(&mut key);
    u64::from_le_bytes(key)
}

/// Buffers that every evaluation uses again. A slot belongs to the evaluation whose stamp it bears, so nothing has to be
/// cleared, and everything about a key lies together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    stamp: u32,
    slots: Per<KeyIndex, Slot>,
    touched: Vec<KeyIndex>,
    /// Per owner, the evaluation that met it last.
    owners: Per<OwnerIndex, u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    stamp: u32,
    first: OwnerIndex,
    /// When the key's holders were active first, or the sum of its shares.
    since: f32,
    /// When they were active last, or the sum of squares.
    until: f32,
    several: bool,
}

impl Scratch {
    fn prepare(&mut self, keys: usize, owners: usize) {
        if self.slots.len() < keys {
            self.slots.values_mut().resize(keys, Slot::default());
        }
        if self.owners.len() < owners {
            self.owners.values_mut().resize(owners, 0);
        }
        self.touched.clear();
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.slots.values_mut().fill(Slot::default());
            self.owners.values_mut().fill(0);
            self.stamp = 1;
        }
    }

    /// Two owners share a key when both were active at a time: a customer that moves to a new account holds both, but
    /// one after the other.
    fn hold(&mut self, key: KeyIndex, owner: OwnerIndex, (since, until): (f32, f32)) {
        let slot = self.slots.of_mut(key);
        if slot.stamp != self.stamp {
            *slot = Slot { stamp: self.stamp, first: owner, since, until, several: false };
            return;
        }
        slot.several |= slot.first != owner && since <= slot.until && until >= slot.since;
        slot.since = slot.since.min(since);
        slot.until = slot.until.max(until);
    }

    fn is_held(&self, key: KeyIndex) -> bool {
        self.slots.of(key).stamp == self.stamp
    }

    fn is_shared(&self, key: KeyIndex) -> bool {
        let slot = self.slots.of(key);
        slot.stamp == self.stamp && slot.several
    }

    /// Adds a share to the sum and to the sum of squares of a key.
    fn add(&mut self, key: KeyIndex, share: f32) {
        let slot = self.slots.of_mut(key);
        if slot.stamp != self.stamp {
            *slot = Slot { stamp: self.stamp, ..Slot::default() };
            self.touched.push(key);
        }
        slot.since += share;
        slot.until += share * share;
    }

    fn sum(&self, key: KeyIndex) -> f32 {
        let slot = self.slots.of(key);
        if slot.stamp == self.stamp { slot.since } else { 0.0 }
    }

    fn first_of_owner(&mut self, owner: OwnerIndex) -> bool {
        std::mem::replace(self.owners.of_mut(owner), self.stamp) != self.stamp
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, Holdings, Scratch};
    use crate::account::{AccountIndex, AccountSet};
    use crate::index::Place;
    use crate::made::{population, profile};
    use crate::population::Population;

    /// Three accounts of three owners pay with one card, two of one owner with another, and fifteen with cards of their own.
    fn payers() -> Population {
        let token = |at: usize| match at {
            0..3 => "shared".to_owned(),
            3..5 => "own".to_owned(),
            _ => format!("card-{at}"),
        };
        population((0..20).map(|at| {
            let profile = profile(at).with_payment(&token(at)).active_on(0, 9);
            if (3..5).contains(&at) { profile.with_organization("one") } else { profile }
        }))
    }

    #[test]
    fn owners_who_share_a_key_are_linked_and_an_owner_is_not_linked_to_itself() {
        let holdings = Holdings::new(&payers(), Channel::Payment, false);
        let mut scratch = Scratch::default();
        let links = holdings.links(&AccountSet::from([0, 1, 2, 3, 4, 5]), &mut scratch);
        assert_eq!(links, [true, true, true, false, false, false]);
        // Each of three accounts holds a key that three of nineteen owners have.
        let value = holdings.value(AccountSet::from([0, 1, 2]).iter(), &mut scratch);
        assert!((value - 3.0 * (19.0_f64 / 3.0).ln()).abs() < 1e-5, "{value}");
        assert!(holdings.value(AccountSet::from([0, 3, 5]).iter(), &mut scratch).abs() < 1e-9);
    }

    #[test]
    fn others_with_the_same_key_are_bystanders() {
        let holdings = Holdings::new(&payers(), Channel::Payment, false);
        let mut scratch = Scratch::default();
        assert_eq!(holdings.bystanders(&AccountSet::from([0, 1, 7]), &mut scratch), 1);
        assert_eq!(holdings.bystanders(&AccountSet::from([0, 7, 8]), &mut scratch), 0, "nobody inside shares it");
        assert_eq!(holdings.commonest(&AccountSet::from([0, 1, 7])), Some((2, 3)));
        assert_eq!(holdings.known(&AccountSet::from([0, 19])), 2);
    }

    #[test]
    fn whoever_comes_when_the_other_has_left_shares_nothing() {
        let moved = population((0..6).map(|at| {
            let of = profile(at).with_payment(if at < 2 { "card" } else { "other" });
            if at == 1 { of.active_on(5, 9) } else { of.active_on(0, 4) }
        }));
        let holdings = Holdings::new(&moved, Channel::Payment, false);
        assert_eq!(holdings.links(&AccountSet::from([0, 1]), &mut Scratch::default()), [false, false]);
        assert_eq!(holdings.links(&AccountSet::from([2, 3]), &mut Scratch::default()), [true, true]);
    }

    #[test]
    fn a_family_that_is_left_out_holds_nothing() {
        let holdings = Holdings::new(&payers(), Channel::Payment, true);
        assert_eq!(holdings.known(&AccountSet::from([0, 1])), 0);
        assert!(!holdings.holds_key_of(AccountIndex::new(0), &AccountSet::from([1]), &mut Scratch::default()));
    }
}
