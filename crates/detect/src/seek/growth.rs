//! Accounts that say too little, or mix it with too much else, to repeat anything, and are known by the idiom of a
//! community all the same.
//!
//! A generator draws each request from a stock of phrases. An account with a dozen requests repeats few of them, but
//! uses dozens once. The idiom of a community is what several of its owners say and hardly anybody else; an account
//! outside joins the community whose idiom it speaks most, if it speaks more of it than chance explains. Communities of
//! innocent users have idioms too and compete for their own.

use rustc_hash::FxHashMap;
use stillwatch_core::{median, poisson_upper_tail};
use stillwatch_digest::{Kind, estimated_count};

use crate::census::repeated;
use crate::parameters::{FLUENT, JOINING_LEVEL, LEAST_ACCOUNTS, LEAST_REPEATS, TYPICAL};
use crate::population::Population;
use crate::profile::Profile;

/// Communities by idiom, each account in one of them or in none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growth {
    /// Per account, its community.
    community: Vec<Option<u32>>,
    /// Members of the communities, ascending.
    members: Vec<Vec<u32>>,
    /// Communities that anybody joined or left.
    changed: Vec<bool>,
    /// Per account, whether it speaks the idiom of its community as members do.
    fluent: Vec<bool>,
}

/// Who says a passage that is typical of a community.
#[derive(Clone, Copy, Debug)]
struct Typical {
    community: u32,
    /// Owners inside the community.
    speakers: u32,
    /// Accounts inside the community.
    inside: u32,
    /// Accounts outside.
    outside: u32,
}

/// What an account speaks of one community's idiom.
#[derive(Clone, Copy, Debug, Default)]
struct Spoken {
    passages: u32,
    /// The slots of the exchanges that hold any of them.
    slots: u64,
    /// Exchanges that hold each of them, added up.
    uses: f64,
    /// Logarithm of how much likelier members are to say them than others.
    weight: f64,
}

/// What is heard of the idioms, account by account.
struct Heard {
    /// Of the account's own community.
    own: Vec<Spoken>,
    /// The idiom that it speaks most.
    nearest: Vec<Option<(u32, Spoken)>>,
    /// Per community: of the passages that others say, how many belong to its idiom. Those who will join are among the
    /// others, so this errs on the side of chance.
    rates: Vec<f64>,
}

impl Growth {
    /// `cores` are disjoint communities, each ascending. Only their members make an idiom: if those who joined spoke for
    /// it too, a ring would grow into every other that asks for the same.
    pub(crate) fn new(population: &Population, owners: &[u32], cores: &[Vec<u32>]) -> Self {
        let mut community: Vec<Option<u32>> = vec![None; population.profiles.len()];
        for (at, core) in (0_u32..).zip(cores) {
            for &account in core {
                community[account as usize] = Some(at);
            }
        }
        let mut growth = Self {
            community,
            members: cores.to_vec(),
            changed: vec![false; cores.len()],
            fluent: vec![true; population.profiles.len()],
        };
        growth.assign(population, owners);
        growth
    }

    /// The communities that have changed, of at least the size of a campaign.
    pub(crate) fn grown(&self) -> impl Iterator<Item = &Vec<u32>> {
        let changed = self.members.iter().zip(&self.changed).filter(|(_, changed)| **changed);
        changed.map(|(members, _)| members).filter(|members| members.len() >= LEAST_ACCOUNTS)
    }

    /// For each account, whether it speaks the idiom of its community, if most of that belongs to these accounts.
    pub(crate) fn fluent(&self, accounts: &[u32]) -> Vec<Option<bool>> {
        let mut among: FxHashMap<u32, usize> = FxHashMap::default();
        for at in accounts.iter().filter_map(|&account| self.community[account as usize]) {
            *among.entry(at).or_default() += 1;
        }
        let of = |&account: &u32| {
            let at = self.community[account as usize]?;
            (2 * among[&at] > self.members[at as usize].len()).then_some(self.fluent[account as usize])
        };
        accounts.iter().map(of).collect()
    }

    fn assign(&mut self, population: &Population, owners: &[u32]) {
        let profiles = &population.profiles;
        let idioms = self.idioms(population, owners);
        let heard = self.hear(population, &idioms);
        let least: Vec<f64> = self.members.iter().map(|members| least_fluency(members, &heard)).collect();
        let settings: Vec<Vec<u64>> = self.members.iter().map(|members| settings(population, members)).collect();
        let mut next = self.community.clone();
        for (account, profile) in profiles.iter().enumerate() {
            let said = profile.said().count();
            let joins = |at: u32, spoken: &Spoken| {
                #[expect(clippy::cast_precision_loss, reason = "numbers of passages and accounts")]
                let (expected, tests) =
                    (heard.rates[at as usize] * said as f64, (profiles.len() * self.members.len()) as f64);
                spoken.slots.count_ones() >= LEAST_REPEATS
                    && spoken.fluency() >= least[at as usize]
                    && poisson_upper_tail(u64::from(spoken.passages), expected) * tests <= JOINING_LEVEL
                    && shares_settings(profile, &settings[at as usize])
            };
            let own = self.community[account];
            self.fluent[account] = own.is_none_or(|at| heard.own[account].fluency() >= least[at as usize]);
            if let Some((at, _)) = heard.nearest[account].filter(|(at, spoken)| joins(*at, spoken)) {
                next[account] = Some(at);
                self.fluent[account] = true;
            }
        }
        self.members.iter_mut().for_each(Vec::clear);
        for (account, (old, new)) in (0_u32..).zip(self.community.iter().zip(&next)) {
            if let Some(at) = new {
                self.members[*at as usize].push(account);
            }
            if old != new {
                [old, new].into_iter().flatten().for_each(|at| self.changed[*at as usize] = true);
            }
        }
        self.community = next;
    }

