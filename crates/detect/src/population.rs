use std::collections::BTreeMap;

use stillwatch_core::{Account, AccountId, SECONDS_PER_DAY};
use stillwatch_digest::AccountWindow;

use crate::profile::Profile;

/// All accounts that are looked at together, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Population {
    pub(crate) profiles: Vec<Profile>,
}

impl Population {
    /// Puts the windows beside the rows of the account table.
    pub(crate) fn add(&mut self, row: Option<Account>, account: AccountId, window: &AccountWindow) {
        let in_table = row.is_some();
        self.profiles.push(Profile::new(row.unwrap_or_else(|| Account::unknown(account)), in_table, window));
    }

    pub(crate) fn sort(&mut self) {
        self.profiles.sort_by(|a, b| a.account.account.cmp(&b.account.account));
    }

    /// First and last moment of each account, in days after the first of all.
    pub(crate) fn spans(&self) -> Vec<(f32, f32)> {
        let origin = self.profiles.iter().map(|profile| profile.first.seconds()).min().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "minutes are exact enough")]
        let days = |seconds: i64| ((seconds - origin) as f64 / SECONDS_PER_DAY as f64) as f32;
        self.profiles.iter().map(|profile| (days(profile.first.seconds()), days(profile.last.seconds()))).collect()
    }

    /// Per account, whoever answers for it, numbered in order of appearance.
    pub(crate) fn owners(&self) -> Vec<u32> {
        number(self.profiles.iter().map(Profile::owner))
    }

    /// Accounts that are compared with each other: of one sign-up country and one manner of use (with conversations
    /// or without). The country only says which carriers are common there; renaming countries changes nothing.
    pub(crate) fn strata(&self) -> Vec<u32> {
        number(self.profiles.iter().map(|profile| {
            (profile.account.signup_country.as_deref(), profile.in_conversation * 2 < profile.exchanges)
        }))
    }
}

fn number<T: Ord>(values: impl Iterator<Item = T>) -> Vec<u32> {
    let mut names: BTreeMap<T, u32> = BTreeMap::new();
    values
        .map(|value| {
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            *names.entry(value).or_insert(next)
        })
        .collect()
}
