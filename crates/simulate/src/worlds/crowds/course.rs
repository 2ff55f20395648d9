//! A class with an assignment: one campus, one or two evenings, the same exercises, and people who sleep, ask in their
//! own words, follow up and ask again.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Crowd, Group, own};
use crate::account::{Seat, Source, Work};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Writer, nonce};
use crate::network::{Leg, Pool};
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("course", "occasion", (18, 110), 7, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let campus = Pool::site(region, shared.between(2, 8) as u64, shared);
    let domain: Arc<str> = format!("students.{}.edu", nonce(false, shared)).into();
    let writer = Writer::draw(shared);
    let exercises: Arc<[Arc<str>]> = (0..shared.between(4, 14))
        .map(|number| writer.expand(&format!("Exercise {}. {{w_exercise}} {{limits}}", number + 1), shared).into())
        .collect();
    let evenings = evenings(world, region.offset, shared.between(1, 3), shared);
    // Some courses hand out credits, others leave it to the student.
    let credits = shared.chance(50);
    let registers = shared.chance(60);
    group.each(world, |id, index, random| {
        let mut seat = Seat::person(world, id, index, random);
        seat.region = region;
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        if random.chance(80) {
            seat.row.email_domain = Some(domain.clone());
        }
        if credits {
            seat.row.payment_hmac = None;
            seat.row.payment_country = None;
        }
        let first = evenings[0];
        if registers && random.chance(70) {
            seat.created(world, Micros(first.0 - random.between_seconds(0, 6 * MICROS_PER_DAY)));
        }
        let given = Work::of(Source::List { prompts: exercises.clone(), in_order: true }, Answer::Code);
        seat.works = vec![(5, Work { follows: 60, ..given }), (5, Work { follows: 50, ..Work::ordinary() })];
        seat.converses = 95;
        seat.asks_again = random.between(4, 15);
        let attended: Arc<[Micros]> = evenings.iter().copied().filter(|at| seat.span.contains(*at)).collect();
        if !attended.is_empty() {
            seat.rhythm = Rhythm::Around { moments: attended, spread: 4 * 3600 };
        }
        seat.network.0.push((random.pick(&[40, 120, 300]).to_owned(), Leg::Rotating([campus].into())));
        seat
    })
}

/// Some evenings at 17:00 local time, in order.
pub(super) fn evenings(world: &World, offset: i64, count: usize, random: &mut stillwatch_core::Random) -> Vec<Micros> {
    let days = world.window.seconds() / 86_400;
    let mut evenings: Vec<Micros> = (0..count.max(1))
        .map(|_| {
            let day = random.between_seconds(0, (days - 2).max(0));
            let local = world.window.from.0 + day * MICROS_PER_DAY + (17 - offset) * 3_600_000_000;
            Micros(local.max(world.window.from.0))
        })
        .collect();
    evenings.sort_unstable();
    evenings
}
