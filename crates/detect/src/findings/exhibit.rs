//! What is shown of a campaign beside its sentences: when each account was active, and what the accounts share.
//!
//! Neither decides anything. Both are bounded, and say what they leave out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use stillwatch_core::{Cancelled, Family, Micros, Millibits, Redacted, count, float, ratio};
use stillwatch_digest::{Kind, Names};

use crate::account::{AccountSet, OwnerIndex, Owners};
use crate::index::{Per, Place, place};
use crate::parameters::{LEAST_SHARE, OWN_SHARE};
use crate::population::Population;
use crate::profile::Profile;
use crate::report::{Campaign, EvidenceGraph, GraphEdge, GraphNode, Lane, NodeKind, Timeline};
use crate::signal::wording::Wording;
use crate::work::Work;

/// Accounts with a lane of their own.
const MOST_LANES: usize = 300;
/// Cells of a lane: as many as a line of a page shows apart.
const MOST_CELLS: i64 = 120;
const MINUTES_PER_HOUR: i64 = 60;
const HOURS_PER_DAY: i64 = 24;
/// Lengths of a cell in hours; beyond the last, whole weeks.
const STEPS: [i64; 12] = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 96, HOURS_PER_WEEK];
const HOURS_PER_WEEK: i64 = 168;

/// Nodes of a graph, beyond which accounts are put together.
const MOST_NODES: usize = 200;
/// What is shared that has a node of its own: what fits beside each other on a page.
const MOST_KEYS: usize = 32;
/// Rarity, in bits, below which sharing a key says nothing: half of all have it.
const LEAST_BITS: f64 = 1.0;

/// Adds timeline and graph to every campaign. Families that are left out of the tests are left out here.
pub(crate) fn exhibit(
    population: &Population,
    owners: &Owners,
    names: &Names,
    without: &[Family],
    campaigns: &mut [Campaign],
    work: Work<'_>,
) -> Result<(), Cancelled> {
    let places = population.places();
    let set_of = |campaign: &Campaign| {
        campaign.accounts.iter().filter_map(|member| places.get(&member.account).copied()).collect::<AccountSet>()
    };
    let sets: Vec<AccountSet> = campaigns.iter().map(set_of).collect();
    let view = View { population, owners, names, without };
    let shared: Vec<Vec<Shared>> = sets.iter().map(|set| view.shared(set)).collect();
    let holders = view.holders(shared.iter().flatten());
    for ((campaign, set), shared) in campaigns.iter_mut().zip(&sets).zip(shared) {
        work.check()?;
        campaign.timeline = timeline(population, set);
        if set.len() > 1 {
            campaign.graph = view.graph(set, shared, &holders);
        }
    }
    Ok(())
}

fn timeline(population: &Population, set: &AccountSet) -> Timeline {
    let profiles = || population.of(set);
    let hour = |minute: i32| i64::from(minute).div_euclid(MINUTES_PER_HOUR);
    let first = profiles().filter_map(|profile| profile.minutes.first()).min().map(|&minute| hour(minute));
    let last = profiles().filter_map(|profile| profile.minutes.last()).max().map(|&minute| hour(minute));
    let (Some(first), Some(last)) = (first, last) else {
        return Timeline::default();
    };
    // Cells begin at midnight or at a whole part of the day, as people count.
    let start_of = |step: i64| if step < HOURS_PER_DAY { first - first.rem_euclid(step) } else { day_of(first) };
    let cells_of = |step: i64| (last - start_of(step)) / step + 1;
    let step = STEPS
        .into_iter()
        .find(|&step| cells_of(step) <= MOST_CELLS)
        .unwrap_or_else(|| ((last - day_of(first)) / MOST_CELLS / HOURS_PER_WEEK + 1) * HOURS_PER_WEEK);
    let start = start_of(step);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 up to the number of cells")]
    let cell_of = |minute: i32| ((hour(minute) - start) / step) as usize;
    let cells = cells_of(step).unsigned_abs();
    let mut total: Vec<u64> = (0..cells).map(|_| 0).collect();
    let mut lanes: Vec<(u64, Lane)> = Vec::new();
    for profile in profiles() {
        let mut counts = vec![0_u64; total.len()];
        for (minute, exchanges) in profile.active() {
            if let Some(count) = counts.get_mut(cell_of(minute)) {
                *count += exchanges;
            }
        }
        total.iter_mut().zip(&counts).for_each(|(sum, count)| *sum += count);
        lanes.push((profile.exchanges, Lane { account: profile.account.account.clone(), counts }));
    }
    lanes.sort_by(|a, b| (Reverse(a.0), &a.1.account).cmp(&(Reverse(b.0), &b.1.account)));
    let left_out = count(lanes.len().saturating_sub(MOST_LANES));
    lanes.truncate(MOST_LANES);
    Timeline {
        start: Micros::from_seconds(start * 3_600).to_rfc3339(),
        step_hours: step.unsigned_abs(),
        total,
        lanes: lanes.into_iter().map(|(_, lane)| lane).collect(),
        left_out,
    }
}

