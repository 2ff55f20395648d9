use std::iter::Peekable;

use stillwatch_core::{AccountId, Day};
use stillwatch_digest::{AccountWindow, DayDigest};

use crate::{AccountDay, EngineError};

/// Folds the days of each account into its window, one account in memory at a time.
///
/// The days come in ascending order of account and day, as [`DigestStream`](crate::DigestStream) and
/// [`DigestReader`](crate::DigestReader) give them; any other order is refused. The first error ends the iteration.
pub fn windows<I>(days: I) -> Windows<I::IntoIter>
where
    I: IntoIterator<Item = Result<AccountDay, EngineError>>,
{
    Windows { days: days.into_iter().peekable(), before: None, failed: false }
}

/// See [`windows`].
pub struct Windows<I: Iterator<Item = Result<AccountDay, EngineError>>> {
    days: Peekable<I>,
    before: Option<AccountId>,
    failed: bool,
}

impl<I: Iterator<Item = Result<AccountDay, EngineError>>> Windows<I> {
    fn fold(&mut self, first: &AccountDay) -> Result<(AccountId, AccountWindow), EngineError> {
        let account = first.account.clone();
        if self.before.as_ref().is_some_and(|before| *before >= account) {
            return Err(EngineError::DigestFile("its rows are not sorted by account and day"));
        }
        self.before = Some(account.clone());
        let mut days = vec![decode(first)?];
        while let Some(next) = self.days.next_if(|next| next.as_ref().map_or(true, |next| next.account == account)) {
            days.push(decode(&next?)?);
        }
        Ok((account, AccountWindow::unite(days)?))
    }
}

impl<I: Iterator<Item = Result<AccountDay, EngineError>>> Iterator for Windows<I> {
    type Item = Result<(AccountId, AccountWindow), EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let window = self.days.next()?.and_then(|first| self.fold(&first));
        self.failed = window.is_err();
        Some(window)
    }
}

fn decode(row: &AccountDay) -> Result<(Day, DayDigest), EngineError> {
    match DayDigest::decode(&row.digest) {
        Ok(digest) => Ok((row.day, digest)),
        Err(source) => Err(EngineError::StoredDigest { account: row.account.clone(), day: row.day, source }),
    }
}
