//! In which part of the campaign an account works.

use stillwatch_core::Micros;

use super::{Operation, Subject, tactic};
use crate::clock::Span;

pub(super) const SUBJECT: Subject = Subject {
    name: "pace",
    tactics: &[
        // Each account works all the time, at whatever tempo that makes.
        tactic("steady", 3, |operation, _| {
            let span = operation.span;
            Box::new(move |seat, _, _| set(seat, span))
        }),
        // All work in the same days, at the full tempo.
        tactic("sprint", 2, |operation, random| {
            let time = operation.working_time(operation.exchanges);
            let span = within(operation.span, time, random.unit());
            Box::new(move |seat, _, _| set(seat, span))
        }),
        // One generation of accounts after the other is used up and dropped.
        tactic("generations", 2, |operation, _| {
            let (span, accounts, tempo) = (operation.span, operation.accounts.max(1), operation.tempo);
            let generations = accounts.div_ceil(12).clamp(2, 12);
            Box::new(move |seat, member, random| {
                let time = working_time(tempo, member.exchanges);
                let generation = member.index * generations / accounts;
                let place = (generation * 1000 + random.below(600)) / generations;
                #[expect(clippy::cast_precision_loss, reason = "thousandths")]
                let share = place as f64 / 1000.0;
                set(seat, within(span, time, share.min(1.0)));
            })
        }),
        // Each account at its own time.
        tactic("scattered", 1, |operation, _| {
            let (span, tempo) = (operation.span, operation.tempo);
            Box::new(move |seat, member, random| {
                let time = working_time(tempo, member.exchanges);
                set(seat, within(span, time, random.unit()));
            })
        }),
    ],
};

fn set(seat: &mut crate::account::Seat, span: Span) {
    if let Some(harvest) = &mut seat.harvest {
        harvest.span = span;
    }
}

fn working_time(tempo: usize, exchanges: usize) -> i64 {
    Operation::time_for(tempo, exchanges)
}

/// A part of the span of so many microseconds, at a place from 0 (as early as possible) to 1.
fn within(span: Span, time: i64, place: f64) -> Span {
    let time = time.min(span.until.0 - span.from.0);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a multiplication rounds alike everywhere"
    )]
    let offset = ((span.until.0 - span.from.0 - time) as f64 * place) as i64;
    let from = Micros(span.from.0 + offset);
    Span { from, until: Micros(from.0 + time) }
}
