//! People on their own.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::Group;
use crate::account::{Payload, Seat, Source, Work, timer};
use crate::class::Class;
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Family, Meaning, Template};
use crate::network::Network;
use crate::settings::system_prompt;
use crate::world::{MICROS_PER_DAY, World};

pub(super) fn seats(world: &World, group: Group) -> Vec<Seat> {
    group.each(world, |id, index, random| match group.class {
        Class::Developer => {
            let mut seat = Seat::programmer(world, id, index, random);
            seat.works.push((30, Work { system: system_prompt(70, random), ..Work::ordinary() }));
            seat
        }
        Class::ScriptUser => {
            let mut seat = Seat::server(world, id, index, random);
            if random.chance(20) {
                // A side project with the model's own answers: allowed, and alone.
                let family = *random.pick(&[Family::Sft, Family::Reasoning, Family::Code, Family::Translation]);
                let template = Template::harvest(family, 3, random);
                let source = Source::Template(Arc::new(template), Payload::Item(family));
                seat.works.push((2, Work::of(source, family.answer())));
            }
            seat
        }
        Class::PowerUser => {
            let mut seat = Seat::person(world, id, index, random);
            for _ in 0..random.between(1, 4) {
                let family = *random.pick(&[Family::Sft, Family::Reasoning, Family::Code]);
                let template = Template::harvest(family, random.between(1, 3), random);
                let source = Source::Template(Arc::new(template), Payload::Rule("task"));
                seat.works.push((1, Work::of(source, family.answer())));
            }
            seat
        }
        Class::NewCredits => {
            let mut seat = match random.below(3) {
                0 => Seat::server(world, id, index, random),
                1 => Seat::programmer(world, id, index, random),
                _ => Seat::person(world, id, index, random),
            };
            let latest = world.window.seconds() * 1_000_000 * 8 / 10;
            let created = world.window.from.0 + random.between_seconds(-6 * MICROS_PER_DAY, latest);
            seat.created(world, Micros(created));
            seat.row.payment_hmac = None;
            seat.row.payment_country = None;
            seat.row.tier = Some("free");
            seat
        }
        Class::CronJob => {
            let mut seat = Seat::server(world, id, index, random);
            seat.rhythm = timer(random);
            seat
        }
        Class::ReleaseRush => {
            let mut seat = Seat::programmer(world, id, index, random);
            let delay = random.between_seconds(0, 20 * 3600) * 1_000_000;
            seat.adopts = Some(Micros(world.release.0 + delay));
            if random.chance(60) {
                let hours: Arc<[Micros]> = (0..30)
                    .map(|hour| Micros(world.release.0 + hour * 3_600_000_000))
                    .filter(|at| seat.span.contains(*at))
                    .collect();
                if !hours.is_empty() {
                    seat.rhythm = Rhythm::Around { moments: hours, spread: 3600 };
                }
            }
            if random.chance(30) {
                seat.network = Network::server(random);
            }
            seat
        }
        Class::ReasoningUser => {
            let mut seat = if random.chance(60) {
                Seat::person(world, id, index, random)
            } else {
                Seat::programmer(world, id, index, random)
            };
            let meaning = Arc::new(Meaning::draw(Family::Reasoning, random.between(1, 3), random));
            let rule = *random.pick(&["question", "arithmetic", "compare", "howto"]);
            seat.works.push((60, Work::of(Source::Meaning(meaning, Payload::Rule(rule)), Answer::Reasoning)));
            seat
        }
        _ => Seat::person(world, id, index, random),
    })
}
