//! End users who harvest through an honest intermediary: an aggregator, or a customer with users of its own, some of whom
//! say what a campaign says.
//!
//! A window keeps for each passage and each end user which of 64 slots their exchanges fill, and what comes in one exchange
//! shares a slot. An end user whose slots hold the campaign's wording more often than the account's slots do says it
//! (hypergeometric tail, times the end users of the account). Where most of an account's slots hold the wording nobody can
//! be told from the others.

use stillwatch_core::statistics::fisher_upper_tail;
use stillwatch_core::{AccountId, count};

use crate::parameters::{ACT_LEVEL, LEAST_REPEATS};
use crate::profile::Profile;

/// Whoever has fewer than one in so many slots with the wording says other things.
const MOST_SLOTS: u32 = 2;

/// Somebody behind an account who says what a campaign says.
pub(crate) struct Behind<'a> {
    pub(crate) intermediary: &'a AccountId,
    /// Fingerprint under the local key.
    pub(crate) end_user: u64,
    /// Slots that hold the wording.
    pub(crate) slots: u32,
    pub(crate) p: f64,
}

/// End users of one account who say it. `wording` is ascending; `repeated` is how many passages of it a member of the
/// campaign repeats.
pub(crate) fn behind<'a>(profile: &'a Profile, wording: &[u64], repeated: f64) -> Vec<Behind<'a>> {
    let held = profile.passages.iter().filter(|(passage, _)| wording.binary_search(passage).is_ok());
    let (passages, said) = held.fold((0_u32, 0_u64), |(passages, said), (_, slots)| (passages + 1, said | slots));
    let (filled, said) = (profile.text_slots.count_ones(), said & profile.text_slots);
    if f64::from(passages) < (repeated / 2.0).max(1.0) || 2 * said.count_ones() > filled {
        return Vec::new();
    }
    let tests = count(profile.end_users.len());
    let one = |&(end_user, slots): &(u64, u64)| {
        let own = slots & profile.text_slots;
        let (all, within) = (own.count_ones(), (own & said).count_ones());
        if within < LEAST_REPEATS || MOST_SLOTS * within < all {
            return None;
        }
        let tail = fisher_upper_tail(filled.into(), said.count_ones().into(), all.into(), within.into());
        #[expect(clippy::cast_precision_loss, reason = "a number of end users")]
        let p = (tail * tests as f64).min(1.0);
        (p <= ACT_LEVEL).then_some(Behind { intermediary: &profile.account.account, end_user, slots: within, p })
    };
    profile.end_users.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::behind;
    use crate::made::profile;
    use crate::profile::Profile;

    /// An intermediary of forty end users: the first has eight slots, the others share the rest.
    fn intermediary(wording: u64) -> Profile {
        let mut profile = profile(1).repeating(&[(7, wording), (9, u64::MAX)]);
        profile.end_users = (0..40).map(|user| (user, if user == 0 { 0xff } else { 0b11 << (user + 10) })).collect();
        profile
    }

    #[test]
    fn whoever_says_it_is_named_and_nobody_else() {
        let made = intermediary(0xff);
        let named: Vec<u64> = behind(&made, &[7], 1.0).iter().map(|of| of.end_user).collect();
        assert_eq!(named, [0]);
    }

    #[test]
    fn nobody_is_named_where_all_say_it_or_none_does() {
        assert!(behind(&intermediary(u64::MAX), &[7], 1.0).is_empty());
        assert!(behind(&intermediary(0xff00_0000_0000_0000), &[7], 1.0).is_empty());
        assert!(behind(&intermediary(0xff), &[8], 1.0).is_empty());
    }
}
