//! Hand-made profiles and populations for unit tests.

use stillwatch_core::{Account, AccountId, Micros, Redacted};
use stillwatch_digest::{AccountWindow, Kind};

use crate::population::Population;
use crate::profile::Profile;

/// An account without traffic, named by its number.
pub(crate) fn profile(number: usize) -> Profile {
    Profile::new(Account::unknown(AccountId::from(format!("account-{number:04}"))), true, &AccountWindow::default())
}

impl Profile {
    pub(crate) fn with_payment(mut self, token: &str) -> Self {
        self.account.payment_hmac = Some(Redacted::new(token.to_owned()));
        self
    }

    pub(crate) fn with_organization(mut self, name: &str) -> Self {
        self.account.organization = Some(name.into());
        self
    }

    /// Active from one day to another, counted from the epoch.
    pub(crate) fn active_on(mut self, first: i64, last: i64) -> Self {
        (self.first, self.last) = (Micros::from_seconds(first * 86_400), Micros::from_seconds(last * 86_400));
        self
    }

    /// Passages that it repeats, each with the slots that it fills.
    pub(crate) fn repeating(mut self, passages: &[(u64, u64)]) -> Self {
        self.passages = passages.to_vec();
        self.passages.sort_unstable();
        self.text_slots = u64::MAX;
        self
    }

    /// Fingerprints of a kind, with the number of slots that each fills. Kinds are given in their order.
    pub(crate) fn using(mut self, kind: Kind, features: &[(u64, u32)]) -> Self {
        self.set_features(kind, features);
        self
    }
}

pub(crate) fn population(profiles: impl IntoIterator<Item = Profile>) -> Population {
    profiles.into_iter().collect()
}
