use crate::account::{AccountIndex, PerAccount};

/// Which accounts are in a set, asked again and again. An account is in it if it bears the stamp of the set.
#[derive(Default)]
pub(super) struct Members {
    stamp: u32,
    marks: PerAccount<u32>,
}

impl Members {
    pub(super) fn enter(&mut self, accounts: &[AccountIndex], all: usize) {
        if self.marks.len() < all || self.stamp == u32::MAX {
            self.marks = PerAccount::filled(0, all);
            self.stamp = 0;
        }
        self.stamp += 1;
        for &account in accounts {
            *self.marks.of_mut(account) = self.stamp;
        }
    }

    pub(super) fn has(&self, account: AccountIndex) -> bool {
        *self.marks.of(account) == self.stamp
    }
}

#[cfg(test)]
mod tests {
    use super::Members;
    use crate::account::AccountIndex;
    use crate::index::Place;

    #[test]
    fn a_new_set_forgets_the_one_before() {
        let (a, b) = (AccountIndex::new(0), AccountIndex::new(3));
        let mut members = Members { stamp: u32::MAX - 1, ..Members::default() };
        members.enter(&[a, b], 4);
        assert!(members.has(a) && members.has(b));
        members.enter(&[b], 4);
        assert!(!members.has(a) && members.has(b));
    }
}
