use std::collections::BTreeMap;

use stillwatch_core::{Account, AccountId, SECONDS_PER_DAY};
use stillwatch_digest::AccountWindow;

use crate::account::{AccountIndex, AccountSet, Owners, PerAccount};
use crate::index::{Place, place};
use crate::profile::Profile;

place! {
    /// The place of a stratum: accounts that are compared with each other.
    Stratum
}

/// All accounts that are looked at together; while campaigns are sought, in an order that what they did decides.
///
/// Random draws, ties and the order in which a search visits accounts follow their places. Names decide a place only
/// between accounts that did the same at the same seconds, and keys decide none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Population {
    profiles: PerAccount<Profile>,
}

impl Population {
    /// Puts the windows beside the rows of the account table.
    pub(crate) fn add(&mut self, row: Option<Account>, account: AccountId, window: &AccountWindow) {
        let in_table = row.is_some();
        self.profiles.push(Profile::new(row.unwrap_or_else(|| Account::unknown(account)), in_table, window));
    }

    /// By name, as reports list accounts.
    pub(crate) fn sort(&mut self) {
        self.profiles.values_mut().sort_by(|a, b| a.account.account.cmp(&b.account.account));
    }

    /// By what they did, for everything that is drawn or searched. The places of all change.
    pub(crate) fn sort_by_conduct(&mut self) {
        self.profiles
            .values_mut()
            .sort_by(|a, b| a.by_conduct(b).then_with(|| a.account.account.cmp(&b.account.account)));
    }

    /// Takes accounts out. The places of all others change.
    pub(crate) fn retain(&mut self, stays: impl FnMut(&mut Profile) -> bool) {
        self.profiles.values_mut().retain_mut(stays);
    }

    pub(crate) fn len(&self) -> usize {
        self.profiles.len()
    }

    pub(crate) fn profile(&self, account: AccountIndex) -> &Profile {
        self.profiles.of(account)
    }

    pub(crate) fn profiles(&self) -> &[Profile] {
        self.profiles.values()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (AccountIndex, &Profile)> {
        self.profiles.iter()
    }

    /// The profiles of a set, in its order.
    pub(crate) fn of<'a>(&'a self, set: &'a AccountSet) -> impl Iterator<Item = &'a Profile> + Clone {
        set.iter().map(|account| self.profile(account))
    }

    /// The place of each account by its name.
    pub(crate) fn places(&self) -> BTreeMap<&AccountId, AccountIndex> {
        self.iter().map(|(place, profile)| (&profile.account.account, place)).collect()
    }

    /// First and last moment of each account, in days after the first of all.
    pub(crate) fn spans(&self) -> PerAccount<(f32, f32)> {
        let origin = self.profiles().iter().map(|profile| profile.first.seconds()).min().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "minutes are exact enough")]
        let days = |seconds: i64| ((seconds - origin) as f64 / SECONDS_PER_DAY as f64) as f32;
        self.profiles().iter().map(|profile| (days(profile.first.seconds()), days(profile.last.seconds()))).collect()
    }

    /// Per account, whoever answers for it, numbered in order of appearance.
    pub(crate) fn owners(&self) -> Owners {
        Owners::new(self.profiles().iter().map(Profile::owner))
    }

    /// Accounts that are compared with each other: of one sign-up country and one manner of use (with conversations
    /// or without). The country only says which carriers are common there; renaming countries changes nothing.
    pub(crate) fn strata(&self) -> PerAccount<Stratum> {
        let mut places = BTreeMap::new();
        self.profiles()
            .iter()
            .map(|profile| {
                let next = Stratum::new(places.len());
                let like = (profile.account.signup_country.as_deref(), profile.in_conversation * 2 < profile.exchanges);
                *places.entry(like).or_insert(next)
            })
            .collect()
    }
}

#[cfg(test)]
impl FromIterator<Profile> for Population {
    fn from_iter<I: IntoIterator<Item = Profile>>(profiles: I) -> Self {
        Self { profiles: profiles.into_iter().collect() }
    }
}
