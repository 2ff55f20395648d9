//! Starter keys that an event hands out: opened in one go by the organiser, with the same credits and starter code, then
//! used by as many people, first in the hall and later at home, or never again.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work, card, own_domain};
use crate::clock::{Rhythm, Span};
use crate::draw::Draw;
use crate::grammar::{Answer, Family, Template};
use crate::network::{Leg, Network, Pool};
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("event_keys", "occasion", (20, 150), 9, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let hall = Pool::site(region, 20, shared);
    let office = Pool::site(region, 2, shared).any(shared);
    let domain = own_domain(shared);
    let sponsor = shared.chance(50).then(|| card(shared));
    let starter = Arc::new(Template::harvest(Family::Agent, shared.between(2, 4), shared));
    let client = world.habits.clients.library(shared);
    let days = world.window.seconds() / 86_400;
    let day = shared.between_seconds(1, (days - 4).max(1));
    let opening = world.window.from.0 + day * MICROS_PER_DAY + (9 - region.offset) * 3_600_000_000;
    let handed_out = opening - shared.between_seconds(2 * 3600, 5 * 86_400) * 1_000_000;
    let closing = Micros(opening + shared.between_seconds(1, 2) * MICROS_PER_DAY);
    group.each(world, |id, index, random| {
        let mut seat = Seat::programmer(world, id, index, random);
        seat.row.created_at = Some(Micros(handed_out + random.between_seconds(0, 900) * 1_000_000));
        seat.row.signup_ip = Some(office.ip.clone());
        seat.row.email_domain = Some(domain.clone());
        seat.row.signup_country = Some(region.country);
        seat.row.payment_hmac.clone_from(&sponsor);
        seat.row.payment_country = sponsor.as_ref().map(|_| region.country);
        seat.row.tier = Some("free");
        let goes_on = random.chance(45);
        let until = if goes_on { world.window.until } else { closing };
        seat.span = Span { from: Micros(opening.max(world.window.from.0)), until: until.min(world.window.until) };
        seat.network = Network(vec![(
            1,
            Leg::Journey(
                vec![(Micros(i64::MIN), Network::rotating(vec![hall])), (closing, seat.network.clone())].into(),
            ),
        )]);
        seat.clients.push((12, client.clone()));
        let started = Work::of(Source::Template(starter.clone(), Payload::Rule("w_task")), Answer::Trace);
        seat.works = vec![
            (4, Work { follows: 30, ..started }),
            (3, Work::application(random)),
            (4, Work { follows: 40, ..Work::ordinary() }),
        ];
        seat.converses = 50;
        seat.rhythm = Rhythm::leisure(region.offset, random);
        seat
    })
}
