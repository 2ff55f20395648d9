//! Accounts by their place in the population, and sets of them.

use std::collections::BTreeMap;

use crate::index::{Per, Place, place};

place! {
    /// The place of an account among all that are looked at together; what they did decides their order.
    AccountIndex
}

place! {
    /// The place of whoever answers for accounts, in the order of their first account.
    OwnerIndex
}

pub(crate) type PerAccount<T> = Per<AccountIndex, T>;

impl AccountIndex {
    /// For streams of random numbers, one an account.
    pub(crate) fn stream(self) -> u64 {
        self.0.into()
    }
}

/// Who answers for each account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners {
    of: PerAccount<OwnerIndex>,
    count: usize,
}

impl Owners {
    /// Numbers the owners in order of appearance.
    pub(crate) fn new<T: Ord>(owners: impl Iterator<Item = T>) -> Self {
        let mut places = BTreeMap::new();
        let of = owners
            .map(|owner| {
                let next = OwnerIndex::new(places.len());
                *places.entry(owner).or_insert(next)
            })
            .collect();
        Self { of, count: places.len() }
    }

    pub(crate) fn of(&self, account: AccountIndex) -> OwnerIndex {
        *self.of.of(account)
    }

    /// How many there are, at least one.
    pub(crate) fn count(&self) -> usize {
        self.count.max(1)
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountIndex> + Clone + use<> {
        self.of.places()
    }

    /// How many different ones these accounts have.
    pub(crate) fn distinct(&self, accounts: impl IntoIterator<Item = AccountIndex>) -> usize {
        let mut of: Vec<OwnerIndex> = accounts.into_iter().map(|account| self.of(account)).collect();
        of.sort_unstable();
        of.dedup();
        of.len()
    }
}

/// Accounts in ascending order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountSet(Vec<AccountIndex>);

impl AccountSet {
    pub(crate) const EMPTY: Self = Self(Vec::new());

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = AccountIndex> + Clone {
        self.0.iter().copied()
    }

    pub(crate) fn as_slice(&self) -> &[AccountIndex] {
        &self.0
    }

    pub(crate) fn first(&self) -> Option<AccountIndex> {
        self.0.first().copied()
    }

    /// Where an account stands in the set.
    pub(crate) fn position(&self, account: AccountIndex) -> Option<usize> {
        self.0.binary_search(&account).ok()
    }

    pub(crate) fn contains(&self, account: AccountIndex) -> bool {
        self.position(account).is_some()
    }

    /// How many are in both.
    pub(crate) fn overlap(&self, other: &Self) -> usize {
        let (small, large) = if self.len() < other.len() { (self, other) } else { (other, self) };
        small.iter().filter(|&account| large.contains(account)).count()
    }

    /// Those of either.
    pub(crate) fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// Those that are not in the other.
    pub(crate) fn difference(&self, other: &Self) -> Self {
        Self(self.iter().filter(|&account| !other.contains(account)).collect())
    }

    /// Those that are in the other too.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self(self.iter().filter(|&account| other.contains(account)).collect())
    }

    /// Those for which the flag at the same place is set.
    pub(crate) fn marked(&self, flags: &[bool]) -> Self {
        Self(self.iter().zip(flags).filter(|(_, flag)| **flag).map(|(account, _)| account).collect())
    }

    pub(crate) fn retain(&mut self, mut stays: impl FnMut(AccountIndex) -> bool) {
        self.0.retain(|&account| stays(account));
    }

    pub(crate) fn remove(&mut self, account: AccountIndex) {
        self.retain(|other| other != account);
    }
}

impl FromIterator<AccountIndex> for AccountSet {
    fn from_iter<I: IntoIterator<Item = AccountIndex>>(accounts: I) -> Self {
        let mut list: Vec<AccountIndex> = accounts.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        Self(list)
    }
}

#[cfg(test)]
impl<const N: usize> From<[usize; N]> for AccountSet {
    fn from(places: [usize; N]) -> Self {
        places.into_iter().map(AccountIndex::new).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountIndex, AccountSet, Owners};
    use crate::index::Place;

    #[test]
    fn sets_are_ascending_and_hold_each_account_once() {
        let set: AccountSet = [3, 1, 3, 2].into_iter().map(AccountIndex::new).collect();
        assert_eq!(set, AccountSet::from([1, 2, 3]));
        assert_eq!((set.position(AccountIndex::new(2)), set.contains(AccountIndex::new(4))), (Some(1), false));
    }

    #[test]
    fn sets_are_compared_as_sets() {
        let (left, right) = (AccountSet::from([1, 2, 3, 5]), AccountSet::from([2, 5, 8]));
        assert_eq!((left.overlap(&right), right.overlap(&left)), (2, 2));
        assert_eq!(left.union(&right), AccountSet::from([1, 2, 3, 5, 8]));
        assert_eq!(left.difference(&right), AccountSet::from([1, 3]));
        assert_eq!(left.intersection(&right), AccountSet::from([2, 5]));
        assert_eq!(left.marked(&[true, false, false, true]), AccountSet::from([1, 5]));
    }

    #[test]
    fn owners_are_numbered_as_they_appear() {
        let owners = Owners::new(["b", "a", "b"].into_iter());
        assert_eq!(owners.count(), 2);
        assert_eq!(owners.of(AccountIndex::new(0)), owners.of(AccountIndex::new(2)));
        assert_eq!(owners.distinct(AccountSet::from([0, 1, 2]).iter()), 2);
        assert_eq!(Owners::new(std::iter::empty::<u8>()).count(), 1);
    }
}
