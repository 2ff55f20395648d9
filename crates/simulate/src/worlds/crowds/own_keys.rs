//! Customers of a product that calls the model with keys which they bring themselves.
//!
//! They share the product's wording, client and servers, and nothing else: each has a sign-up, a payer, a mailbox, a
//! language and hours of its own, work on its own data, and other uses beside the product.

use std::sync::Arc;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work, own_domain};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Template, Writer, nonce};
use crate::network::{Leg, Pool};
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("own_keys", "shared_tool", (20, 160), 12, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let cloud = Pool::hosting(shared);
    let hosts: Arc<[_]> = (0..shared.between(1, 4)).map(|_| cloud.any(shared)).collect();
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let features: Vec<Arc<Template>> =
        (0..shared.between(1, 4)).map(|_| Arc::new(Template::application(shared))).collect();
    let system: Arc<str> = Writer::draw(shared).write("system", shared).into();
    let in_system = shared.chance(50);
    let sampling = Sampling::draw(shared);
    let nightly = shared.chance(35);
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(60) {
            Seat::programmer(world, id, index, random)
        } else {
            Seat::person(world, id, index, random)
        };
        if random.chance(45) {
            seat.row.email_domain = Some(own_domain(random));
        }
        // What the customer's own data is about does not depend on the product.
        let rule = *random.pick(&["review", "ticket", "record", "document", "sentence", "w_paste"]);
        let mut works: Vec<(u32, Work)> = features
            .iter()
            .filter(|_| random.chance(75))
            .map(|feature| {
                let work = Work::of(Source::Template(feature.clone(), Payload::Rule(rule)), Answer::Brief);
                let system = in_system.then(|| system.clone());
                (6, Work { system, sampling: Some(sampling), follows: 15, ..work })
            })
            .collect();
        works.push((random.pick(&[1, 2, 8]).to_owned(), Work::ordinary()));
        seat.works = works;
        seat.clients = vec![(12, client.clone()), (2, seat.clients[0].1.clone())];
        seat.network.0.push((600, Leg::Fixed(hosts.clone())));
        seat.rhythm = match random.below(10) {
            _ if nightly => {
                let phase = 3600 * random.between_seconds(0, 23) + 60 * random.between_seconds(0, 59);
                Rhythm::Timer { every_hours: 24, phase, spacing: 2 }
            }
            0..7 => Rhythm::office(seat.region.offset),
            _ => Rhythm::leisure(seat.region.offset, random),
        };
        seat.converses = 20;
        seat
    })
}
