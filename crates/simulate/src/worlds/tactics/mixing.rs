//! How much ordinary traffic goes between the harvest, from nothing to 80 percent.

use super::{Hand, Operation, Subject, nothing, tactic};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "mixing",
    tactics: &[
        tactic("none", 3, nothing),
        tactic("light", 3, |_, random| mix(random.between(5, 29))),
        tactic("half", 2, |_, random| mix(random.between(30, 59))),
        tactic("heavy", 1, |_, random| mix(random.between(60, 80))),
    ],
};

/// So many percent of the traffic of each account.
fn mix(percent: usize) -> Hand {
    Box::new(move |seat, _, random| {
        let percent = (percent * random.between(70, 125) / 100).min(85);
        let harvested = seat.harvest.as_ref().map_or(0, |harvest| harvest.items.len());
        seat.volume += harvested * percent / (100 - percent);
        let span = Operation::harvest_span(seat);
        seat.span.from = seat.span.from.min(span.from);
        seat.span.until = seat.span.until.max(span.until);
    })
}
