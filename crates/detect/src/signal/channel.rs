//! Ways in which accounts can be alike, and how much a set of accounts is.

use stillwatch_core::{Family, SECONDS_PER_DAY};
use stillwatch_digest::Kind;

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

/// The keys of a channel that several owners hold, account by account.
pub(crate) struct Holdings {
    pub(crate) channel: Channel,
    offsets: Vec<u32>,
    keys: Vec<(u32, f32)>,
    /// Per key: ln(owners / owners that hold it).
    rarity: Vec<f32>,
    owners: Vec<u32>,
    /// First and last moment of each account, in days: single precision tells minutes apart.
    spans: Vec<(f32, f32)>,
    /// Whether an account holds any key, shared or not.
    known: Vec<bool>,
}

impl Holdings {
    /// `without` leaves every key out, as if none were known.
    pub(crate) fn new(population: &Population, channel: Channel, without: bool) -> Self {
        let owners = population.owners();
        let keys = |profile| if without { Vec::new() } else { keys_of(profile, channel) };
        let raw: Vec<Vec<(u64, f32)>> = population.profiles.iter().map(keys).collect();
        let mut holders: Vec<(u64, u32)> =
            raw.iter().zip(&owners).flat_map(|(keys, &owner)| keys.iter().map(move |&(key, _)| (key, owner))).collect();
        holders.sort_unstable();
        holders.dedup();
        let total = owners.iter().max().map_or(1, |&last| last + 1);
        let mut shared: Vec<(u64, f32)> = Vec::new();
        for chunk in holders.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > 1) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "numbers of owners")]
            shared.push((chunk[0].0, (f64::from(total) / chunk.len() as f64).ln() as f32));
        }
        let mut offsets = vec![0];
        let mut keys = Vec::new();
        for held in &raw {
            for &(key, share) in held {
                if let Ok(at) = shared.binary_search_by_key(&key, |&(key, _)| key) {
                    keys.push((u32::try_from(at).unwrap_or(u32::MAX), share));
                }
            }
            offsets.push(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        }
        Self {
            channel,
            offsets,
            keys,
            rarity: shared.into_iter().map(|(_, rarity)| rarity).collect(),
            owners,
            spans: population.spans(),
            known: raw.iter().map(|keys| !keys.is_empty()).collect(),
        }
    }

    /// How many of these accounts hold any key, shared or not.
    pub(crate) fn known(&self, accounts: &[u32]) -> usize {
        accounts.iter().filter(|account| self.known[**account as usize]).count()
    }

    /// How much the accounts share.
    pub(crate) fn value(&self, accounts: impl Iterator<Item = u32> + Clone, scratch: &mut Scratch) -> f64 {
        scratch.prepare(self.rarity.len(), self.owners.len());
        if self.channel.is_linked() { self.linked(accounts, scratch) } else { self.concentrated(accounts, scratch) }
    }

    /// For each account, whether it shares a key of the channel with another owner of the set.
    pub(crate) fn links(&self, accounts: &[u32], scratch: &mut Scratch) -> Vec<bool> {
        scratch.prepare(self.rarity.len(), self.owners.len());
        self.hold(accounts.iter().copied(), scratch);
        accounts.iter().map(|&account| self.best(account, scratch) > 0.0).collect()
    }

    /// The key that most owners of the set share: dense key, owners inside, owners anywhere.
    pub(crate) fn commonest(&self, accounts: &[u32]) -> Option<(u32, usize, usize)> {
        let of = |accounts: &mut dyn Iterator<Item = u32>| {
            let mut held: Vec<(u32, u32)> = accounts
                .flat_map(|account| self.of(account).iter().map(move |&(key, _)| (key, self.owners[account as usize])))
                .collect();
            held.sort_unstable();
            held.dedup();
            held
        };
        let inside = of(&mut accounts.iter().copied());
        let most = inside.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).max()?;
        // Of keys that as many share, the one that fewest hold: not the one that happens to come first under this key.
        let tied = inside.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() == most).map(|chunk| chunk[0].0);
        let everyone = u32::try_from(self.owners.len()).unwrap_or(0);
        let anywhere = |key: u32| {
            let mut holders = (0..everyone).filter(|&account| self.of(account).iter().any(|held| held.0 == key));
            of(&mut holders).iter().filter(|held| held.0 == key).count()
        };
        tied.take(MOST_TIES).map(|key| (anywhere(key), key)).min().map(|(anywhere, key)| (key, most, anywhere))
    }

    /// Accounts outside the set that share a key which at least two owners of the set hold.
    pub(crate) fn bystanders(&self, accounts: &[u32], scratch: &mut Scratch) -> u64 {
        scratch.prepare(self.rarity.len(), self.owners.len());
        self.hold(accounts.iter().copied(), scratch);
        let everyone = u32::try_from(self.owners.len()).unwrap_or(0);
        let touched = (0..everyone)
            .filter(|account| accounts.binary_search(account).is_err())
            .filter(|&account| self.of(account).iter().any(|&(key, _)| scratch.is_shared(key)))
            .count();
        touched as u64
    }

    /// For each account, whether it shares a rare key of the channel with at least two other owners of the set.
    pub(crate) fn gathered(&self, accounts: &[u32]) -> Vec<bool> {
        let mut held: Vec<(u32, u32)> = accounts
            .iter()
            .flat_map(|&account| self.of(account).iter().map(move |held| (held.0, self.owners[account as usize])))
            .filter(|(key, _)| f64::from(self.rarity[*key as usize]) > RARE)
            .collect();
        held.sort_unstable();
        held.dedup();
        let gathering: Vec<u32> =
            held.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > 2).map(|chunk| chunk[0].0).collect();
        let gathers = |account: &u32| self.of(*account).iter().any(|held| gathering.binary_search(&held.0).is_ok());
        accounts.iter().map(gathers).collect()
    }

    /// Whether an account holds a rare key that a member holds too.
    pub(crate) fn holds_key_of(&self, account: u32, members: &[u32], scratch: &mut Scratch) -> bool {
        if self.of(account).is_empty() {
            return false;
        }
        scratch.prepare(self.rarity.len(), self.owners.len());
        self.hold(members.iter().copied(), scratch);
        // A key that one account in a hundred holds says nothing.
        let rare = |key: &u32| f64::from(self.rarity[*key as usize]) > RARE;
        self.of(account).iter().any(|(key, _)| rare(key) && scratch.is_held(*key))
    }

    fn of(&self, account: u32) -> &[(u32, f32)] {
        &self.keys[self.offsets[account as usize] as usize..self.offsets[account as usize + 1] as usize]
    }

    fn hold(&self, accounts: impl Iterator<Item = u32>, scratch: &mut Scratch) {
        for account in accounts {
            for &(key, _) in self.of(account) {
                scratch.hold(key, self.owners[account as usize], self.spans[account as usize]);
            }
        }
    }

    fn best(&self, account: u32, scratch: &Scratch) -> f32 {
        self.of(account)
            .iter()
            .filter(|(key, _)| scratch.is_shared(*key))
            .map(|&(key, share)| self.rarity[key as usize] * (share / OWN_SHARE).min(1.0))
            .fold(0.0, f32::max)
    }

    fn linked(&self, accounts: impl Iterator<Item = u32> + Clone, scratch: &mut Scratch) -> f64 {
        self.hold(accounts.clone(), scratch);
        accounts.map(|account| f64::from(self.best(account, scratch))).sum()
    }

    /// One account speaks for each owner: what an owner's own accounts share is no surprise.
    fn concentrated(&self, accounts: impl Iterator<Item = u32>, scratch: &mut Scratch) -> f64 {
        let mut count = 0.0;
        for account in accounts {
            if !scratch.first_of_owner(self.owners[account as usize]) {
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
                let Slot { since: sum, until: squares, .. } = scratch.slots[key as usize];
                f64::from(self.rarity[key as usize] * (sum * sum - squares))
            })
            .sum();
        if count > 1.0 { sum / (count * (count - 1.0)) } else { 0.0 }
    }

    /// How much is shared without the accounts that add most to it.
    pub(crate) fn without_the_most_alike(&self, accounts: &[u32], left_out: usize, scratch: &mut Scratch) -> f64 {
        self.value(accounts.iter().copied(), scratch);
        let mut by_share: Vec<(f32, u32)> = accounts
            .iter()
            .map(|&account| {
                let held = self.of(account).iter();
                (held.map(|&(key, share)| self.rarity[key as usize] * share * scratch.sum(key)).sum(), account)
            })
            .collect();
        by_share.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut others: Vec<u32> = by_share.into_iter().skip(left_out).map(|of| of.1).collect();
        others.sort_unstable();
        self.value(others.into_iter(), scratch)
    }

    /// The least deviation that a null for a set of so many accounts is believed to have: one accidental link between
    /// two of them by a key that nobody else holds.
    pub(crate) fn floor(&self, accounts: usize) -> f64 {
        let rarest = f64::from(self.owners.iter().max().map_or(1, |&last| last + 1)).ln();
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let count = accounts.max(2) as f64;
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

fn keys_of(profile: &Profile, channel: Channel) -> Vec<(u64, f32)> {
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
    key.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(key)
}

/// Buffers that every evaluation uses again. A slot belongs to the evaluation whose stamp it bears, so nothing has to be
/// cleared, and everything about a key lies together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    stamp: u32,
    slots: Vec<Slot>,
    touched: Vec<u32>,
    owners: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    stamp: u32,
    first: u32,
    /// When the key's holders were active first, or the sum of its shares.
    since: f32,
    /// When they were active last, or the sum of squares.
    until: f32,
    several: bool,
}

