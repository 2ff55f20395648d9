//! Accounts that have a place, an organisation or an owner in common.

use std::sync::Arc;

use stillwatch_core::{AccountType, Micros, Random};

use super::Group;
use crate::account::{Payload, Seat, Source, Work, api_key, card, own_domain};
use crate::class::Class;
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Family, Template, Writer, nonce};
use crate::network::{Leg, Network, Pool};
use crate::world::{MICROS_PER_DAY, World};

pub(super) fn seats(world: &World, group: Group) -> Vec<Seat> {
    match group.class {
        Class::Classroom => classroom(world, group),
        Class::Hackathon => hackathon(world, group),
        Class::Enterprise => enterprise(world, group),
        Class::Permitted => permitted(world, group),
        Class::KeyMigration => key_migration(world, group),
        Class::OwnedGroup => owned_group(world, group),
        _ => shared_egress(world, group),
    }
}

/// A campus, a carrier or a VPN: unrelated people behind a few addresses.
fn shared_egress(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let pool = match group.number % 3 {
        0 => Pool::site(region, 6, shared),
        1 => Pool::new(region.mobile_asn(), region.country, 20_000 + shared.below(999) as u64, 1, 4),
        _ => Pool::vpn(shared.below(5) as u64),
    };
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(70) {
            Seat::person(world, id, index, random)
        } else {
            Seat::programmer(world, id, index, random)
        };
        seat.network.0.push((260, Leg::Rotating([pool].into())));
        seat
    })
}

/// One course: everybody works on the same assignment on the same evenings.
fn classroom(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let campus = Pool::site(region, 5, shared);
    let domain: Arc<str> = format!("students.{}.edu", nonce(false, shared)).into();
    let writer = Writer::draw(shared);
    let prompts: Arc<[Arc<str>]> = (0..shared.between(5, 12))
        .map(|number| {
            writer.expand(&format!("Exercise {}. {{code_item}} {{limits}} {{task}}", number + 1), shared).into()
        })
        .collect();
    let days = world.window.seconds() / 86_400;
    let evenings: Arc<[Micros]> = (0..shared.between(1, 3))
        .map(|_| {
            let day = shared.between_seconds(0, days - 1);
            let local = world.window.from.0 + day * MICROS_PER_DAY + (18 - region.offset) * 3_600_000_000;
            Micros(local.clamp(world.window.from.0, world.window.until.0 - 4 * 3_600_000_000))
        })
        .collect();
    group.each(world, |id, index, random| {
        let mut seat = Seat::person(world, id, index, random);
        seat.row.email_domain = Some(domain.clone());
        seat.row.signup_country = Some(region.country);
        let first = evenings.iter().copied().min().unwrap_or(world.window.from);
        if random.chance(60) {
            seat.created(world, Micros(first.0 - random.between_seconds(0, 3 * MICROS_PER_DAY)));
        }
        let list = Source::List { prompts: prompts.clone(), in_order: true };
        seat.works = vec![(7, Work::of(list, Answer::Code)), (3, Work::ordinary())];
        let attended: Arc<[Micros]> = evenings.iter().copied().filter(|at| seat.span.contains(*at)).collect();
        if !attended.is_empty() {
            seat.rhythm = Rhythm::Around { moments: attended, spread: 3 * 3600 };
        }
        seat.network.0.push((300, Leg::Rotating([campus].into())));
        seat
    })
}

/// Two days in one hall, with a starter repository and free credits.
fn hackathon(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let venue = Pool::site(region, 60, shared);
    let starter = Arc::new(Template::harvest(Family::Agent, 3, shared));
    let client = world.habits.clients.library(shared);
    let days = world.window.seconds() / 86_400;
    let opening =
        world.window.from.0 + shared.between_seconds(0, (days - 3).max(0)) * MICROS_PER_DAY + 9 * 3_600_000_000;
    group.each(world, |id, index, random| {
        let mut seat = Seat::programmer(world, id, index, random);
        seat.created(world, Micros(opening + random.between_seconds(0, 7_200_000_000)));
        let end = Micros(opening + 2 * MICROS_PER_DAY);
        seat.span.until = end.min(world.window.until).max(Micros(seat.span.from.0 + 3_600_000_000));
        seat.row.payment_hmac = None;
        seat.row.payment_country = None;
        seat.row.tier = Some("free");
        seat.clients.push((30, client.clone()));
        let started = Work::of(Source::Template(starter.clone(), Payload::Rule("task")), Answer::Trace);
        seat.works = vec![(5, started), (3, Work::application(random)), (3, Work::ordinary())];
        seat.rhythm = if random.chance(50) { Rhythm::Poisson } else { Rhythm::leisure(region.offset, random) };
        seat.network = Network(vec![(1, Leg::Rotating([venue].into()))]);
        seat.row.signup_ip = Some(venue.any(random).ip);
        seat
    })
}

