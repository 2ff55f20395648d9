//! Accounts that share an exit, a place for some days, a device or an intermediary.

use std::sync::Arc;

use stillwatch_core::{AccountType, Micros, Random};

use super::Group;
use crate::account::{Payload, Seat, Source, Work, card, own_domain};
use crate::class::Class;
use crate::clientele::{EndUsers, Person, deal};
use crate::clock::{Rhythm, Span};
use crate::draw::Draw;
use crate::grammar::{Answer, Template};
use crate::network::{Leg, Network, Pool, Region};
use crate::world::{MICROS_PER_DAY, World};

pub(super) fn seats(world: &World, group: Group) -> Vec<Seat> {
    match group.class {
        Class::CarrierNat => carrier_nat(world, group),
        Class::Vpn => vpn(world, group),
        Class::Traveller => travellers(world, group),
        Class::WorkAndPersonal => work_and_personal(world, group),
        _ => aggregator_pool(world, group),
    }
}

/// One carrier, one country, one evening; many pay with prepaid cards or not at all.
fn carrier_nat(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let pool = Pool::new(region.mobile_asn(), region.country, 30_000 + shared.below(5000) as u64, 1, 4);
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(85) {
            Seat::person(world, id, index, random)
        } else {
            Seat::programmer(world, id, index, random)
        };
        settle(&mut seat, region, random);
        if random.chance(60) {
            seat.row.signup_ip = Some(pool.any(random).ip);
        }
        if random.chance(45) {
            seat.row.payment_hmac = None;
            seat.row.payment_country = None;
        }
        seat.network = Network(vec![(24, Leg::Rotating([pool].into())), (2, home(region, random))]);
        seat
    })
}

/// One brand's exits, in the country of the exit; customers live elsewhere, and some sign up through it.
fn vpn(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let exits = Pool::vpn(shared.below(5) as u64);
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(70) {
            Seat::person(world, id, index, random)
        } else {
            Seat::programmer(world, id, index, random)
        };
        if random.chance(40) {
            let exit = exits.any(random);
            seat.row.signup_ip = Some(exit.ip);
            seat.row.signup_country = Some(exit.country);
        }
        seat.network.0.push((260, Leg::Rotating([exits].into())));
        seat
    })
}

/// Home, some days elsewhere, home again. Half of a group attend one conference: the same hall and hotel, in the same
/// days.
fn travellers(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let venue = world.region(shared);
    let hall = Pool::site(venue, 8, shared);
    let opening = world.window.any(shared);
    group.each(world, |id, index, random| {
        let mut seat = if random.chance(60) {
            Seat::person(world, id, index, random)
        } else {
            Seat::programmer(world, id, index, random)
        };
        let (there, leaves, days) = if random.chance(50) {
            (Network::rotating(vec![hall]), opening, 4)
        } else {
            let abroad = world.region(random);
            let stay = vec![Pool::site(abroad, 6, random), Pool::mobile(abroad), Pool::residential(abroad, random)];
            (Network::rotating(stay), world.window.any(random), random.between_seconds(3, 20))
        };
        let home = seat.network.clone();
        let returns = Micros(leaves.0 + days * MICROS_PER_DAY);
        let mut stays = vec![(Micros(i64::MIN), home.clone()), (leaves, there)];
        stays.push((returns, home));
        seat.network = Network(vec![(1, Leg::Journey(stays.into()))]);
        seat
    })
}

/// The same person with the same device and habits: office hours on the employer's invoice, evenings on a card.
fn work_and_personal(world: &World, group: Group) -> Vec<Seat> {
    let mut seats = group.each(world, |id, index, random| Seat::programmer(world, id, index, random));
    let shared = &mut group.random(world);
    for pair in seats.chunks_mut(2) {
        if let [work, personal] = pair {
            let favourite = Source::Template(Arc::new(Template::application(shared)), Payload::Rule("task"));
            let favourite = Work::of(favourite, Answer::Prose);
            work.row.email_domain = Some(own_domain(shared));
            work.row.tier = Some("custom");
            work.rhythm = Rhythm::office(work.region.offset);
            personal.region = work.region;
            personal.row.signup_country = work.row.signup_country;
            personal.row.declared_region = work.row.declared_region;
            personal.rhythm = Rhythm::leisure(work.region.offset, shared);
            personal.writer = work.writer;
            personal.network = work.network.clone();
            personal.clients.clone_from(&work.clients);
            personal.sampling = work.sampling;
            for seat in [work, personal] {
                seat.works.push((60, favourite.clone()));
            }
        }
    }
    seats
}

/// The honest counterpart of a relay: one client and one exit in front of several accounts, and a contract, ids for end
/// users and one organisation that say so.
fn aggregator_pool(world: &World, group: Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let organization = shared.hexadecimal("org_", 12);
    let invoice = card(shared);
    let domain = own_domain(shared);
    let client = world.habits.clients.library(shared);
    let exit = Pool::hosting(shared);
    let exits: Vec<_> = (0..2).map(|_| exit.any(shared)).collect();
    let people = Person::crowd(80 * group.size, EndUsers::Named, shared);
    let created = world.window.from.0 - shared.between_seconds(200, 900) * MICROS_PER_DAY;
    let mut seats = group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.row.status = Some("active");
        seat.row.status_changed_at = None;
        seat.span = world.window;
        seat.created(world, Micros(created + random.between_seconds(0, 60 * MICROS_PER_DAY)));
        seat.row.organization = Some(organization.clone());
        seat.row.payment_hmac = Some(invoice.clone());
        seat.row.payment_country = seat.row.signup_country;
        seat.row.email_domain = Some(domain.clone());
        seat.row.account_type = AccountType::Aggregator;
        seat.row.tier = Some("custom");
        seat.clients = vec![(1, client.clone())];
        seat.network = Network::fixed(exits.clone());
        seat.clientele = people.clone();
        seat
    });
    let spans: Vec<Span> = seats.iter().map(|seat| seat.span).collect();
    let requests = seats.iter().map(|seat| seat.volume).sum();
    for (seat, moments) in seats.iter_mut().zip(deal(&people, &spans, requests, 15, shared)) {
        seat.volume = moments.len();
        seat.rhythm = Rhythm::Script(moments.into());
    }
    seats
}

/// Moves somebody to a country.
fn settle(seat: &mut Seat, region: &'static Region, random: &mut Random) {
    seat.region = region;
    seat.row.signup_country = Some(region.country);
    seat.row.declared_region = Some(region.country);
    seat.row.payment_country = seat.row.payment_hmac.as_ref().map(|_| region.country);
    seat.rhythm = Rhythm::leisure(region.offset, random);
    if random.chance(20) {
        seat.row.email_domain = Some(region.mailbox.into());
    }
}

fn home(region: &'static Region, random: &mut Random) -> Leg {
    Leg::Leased { pool: Pool::residential(region, random), days: 30, start: random.next_u64() >> 16 }
}
