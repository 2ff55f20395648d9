//! Research that samples many answers to each task of a public benchmark, each group for itself, in a run of hours.

use stillwatch_core::signed;

use super::{Crowd, Group, own};
use crate::account::{Seat, Source, Work};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::settings::Sampling;
use crate::world::World;

pub(super) const CROWD: Crowd = own("pass_at_k", "bulk", (1, 1), 40, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(60) {
            Seat::server(world, id, index, random)
        } else {
            Seat::programmer(world, id, index, random)
        };
        let (family, items) = random.pick(&world.public.benchmarks).clone();
        let temperature = *random.pick(&[0.6, 0.7, 0.8, 1.0]);
        let samples = *random.pick(&[5, 10, 20]);
        // Samples are asked for one by one, or in one request.
        let together = random.chance(50);
        let (n, repeats) = if together { (signed(samples), 1) } else { (1, samples) };
        let prompts = items
            .iter()
            .skip(random.below(items.len() / 2))
            .take(random.between(20, 80))
            .flat_map(|item| std::iter::repeat_n(item.clone(), repeats))
            .collect();
        let sampling = Sampling { temperature: Some(temperature), n, ..seat.sampling };
        let work = Work::of(Source::List { prompts, in_order: true }, family.answer());
        seat.works = vec![(30, Work { sampling: Some(sampling), ..work }), (1, Work::ordinary())];
        seat.rhythm = Rhythm::Runs {
            runs: random.between(1, 4),
            spacing: random.between_seconds(1, 5),
            offset: seat.region.offset,
        };
        seat.converses = 0;
        seat
    })
}
