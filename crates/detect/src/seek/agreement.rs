//! Accounts that agree in rare keys of two kinds, whatever they say: the same handshake and the same parameters, the same
//! card and the same days of sign-up.
//!
//! That many hold a key is no surprise, and neither is that two hold the same two keys. How many owners hold both is
//! compared with random draws in which the owners of a country exchange their keys kind by kind, so that every key keeps
//! its holders and only the combination is left to chance. The largest surprise that a draw gives anywhere is what a
//! combination has to exceed, so the error is that of the whole search. What chose a set is not tested on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use stillwatch_core::{Cancelled, Random, Tier, count, float, poisson_upper_tail};

use crate::account::{AccountSet, OwnerIndex, Owners};
use crate::index::{Lists, Per, Place};
use crate::parameters::{
    AGREEMENT_DRAWS, AGREEMENT_LEVEL, ALREADY_FOUND, LEAST_ACCOUNTS, LEAST_STRATUM, MOST_AGREEMENTS,
};
use crate::population::{Population, Stratum};
use crate::seek::choice::Choices;
use crate::seek::keys::{KeyIndex, Keys};
use crate::seek::way::{Candidate, Finish, Part, Scene, Way};
use crate::work::Work;

pub(super) static WAY: Way = Way {
    name: "rare keys in common",
    chosen_by: Choices::of(&[]),
    level: Some(AGREEMENT_LEVEL),
    confirmed_by: None,
    most: Tier::Act,
    is_declared: false,
    finish: Finish::Strays,
    seek: |scene| Ok(Some(sought(scene)?)),
    unsought: None,
};

const DRAW_SEED: u64 = 0xa9ee;
/// Beyond this, in nats, a tail is too small for a number.
const MOST_SURPRISE: f64 = 700.0;

fn sought(scene: &Scene<'_>) -> Result<Vec<Candidate>, Cancelled> {
    let left_out = |channel: crate::signal::channel::Channel| scene.without.contains(&channel.family());
    let keys = Keys::new(scene.population, scene.owners, left_out);
    let agreements = Agreements::new(&keys, scene.population, scene.owners);
    let known: Vec<&AccountSet> = scene.communities.sets().collect();
    Ok(distinct(&agreements, scene.owners, agreements.sets(scene.work)?, &known))
}

/// Owners who hold two keys of different kinds.
struct Agreements<'a> {
    keys: &'a Keys,
    /// Per owner, those whose country is his.
    strata: Per<OwnerIndex, Stratum>,
    /// Per key, its holders in each stratum, over the root of the owners in it, so that products are expectations.
    weights: Per<KeyIndex, Vec<f64>>,
    owners: Vec<Vec<OwnerIndex>>,
    /// What each owner holds, kinds that fail together taken together.
    groups: Vec<Lists<OwnerIndex, KeyIndex>>,
}

/// Two keys that more owners hold than chance explains.
#[derive(Clone, Copy, Debug)]
struct Agreement {
    keys: (KeyIndex, KeyIndex),
    /// Negative logarithm of the probability of so many.
    surprise: f64,
}

/// Accounts that hold two keys.
struct Set {
    accounts: AccountSet,
    chosen_by: Choices,
    keys: (KeyIndex, KeyIndex),
}

impl<'a> Agreements<'a> {
    fn new(keys: &'a Keys, population: &Population, owners: &Owners) -> Self {
        let strata = strata(population, owners);
        let kinds = strata.values().iter().map(|stratum| stratum.place() + 1).max().unwrap_or(0);
        let mut members: Vec<Vec<OwnerIndex>> = vec![Vec::new(); kinds];
        for (owner, stratum) in strata.iter() {
            if let Some(members) = members.get_mut(stratum.place()) {
                members.push(owner);
            }
        }
        let mut weights: Per<KeyIndex, Vec<f64>> = Per::filled(vec![0.0; kinds], keys.keys.len());
        for (owner, held) in keys.of_owner.iter() {
            let stratum = strata.of(owner).place();
            let weight = 1.0 / float(members.get(stratum).map_or(1, Vec::len)).sqrt();
            for &key in held {
                if let Some(sum) = weights.of_mut(key).get_mut(stratum) {
                    *sum += weight;
                }
            }
        }
        Self { groups: groups(keys, owners), keys, strata, weights, owners: members }
    }

    /// The sets of those who agree beyond chance, the most surprising first; and the surprise that chance gives.
    fn sets(&self, work: Work<'_>) -> Result<(Vec<Set>, f64), Cancelled> {
        let largest = |agreements: Vec<Agreement>| agreements.iter().map(|of| of.surprise).fold(0.0, f64::max);
        let mut chance = 0.0_f64;
        for draw in 0..AGREEMENT_DRAWS {
            work.check()?;
            chance = chance.max(largest(self.count(Some(draw))));
        }
        let mut found = self.count(None);
        found.retain(|of| of.surprise > chance);
        found.sort_by(|a, b| b.surprise.total_cmp(&a.surprise).then(a.keys.cmp(&b.keys)));
        let mut sets = Vec::new();
        for Agreement { keys: (a, b), .. } in found {
            let chosen_by = self.keys.choices(a).and(self.keys.choices(b));
            let (of_a, of_b) = (&self.keys.keys.of(a).holders, &self.keys.keys.of(b).holders);
            let both = of_a.intersection(of_b);
            sets.push(Set { accounts: both, chosen_by, keys: (a, b) });
        }
        Ok((sets, chance))
    }

