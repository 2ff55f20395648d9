//! Where the accounts come from.

use std::sync::Arc;

use stillwatch_core::Micros;

use super::{Operation, Subject, hours_before, tactic};
use crate::account::{Seat, Work, api_key, card, own_domain};
use crate::clock::{Rhythm, Span};
use crate::draw::Draw;
use crate::grammar::nonce;
use crate::world::MICROS_PER_DAY;

pub(crate) const RESELLER_POOL: &str = "reseller_pool";

pub(super) const SUBJECT: Subject = Subject {
    name: "origin",
    tactics: &[
        // Personal accounts, opened within days.
        tactic("fresh_at_once", 4, |operation, random| {
            let opening = hours_before(operation.span.from, 12, 500, random);
            let (world, successor) = (Opening::of(operation), operation.successor);
            Box::new(move |seat, _, random| {
                let latest = Operation::harvest_span(seat).from;
                let at =
                    if successor { hours_before(latest, 1, 48, random) } else { hours_before(opening, -72, 0, random) };
                world.open(seat, at.min(latest), random);
            })
        }),
        // Opened one by one, each shortly before it is needed.
        tactic("fresh_as_needed", 3, |operation, _| {
            let world = Opening::of(operation);
            Box::new(move |seat, _, random| {
                let at = hours_before(Operation::harvest_span(seat).from, 1, 96, random);
                world.open(seat, at, random);
            })
        }),
        // Somebody else's accounts until they are sold: years of ordinary use from another place and client.
        tactic("bought", 3, |operation, _| {
            let world = Opening::of(operation);
            Box::new(move |seat, member, random| {
                let sold = Operation::harvest_span(seat).from;
                member.sold = Some(sold);
                let age = hours_before(sold, 24 * 40, 24 * 900, random);
                seat.row.created_at = Some(age.min(seat.row.created_at.unwrap_or(age)));
                seat.span = world.window;
                if random.chance(60) {
                    seat.volume = 4 + random.heavy(3);
                    let day = Micros(world.window.from.0 + MICROS_PER_DAY);
                    seat.span = Span { from: world.window.from, until: sold.max(day) };
                }
            })
        }),
        // Companies on paper, each with a name, a domain and an invoice of its own.
        tactic("company_fronts", 2, |operation, random| {
            let world = Opening::of(operation);
            let founded = hours_before(operation.span.from, 24 * 5, 24 * 200, random);
            Box::new(move |seat, _, random| {
                let at = hours_before(founded, -24 * 5, 24 * 20, random);
                world.open(seat, at, random);
                seat.row.organization = Some(random.hexadecimal("org_", 12));
                seat.row.email_domain = Some(own_domain(random));
                seat.row.tier = Some("scale");
                seat.row.payment_hmac = Some(card(random));
                if random.chance(40) {
                    let country = seat.region.country;
                    seat.row.owner = Some(format!("{} Trading {country}", nonce(true, random)).into());
                }
            })
        }),
        // A pool that is resold: its customers' requests come between those of the harvest.
        tactic(RESELLER_POOL, 1, |operation, random| {
            let world = Opening::of(operation);
            let people: Vec<Arc<str>> = (0..8 * operation.accounts).map(|_| random.hexadecimal("user_", 12)).collect();
            let named = random.chance(50);
            let opening = hours_before(operation.span.from, 24, 1200, random);
            Box::new(move |seat, member, random| {
                let at = hours_before(opening, -96, 0, random);
                world.open(seat, at, random);
                seat.volume = member.exchanges * random.between(60, 200) / 100;
                if named {
                    seat.end_users = (0..24).map(|_| random.pick(&people).clone()).collect();
                }
                seat.works = (0..6).map(|_| (1, Work::ordinary())).collect();
                seat.sampling.logprobs = None;
                seat.api_keys = vec![api_key(random)];
                seat.rhythm = Rhythm::leisure(seat.region.offset, random);
            })
        }),
        // Student accounts with the credits of a programme.
        tactic("education", 2, |operation, random| {
            let world = Opening::of(operation);
            let schools: Vec<Arc<str>> =
                (0..random.between(1, 6)).map(|_| format!("students.{}.edu", nonce(false, random)).into()).collect();
            let term = hours_before(operation.span.from, 24, 24 * 60, random);
            Box::new(move |seat, _, random| {
                let at = hours_before(term, -24 * 10, 24 * 10, random);
                world.open(seat, at, random);
                seat.row.email_domain = Some(random.pick(&schools).clone());
                seat.row.tier = Some("free");
                seat.row.payment_hmac = None;
                seat.row.payment_country = None;
            })
        }),
    ],
};

/// What an opening needs of the world.
#[derive(Clone, Copy)]
struct Opening {
    window: Span,
}

impl Opening {
    fn of(operation: &Operation) -> Self {
        Self { window: operation.world.window }
    }

    /// Moves the sign-up, not later than its first harvest.
    fn open(self, seat: &mut Seat, at: Micros, random: &mut stillwatch_core::Random) {
        let first = Operation::harvest_span(seat).from;
        let at = at.min(Micros(first.0 - random.between_seconds(60, 3000) * 1_000_000));
        seat.row.created_at = Some(at);
        seat.span = self.window.starting(at);
    }
}