fn day_of(hour: i64) -> i64 {
    hour - hour.rem_euclid(HOURS_PER_DAY)
}

place! {
    /// The place of an account in the set of a campaign.
    Member
}

place! {
    /// The place of something shared that is counted over all accounts.
    Counted
}

/// Something that several owners of a set hold.
struct Shared {
    kind: NodeKind,
    fingerprint: u64,
    /// How many such things these holders share, this one included.
    keys: u64,
    /// Who holds it, and how far it is the account's own, 0 to 1.
    holders: Vec<(Member, f64)>,
    bits: f64,
    outside: u64,
}

impl Shared {
    /// Evidence that it carries in all, in millibits.
    fn weight(&self) -> i64 {
        self.holders.iter().map(|&(_, own)| millibits(self.bits * own)).sum()
    }

    /// An order that does not depend on the key under which fingerprints are made, except among equals.
    fn order(&self) -> (NodeKind, Reverse<i64>, Vec<Member>, u64) {
        (self.kind, Reverse(self.weight()), self.holders.iter().map(|held| held.0).collect(), self.fingerprint)
    }
}

/// Per thing that is shared somewhere: owners that hold it, and accounts.
type Holders = FxHashMap<(NodeKind, u64), (u64, u64)>;

struct View<'a> {
    population: &'a Population,
    owners: &'a Owners,
    names: &'a Names,
    without: &'a [Family],
}

