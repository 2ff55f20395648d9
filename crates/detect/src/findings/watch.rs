//! A watch-list beside the accounts of this log: what is looked up, under the local key, and who matches.

use std::collections::BTreeSet;

use ipnet::IpNet;
use rustc_hash::FxHashMap;
use stillwatch_core::{AccountId, AccountType, IndicatorKind, IndicatorValue, Micros, WatchedIndicator};
use stillwatch_digest::{Kind, Names};

use crate::account::OwnerIndex;
use crate::index::{Per, place};
use crate::population::Population;
use crate::profile::{Organization, Profile};

/// A watch-list, ready to be looked up.
pub(crate) struct Watch {
    pub(crate) indicators: Per<IndicatorIndex, WatchedIndicator>,
    /// Kind, fingerprint, indicator; ascending.
    prints: Vec<(u8, u64, IndicatorIndex)>,
    /// Indicators of what the account table holds in plain text.
    texts: FxHashMap<(IndicatorKind, String), Vec<IndicatorIndex>>,
    names: Names,
}

place! {
    /// The place of an indicator in the watch-list.
    IndicatorIndex
}

place! {
    /// The place of an account among those that were looked up: all but the provider's own.
    LookedUp
}

/// Which accounts match which indicators.
pub(crate) struct Matches {
    /// Every account that was looked at, with whoever answers for it.
    pub(crate) accounts: Per<LookedUp, (AccountId, OwnerIndex)>,
    /// Per indicator, the accounts that match, ascending.
    pub(crate) holders: Per<IndicatorIndex, Vec<LookedUp>>,
    /// Kinds of which some account has the field.
    pub(crate) present: BTreeSet<IndicatorKind>,
    /// First and last moment of the log.
    pub(crate) span: (Micros, Micros),
}

impl Watch {
    pub(crate) fn new(indicators: Vec<WatchedIndicator>, names: &Names) -> Self {
        let mut watch =
            Self { indicators: Per::default(), prints: Vec::new(), texts: FxHashMap::default(), names: *names };
        let indicators: Per<IndicatorIndex, WatchedIndicator> = indicators.into();
        for (number, indicator) in indicators.iter() {
            watch.add(number, indicator);
        }
        watch.prints.sort_unstable();
        watch.prints.dedup();
        watch.indicators = indicators;
        watch
    }

    fn add(&mut self, number: IndicatorIndex, indicator: &WatchedIndicator) {
        let names = self.names;
        let mut print = |kind: Kind, print: u64| self.prints.push((kind as u8, print, number));
        let text = match (&indicator.value, of_digest(indicator.kind)) {
            (IndicatorValue::Keyed(fingerprint), Some(kind)) => return print(kind, *fingerprint),
            (IndicatorValue::Keyed(_), None) => return,
            (IndicatorValue::Plain(text), _) => text.expose(),
        };
        match (indicator.kind, of_digest(indicator.kind)) {
            (IndicatorKind::Network, _) => {
                for block in blocks(text) {
                    match block {
                        Block::Address(address) => print(Kind::Address, names.fingerprint(Kind::Address, &address)),
                        Block::Network(network) => {
                            names.network(&network).into_iter().for_each(|block| print(Kind::Network, block));
                        }
                    }
                }
            }
            (IndicatorKind::Asn, Some(kind)) => {
                text.parse().into_iter().for_each(|number| print(kind, names.autonomous_system(number)));
            }
            (_, Some(kind)) => print(kind, names.fingerprint(kind, text)),
            (kind, None) => self.texts.entry((kind, text.to_owned())).or_default().push(number),
        }
    }

    /// Looks every account up. The provider's own are left out.
    pub(crate) fn look(&self, population: &Population) -> Matches {
        let profiles = population.profiles();
        let first = profiles.iter().map(|profile| profile.first).min().unwrap_or_default();
        let last = profiles.iter().map(|profile| profile.last).max().unwrap_or_default();
        let mut matches = Matches {
            accounts: Per::default(),
            holders: Per::filled(Vec::new(), self.indicators.len()),
            present: BTreeSet::new(),
            span: (first, last),
        };
        let mut found = Vec::new();
        let owners = population.owners();
        for (account, profile) in population.iter() {
            if profile.account.account_type == AccountType::Internal {
                continue;
            }
            let at = matches.accounts.push((profile.account.account.clone(), owners.of(account)));
            self.find(profile, &mut found, &mut matches.present);
            for number in found.drain(..) {
                if self.indicators.of(number).holds(profile.first, profile.last) {
                    matches.holders.of_mut(number).push(at);
                }
            }
        }
        matches
    }

