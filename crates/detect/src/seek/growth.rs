//! Accounts that say too little, or mix it with too much else, to repeat anything, and are known by the idiom of a
//! community all the same.
//!
//! A generator draws each request from a stock of phrases. An account with a dozen requests repeats few of them, but
//! uses dozens once. The idiom of a community is what several of its owners say and hardly anybody else; an account
//! outside joins the community whose idiom it speaks most, if it speaks more of it than chance explains. Communities of
//! innocent users have idioms too and compete for their own.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;
use stillwatch_core::{Cancelled, count, float, median, poisson_upper_tail, ratio};
use stillwatch_digest::{Kind, estimated_count};

use crate::account::{AccountIndex, AccountSet, OwnerIndex, Owners, PerAccount};
use crate::census::repeated;
use crate::index::{Per, place};
use crate::parameters::{FLUENT, JOINING_LEVEL, LEAST_ACCOUNTS, LEAST_REPEATS, TYPICAL};
use crate::population::Population;
use crate::profile::Profile;
use crate::seek::content::{MILLION, millionths};
use crate::work::Work;

place! {
    /// The place of a community among those that have an idiom.
    Community
}

/// Communities by idiom, each account in one of them or in none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growth {
    /// Per account, its community.
    community: PerAccount<Option<Community>>,
    members: Per<Community, AccountSet>,
    /// Communities that anybody joined or left.
    changed: Per<Community, bool>,
    /// Per account, whether it speaks the idiom of its community as members do.
    fluent: PerAccount<bool>,
}

/// Who says a passage that is typical of a community.
#[derive(Clone, Copy, Debug)]
struct Typical {
    community: Community,
    /// Owners inside the community.
    speakers: usize,
    /// Accounts inside the community.
    inside: usize,
    /// Accounts outside.
    outside: usize,
}

/// What an account speaks of one community's idiom.
#[derive(Clone, Copy, Debug, Default)]
struct Spoken {
    passages: u32,
    /// The slots of the exchanges that hold any of them.
    slots: u64,
    /// Exchanges that hold each of them, added up, in millionths: sums must not depend on the order of fingerprints.
    uses: u64,
    /// Logarithm of how much likelier members are to say them than others, in millionths.
    weight: u64,
}

/// What is heard of the idioms, account by account.
struct Heard {
    /// Of the account's own community.
    own: PerAccount<Spoken>,
    /// The idiom that it speaks most.
    nearest: PerAccount<Option<(Community, Spoken)>>,
    /// Per community: of the passages that others say, how many belong to its idiom. Those who will join are among the
    /// others, so this errs on the side of chance.
    rates: Per<Community, f64>,
}

impl Growth {
    /// `cores` are disjoint communities. Only their members make an idiom: if those who joined spoke for it too, a ring
    /// would grow into every other that asks for the same.
    pub(crate) fn new(
        population: &Population,
        owners: &Owners,
        cores: &[AccountSet],
        work: Work<'_>,
    ) -> Result<Self, Cancelled> {
        let members: Per<Community, AccountSet> = cores.iter().cloned().collect();
        let mut community: PerAccount<Option<Community>> = PerAccount::filled(None, population.len());
        for (at, core) in members.iter() {
            for account in core.iter() {
                *community.of_mut(account) = Some(at);
            }
        }
        let mut growth = Self {
            community,
            members,
            changed: Per::filled(false, cores.len()),
            fluent: PerAccount::filled(true, population.len()),
        };
        growth.assign(population, owners, work)?;
        Ok(growth)
    }

    /// The communities that have changed, of at least the size of a campaign.
    pub(crate) fn grown(&self) -> impl Iterator<Item = &AccountSet> {
        let changed = self.members.values().iter().zip(self.changed.values()).filter(|(_, changed)| **changed);
        changed.map(|(members, _)| members).filter(|members| members.len() >= LEAST_ACCOUNTS)
    }

    /// For each account, whether it speaks the idiom of its community, if most of that belongs to these accounts.
    pub(crate) fn fluent(&self, accounts: &AccountSet) -> Vec<Option<bool>> {
        let community = |account: AccountIndex| *self.community.of(account);
        let mut among: FxHashMap<Community, usize> = FxHashMap::default();
        for at in accounts.iter().filter_map(community) {
            *among.entry(at).or_default() += 1;
        }
        let of = |account: AccountIndex| {
            let at = community(account)?;
            let inside = among.get(&at).copied().unwrap_or_default();
            (2 * inside > self.members.of(at).len()).then_some(*self.fluent.of(account))
        };
        accounts.iter().map(of).collect()
    }

