//! Exam week: students of a few universities who revise in the same days, each in their own words, at home and on
//! campus, until late.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Crowd, Group, own};
use crate::account::{Seat, Source, Work};
use crate::clock::{Rhythm, Span};
use crate::draw::Draw;
use crate::grammar::{Answer, Writer, nonce};
use crate::network::{Leg, Pool};
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("exam_week", "occasion", (40, 240), 10, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let schools: Vec<(Arc<str>, Pool)> = (0..shared.between(1, 5))
        .map(|_| (format!("{}.edu", nonce(false, shared)).into(), Pool::site(region, 6, shared)))
        .collect();
    let subjects: Vec<Writer> = (0..shared.between(2, 6)).map(|_| Writer::draw(shared)).collect();
    let old_papers: Vec<Arc<[Arc<str>]>> = subjects
        .iter()
        .map(|writer| (0..shared.between(10, 40)).map(|_| writer.write("w_exercise", shared).into()).collect())
        .collect();
    let days = world.window.seconds() / 86_400;
    let first = shared.between_seconds(1, (days - 8).max(1));
    let week = Span {
        from: Micros(world.window.from.0 + first * MICROS_PER_DAY),
        until: Micros((world.window.from.0 + (first + 7) * MICROS_PER_DAY).min(world.window.until.0)),
    };
    group.each(world, |id, index, random| {
        let mut seat = Seat::person(world, id, index, random);
        let subject = random.below(subjects.len());
        let (domain, campus) = random.pick(&schools);
        seat.region = region;
        seat.writer = subjects[subject];
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        if random.chance(55) {
            seat.row.email_domain = Some(domain.clone());
        }
        if random.chance(35) {
            seat.created(world, Micros(week.from.0 - random.between_seconds(0, 5 * MICROS_PER_DAY)));
        }
        if random.chance(80) {
            seat.span = Span { from: seat.span.from.max(week.from), until: week.until };
        }
        let paper = Work::of(Source::List { prompts: old_papers[subject].clone(), in_order: false }, Answer::Reasoning);
        seat.works = vec![(3, Work { follows: 55, ..paper }), (7, Work { follows: 50, ..Work::ordinary() })];
        seat.converses = 90;
        seat.asks_again = random.between(3, 14);
        seat.rhythm = Rhythm::Human { offset: region.offset, hours: &REVISION, weekend: 95, turns: 7 };
        seat.network.0.push((random.pick(&[10, 60, 150]).to_owned(), Leg::Rotating([*campus].into())));
        seat
    })
}

const REVISION: [u32; 24] = [24, 12, 5, 2, 1, 1, 3, 8, 20, 34, 44, 46, 40, 42, 50, 54, 52, 46, 42, 48, 58, 62, 54, 40];
