//! Where the instruction stands.

use super::{Subject, nothing, tactic};

pub(super) const SUBJECT: Subject = Subject {
    name: "position",
    tactics: &[
        tactic("prompt", 3, nothing),
        tactic("system", 1, |_, _| {
            Box::new(|seat, _, _| {
                if let Some(harvest) = &mut seat.harvest {
                    // A bare item has no instruction that could stand there.
                    let bare = harvest.wordings.iter().flatten().any(|wording| matches!(wording, Wording::Bare));
                    harvest.dress.instructs_system = !bare;
                }
            })
        }),
    ],
};

use crate::account::Wording;
