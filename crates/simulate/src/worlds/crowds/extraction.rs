//! Companies that turn their documents into records: long inputs, a fixed schema, short answers, in batches, each alone.

use std::sync::Arc;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work, own_domain};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Template};
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("extraction", "bulk", (1, 1), 24, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        // Two thirds are companies, the others somebody's own project.
        if random.chance(66) {
            seat.row.email_domain = Some(own_domain(random));
            seat.row.tier = Some("scale");
        }
        let schema = Arc::new(Template::application(random));
        let sampling = Sampling { temperature: Some(0.0), max_tokens: Some(512), ..seat.sampling };
        let rule = *random.pick(&["w_paste", "document", "record"]);
        let work = Work::of(Source::Template(schema.clone(), Payload::Rule(rule)), Answer::Brief);
        // The same schema around another kind of document now and then.
        let other = Work::of(Source::Template(schema, Payload::Rule("ticket")), Answer::Brief);
        seat.works =
            vec![(9, Work { sampling: Some(sampling), ..work }), (1, Work { sampling: Some(sampling), ..other })];
        seat.rhythm = match random.below(3) {
            0 => Rhythm::Poisson,
            1 => Rhythm::Timer {
                every_hours: *random.pick(&[6, 12, 24]),
                phase: 60 * random.between_seconds(0, 719),
                spacing: random.between_seconds(1, 6),
            },
            _ => Rhythm::Runs { runs: random.between(2, 14), spacing: 2, offset: seat.region.offset },
        };
        seat.converses = 0;
        seat
    })
}