impl View<'_> {
    fn shared(&self, set: &AccountSet) -> Vec<Shared> {
        let mut held: Vec<(NodeKind, u64, Member, OwnerIndex, f64)> = Vec::new();
        for (place, account) in set.iter().enumerate() {
            let keys = self.keys(self.population.profile(account));
            let (member, owner) = (Member::new(place), self.owners.of(account));
            held.extend(keys.into_iter().map(|(kind, key, own)| (kind, key, member, owner, own)));
        }
        held.sort_by_key(|held| (held.0, held.1, held.2));
        held.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
            .filter_map(|chunk| {
                let &(kind, fingerprint, _, owner, _) = chunk.first()?;
                let several = chunk.iter().any(|held| held.3 != owner);
                let holders = chunk.iter().map(|held| (held.2, held.4)).collect();
                several.then_some(Shared { kind, fingerprint, keys: 1, holders, bits: 0.0, outside: 0 })
            })
            .collect()
    }

    /// What of an account can be shared, under the local key, and how much of its traffic has it: from a fifth on it is
    /// the account's own.
    fn keys(&self, profile: &Profile) -> Vec<(NodeKind, u64, f64)> {
        let mut keys = Vec::new();
        for (kind, node) in [
            (Kind::System, NodeKind::SystemPrompt),
            (Kind::Tools, NodeKind::Tools),
            (Kind::Skeleton, NodeKind::Skeleton),
            (Kind::Parameters, NodeKind::Parameters),
            (Kind::Address, NodeKind::Address),
            (Kind::Network, NodeKind::Network),
            (Kind::AutonomousSystem, NodeKind::Carrier),
            (Kind::Ja4, NodeKind::Client),
        ] {
            if node.family() != Some(Family::Content) && self.without.contains(&Family::Infrastructure) {
                continue;
            }
            let features = profile.features(kind);
            let total: u64 = features.iter().map(|feature| u64::from(feature.1)).sum();
            for &(key, slots) in features {
                let share = ratio(slots, total);
                if share >= f64::from(LEAST_SHARE) {
                    keys.push((node, key, (share / f64::from(OWN_SHARE)).min(1.0)));
                }
            }
        }
        if !self.without.contains(&Family::Infrastructure) {
            let account = &profile.account;
            let tokens = [
                (NodeKind::Payment, "payment", account.payment_hmac.as_ref().map(Redacted::expose)),
                (NodeKind::Contact, "phone", account.phone_hmac.as_ref().map(Redacted::expose)),
                (NodeKind::Contact, "email", account.email_hmac.as_ref().map(Redacted::expose)),
                (NodeKind::MailDomain, "domain", account.email_domain.as_ref()),
            ];
            let known = tokens.into_iter().filter_map(|(kind, what, token)| Some((kind, what, token?)));
            keys.extend(known.map(|(kind, what, token)| (kind, self.names.token(what, token), 1.0)));
        }
        keys
    }

    /// Counts who holds what is shared in some set, in one pass over all accounts.
    fn holders<'a>(&self, shared: impl Iterator<Item = &'a Shared>) -> Holders {
        let mut number: FxHashMap<(NodeKind, u64), Counted> = FxHashMap::default();
        for key in shared {
            let next = Counted::new(number.len());
            number.entry((key.kind, key.fingerprint)).or_insert(next);
        }
        let mut held: Vec<(Counted, OwnerIndex)> = Vec::new();
        let mut counts: Per<Counted, (u64, u64)> = Per::filled((0, 0), number.len());
        if !number.is_empty() {
            for (account, profile) in self.population.iter() {
                for (kind, key, _) in self.keys(profile) {
                    if let Some(&at) = number.get(&(kind, key)) {
                        held.push((at, self.owners.of(account)));
                        counts.of_mut(at).1 += 1;
                    }
                }
            }
        }
        held.sort_unstable();
        held.dedup();
        for (at, _) in held {
            counts.of_mut(at).0 += 1;
        }
        number.into_iter().map(|(key, at)| (key, *counts.of(at))).collect()
    }

    fn graph(&self, set: &AccountSet, shared: Vec<Shared>, holders: &Holders) -> EvidenceGraph {
        let everyone = count(self.owners.count());
        let mut shared: Vec<Shared> = shared
            .into_iter()
            .map(|key| {
                let (owners, accounts) = holders.get(&(key.kind, key.fingerprint)).copied().unwrap_or((1, 0));
                let outside = accounts.saturating_sub(count(key.holders.len()));
                Shared { bits: rarity(everyone, owners), outside, ..key }
            })
            .chain(self.wording(set, everyone))
            .filter(|key| key.bits >= LEAST_BITS)
            .collect();
        shared.sort_by_cached_key(Shared::order);
        let shared = merged(shared);
        let found = shared.len();
        let shared = strongest(shared);
        let omitted_keys = count(found - shared.len());
        let groups = groups(set.len(), &shared);
        let mut graph = EvidenceGraph { omitted_keys, ..EvidenceGraph::default() };
        for group in &groups {
            let single = group.first().filter(|_| group.len() == 1).and_then(|place| set.iter().nth(place.place()));
            let account = single.map(|at| self.population.profile(at).account.account.clone());
            let (kind, accounts) =
                (account.as_ref().map_or(NodeKind::Accounts, |_| NodeKind::Account), count(group.len()));
            graph.grouped_accounts += if account.is_none() { accounts } else { 0 };
            graph.nodes.push(GraphNode { kind, account, fingerprint: None, keys: 0, accounts, outside: 0 });
        }
        graph.edges = edges(set.len(), &groups, &shared);
        graph.nodes.extend(shared.iter().map(|shared| GraphNode {
            kind: shared.kind,
            account: None,
            fingerprint: Some(format!("{:015x}", shared.fingerprint)),
            keys: shared.keys,
            accounts: count(shared.holders.len()),
            outside: shared.outside,
        }));
        graph
    }

    /// The passages that the set repeats, as one thing: an account holds as much of it as its exchanges hold.
    fn wording(&self, set: &AccountSet, everyone: u64) -> Option<Shared> {
        let wording = Wording::new(self.population, self.owners, set);
        let (fingerprint, _) = *wording.most_shared.first()?;
        let outside = count(wording.outside(self.population, set));
        let places = (0..wording.affinity.len()).map(Member::new);
        let holders: Vec<(Member, f64)> =
            places.zip(&wording.affinity).filter(|held| *held.1 > 0.0).map(|(place, own)| (place, *own)).collect();
        let bits = rarity(everyone, outside + count(holders.len()));
        Some(Shared { kind: NodeKind::Wording, fingerprint, keys: count(wording.shared.len()), holders, bits, outside })
    }
}

