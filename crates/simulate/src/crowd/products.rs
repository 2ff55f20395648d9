//! Accounts that have wording in common, or much of it: products, public prompts and pipelines.

use std::sync::Arc;

use stillwatch_core::{AccountType, Random};

use super::Group;
use crate::account::{Payload, Seat, Source, Work, card};
use crate::class::Class;
use crate::clock::Rhythm;
use crate::draw::{Draw, stream};
use crate::grammar::{Agent, Answer, Family, Template};
use crate::network::{Network, Pool};
use crate::settings::{Sampling, system_prompt};
use crate::world::World;

pub(super) fn seats(world: &World, group: Group) -> Vec<Seat> {
    group.each(world, |id, index, random| match group.class {
        Class::PopularAgent => agent_user(world, id, index, random),
        Class::Framework => {
            let mut seat = either(world, id, index, random);
            let framework = random.rank(world.public.frameworks.len());
            let template = world.public.frameworks[framework].clone();
            let rule = *random.pick(&["task", "ticket", "document", "question"]);
            let source = Source::Template(template, Payload::Rule(rule));
            seat.works = vec![(6, Work::of(source, Answer::Prose)), (3, Work::ordinary())];
            seat
        }
        Class::PromptPack => {
            let mut seat = Seat::person(world, id, index, random);
            let prompts = random.pick(&world.public.packs).clone();
            let pasted = Work::of(Source::List { prompts, in_order: false }, Answer::Prose);
            seat.works = vec![(5, pasted), (5, Work::ordinary())];
            seat
        }
        Class::Benchmark => benchmark_runner(world, id, index, random),
        Class::JudgeEval => {
            let rubric = world.public.rubrics[random.rank(world.public.rubrics.len())].clone();
            grader(world, id, index, rubric, random)
        }
        Class::Judge => {
            let rubric = Arc::new(Template::harvest(Family::Rubric, random.between(2, 6), random));
            grader(world, id, index, rubric, random)
        }
        Class::SmallApp => {
            let mut seat = Seat::server(world, id, index, random);
            seat.works = (0..random.between(1, 3)).map(|_| (2, Work::application(random))).collect();
            seat.works.push((1, Work { sampling: Some(Sampling::draw(random)), ..Work::ordinary() }));
            seat.rhythm = Rhythm::leisure(seat.region.offset, random);
            seat.converses = *random.pick(&[0, 50, 90]);
            let users = random.between(4, 60);
            seat.end_users = (0..users).map(|_| random.hexadecimal("user_", 12)).collect();
            seat
        }
        Class::Aggregator => aggregator(world, id, index, random),
        Class::Translation => translation(world, id, index, random),
        Class::CiBot => ci_bot(world, id, index, random),
        // Pipelines.
        _ => {
            let mut seat = Seat::server(world, id, index, random);
            let rule = *random.pick(&["review", "ticket", "record", "sentence"]);
            let source = Source::Template(Arc::new(Template::application(random)), Payload::Rule(rule));
            let sampling = Sampling { temperature: Some(0.0), max_tokens: Some(64), ..seat.sampling };
            let labelling = Work { sampling: Some(sampling), ..Work::of(source, Answer::Brief) };
            seat.works = vec![(1, Work { system: system_prompt(40, random), ..labelling })];
            seat
        }
    })
}

fn either(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    if random.chance(45) { Seat::server(world, id, index, random) } else { Seat::programmer(world, id, index, random) }
}

/// Its client is the same everywhere, its work is the user's own.
fn agent_user(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    let mut seat = Seat::programmer(world, id, index, random);
    let Agent { system, tools, name } = &world.public.agents[random.rank(world.public.agents.len())];
    let client = world.habits.clients.named(name, &mut stream(0, name, random.rank(2) as u64));
    seat.clients = vec![(1, client)];
    let work =
        Work { answer: Answer::Trace, system: Some(system.clone()), tools: Some(tools.clone()), ..Work::ordinary() };
    seat.works = vec![(9, work), (1, Work::ordinary())];
    seat.sampling = Sampling { temperature: Some(1.0), top_p: None, n: 1, max_tokens: Some(8192), logprobs: None };
    seat.converses = 95;
    seat
}

