//! Everything that is measured on a candidate.

use stillwatch_core::{Family, ratio};

use crate::account::{AccountSet, OwnerIndex};
use crate::judge::setting::Setting;
use crate::null::{TakenBack, Tested};
use crate::parameters::{ACT_LEVEL, REVIEW_LEVEL, few};
use crate::seek::choice::Choices;
use crate::seek::way::{Candidate, Part, Way};
use crate::signal::channel::{Channel, Holdings, Scratch};
use crate::signal::pool::Pool;
use crate::signal::wording::Wording;

/// A candidate with everything measured on it.
#[derive(Clone)]
pub(crate) struct Measured {
    pub(crate) accounts: AccountSet,
    pub(crate) way: &'static Way,
    pub(crate) part: Part,
    /// What chose it, and is not tested on it.
    pub(crate) chosen_by: Choices,
    pub(crate) tested: Tested,
    pub(crate) wording: Wording,
    pub(crate) owners: usize,
    /// Share of distinct prompts, counted per owner, that another owner of the set asks too.
    pub(crate) shared_prompts: f64,
    /// Accounts outside that repeat half as much of the wording as a member does.
    pub(crate) outside: usize,
    /// Share of the accounts that hold significant evidence themselves.
    pub(crate) implicated: f64,
    pub(crate) pool: Pool,
}

impl Measured {
    pub(super) fn new(setting: &Setting<'_>, candidate: Candidate, mut tested: Tested) -> Self {
        let accounts = candidate.accounts;
        discount_few_links(setting, &accounts, &mut tested);
        let wording = Wording::new(setting.population, setting.owners, &accounts);
        Self {
            outside: wording.outside(setting.population, &accounts),
            implicated: implicated(setting, &accounts, &tested),
            pool: Pool::new(setting.population, setting.holdings, &accounts),
            wording,
            owners: setting.owners.distinct(accounts.iter()),
            shared_prompts: shared_prompts(setting, &accounts),
            way: candidate.way,
            part: candidate.part,
            chosen_by: candidate.chosen_by,
            tested,
            accounts,
        }
    }

    /// The same with some tests taken back, and whom the others implicate.
    pub(crate) fn without(&self, setting: &Setting<'_>, take_back: impl FnOnce(&mut Tested)) -> Self {
        let mut set = self.clone();
        take_back(&mut set.tested);
        set.implicated = implicated(setting, &set.accounts, &set.tested);
        set
    }

    /// Whether the accounts are a pool that many people use through addresses of its own.
    pub(crate) fn is_relay(&self) -> bool {
        self.tested.channel(Channel::Network).p <= ACT_LEVEL && self.pool.is_relay()
    }

    /// Whether one generator words the requests and sets their parameters: seen in the requests alone.
    pub(crate) fn has_one_generator(&self) -> bool {
        self.tested.channel(Channel::Parameters).p <= ACT_LEVEL && self.wording.is_generated()
    }

    pub(super) fn families(&self, level: f64) -> Vec<Family> {
        let of = |family: Family| {
            Channel::ALL
                .iter()
                .filter(|channel| channel.is_independent() && channel.family() == family)
                .any(|&channel| self.tested.channel(channel).p <= level)
        };
        let chose = |family: Family| self.chosen_by.speaks() == Some(family);
        let says_the_same = if self.chosen_by.is_by_wording() {
            !self.wording.shared.is_empty()
        } else {
            chose(Family::Content) || self.tested.content().p <= level
        };
        let all = [
            (Family::Content, says_the_same || self.tested.channel(Channel::Parameters).p <= level),
            (Family::Infrastructure, of(Family::Infrastructure) || chose(Family::Infrastructure)),
            (Family::Timing, self.tested.synchrony().p <= level),
            (Family::Lifecycle, of(Family::Lifecycle) || chose(Family::Lifecycle)),
        ];
        all.into_iter().filter(|(_, speaks)| *speaks).map(|(family, _)| family).collect()
    }
}

/// The share of the accounts that hold evidence of a significant channel themselves: a link, or a rare carrier, mail domain
/// or day of sign-up in common with several owners.
fn implicated(setting: &Setting<'_>, accounts: &AccountSet, tested: &Tested) -> f64 {
    let mut scratch = Scratch::default();
    let mut implicated = vec![false; accounts.len()];
    let significant =
        |holdings: &&Holdings| holdings.channel.is_independent() && tested.channel(holdings.channel).p <= ACT_LEVEL;
    for holdings in setting.holdings.iter().filter(significant) {
        let of_channel = if holdings.channel.is_linked() {
            holdings.links(accounts, &mut scratch)
        } else {
            holdings.gathered(accounts)
        };
        implicated.iter_mut().zip(of_channel).for_each(|(any, one)| *any |= one);
    }
    ratio(implicated.iter().filter(|one| **one).count(), accounts.len())
}

/// A link between a few of the accounts says nothing about the others.
fn discount_few_links(setting: &Setting<'_>, accounts: &AccountSet, tested: &mut Tested) {
    let mut scratch = Scratch::default();
    for holdings in setting.holdings.iter().filter(|holdings| holdings.channel.is_linked()) {
        if tested.channel(holdings.channel).p <= REVIEW_LEVEL {
            let linked = holdings.links(accounts, &mut scratch).into_iter().filter(|linked| *linked).count();
            if linked <= few(accounts.len()) {
                tested.discount(holdings.channel, TakenBack::FewLinked);
            }
        }
    }
}

fn shared_prompts(setting: &Setting<'_>, accounts: &AccountSet) -> f64 {
    let mut asked: Vec<(u32, OwnerIndex)> = Vec::new();
    for account in accounts.iter() {
        let owner = setting.owners.of(account);
        asked.extend(setting.population.profile(account).prompts.iter().map(|&prompt| (prompt, owner)));
    }
    asked.sort_unstable();
    asked.dedup();
    let shared: usize = asked.chunk_by(|a, b| a.0 == b.0).map(|of| if of.len() > 1 { of.len() } else { 0 }).sum();
    ratio(shared, asked.len())
}
