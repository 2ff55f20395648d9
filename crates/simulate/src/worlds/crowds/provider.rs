//! A service provider that runs the accounts of many client companies, and openly is the one who does.
//!
//! One place, one client, one in-house wording and one schedule; each client company has its own organisation, name and
//! data. Who pays differs between providers; addresses are few and stay, and clients were won over years.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Crowd, Group, own};
use crate::account::{Payload, Seat, Source, Work, card, own_domain};
use crate::clock::Rhythm;
use crate::draw::Draw;
use crate::grammar::{Answer, Template, nonce};
use crate::network::{Network, Pool};
use crate::settings::Sampling;
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("service_provider", "openly_one", (15, 200), 14, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let region = world.region(shared);
    let place = if shared.chance(50) { Pool::hosting(shared) } else { Pool::site(region, 3, shared) };
    let addresses: Vec<_> = (0..shared.between(1, 3)).map(|_| place.any(shared)).collect();
    let client = world.habits.clients.named(&nonce(false, shared), shared);
    let domain = own_domain(shared);
    // Clients' accounts are opened under the provider's mail domain, or under each client's.
    let under_own_domain = shared.chance(50);
    let invoice = shared.chance(60).then(|| card(shared));
    let owner: Option<Arc<str>> =
        shared.chance(40).then(|| format!("{} Services {}", nonce(true, shared), region.country).into());
    let runbooks: Vec<Arc<Template>> =
        (0..shared.between(1, 4)).map(|_| Arc::new(Template::application(shared))).collect();
    let sampling = Sampling::draw(shared);
    let nightly = Rhythm::Timer {
        every_hours: *shared.pick(&[1, 6, 12, 24]),
        phase: 60 * shared.between_seconds(0, 1439),
        spacing: 3,
    };
    let by_timer = shared.chance(60);
    let founded = shared.between_seconds(300, 1800);
    group.each(world, |id, index, random| {
        let mut seat = Seat::server(world, id, index, random);
        let won = Micros(world.window.from.0 - random.between_seconds(10, founded) * MICROS_PER_DAY);
        seat.created(world, won);
        seat.region = region;
        seat.row.signup_country = Some(region.country);
        seat.row.declared_region = Some(region.country);
        seat.row.signup_ip = Some(random.pick(&addresses).ip.clone());
        seat.row.organization = Some(random.hexadecimal("org_", 12));
        seat.row.email_domain = Some(if under_own_domain { domain.clone() } else { own_domain(random) });
        seat.row.payment_hmac = Some(invoice.clone().unwrap_or_else(|| card(random)));
        seat.row.payment_country = Some(region.country);
        seat.row.owner.clone_from(&owner);
        seat.row.tier = Some("scale");
        seat.network = Network::fixed(addresses.clone());
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        seat.rhythm = if by_timer { nightly.clone() } else { Rhythm::office(region.offset) };
        let rule = *random.pick(&["review", "ticket", "record", "document"]);
        seat.works = runbooks
            .iter()
            .map(|runbook| (1, Work::of(Source::Template(runbook.clone(), Payload::Rule(rule)), Answer::Brief)))
            .collect();
        seat.converses = 0;
        seat
    })
}