fn benchmark_runner(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    let mut seat = either(world, id, index, random);
    let (family, prompts) = random.pick(&world.public.benchmarks).clone();
    let repeated = if random.chance(30) { *random.pick(&[4, 8, 16]) } else { 1 };
    let temperature = if repeated > 1 { Some(0.8) } else { Some(0.0) };
    let sampling = Sampling { temperature, n: repeated, ..seat.sampling };
    let items =
        Work { sampling: Some(sampling), ..Work::of(Source::List { prompts, in_order: true }, family.answer()) };
    seat.works = vec![(9, items), (1, Work::ordinary())];
    seat.rhythm =
        Rhythm::Runs { runs: random.between(1, 4), spacing: random.between_seconds(1, 6), offset: seat.region.offset };
    seat
}

fn grader(world: &World, id: &str, index: u64, rubric: Arc<Template>, random: &mut Random) -> Seat {
    let mut seat = either(world, id, index, random);
    let source = Source::Template(rubric, Payload::Item(Family::Rubric));
    let sampling = Sampling { temperature: Some(0.0), ..seat.sampling };
    seat.works =
        vec![(8, Work { sampling: Some(sampling), ..Work::of(source, Answer::Verdict) }), (1, Work::ordinary())];
    seat
}

/// Documents in, another language out, at the end of the day; some use a framework's template as it is.
fn translation(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    let mut seat = Seat::server(world, id, index, random);
    let published = world.public.frameworks.last().filter(|_| random.chance(40));
    let template = published.cloned().unwrap_or_else(|| Arc::new(Template::harvest(Family::Translation, 3, random)));
    let rule = *random.pick(&["document", "ticket", "review"]);
    let sampling = Sampling { temperature: Some(0.0), max_tokens: Some(4096), ..seat.sampling };
    let work = Work::of(Source::Template(template, Payload::Rule(rule)), Answer::Prose);
    seat.works = vec![(1, Work { sampling: Some(sampling), ..work })];
    let phase = 3600 * random.between_seconds(17, 23);
    seat.rhythm = match random.below(3) {
        0 => Rhythm::Timer { every_hours: 24, phase, spacing: 2 },
        1 => Rhythm::Runs { runs: random.between(4, 18), spacing: 2, offset: seat.region.offset },
        _ => Rhythm::Poisson,
    };
    seat
}

/// One popular action on hosted runners: its prompt, tools, client and settings are the same everywhere, and what is
/// scheduled starts at the full hour.
fn ci_bot(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    let mut seat = Seat::server(world, id, index, random);
    let Agent { system, tools, name } = &world.public.reviewer;
    seat.clients = vec![(1, world.habits.clients.named(name, &mut stream(0, name, random.rank(2) as u64)))];
    seat.network = Network::rotating(vec![Pool::cloud(random)]);
    let ask = Source::Template(world.public.review.clone(), Payload::Rule("code"));
    let review = Work { system: Some(system.clone()), tools: Some(tools.clone()), ..Work::of(ask, Answer::Code) };
    let repair = Work { answer: Answer::Trace, ..review.clone() };
    seat.sampling = Sampling { temperature: Some(0.0), top_p: None, n: 1, max_tokens: Some(4096), logprobs: None };
    let night = seat.region.offset + 12;
    seat.rhythm = match random.below(10) {
        0..4 => Rhythm::office(seat.region.offset),
        4..7 => Rhythm::Runs { runs: random.between(1, 5), spacing: 20, offset: night },
        _ => Rhythm::Timer { every_hours: 24, phase: 3600 * random.between_seconds(0, 6), spacing: 4 },
    };
    seat.works = vec![(4, review), (2, repair), (1, Work::application(random))];
    seat.converses = if random.chance(50) { 90 } else { 0 };
    seat
}

/// An aggregator under contract, whose customers choose words and settings themselves.
pub(crate) fn aggregator(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    let mut seat = Seat::server(world, id, index, random);
    seat.row.account_type = AccountType::Aggregator;
    seat.row.payment_hmac = Some(card(random));
    seat.row.payment_country = seat.row.signup_country;
    seat.row.tier = Some("custom");
    // Its customers choose parameters themselves.
    seat.works = (0..16)
        .map(|number| {
            let work = if number % 3 == 0 { Work::application(random) } else { Work::ordinary() };
            (1, Work { sampling: Some(Sampling::draw(random)), ..work })
        })
        .collect();
    let users = random.between(150, 900);
    seat.end_users = (0..users).map(|_| random.hexadecimal("user_", 12)).collect();
    seat.rhythm = Rhythm::Poisson;
    seat.converses = 60;
    seat
}
