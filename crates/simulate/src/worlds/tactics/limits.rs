//! How close the accounts go to their limits.

use super::{Subject, tactic};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "limits",
    tactics: &[
        // As much as each account gets done.
        tactic("uneven", 3, |operation, _| {
            let mean = operation.exchanges;
            Box::new(move |_, member, random| member.exchanges = (mean * random.between(25, 175) / 100).max(4))
        }),
        // A quota that the operator sets, a little under what the provider would notice.
        tactic("under_the_limit", 2, |operation, _| {
            let mean = operation.exchanges;
            Box::new(move |_, member, random| member.exchanges = (mean * random.between(97, 100) / 100).max(4))
        }),
        // Few accounts do most of the work.
        tactic("few_busy", 1, |operation, _| {
            let base = (operation.exchanges / 2).max(3);
            Box::new(move |_, member, random| member.exchanges = random.heavy(base).min(12 * base))
        }),
    ],
};
