//! Several accounts of one company that are run alike for a reason.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::Group;
use crate::account::{Payload, Seat, Source, Work, card, own_domain};
use crate::class::Class;
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Family, Meaning, Template, Writer, nonce};
use crate::network::{Leg, Network, Pool};
use crate::settings::Sampling;
use crate::world::{MICROS_PER_DAY, World};

pub(super) fn seats(world: &World, group: Group) -> Vec<Seat> {
    match group.class {
        Class::InternalEval => internal_eval(world, group),
        _ => sibling_teams(world, group),
    }
}

/// A company tests its own product before each release: private prompts, paraphrases of them and a private rubric, in
/// the same minutes of the night, from one build network.
fn internal_eval(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let organization = shared.hexadecimal("org_", 12);
    let invoice = card(shared);
    let domain = own_domain(shared);
    let builders = Pool::hosting(shared);
    let hosts: Vec<_> = (0..3).map(|_| builders.any(shared)).collect();
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let writer = Writer::draw(shared);
    let prompts: Arc<[Arc<str>]> =
        (0..120).map(|_| Arc::from(writer.expand("{task} {limits} {sentence}", shared))).collect();
    let rubric = Arc::new(Template::harvest(Family::Rubric, 4, shared));
    let meaning = Arc::new(Meaning::draw(Family::Sft, 3, shared));
    let sampling = Sampling { temperature: Some(0.0), max_tokens: Some(2048), ..Sampling::draw(shared) };
    let phase = shared.between_seconds(0, 86_399);
    let founded = world.window.from.0 - shared.between_seconds(70, 700) * MICROS_PER_DAY;
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.created(world, Micros(founded + random.between_seconds(0, 60 * MICROS_PER_DAY)));
        seat.row.organization = Some(organization.clone());
        seat.row.payment_hmac = Some(invoice.clone());
        seat.row.payment_country = seat.row.signup_country;
        seat.row.email_domain = Some(domain.clone());
        seat.network = Network::fixed(hosts.clone());
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        seat.rhythm = Rhythm::Timer { every_hours: 24, phase, spacing: 3 };
        seat.works = vec![
            (5, Work::of(Source::List { prompts: prompts.clone(), in_order: true }, Answer::Prose)),
            (3, Work::of(Source::Template(rubric.clone(), Payload::Rule("document")), Answer::Verdict)),
            (3, Work::of(Source::Meaning(meaning.clone(), Payload::Rule("question")), Answer::Prose)),
        ];
        seat.converses = 0;
        seat
    })
}

/// Teams that each signed up and pay for themselves, and run what the platform team gave them: one template around
/// their own data, one client, one schedule, the company's exits. Half of the companies have declared the ownership,
/// half have one card for all teams.
fn sibling_teams(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let office = Pool::site(region, 4, shared);
    let cloud = Pool::hosting(shared);
    let domain = own_domain(shared);
    let owner: Option<Arc<str>> =
        shared.chance(50).then(|| format!("{} Group {}", nonce(true, shared), region.country).into());
    let corporate = shared.chance(50).then(|| card(shared));
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let template = Arc::new(Template::application(shared));
    let sampling = Sampling::draw(shared);
    let every_hours = *shared.pick(&[1, 3, 6, 24]);
    let phase = 60 * shared.between_seconds(0, 59);
    let introduced = world.window.from.0 - shared.between_seconds(20, 500) * MICROS_PER_DAY;
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.created(world, Micros(introduced + random.between_seconds(0, 14 * MICROS_PER_DAY)));
        seat.row.owner.clone_from(&owner);
        seat.row.email_domain = Some(domain.clone());
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        seat.row.payment_hmac = Some(corporate.clone().unwrap_or_else(|| card(random)));
        seat.row.payment_country = Some(region.country);
        seat.row.signup_ip = Some(office.any(random).ip);
        seat.network = Network(vec![(8, Leg::Fixed([cloud.any(random)].into())), (2, Leg::Rotating([office].into()))]);
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        seat.rhythm = Rhythm::Timer { every_hours, phase, spacing: 3 };
        let rule = *random.pick(&["review", "ticket", "record", "document", "sentence"]);
        let own = Work::of(Source::Template(template.clone(), Payload::Rule(rule)), Answer::Brief);
        seat.works = vec![(8, own), (2, Work::application(random))];
        seat.converses = 0;
        seat
    })
}