    /// Whether two keys go together among these accounts as they do among all: more hold both than chance explains.
    fn agree_within(&self, (a, b): (KeyIndex, KeyIndex), accounts: &AccountSet, owners: &Owners, chance: f64) -> bool {
        let inside = |set: AccountSet| owners.distinct(set.iter());
        let (of_a, of_b) = (&self.keys.keys.of(a).holders, &self.keys.keys.of(b).holders);
        let both = inside(of_a.intersection(of_b).intersection(accounts));
        let (of_a, of_b) = (inside(of_a.intersection(accounts)), inside(of_b.intersection(accounts)));
        let expected = float(of_a) * float(of_b) / float(owners.distinct(accounts.iter()).max(1));
        -poisson_upper_tail(count(both), expected).ln() > chance
    }

    /// Combinations that enough owners hold: as observed, or as in a draw.
    fn count(&self, draw: Option<u64>) -> Vec<Agreement> {
        let exchanged: Vec<Per<OwnerIndex, OwnerIndex>> =
            (0..count(self.groups.len())).map(|group| self.exchange(draw, group)).collect();
        let mut both: FxHashMap<(KeyIndex, KeyIndex), u64> = FxHashMap::default();
        let mut held: Vec<(usize, KeyIndex)> = Vec::new();
        for owner in self.strata.places() {
            held.clear();
            for (group, (keys, exchanged)) in self.groups.iter().zip(&exchanged).enumerate() {
                held.extend(keys.of(*exchanged.of(owner)).iter().map(|&key| (group, key)));
            }
            for (at, &(group, a)) in held.iter().enumerate() {
                for &(_, b) in held.iter().skip(at + 1).filter(|other| other.0 != group) {
                    *both.entry((a, b)).or_default() += 1;
                }
            }
        }
        let mut all = Vec::new();
        for (keys, owners) in both {
            if owners >= count(LEAST_ACCOUNTS) {
                let expected: f64 =
                    self.weights.of(keys.0).iter().zip(self.weights.of(keys.1)).map(|(a, b)| a * b).sum();
                let surprise = (-poisson_upper_tail(owners, expected).ln()).min(MOST_SURPRISE);
                all.push(Agreement { keys, surprise });
            }
        }
        all
    }

    /// For each owner, the owner of his stratum whose keys of a group he wears in a draw.
    fn exchange(&self, draw: Option<u64>, group: u64) -> Per<OwnerIndex, OwnerIndex> {
        let mut exchanged: Per<OwnerIndex, OwnerIndex> = self.strata.places().collect();
        let Some(draw) = draw else { return exchanged };
        for (stratum, members) in (0_u64..).zip(&self.owners) {
            let mut dealt = members.clone();
            Random::new(DRAW_SEED ^ group << 20 ^ stratum << 32, draw).shuffle(&mut dealt);
            for (&member, other) in members.iter().zip(dealt) {
                *exchanged.of_mut(member) = other;
            }
        }
        exchanged
    }
}

fn groups(keys: &Keys, owners: &Owners) -> Vec<Lists<OwnerIndex, KeyIndex>> {
    let mut choices: Vec<Choices> = keys.keys.places().map(|key| keys.choices(key)).collect();
    choices.sort_unstable();
    choices.dedup();
    let of = |choice: Choices| {
        let held = |owner: OwnerIndex| {
            let of_owner = keys.of_owner.of(owner).iter().copied();
            of_owner.filter(|&key| keys.choices(key) == choice).collect::<Vec<_>>()
        };
        (0..owners.count()).map(OwnerIndex::new).map(held).collect()
    };
    choices.into_iter().map(of).collect()
}

/// Owners by the country of their first account; small countries together.
fn strata(population: &Population, owners: &Owners) -> Per<OwnerIndex, Stratum> {
    let mut country: Per<OwnerIndex, Option<&str>> = Per::filled(None, owners.count());
    for (account, profile) in population.iter() {
        let of = country.of_mut(owners.of(account));
        *of = of.or(profile.account.signup_country.as_deref());
    }
    // The first owner of a country gives it its place, so that draws follow what accounts did and not how countries are named.
    let mut sizes: BTreeMap<Option<&str>, (usize, usize)> = BTreeMap::new();
    for (first, &of) in country.values().iter().enumerate() {
        sizes.entry(of).or_insert((0, first)).0 += 1;
    }
    let mut large: Vec<(usize, Option<&str>)> =
        sizes.into_iter().filter(|(_, (size, _))| *size >= LEAST_STRATUM).map(|(of, (_, first))| (first, of)).collect();
    large.sort_unstable();
    let places: BTreeMap<Option<&str>, usize> = large.into_iter().map(|(_, of)| of).zip(1..).collect();
    country.values().iter().map(|of| Stratum::new(places.get(of).copied().unwrap_or_default())).collect()
}

