//! What the accounts of a campaign can only do once all of them are known.

use std::sync::Arc;

use stillwatch_core::{Micros, place, signed};

use super::Ring;
use crate::account::{Dress, Harvest, Item, Seat, card, own_domain};
use crate::clientele::{Person, deal};
use crate::clock::{Moment, Rhythm, Span};
use crate::crowd;
use crate::draw::{Draw, stream};
use crate::plan::{Fate, Holder, Relay, Timing};
use crate::world::MICROS_PER_DAY;

impl Ring<'_> {
    pub(super) fn work_together(&self, seats: &mut [Seat]) {
        if let Some(relay) = self.plan.relay {
            self.carry(relay, seats);
        }
        if self.plan.timing == Timing::HandOver {
            self.hand_over(seats);
        }
        if self.plan.holder == Holder::OneOrganization {
            self.incorporate(seats);
        }
        if self.plan.joint_upgrade {
            self.upgrade(seats);
        }
    }

    /// Whether an account is blocked while its siblings go on.
    pub(super) fn is_blocked(&self, index: usize) -> bool {
        self.plan.fate == Fate::Siblings && index.is_multiple_of(3)
    }

    /// Items of one account, of `count` that were meant for it: what the blocked third does not get to do goes to the
    /// others.
    pub(super) fn share_of(&self, index: usize, count: usize) -> usize {
        match self.plan.fate {
            Fate::Siblings if self.is_blocked(index) => (count * 3 / 7).max(1),
            Fate::Siblings => count * 9 / 7,
            _ => count,
        }
    }

    /// Three to five outages of some hours.
    pub(super) fn outages(&self) -> Arc<[Span]> {
        let random = &mut stream(self.world.seed, &format!("outages:{}", self.actor), 0);
        let outage = |random: &mut stillwatch_core::Random| {
            let from = self.world.window.any(random);
            Span { from, until: Micros(from.0 + random.between_seconds(8, 30) * 3_600_000_000) }
        };
        (0..random.between(3, 5)).map(|_| outage(random)).collect()
    }

    /// A honest intermediary's account with a few end users who harvest.
    pub(super) fn intermediary(&self, index: usize, items: Vec<Item>) -> Seat {
        let id = format!("campaign:{}", self.plan.name);
        let random = &mut stream(self.world.seed, &format!("seat {id}"), index as u64);
        let mut seat = crowd::aggregator(self.world, &id, index as u64, random);
        seat.row.status = Some("active");
        seat.row.status_changed_at = None;
        seat.span = self.world.window;
        let age = random.between_seconds(200, 900) * MICROS_PER_DAY;
        seat.created(self.world, Micros(self.world.window.from.0 - age));
        seat.volume = items.len() * self.plan.cover / (100 - self.plan.cover.min(90));
        let resumed = Micros(self.ban.0 + random.between_seconds(1, 72) * 3_600_000_000);
        seat.harvest = Some(Harvest {
            rhythm: Rhythm::Poisson,
            span: seat.span.starting(resumed),
            items,
            wordings: self.wordings.of_account(self.plan.rewording, random),
            sampling: self.samplings.clone(),
            families: self.plan.families.clone(),
            dress: Dress::default(),
            end_users: (0..random.between(3, 8)).map(|_| random.hexadecimal("user_", 12)).collect(),
        });
        seat
    }

    /// The pool of a relay: what its people ask goes to whichever account is next.
    fn carry(&self, relay: Relay, seats: &mut [Seat]) {
        let random = &mut stream(self.world.seed, &format!("relay:{}", self.plan.name), 0);
        let people = Person::crowd(relay.people, relay.ids, random);
        let (fewest, most) = self.plan.exchanges;
        let requests = seats.iter().map(|seat| match &seat.harvest {
            Some(harvest) if !harvest.items.is_empty() => seat.volume,
            _ => random.between(fewest, most),
        });
        let requests = requests.sum();
        let spans: Vec<Span> = seats.iter().map(|seat| seat.span).collect();
        for (seat, moments) in seats.iter_mut().zip(deal(&people, &spans, requests, relay.alternating, random)) {
            seat.volume = moments.len();
            seat.rhythm = Rhythm::Script(moments.into());
            seat.clientele = people.clone();
            seat.converses = 0;
            // The field for options that few clients know is not passed on, and one key is enough.
            seat.sampling.logprobs = None;
            seat.api_keys.truncate(1);
            seat.harvest = seat.harvest.take().filter(|harvest| !harvest.items.is_empty());
        }
    }

    /// Each day one account after the other works until its quota is used up; the next starts within seconds.
    fn hand_over(&self, seats: &mut [Seat]) {
        let random = &mut stream(self.world.seed, &format!("quota:{}", self.plan.name), 0);
        let days = place(self.world.window.seconds().unsigned_abs() / 86_400);
        // The first days are left to sign-ups.
        let quota = self.plan.exchanges.1.div_ceil((days - 4).max(1)).max(4);
        let mut left: Vec<usize> =
            seats.iter().map(|seat| seat.harvest.as_ref().map_or(0, |harvest| harvest.items.len())).collect();
        let mut scripts: Vec<Vec<Moment>> = vec![Vec::new(); seats.len()];
        for day in 3..days {
            let start = self.world.window.from.0 + signed(day) * MICROS_PER_DAY;
            let mut time = start + random.between_seconds(0, 6 * 3600) * 1_000_000;
            for (left, script) in left.iter_mut().zip(&mut scripts) {
                let turns = quota.min(*left);
                *left -= turns;
                for turn in 0..turns {
                    time += random.between_seconds(18_000_000, 52_000_000);
                    let limit = turn + 1 == quota;
                    script.push(Moment { limit, ..Moment::of(Micros(time), day) });
                }
                time += random.between_seconds(1_000_000, 9_000_000);
            }
        }
        for (seat, script) in seats.iter_mut().zip(scripts) {
            if let Some(harvest) = &mut seat.harvest {
                harvest.items.truncate(script.len());
                harvest.rhythm = Rhythm::Script(script.into());
            }
        }
    }

    fn incorporate(&self, seats: &mut [Seat]) {
        let random = &mut stream(self.world.seed, &format!("organization:{}", self.plan.name), 0);
        let organization = random.hexadecimal("org_", 12);
        let (invoice, domain) = (card(random), own_domain(random));
        for seat in seats {
            seat.row.organization = Some(organization.clone());
            seat.row.email_domain = Some(domain.clone());
            seat.row.payment_hmac = Some(invoice.clone());
            seat.row.payment_country = seat.row.signup_country;
        }
    }

    /// Every account has the new version of its client within a quarter of an hour.
    fn upgrade(&self, seats: &mut [Seat]) {
        let random = &mut stream(self.world.seed, &format!("upgrade:{}", self.plan.name), 0);
        let third = (self.world.window.until.0 - self.world.window.from.0) / 3;
        let at = self.world.window.from.0 + random.between_seconds(third, 2 * third);
        let newer = self.world.habits.clients.library(random);
        for seat in seats {
            let moment = Micros(at + random.between_seconds(0, 900_000_000));
            seat.upgrade = Some((moment, newer.clone()));
        }
    }
}