    /// The indicators that an account matches, whenever they hold.
    fn find(&self, profile: &Profile, found: &mut Vec<IndicatorIndex>, present: &mut BTreeSet<IndicatorKind>) {
        for kind in IndicatorKind::ALL {
            let Some(of_digest) = of_digest(kind) else { continue };
            let mut any = false;
            let mut look = |print: u64| {
                any = true;
                self.numbers(of_digest, print, found);
            };
            match of_digest {
                Kind::Passage => profile.passages.iter().for_each(|&(passage, _)| look(passage)),
                _ => profile.features(of_digest).iter().for_each(|&(print, _)| look(print)),
            }
            let account = &profile.account;
            let signup_ip = account.signup_ip.as_ref().map(|ip| ip.expose().as_str());
            match (of_digest, profile.organization()) {
                (Kind::Address, _) => {
                    if let Some(ip) = signup_ip {
                        look(self.names.fingerprint(Kind::Address, ip));
                    }
                }
                (Kind::Network, _) => {
                    signup_ip.and_then(|ip| self.names.network(ip)).into_iter().for_each(look);
                }
                (Kind::Organization, Some(Organization::Named(name))) => {
                    look(self.names.fingerprint(Kind::Organization, name));
                }
                _ => {}
            }
            if any {
                present.insert(kind);
            }
        }
        for (kind, text) in table_texts(profile) {
            present.insert(kind);
            if let Some(numbers) = self.texts.get(&(kind, text)) {
                found.extend_from_slice(numbers);
            }
        }
        found.sort_unstable();
        found.dedup();
    }

    fn numbers(&self, kind: Kind, print: u64, found: &mut Vec<IndicatorIndex>) {
        let key = (kind as u8, print);
        let from = self.prints.partition_point(|&(kind, print, _)| (kind, print) < key);
        let same = self.prints.iter().skip(from).take_while(|&&(kind, print, _)| (kind, print) == key);
        found.extend(same.map(|held| held.2));
    }
}

/// The kind of fingerprint in digests that an indicator is compared with.
fn of_digest(kind: IndicatorKind) -> Option<Kind> {
    Some(match kind {
        IndicatorKind::Organization => Kind::Organization,
        IndicatorKind::Ip => Kind::Address,
        IndicatorKind::Network => Kind::Network,
        IndicatorKind::Asn => Kind::AutonomousSystem,
        IndicatorKind::Ja4 => Kind::Ja4,
        IndicatorKind::UserAgent => Kind::UserAgent,
        IndicatorKind::ApiKey => Kind::ApiKey,
        IndicatorKind::Passage => Kind::Passage,
        IndicatorKind::Skeleton => Kind::Skeleton,
        IndicatorKind::System => Kind::System,
        IndicatorKind::Tools => Kind::Tools,
        IndicatorKind::Account
        | IndicatorKind::Payment
        | IndicatorKind::Email
        | IndicatorKind::Phone
        | IndicatorKind::EmailDomain => return None,
    })
}

fn table_texts(profile: &Profile) -> impl Iterator<Item = (IndicatorKind, String)> {
    let account = &profile.account;
    let token = |token: &Option<stillwatch_core::Redacted<String>>| token.as_ref().map(|token| token.expose().clone());
    [
        (IndicatorKind::Account, Some(account.account.to_string())),
        (IndicatorKind::Payment, token(&account.payment_hmac)),
        (IndicatorKind::Email, token(&account.email_hmac)),
        (IndicatorKind::Phone, token(&account.phone_hmac)),
        (IndicatorKind::EmailDomain, account.email_domain.as_ref().map(|domain| domain.to_lowercase())),
    ]
    .into_iter()
    .filter_map(|(kind, text)| Some((kind, text?)))
}

enum Block {
    Address(String),
    Network(String),
}

/// A network in the pieces that digests know: /24 of IPv4, /48 of IPv6, and single addresses.
fn blocks(network: &str) -> Vec<Block> {
    let Ok(network) = network.parse::<IpNet>() else {
        return Vec::new();
    };
    let coarse = if matches!(network, IpNet::V4(_)) { 24 } else { 48 };
    if network.prefix_len() <= coarse {
        let subnets = network.subnets(coarse).into_iter().flatten();
        return subnets.take(MOST_BLOCKS).map(|block| Block::Network(block.addr().to_string())).collect();
    }
    let single = network.max_prefix_len();
    let addresses = network.subnets(single).into_iter().flatten();
    addresses.take(MOST_BLOCKS).map(|address| Block::Address(address.addr().to_string())).collect()
}

/// A /16 in /24s.
const MOST_BLOCKS: usize = 256;

#[cfg(test)]
mod tests {
    use super::{Block, blocks};

    fn written(network: &str) -> (usize, String) {
        let blocks = blocks(network);
        let Some(Block::Address(first) | Block::Network(first)) = blocks.first() else { panic!("no block") };
        (blocks.len(), first.clone())
    }

    #[test]
    fn networks_are_looked_up_in_pieces() {
        assert_eq!(written("192.0.0.0/16"), (256, "192.0.0.0".into()));
        assert_eq!(written("192.0.2.0/24"), (1, "192.0.2.0".into()));
        assert_eq!(written("192.0.2.4/30"), (4, "192.0.2.4".into()));
        assert_eq!(written("2001:db8::/47"), (2, "2001:db8::".into()));
        assert_eq!(written("2001:db8::1:0/124"), (16, "2001:db8::1:0".into()));
    }
}
