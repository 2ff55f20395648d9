//! Schools that use one tutoring product: its wording and servers, each school's contract, and pupils who ask for every
//! step, in school hours and on weekday evenings, and ask again.

use std::sync::Arc;

use super::{Crowd, Group, own};
use crate::account::{Seat, Source, Work, card};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Writer, nonce};
use crate::network::{Network, Pool};
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("tutoring", "shared_tool", (10, 60), 30, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let hosts: Vec<_> = {
        let cloud = Pool::hosting(shared);
        (0..shared.between(2, 4)).map(|_| cloud.any(shared)).collect()
    };
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let writer = Writer::draw(shared);
    let system: Arc<str> = writer
        .expand("You tutor pupils of {#8-18} years. {reasoning_task} {rule} {reasoning_demand} {rule}", shared)
        .into();
    let curriculum: Arc<[Arc<str>]> =
        (0..shared.between(60, 240)).map(|_| writer.write("w_exercise", shared).into()).collect();
    let sampling = Sampling::draw(shared);
    let region = world.region(shared);
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.region = region;
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        seat.row.organization = Some(random.hexadecimal("org_", 12));
        seat.row.email_domain = Some(format!("{}.edu", nonce(false, random)).into());
        seat.row.payment_hmac = Some(card(random));
        seat.row.payment_country = Some(region.country);
        seat.network = Network::fixed(hosts.clone());
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        seat.end_users = (0..random.between(20, 180)).map(|_| random.hexadecimal("pupil_", 12)).collect();
        seat.rhythm = if random.chance(60) {
            Rhythm::office(region.offset)
        } else {
            Rhythm::Human { offset: region.offset, hours: &AFTER_SCHOOL, weekend: 40, turns: 6 }
        };
        let exercises = Work::of(Source::List { prompts: curriculum.clone(), in_order: false }, Answer::Reasoning);
        let own = Work { system: Some(system.clone()), follows: 60, ..Work::ordinary() };
        seat.works = vec![(5, Work { system: Some(system.clone()), follows: 55, ..exercises }), (5, own)];
        seat.converses = 95;
        seat.asks_again = 8;
        seat
    })
}

const AFTER_SCHOOL: [u32; 24] = [1, 0, 0, 0, 0, 0, 1, 4, 12, 14, 14, 14, 14, 18, 34, 60, 70, 62, 50, 46, 34, 18, 6, 2];
