//! What becomes of the accounts inside the window.

use stillwatch_core::{Micros, place, signed};

use super::{MICROS_PER_HOUR, Operation, Subject, nothing, tactic};
use crate::draw::Draw;

/// The accounts are closed, and others resume their work: a second campaign of the same actor.
pub(crate) const REPLACED: &str = "replaced";

pub(super) const SUBJECT: Subject = Subject {
    name: "fate",
    tactics: &[
        tactic("undisturbed", 5, nothing),
        tactic(REPLACED, 1, |operation, _| {
            let (closing, successor) = (operation.span.until, operation.successor);
            Box::new(move |seat, _, random| {
                if !successor {
                    let late = random.between_seconds(0, 5 * 3600) * 1_000_000;
                    close(seat, Micros(closing.0 + late));
                }
            })
        }),
        // Some are closed here and there, and the others go on.
        tactic("thinned", 2, |operation, random| {
            let (span, percent) = (operation.span, random.between(10, 50));
            Box::new(move |seat, _, random| {
                if random.chance(percent) {
                    let working = Operation::harvest_span(seat);
                    let at = span.any(random).max(Micros(working.from.0 + MICROS_PER_HOUR));
                    if at < working.until {
                        // What was left to do stays undone.
                        let done = share(working.from, at, working.until, seat);
                        if let Some(harvest) = &mut seat.harvest {
                            harvest.items.truncate(done);
                            harvest.span.until = at;
                        }
                        close(seat, at);
                    }
                }
            })
        }),
    ],
};

fn close(seat: &mut crate::account::Seat, at: Micros) {
    seat.row.status = Some("suspended");
    seat.row.status_changed_at = Some(at);
    let earliest = Micros(seat.span.from.0 + MICROS_PER_HOUR);
    seat.span.until = seat.span.until.min(at).max(earliest);
}

/// How many of the items are done by a moment.
fn share(from: Micros, at: Micros, until: Micros, seat: &crate::account::Seat) -> usize {
    let items = seat.harvest.as_ref().map_or(0, |harvest| harvest.items.len());
    let part = (at.0 - from.0) / 1_000_000;
    let whole = ((until.0 - from.0) / 1_000_000).max(1);
    place((signed(items) * part / whole).max(1).unsigned_abs())
}
