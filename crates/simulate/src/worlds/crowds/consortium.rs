//! A research consortium: universities under one protocol that share out a work list without overlap, in the open, from
//! their own networks and mail domains, each with its own grant.

use std::sync::Arc;

use stillwatch_core::{AccountType, Micros, Random};

use super::{Crowd, Group, own};
use crate::account::{Seat, Source, Work, card};
use crate::clock::Rhythm;
use crate::draw::{Draw, stream};
use crate::grammar::{Family, Template, nonce};
use crate::network::{Network, Pool};
use crate::settings::Sampling;
use crate::world::{MICROS_PER_DAY, World};

pub(super) const CROWD: Crowd = own("consortium", "openly_one", (6, 36), 34, seats);

fn seats(world: &World, group: &Group) -> Vec<Seat> {
    let shared = &mut group.random(world);
    let sites: Vec<Site> = (0..group.size.div_ceil(4).clamp(2, 8)).map(|_| Site::draw(world, shared)).collect();
    let family = *shared.pick(&[Family::Reasoning, Family::Rubric, Family::Sft, Family::Code]);
    let protocol = Template::harvest(family, shared.between(2, 5), shared);
    let sampling = Sampling::draw(shared);
    let client = world.habits.clients.library(shared);
    let declared = shared.chance(70);
    let by_timer = shared.chance(50);
    let list = shared.next_u64();
    let mut place = 0;
    group.each(world, |id, index, random| {
        let site = &sites[place % sites.len()];
        let own = place as u64;
        place += 1;
        let mut seat = Seat::server(world, id, index, random);
        seat.created(world, Micros(world.window.from.0 - random.between_seconds(20, 600) * MICROS_PER_DAY));
        seat.region = site.region;
        seat.row.signup_country = Some(site.region.country);
        seat.row.declared_region = Some(site.region.country);
        seat.row.email_domain = Some(site.domain.clone());
        seat.row.organization = Some(site.organization.clone());
        seat.row.payment_hmac = Some(site.grant.clone());
        seat.row.payment_country = Some(site.region.country);
        if declared {
            seat.row.account_type = AccountType::Research;
        }
        seat.network = Network::rotating(vec![site.network]);
        seat.clients = vec![(1, client.clone())];
        seat.sampling = sampling;
        // Its part of the common list: every item is one account's alone.
        let prompts: Arc<[Arc<str>]> = (0..400)
            .map(|turn| {
                let item = family.item(&mut stream(list, "consortium", own * 400 + turn));
                Arc::from(protocol.render(&item, random))
            })
            .collect();
        seat.works =
            vec![(9, Work::of(Source::List { prompts, in_order: true }, family.answer())), (1, Work::ordinary())];
        seat.rhythm = if by_timer {
            Rhythm::Timer { every_hours: 24, phase: 3600 * random.between_seconds(0, 6), spacing: 3 }
        } else {
            Rhythm::Runs { runs: random.between(3, 10), spacing: 3, offset: site.region.offset }
        };
        seat.converses = 0;
        seat
    })
}

/// A member of the consortium.
struct Site {
    region: &'static crate::network::Region,
    network: Pool,
    domain: Arc<str>,
    organization: Arc<str>,
    grant: Arc<str>,
}

impl Site {
    fn draw(world: &World, random: &mut Random) -> Self {
        let region = world.region(random);
        Self {
            region,
            network: Pool::site(region, 4, random),
            domain: format!("{}.edu", nonce(false, random)).into(),
            organization: random.hexadecimal("org_", 12),
            grant: card(random),
        }
    }
}