impl Scratch {
    fn prepare(&mut self, keys: usize, owners: usize) {
        if self.slots.len() < keys {
            self.slots.resize(keys, Slot::default());
        }
        if self.owners.len() < owners {
            self.owners.resize(owners, 0);
        }
        self.touched.clear();
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.slots.fill(Slot::default());
            self.owners.fill(0);
            self.stamp = 1;
        }
    }

    /// Two owners share a key when both were active at a time: a customer that moves to a new account holds both, but
    /// one after the other.
    fn hold(&mut self, key: u32, owner: u32, (since, until): (f32, f32)) {
        let slot = &mut self.slots[key as usize];
        if slot.stamp != self.stamp {
            *slot = Slot { stamp: self.stamp, first: owner, since, until, several: false };
            return;
        }
        slot.several |= slot.first != owner && since <= slot.until && until >= slot.since;
        slot.since = slot.since.min(since);
        slot.until = slot.until.max(until);
    }

    fn is_held(&self, key: u32) -> bool {
        self.slots[key as usize].stamp == self.stamp
    }

    fn is_shared(&self, key: u32) -> bool {
        let slot = &self.slots[key as usize];
        slot.stamp == self.stamp && slot.several
    }

    /// Adds a share to the sum and to the sum of squares of a key.
    fn add(&mut self, key: u32, share: f32) {
        let slot = &mut self.slots[key as usize];
        if slot.stamp != self.stamp {
            *slot = Slot { stamp: self.stamp, ..Slot::default() };
            self.touched.push(key);
        }
        slot.since += share;
        slot.until += share * share;
    }

    fn sum(&self, key: u32) -> f32 {
        let slot = &self.slots[key as usize];
        if slot.stamp == self.stamp { slot.since } else { 0.0 }
    }

    fn first_of_owner(&mut self, owner: u32) -> bool {
        std::mem::replace(&mut self.owners[owner as usize], self.stamp) != self.stamp
    }
}
