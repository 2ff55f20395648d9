//! Whether the accounts react to answers, as people do.

use super::{Subject, nothing, tactic};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "turns",
    tactics: &[
        tactic("single", 4, nothing),
        // Reactions in between, inside conversations.
        tactic("follow_ups", 1, |_, random| {
            let percent = random.between(25, 60);
            Box::new(move |seat, _, _| {
                seat.converses = 90;
                if let Some(harvest) = &mut seat.harvest {
                    harvest.dress.follows = percent;
                }
            })
        }),
    ],
};