    fn assign(&mut self, population: &Population, owners: &Owners, work: Work<'_>) -> Result<(), Cancelled> {
        let idioms = self.idioms(population, owners, work)?;
        let heard = self.hear(population, &idioms, work)?;
        let of_members = |of: &dyn Fn(&AccountSet) -> f64| self.members.values().iter().map(of).collect();
        let least: Per<Community, f64> = of_members(&|members| least_fluency(members, &heard));
        let settings: Per<Community, Vec<u64>> =
            self.members.values().iter().map(|members| settings(population, members)).collect();
        let mut next = self.community.clone();
        for (account, profile) in population.iter() {
            let said = profile.said().count();
            let joins = |at: Community, spoken: &Spoken| {
                let expected = heard.rates.of(at) * float(said);
                let tests = float(population.len() * self.members.len());
                spoken.slots.count_ones() >= LEAST_REPEATS
                    && spoken.fluency() >= *least.of(at)
                    && poisson_upper_tail(u64::from(spoken.passages), expected) * tests <= JOINING_LEVEL
                    && shares_settings(profile, settings.of(at))
            };
            let own = *self.community.of(account);
            *self.fluent.of_mut(account) = own.is_none_or(|at| heard.own.of(account).fluency() >= *least.of(at));
            if let Some((at, _)) = heard.nearest.of(account).filter(|(at, spoken)| joins(*at, spoken)) {
                *next.of_mut(account) = Some(at);
                *self.fluent.of_mut(account) = true;
            }
        }
        let mut members: Per<Community, Vec<AccountIndex>> = Per::filled(Vec::new(), self.members.len());
        for ((account, &new), &old) in next.iter().zip(self.community.values()) {
            if let Some(at) = new {
                members.of_mut(at).push(account);
            }
            if old != new {
                [old, new].into_iter().flatten().for_each(|at| *self.changed.of_mut(at) = true);
            }
        }
        self.members = members.into_values().into_iter().map(AccountSet::from_iter).collect();
        self.community = next;
        Ok(())
    }

    /// For each passage that is typical of a community, who says it.
    fn idioms(
        &self,
        population: &Population,
        owners: &Owners,
        work: Work<'_>,
    ) -> Result<FxHashMap<u32, Vec<Typical>>, Cancelled> {
        let mut idioms: FxHashMap<u32, Vec<Typical>> = FxHashMap::default();
        let mut held: Vec<(u32, OwnerIndex)> = Vec::new();
        for (community, members) in self.members.iter() {
            work.check()?;
            held.clear();
            for account in members.iter() {
                let owner = owners.of(account);
                held.extend(population.profile(account).said().map(|(passage, _)| (passage, owner)));
            }
            held.sort_unstable();
            for chunk in held.chunk_by(|a, b| a.0 == b.0) {
                let speakers = chunk.chunk_by(|a, b| a.1 == b.1).count();
                if let Some((passage, _)) = chunk.first().filter(|_| speakers >= LEAST_REPEATS as usize) {
                    let typical = Typical { community, speakers, inside: chunk.len(), outside: 0 };
                    idioms.entry(*passage).or_default().push(typical);
                }
            }
        }
        for (passage, _) in population.profiles().iter().flat_map(Profile::said) {
            idioms.get_mut(&passage).into_iter().flatten().for_each(|typical| typical.outside += 1);
        }
        for typical in idioms.values_mut().flatten() {
            typical.outside = typical.outside.saturating_sub(typical.inside);
        }
        idioms.retain(|_, of| {
            of.retain(|typical| typical.weight(self.members.of(typical.community).len(), population.len()).is_some());
            !of.is_empty()
        });
        Ok(idioms)
    }

    fn hear(
        &self,
        population: &Population,
        idioms: &FxHashMap<u32, Vec<Typical>>,
        work: Work<'_>,
    ) -> Result<Heard, Cancelled> {
        let communities = self.members.len();
        let mut heard = Heard { own: PerAccount::default(), nearest: PerAccount::default(), rates: Per::default() };
        let mut idiom: Per<Community, u64> = Per::filled(0, communities);
        let (mut inside, mut all) = (idiom.clone(), 0);
        let mut spoken: FxHashMap<Community, Spoken> = FxHashMap::default();
        for (profile, own) in population.profiles().iter().zip(self.community.values()) {
            work.check()?;
            spoken.clear();
            self.listen(profile, *own, idioms, &mut spoken);
            let nearest = spoken.iter().max_by_key(|(at, spoken)| (spoken.weight, Reverse(**at)));
            heard.nearest.push(nearest.map(|(at, spoken)| (*at, *spoken)));
            heard.own.push(own.and_then(|at| spoken.get(&at).copied()).unwrap_or_default());
            let said = count(profile.said().count());
            all += said;
            if let Some(at) = own {
                *inside.of_mut(*at) += said;
            }
            for (at, of) in spoken.iter().filter(|(at, _)| *own != Some(**at)) {
                *idiom.of_mut(*at) += u64::from(of.passages);
            }
        }
        let rate = |(idiom, inside): (&u64, &u64)| ratio(*idiom, all - inside);
        heard.rates = idiom.values().iter().zip(inside.values()).map(rate).collect();
        Ok(heard)
    }

