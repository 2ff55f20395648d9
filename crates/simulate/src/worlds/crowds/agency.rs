//! A translation agency with an account for each of its customers.
//!
//! One office in office hours, one mail domain, one set of house rules; each customer has its own subject and language
//! pair.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work, card, own_domain};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Family, Template};
use crate::network::{Network, Pool};
use crate::settings::Sampling;
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("translation_agency", "openly_one", (12, 90), 12, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let office = Pool::site(region, 3, shared);
    let domain = own_domain(shared);
    let invoice = card(shared);
    let one_invoice = shared.chance(70);
    let house = Template::harvest(Family::Translation, shared.between(2, 5), shared);
    let client = world.habits.clients.library(shared);
    let sampling = Sampling { temperature: Some(0.0), ..Sampling::draw(shared) };
    let opened = world.window.from.0 - shared.between_seconds(100, 900) * MICROS_PER_DAY;
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        seat.created(world, Micros(opened + random.between_seconds(0, 90 * MICROS_PER_DAY)));
        seat.region = region;
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        seat.row.signup_ip = Some(office.any(random).ip);
        seat.row.email_domain = Some(domain.clone());
        seat.row.payment_hmac = Some(if one_invoice { invoice.clone() } else { card(random) });
        seat.row.payment_country = Some(region.country);
        seat.network = Network::rotating(vec![office]);
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        seat.rhythm = Rhythm::office(region.offset);
        // The customer's glossary is added to the house rules.
        let mut rules = house.clone();
        rules.sentences.push(seat.writer.write("translation_demand", random));
        let rule = *random.pick(&["document", "review", "ticket", "w_paste"]);
        let text = Work::of(Source::Template(Arc::new(rules), Payload::Rule(rule)), Answer::Prose);
        seat.works = vec![(9, Work { follows: 20, ..text }), (1, Work::ordinary())];
        seat.converses = 30;
        seat
    })
}
