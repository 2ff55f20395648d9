//! Accounts that only pretend.

use super::{Operation, Subject, nothing, tactic};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "decoys",
    tactics: &[
        tactic("none", 6, nothing),
        // Some accounts do nothing but ordinary work, from the same place.
        tactic("idle_accounts", 1, |_, random| {
            let percent = random.between(8, 30);
            Box::new(move |seat, member, random| {
                if !random.chance(percent) {
                    return;
                }
                let span = Operation::harvest_span(seat);
                if let Some(harvest) = &mut seat.harvest {
                    harvest.items.clear();
                    seat.volume = member.exchanges.max(4);
                    seat.span = span;
                }
            })
        }),
    ],
};