    /// For each passage that is typical of a community, who says it.
    fn idioms(&self, population: &Population, owners: &[u32]) -> FxHashMap<u32, Vec<Typical>> {
        let profiles = &population.profiles;
        let mut idioms: FxHashMap<u32, Vec<Typical>> = FxHashMap::default();
        let mut held: Vec<(u32, u32)> = Vec::new();
        for (community, members) in (0_u32..).zip(&self.members) {
            held.clear();
            for &account in members {
                let owner = owners[account as usize];
                held.extend(profiles[account as usize].said().map(|(passage, _)| (passage, owner)));
            }
            held.sort_unstable();
            for chunk in held.chunk_by(|a, b| a.0 == b.0) {
                let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                let (speakers, inside) = (count(chunk.chunk_by(|a, b| a.1 == b.1).count()), count(chunk.len()));
                if speakers >= LEAST_REPEATS {
                    idioms.entry(chunk[0].0).or_default().push(Typical { community, speakers, inside, outside: 0 });
                }
            }
        }
        for (passage, _) in profiles.iter().flat_map(Profile::said) {
            idioms.get_mut(&passage).into_iter().flatten().for_each(|typical| typical.outside += 1);
        }
        for typical in idioms.values_mut().flatten() {
            typical.outside = typical.outside.saturating_sub(typical.inside);
        }
        idioms.retain(|_, of| {
            of.retain(|typical| {
                typical.weight(self.members[typical.community as usize].len(), profiles.len()).is_some()
            });
            !of.is_empty()
        });
        idioms
    }

    fn hear(&self, population: &Population, idioms: &FxHashMap<u32, Vec<Typical>>) -> Heard {
        let communities = self.members.len();
        let mut heard = Heard { own: Vec::new(), nearest: Vec::new(), rates: Vec::new() };
        let (mut idiom, mut inside, mut all) = (vec![0_u64; communities], vec![0_u64; communities], 0);
        let mut spoken: FxHashMap<u32, Spoken> = FxHashMap::default();
        for (profile, own) in population.profiles.iter().zip(&self.community) {
            spoken.clear();
            self.listen(profile, *own, idioms, &mut spoken);
            let nearest = spoken.iter().max_by(|a, b| a.1.weight.total_cmp(&b.1.weight).then(b.0.cmp(a.0)));
            heard.nearest.push(nearest.map(|(at, spoken)| (*at, *spoken)));
            heard.own.push(own.and_then(|at| spoken.get(&at).copied()).unwrap_or_default());
            let said = profile.said().count() as u64;
            all += said;
            if let Some(at) = own {
                inside[*at as usize] += said;
            }
            for (at, of) in spoken.iter().filter(|(at, _)| *own != Some(**at)) {
                idiom[*at as usize] += u64::from(of.passages);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of passages")]
        let rate = |(idiom, inside): (&u64, &u64)| *idiom as f64 / (all - inside).max(1) as f64;
        heard.rates = idiom.iter().zip(&inside).map(rate).collect();
        heard
    }

    /// What an account speaks of each idiom; of its own community's, what the others there say.
    fn listen(
        &self,
        profile: &Profile,
        own: Option<u32>,
        idioms: &FxHashMap<u32, Vec<Typical>>,
        spoken: &mut FxHashMap<u32, Spoken>,
    ) {
        for (passage, slots) in profile.said() {
            for typical in idioms.get(&passage).into_iter().flatten() {
                let members = self.members[typical.community as usize].len();
                let weight = if own == Some(typical.community) {
                    typical.without_one().weight(members - 1, self.community.len())
                } else {
                    typical.weight(members, self.community.len())
                };
                if let Some(weight) = weight {
                    let of = spoken.entry(typical.community).or_default();
                    of.passages += 1;
                    of.slots |= slots;
                    of.uses += estimated_count(slots.count_ones());
                    of.weight += weight;
                }
            }
        }
    }
}

/// The fluency below which an account does not speak the idiom as members do.
fn least_fluency(members: &[u32], heard: &Heard) -> f64 {
    FLUENT * median(&mut members.iter().map(|&member| heard.own[member as usize].fluency()).collect::<Vec<_>>())
}

/// The sampling parameters that are common in a community, if nine in ten members use one of them; otherwise nothing.
fn settings(population: &Population, members: &[u32]) -> Vec<u64> {
    let of = |member: &u32| repeated(&population.profiles[*member as usize], Kind::Parameters);
    let mut used: Vec<u64> = members.iter().flat_map(of).collect();
    used.sort_unstable();
    let common = |chunk: &&[u64]| 10 * chunk.len() >= members.len();
    let common: Vec<u64> = used.chunk_by(|a, b| a == b).filter(common).map(|chunk| chunk[0]).collect();
    let alike = members.iter().filter(|member| of(member).any(|used| common.binary_search(&used).is_ok())).count();
    if 10 * alike >= 9 * members.len() { common } else { Vec::new() }
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
        self.uses / estimated_count(self.slots.count_ones()).max(1.0)
    }
}

impl Typical {
    /// Logarithm of how many times as common the passage is inside as outside, half a count added to each; nothing
    /// where it is not typical.
    fn weight(self, members: usize, accounts: usize) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let rate = |holders: u32, of: usize| (f64::from(holders) + 0.5) / (of as f64 + 1.0);
        let ratio = rate(self.inside, members) / rate(self.outside, accounts.saturating_sub(members));
        (self.speakers >= LEAST_REPEATS && ratio >= TYPICAL).then(|| ratio.ln())
    }

    /// As seen by one of those who say it.
    fn without_one(self) -> Self {
        Self { speakers: self.speakers.saturating_sub(1), inside: self.inside.saturating_sub(1), ..self }
    }
}