    /// What an account speaks of each idiom; of its own community's, what the others there say.
    fn listen(
        &self,
        profile: &Profile,
        own: Option<Community>,
        idioms: &FxHashMap<u32, Vec<Typical>>,
        spoken: &mut FxHashMap<Community, Spoken>,
    ) {
        for (passage, slots) in profile.said() {
            for typical in idioms.get(&passage).into_iter().flatten() {
                let members = self.members.of(typical.community).len();
                let weight = if own == Some(typical.community) {
                    typical.without_one().weight(members - 1, self.community.len())
                } else {
                    typical.weight(members, self.community.len())
                };
                if let Some(weight) = weight {
                    let of = spoken.entry(typical.community).or_default();
                    of.passages += 1;
                    of.slots |= slots;
                    of.uses += millionths(estimated_count(slots.count_ones()));
                    of.weight += millionths(weight);
                }
            }
        }
    }
}

/// The fluency below which an account does not speak the idiom as members do.
fn least_fluency(members: &AccountSet, heard: &Heard) -> f64 {
    FLUENT * median(&mut members.iter().map(|member| heard.own.of(member).fluency()).collect::<Vec<_>>())
}

/// The sampling parameters that are common in a community, if nine in ten members use one of them; otherwise nothing.
fn settings(population: &Population, members: &AccountSet) -> Vec<u64> {
    let of = |profile| repeated(profile, Kind::Parameters);
    let mut used: Vec<u64> = population.of(members).flat_map(of).collect();
    used.sort_unstable();
    let common = |chunk: &&[u64]| 10 * chunk.len() >= members.len();
    let common: Vec<u64> =
        used.chunk_by(|a, b| a == b).filter(common).filter_map(|chunk| chunk.first().copied()).collect();
    let alike = population.of(members).filter(|&member| of(member).any(|used| common.binary_search(&used).is_ok()));
    if 10 * alike.count() >= 9 * members.len() { common } else { Vec::new() }
}

/// A generator sets the parameters of the requests that it words. Where members do not agree in them, or they are not
/// logged, nothing is asked.
fn shares_settings(profile: &Profile, settings: &[u64]) -> bool {
    let used = profile.features(Kind::Parameters);
    settings.is_empty() || used.is_empty() || used.iter().any(|(used, _)| settings.binary_search(used).is_ok())
}

impl Spoken {
    /// Passages of the idiom in each exchange that holds any; it does not depend on how much an account says.
    fn fluency(&self) -> f64 {
        float(self.uses) / MILLION / estimated_count(self.slots.count_ones()).max(1.0)
    }
}

impl Typical {
    /// Logarithm of how many times as common the passage is inside as outside, half a count added to each; nothing
    /// where it is not typical.
    fn weight(self, members: usize, accounts: usize) -> Option<f64> {
        let rate = |holders: usize, of: usize| (float(holders) + 0.5) / (float(of) + 1.0);
        let ratio = rate(self.inside, members) / rate(self.outside, accounts.saturating_sub(members));
        (self.speakers >= LEAST_REPEATS as usize && ratio >= TYPICAL).then(|| ratio.ln())
    }

    /// As seen by one of those who say it.
    fn without_one(self) -> Self {
        Self { speakers: self.speakers.saturating_sub(1), inside: self.inside.saturating_sub(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Cancel, Silent};

    use super::Growth;
    use crate::account::AccountSet;
    use crate::made::{population, profile};
    use crate::work::Work;

    /// Of 400 accounts, ten repeat phrases of a stock of forty; one more says sixteen of them once, in four exchanges; another
    /// says two; the others say what nobody else does.
    fn growth() -> Growth {
        let all = population((0..400_usize).map(|at| {
            let mut profile = profile(at);
            let phrase = |nth: usize| u32::try_from(1 + (at * 7 + nth * 3) % 40).unwrap();
            match at {
                0..11 => profile.say_once((0..16).map(|nth| (phrase(nth), u8::try_from(nth / 4).unwrap()))),
                11 => profile.say_once((0..2).map(|nth| (phrase(nth), u8::try_from(nth).unwrap()))),
                _ => profile.say_once((0..16).map(|nth| (u32::try_from(1_000 + at * 16 + nth).unwrap(), 0))),
            }
            profile
        }));
        let cores = [AccountSet::from(std::array::from_fn::<usize, 10, _>(|at| at))];
        Growth::new(&all, &all.owners(), &cores, Work::new(&Cancel::default(), &Silent)).unwrap()
    }

    #[test]
    fn whoever_speaks_the_idiom_joins() {
        let growth = growth();
        let grown: Vec<&AccountSet> = growth.grown().collect();
        assert_eq!(grown, [&AccountSet::from(std::array::from_fn::<usize, 11, _>(|at| at))]);
    }

    #[test]
    fn strangers_have_no_idiom_to_be_fluent_in() {
        let fluent = growth().fluent(&AccountSet::from(std::array::from_fn::<usize, 12, _>(|at| at)));
        assert!(fluent.iter().take(11).all(|fluent| *fluent == Some(true)), "{fluent:?}");
        assert_eq!(fluent.last(), Some(&None));
    }
}