/// One customer: internal applications, one invoice, few addresses.
fn enterprise(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let office = Pool::site(region, 4, shared);
    let organization = shared.hexadecimal("org_", 12);
    let invoice = card(shared);
    let domain = own_domain(shared);
    let apps: Vec<Work> = (0..shared.between(2, 5)).map(|_| Work::application(shared)).collect();
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let retention = if shared.chance(15) { "fingerprint_only" } else { "full" };
    group.each(world, |id, index, random| {
        let mut seat = Seat::person(world, id, index, random);
        seat.row.organization = Some(organization.clone());
        seat.row.email_domain = Some(domain.clone());
        seat.row.payment_hmac = Some(invoice.clone());
        seat.row.payment_country = Some(region.country);
        seat.row.tier = Some("custom");
        seat.row.account_type = AccountType::Direct;
        seat.rhythm = Rhythm::office(region.offset);
        seat.network = Network(vec![(9, Leg::Rotating([office].into())), (1, seat.network.0[0].1.clone())]);
        seat.works = apps.iter().map(|app| (3, app.clone())).collect();
        seat.works.push((4, Work::ordinary()));
        seat.clients.push((14, client.clone()));
        seat.retention = retention;
        seat
    })
}

/// A partner that distils openly.
fn permitted(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let organization = permit_organization(world, group);
    let pool = Pool::hosting(shared);
    let invoice = card(shared);
    let domain = own_domain(shared);
    let client = world.habits.clients.library(shared);
    let families = [Family::Sft, Family::Reasoning];
    let templates = families.map(|family| (family, Arc::new(Template::harvest(family, 4, shared))));
    let created = world.window.from.0 - shared.between_seconds(200, 900) * MICROS_PER_DAY;
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.created(world, Micros(created + random.between_seconds(0, 30 * MICROS_PER_DAY)));
        seat.row.organization = Some(organization.clone());
        seat.row.payment_hmac = Some(invoice.clone());
        seat.row.payment_country = seat.row.signup_country;
        seat.row.email_domain = Some(domain.clone());
        seat.row.account_type = AccountType::Research;
        seat.row.tier = Some("custom");
        seat.clients = vec![(1, client.clone())];
        seat.network = Network::fixed((0..2).map(|_| pool.any(random)).collect());
        seat.works = templates
            .iter()
            .map(|(family, template)| {
                let source = Source::Template(template.clone(), Payload::Item(*family));
                (1, Work::of(source, family.answer()))
            })
            .collect();
        seat
    })
}

/// The organisation that a group's permit names.
pub(crate) fn permit_organization(world: &World, group: Group) -> Arc<str> {
    crate::draw::stream(world.seed, "permitted organization", group.number).hexadecimal("org_", 12)
}

/// Pairs: the old account closes within a day after a new one of the same organisation took over its work.
fn key_migration(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let mut seats = group.each(world, |id, index, random| either(world, id, index, random));
    for pair in seats.chunks_mut(2) {
        if let [old, new] = pair {
            let quarter = (world.window.until.0 - world.window.from.0) / 4;
            let change = Micros(world.window.from.0 + shared.between_seconds(quarter, quarter * 3));
            hand_over(world, old, new, change, shared);
        }
    }
    seats
}

fn hand_over(world: &World, old: &mut Seat, new: &mut Seat, change: Micros, random: &mut Random) {
    old.created(world, Micros(world.window.from.0 - random.between_seconds(60, 900) * MICROS_PER_DAY));
    old.close(Micros(change.0 + random.between_seconds(0, MICROS_PER_DAY)), "closed");
    new.row.status = Some("active");
    new.row.status_changed_at = None;
    new.span.until = world.window.until;
    new.created(world, change);
    new.row.organization.clone_from(&old.row.organization);
    new.row.payment_hmac.clone_from(&old.row.payment_hmac);
    new.row.payment_country = old.row.payment_country;
    new.row.email_domain.clone_from(&old.row.email_domain);
    new.row.signup_country = old.row.signup_country;
    new.network = old.network.clone();
    new.clients.clone_from(&old.clients);
    new.works.clone_from(&old.works);
    new.rhythm = old.rhythm.clone();
    new.sampling = old.sampling;
    new.model = old.model;
    new.api_keys = vec![api_key(random)];
}

fn either(world: &World, id: &str, index: u64, random: &mut Random) -> Seat {
    if random.chance(50) { Seat::server(world, id, index, random) } else { Seat::programmer(world, id, index, random) }
}

/// Subsidiaries of one declared owner, each with its own business.
fn owned_group(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let owner: Arc<str> = format!("{} Holding {}", nonce(true, shared), world.region(shared).country).into();
    let invoice = shared.chance(50).then(|| card(shared));
    group.each(world, |id, index, random| {
        let mut seat = either(world, id, index, random);
        seat.row.owner = Some(owner.clone());
        if let Some(invoice) = &invoice
            && random.chance(50)
        {
            seat.row.payment_hmac = Some(invoice.clone());
            seat.row.payment_country = seat.row.signup_country;
        }
        seat
    })
}
