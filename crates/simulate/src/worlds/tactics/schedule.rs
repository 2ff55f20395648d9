//! At which times of the day the accounts work.

use std::sync::Arc;

use stillwatch_core::{Micros, place, signed};

use super::{Hand, MICROS_PER_HOUR, Operation, Subject, tactic};
use crate::clock::Rhythm;
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "schedule",
    tactics: &[
        tactic("round_the_clock", 3, |_, _| Box::new(|seat, _, _| set(seat, Rhythm::Poisson))),
        tactic("operator_hours", 2, |operation, _| {
            let rhythm = Rhythm::office(operation.region.offset);
            Box::new(move |seat, _, _| set(seat, rhythm.clone()))
        }),
        // Each account keeps the hours of the country that it claims.
        tactic("claimed_hours", 2, |_, _| {
            Box::new(|seat, _, random| {
                let offset = seat.region.offset;
                let rhythm = if random.chance(50) { Rhythm::office(offset) } else { Rhythm::leisure(offset, random) };
                set(seat, rhythm);
            })
        }),
        tactic("bursts", 2, |operation, random| {
            let count = place((operation.span.seconds() / 43_200).max(3).unsigned_abs());
            let moments: Vec<Micros> = (0..count).map(|_| operation.span.any(random)).collect();
            let spread = random.between_seconds(300, 3600);
            around(moments, spread)
        }),
        // A queue deals to one account after the other.
        tactic("queue", 2, |operation, _| {
            let accounts = signed(operation.accounts.max(1));
            let exchanges = signed(operation.exchanges.max(1));
            Box::new(move |seat, member, _| {
                let period = (Operation::harvest_span(seat).seconds() / exchanges).max(60);
                let turn = period * signed(member.index) / accounts;
                set(seat, Rhythm::Turns { period, turn, jitter: period / accounts / 2 + 1 });
            })
        }),
        tactic("timers", 1, |_, random| {
            let every_hours = *random.pick(&[1, 2, 3, 6]);
            let spacing = random.between_seconds(2, 40);
            Box::new(move |seat, _, random| {
                let phase = random.between_seconds(0, 3599);
                set(seat, Rhythm::Timer { every_hours, phase, spacing });
            })
        }),
        // Most of it when a new model appears, on that model.
        tactic("release", 1, |operation, _| {
            let release = operation.world.release;
            let moments = (0..36).map(|hour| Micros(release.0 + hour * 2 * MICROS_PER_HOUR)).collect();
            let hand = around(moments, 5400);
            Box::new(move |seat, member, random| {
                seat.adopts = Some(Micros(release.0 + random.between_seconds(0, 86_400) * 1_000_000));
                hand(seat, member, random);
            })
        }),
    ],
};

fn set(seat: &mut crate::account::Seat, rhythm: Rhythm) {
    if let Some(harvest) = &mut seat.harvest {
        harvest.rhythm = rhythm;
    }
}

/// Around those of the moments in which the account works; unattended when there is none.
fn around(moments: Vec<Micros>, spread: i64) -> Hand {
    Box::new(move |seat, _, _| {
        let span = Operation::harvest_span(seat);
        let own: Arc<[Micros]> = moments.iter().copied().filter(|at| span.contains(*at)).collect();
        let rhythm = if own.is_empty() { Rhythm::Poisson } else { Rhythm::Around { moments: own, spread } };
        set(seat, rhythm);
    })
}