/// Sets that differ from each other and from those that are known. Of nearly equal ones, that which leaves most to be
/// tested is kept. A part of a set is kept if what chose it goes together inside of the set too: a ring among the users of
/// a product, and not the users of one address in a ring.
fn distinct(
    agreements: &Agreements<'_>,
    owners: &Owners,
    (mut sets, chance): (Vec<Set>, f64),
    known: &[&AccountSet],
) -> Vec<Candidate> {
    sets.sort_by_key(|set| set.chosen_by.independent());
    let mut kept: Vec<Set> = Vec::new();
    for set in sets {
        let accounts = &set.accounts;
        let nearly = |other: &AccountSet| {
            let common = float(other.overlap(accounts));
            common >= ALREADY_FOUND * (float(other.len() + accounts.len()) - common)
        };
        let is_part = |whole: &AccountSet| {
            accounts.len() < whole.len()
                && 10 * whole.overlap(accounts) >= 9 * accounts.len()
                && !agreements.agree_within(set.keys, whole, owners, chance)
        };
        let is_new = || {
            !kept.iter().any(|of| nearly(&of.accounts) || is_part(&of.accounts))
                && !known.iter().any(|other| nearly(other))
        };
        if accounts.len() >= LEAST_ACCOUNTS && kept.len() < MOST_AGREEMENTS && is_new() {
            kept.push(set);
        }
    }
    let holders: FxHashMap<KeyIndex, Arc<AccountSet>> = kept
        .iter()
        .flat_map(|set| [set.keys.0, set.keys.1])
        .map(|key| (key, Arc::new(agreements.keys.keys.of(key).holders.clone())))
        .collect();
    let candidate = |Set { accounts, chosen_by, keys }: Set| {
        let keys = [keys.0, keys.1].iter().filter_map(|key| holders.get(key).cloned()).collect();
        Candidate { accounts, way: &WAY, part: Part::Whole, chosen_by, keys }
    };
    let mut candidates: Vec<Candidate> = kept.into_iter().map(candidate).collect();
    candidates.sort_by(|a, b| a.accounts.cmp(&b.accounts));
    candidates
}

#[cfg(test)]
mod tests {
    use stillwatch_core::statistics::clopper_pearson;
    use stillwatch_core::{Cancel, Random, Silent};
    use stillwatch_digest::Kind;

    use super::{Agreements, distinct};
    use crate::account::AccountSet;
    use crate::made::{population, profile};
    use crate::population::Population;
    use crate::seek::keys::Keys;
    use crate::seek::way::Candidate;
    use crate::work::Work;

    fn found(population: &Population) -> Vec<Candidate> {
        let owners = population.owners();
        let keys = Keys::new(population, &owners, |_| false);
        let agreements = Agreements::new(&keys, population, &owners);
        let cancel = Cancel::default();
        distinct(&agreements, &owners, agreements.sets(Work::new(&cancel, &Silent)).unwrap(), &[])
    }

    /// Accounts with a client, parameters and a network each, drawn independently from twenty; the first ones of a ring have
    /// one client and one setting, both of which others have as well.
    fn world(seed: u64, accounts: usize, ring: usize) -> Population {
        population((0..accounts).map(|at| {
            let mut random = Random::new(seed, at as u64);
            let mut draw = |kind: u64| kind << 32 | random.below(20) as u64;
            let (client, setting, network) = (draw(1), draw(2), draw(3));
            let (client, setting) = if at < ring { (1 << 32, 2 << 32) } else { (client, setting) };
            let of = profile(at).using(Kind::Parameters, &[(setting, 20)]).using(Kind::Network, &[(network, 20)]);
            of.using(Kind::Ja4, &[(client, 20)]).with_payment(&format!("card-{at}"))
        }))
    }

    #[test]
    fn those_who_agree_in_two_keys_that_many_hold_are_found() {
        let sets = found(&world(7, 400, 12));
        let ring = AccountSet::from(std::array::from_fn::<usize, 12, _>(|at| at));
        assert!(!sets.is_empty());
        // Beside the ring there may be a stranger or two with both keys.
        assert!(sets.iter().all(|set| set.accounts.overlap(&ring) >= 11 && set.accounts.len() <= 15), "{sets:?}");
    }

    #[test]
    fn what_is_apart_from_the_others_shares_neither_key() {
        let sets = found(&world(7, 400, 12));
        let set = sets.first().unwrap();
        let others = AccountSet::from(std::array::from_fn::<usize, 80, _>(|at| at + 100));
        assert!(set.is_apart_from(&others));
        assert!(!set.is_apart_from(&AccountSet::from(std::array::from_fn::<usize, 10, _>(|at| at))));
    }

    /// A hundred worlds in which kinds are independent: in no more of them than the level allows is anything found.
    #[test]
    fn independent_keys_give_no_sets() {
        let worlds = 100;
        let with_sets = (0..worlds).filter(|&seed| !found(&world(seed, 150, 0)).is_empty()).count() as u64;
        let (at_least, _) = clopper_pearson(with_sets, worlds, 0.99);
        assert!(at_least <= 0.01, "{with_sets} of {worlds}");
    }
}