/// Edges in the order of the nodes that they join.
fn edges(accounts: usize, groups: &[Vec<Member>], shared: &[Shared]) -> Vec<GraphEdge> {
    let mut group_of: Per<Member, u32> = Per::filled(0, accounts);
    for (node, group) in (0_u32..).zip(groups) {
        for &place in group {
            *group_of.of_mut(place) = node;
        }
    }
    let keys = (0_u32..).skip(groups.len());
    let mut edges: Vec<GraphEdge> = Vec::new();
    for (key, shared) in keys.zip(shared) {
        let mut held: BTreeMap<u32, (u64, f64)> = BTreeMap::new();
        for &(place, own) in &shared.holders {
            let (accounts, sum) = held.entry(*group_of.of(place)).or_default();
            *accounts += 1;
            *sum += own;
        }
        edges.extend(held.into_iter().map(|(group, (accounts, sum))| {
            let strength = Millibits(millibits(shared.bits * (sum / float(accounts))));
            GraphEdge { from: group, to: key, accounts, strength }
        }));
    }
    edges.sort_by_key(|edge| (edge.from, edge.to));
    edges
}

/// log2 of how many owners there are for each that holds it.
fn rarity(everyone: u64, holders: u64) -> f64 {
    ratio(everyone, holders).log2().max(0.0)
}

fn millibits(bits: f64) -> i64 {
    Millibits::from_bits(bits).0
}

/// Puts together what the same accounts share and what fails together, such as an address and its network. The first
/// of them gives it its name.
fn merged(shared: Vec<Shared>) -> Vec<Shared> {
    let mut places: BTreeMap<(u8, Vec<Member>), usize> = BTreeMap::new();
    let mut merged: Vec<Shared> = Vec::new();
    for key in shared {
        let alike = (key.kind.channel(), key.holders.iter().map(|held| held.0).collect());
        if let Some(first) = places.get(&alike).and_then(|&at| merged.get_mut(at)) {
            first.keys += key.keys;
            first.bits = first.bits.max(key.bits);
            first.outside = first.outside.max(key.outside);
        } else {
            places.insert(alike, merged.len());
            merged.push(key);
        }
    }
    merged
}

/// The strongest of each kind, then the strongest of all, in the order of kinds.
fn strongest(shared: Vec<Shared>) -> Vec<Shared> {
    let mut seen: Vec<NodeKind> = Vec::new();
    let firsts: Vec<bool> = shared
        .iter()
        .map(|key| {
            let first = !seen.contains(&key.kind);
            seen.extend(first.then_some(key.kind));
            first
        })
        .collect();
    let mut ranked: Vec<(bool, Reverse<i64>, usize, Shared)> = firsts
        .into_iter()
        .zip(shared)
        .enumerate()
        .map(|(at, (first, key))| (!first, Reverse(key.weight()), at, key))
        .collect();
    ranked.sort_by_key(|&(later, weight, at, _)| (later, weight, at));
    ranked.truncate(MOST_KEYS);
    ranked.sort_by_key(|&(_, _, at, _)| at);
    ranked.into_iter().map(|(.., key)| key).collect()
}

/// The places of a set, each by itself where there is room; otherwise those that share the same things together, and
/// the smallest groups as one.
fn groups(accounts: usize, shared: &[Shared]) -> Vec<Vec<Member>> {
    let mut keys_of: Per<Member, Vec<usize>> = Per::filled(Vec::new(), accounts);
    let room = MOST_NODES.saturating_sub(shared.len());
    if accounts <= room {
        return keys_of.places().map(|place| vec![place]).collect();
    }
    for (key, shared) in shared.iter().enumerate() {
        for (place, _) in &shared.holders {
            keys_of.of_mut(*place).push(key);
        }
    }
    let mut alike: BTreeMap<&[usize], Vec<Member>> = BTreeMap::new();
    for (place, keys) in keys_of.iter() {
        alike.entry(keys).or_default().push(place);
    }
    let mut groups: Vec<Vec<Member>> = alike.into_values().collect();
    groups.sort_by_key(|group| (Reverse(group.len()), group.first().copied()));
    if groups.len() > room {
        let mut rest: Vec<Member> = groups.split_off(room.saturating_sub(1)).concat();
        rest.sort_unstable();
        groups.push(rest);
    }
    groups
}
