//! Users of an editor plugin: its system prompt and client in every request, and each user's own code, place, hours and
//! payment around it.

use std::sync::Arc;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Template, Writer, nonce};
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("editor_plugin", "shared_tool", (40, 260), 16, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let name = nonce(false, shared);
    let releases: Vec<_> = (0..shared.between(1, 4)).map(|_| world.habits.clients.named(&name, shared)).collect();
    let writer = Writer::draw(shared);
    let system: Arc<str> =
        writer.expand("You complete code in {^nonce}. {rule} {code_demand} {rule} {code_demand}", shared).into();
    let commands: Vec<Arc<Template>> =
        (0..shared.between(2, 5)).map(|_| Arc::new(Template::application(shared))).collect();
    let sampling = Sampling::draw(shared);
    group.each(world, |id, index, random| {
        let mut seat = Seat::programmer(world, id, index, random);
        seat.works = Vec::new();
        for command in commands.iter().filter(|_| index % 4 != 3) {
            let rule = *random.pick(&["snippet", "w_code", "code"]);
            let work = Work::of(Source::Template(command.clone(), Payload::Rule(rule)), Answer::Code);
            let weight = u32::from(random.chance(70)) * 3;
            seat.works
                .push((weight, Work { system: Some(system.clone()), sampling: Some(sampling), follows: 35, ..work }));
        }
        let chat = Work { system: Some(system.clone()), sampling: Some(sampling), follows: 50, ..Work::ordinary() };
        seat.works.push((5, chat));
        seat.works.push((1, Work::ordinary()));
        seat.clients = vec![(15, random.pick(&releases).clone()), (1, seat.clients[0].1.clone())];
        let offset = seat.region.offset;
        seat.rhythm = if random.chance(70) { Rhythm::office(offset) } else { Rhythm::leisure(offset, random) };
        seat.converses = 80;
        seat
    })
}
