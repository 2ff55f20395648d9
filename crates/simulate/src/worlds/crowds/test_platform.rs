//! Customers of a platform that tries many variants of a prompt: one template in many wordings over a small set of
//! inputs, the same input again and again, from the platform's servers with the customer's key, when somebody starts it.

use std::sync::Arc;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Template, nonce};
use crate::network::{Leg, Pool};
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("test_platform", "bulk", (8, 60), 30, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let cloud = Pool::hosting(shared);
    let hosts: Arc<[_]> = (0..shared.between(2, 6)).map(|_| cloud.any(shared)).collect();
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    // The platform's own wrapper, around whatever the customer tests.
    let wrapper: Arc<str> = Template::application(shared).render("", shared).trim_end().into();
    let wraps = shared.chance(50);
    group.each(world, |id, index, random| {
        let mut seat = Seat::programmer(world, id, index, random);
        let tested = Template::application(random);
        let inputs: Arc<[Arc<str>]> = {
            let rule = *random.pick(&["review", "ticket", "record", "question"]);
            (0..random.between(8, 40)).map(|_| seat.writer.write(rule, random).into()).collect()
        };
        seat.works = (0..random.between(4, 16))
            .map(|_| {
                let variant = Arc::new(tested.reworded(random.between(4, 25), random));
                let temperature = *random.pick(&[0.0, 0.3, 0.7, 1.0]);
                let n = *random.pick(&[1, 1, 1, 3]);
                let sampling = Sampling { temperature: Some(temperature), n, ..seat.sampling };
                let prompts: Arc<[Arc<str>]> =
                    inputs.iter().map(|input| Arc::from(variant.render(input, random))).collect();
                let work = Work::of(Source::List { prompts, in_order: true }, Answer::Brief);
                let system = wraps.then(|| wrapper.clone());
                (3, Work { sampling: Some(sampling), system, ..work })
            })
            .collect();
        let other = Source::Template(Arc::new(Template::application(random)), Payload::Rule("ticket"));
        seat.works.push((2, Work::of(other, Answer::Prose)));
        seat.works.push((2, Work::ordinary()));
        seat.clients = vec![(10, client.clone()), (2, seat.clients[0].1.clone())];
        seat.network.0.push((500, Leg::Fixed(hosts.clone())));
        seat.rhythm = Rhythm::Runs {
            runs: random.between(3, 12),
            spacing: random.between_seconds(1, 4),
            offset: seat.region.offset,
        };
        seat.converses = 0;
        seat
    })
}
