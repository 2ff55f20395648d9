//! Accounts that act as one: ordinary accounts whose owner has dealt them a part of one work list.

mod kinds;
mod presets;
mod together;
mod wording;
mod worklist;

use std::sync::Arc;

use stillwatch_core::{Micros, Random, signed};

use crate::account::{Dress, Harvest, Item, Seat, api_key, card, timer};
use crate::client::Client;
use crate::clock::Rhythm;
use crate::draw::{Draw, stream};
use crate::network::{Network, Pool, Region};
use crate::plan::{CampaignPlan, Egress, Fate, Holder, Payment, Signup, Timing};
use crate::settings::Sampling;
use crate::world::{MICROS_PER_DAY, World};

/// The accounts of one campaign.
pub(crate) fn seats(world: &World, plan: &CampaignPlan) -> Vec<Seat> {
    let ring = Ring::new(world, plan);
    let shards = ring.shards();
    if plan.holder == Holder::Intermediary {
        return shards.into_iter().enumerate().map(|(index, items)| ring.intermediary(index, items)).collect();
    }
    let mut seats: Vec<Seat> = shards.into_iter().enumerate().map(|(index, items)| ring.seat(index, items)).collect();
    ring.work_together(&mut seats);
    seats
}

/// Deals all items of a campaign, account by account; no item goes to two accounts.
#[cfg(test)]
pub(crate) fn shards(world: &World, plan: &CampaignPlan) -> Vec<Vec<Item>> {
    Ring::new(world, plan).shards()
}

/// What the accounts of a campaign have in common.
struct Ring<'a> {
    world: &'a World,
    plan: &'a CampaignPlan,
    /// Name of the actor: successors continue with what their predecessors used.
    actor: &'a str,
    clients: Vec<Client>,
    pools: Vec<Pool>,
    cards: Vec<Arc<str>>,
    samplings: Vec<Sampling>,
    bursts: Arc<[Micros]>,
    first_signup: Micros,
    ban: Micros,
    wordings: wording::Wordings,
    region: &'static Region,
    people: Vec<Arc<str>>,
}

impl<'a> Ring<'a> {
    fn new(world: &'a World, plan: &'a CampaignPlan) -> Self {
        let actor = plan.actor.as_deref().unwrap_or(&plan.name);
        let random = &mut stream(world.seed, &format!("actor:{actor}"), 0);
        let days = world.window.seconds() / 86_400;
        let bursts: Vec<Micros> = (0..days * 2).map(|_| world.window.any(random)).collect();
        let region = world.region(random);
        let ban =
            Micros(world.window.from.0 + days * 3 / 7 * MICROS_PER_DAY + random.between_seconds(0, 80_000_000_000));
        let first_signup = world.window.from.0 - random.between_seconds(2, 45) * MICROS_PER_DAY;
        let workload = plan.workload.as_ref().map(|name| {
            let random = &mut stream(world.seed, &format!("workload:{name}"), 0);
            (samplings(random), wording::Wordings::new(plan, random))
        });
        let ring = Self {
            world,
            plan,
            actor,
            clients: (0..plan.shared_clients).map(|_| world.habits.clients.library(random)).collect(),
            pools: pools(world, plan.egress, region, random),
            cards: match plan.payment {
                Payment::Cards(cards) => (0..cards.max(1)).map(|_| card(random)).collect(),
                Payment::Unique | Payment::Credits => Vec::new(),
            },
            samplings: samplings(random),
            bursts: bursts.into(),
            first_signup: Micros(first_signup),
            ban,
            wordings: wording::Wordings::new(plan, random),
            region,
            people: (0..plan.end_users).map(|_| random.hexadecimal("user_", 12)).collect(),
        };
        match workload {
            Some((samplings, wordings)) => Self { samplings, wordings, ..ring },
            None => ring,
        }
    }

    fn shards(&self) -> Vec<Vec<Item>> {
        let random = &mut stream(self.world.seed, &format!("shards:{}", self.plan.name), 0);
        let (fewest, most) = self.plan.exchanges;
        let counts = (0..self.plan.accounts).map(|_| random.between(fewest.max(1), most.max(1)));
        let counts: Vec<usize> = counts.enumerate().map(|(index, count)| self.share_of(index, count)).collect();
        // Predecessors take the items in front, their replacements continue behind them.
        let resumes = matches!(self.plan.fate, Fate::Replacement | Fate::Resumed);
        let skipped = if resumes { SUCCESSOR_ITEMS } else { 0 };
        let list = worklist::items(self.world.seed, self.actor, &self.plan.families, skipped, counts.iter().sum());
        let mut items = list.into_iter();
        counts.into_iter().map(|count| items.by_ref().take(count).collect()).collect()
    }

    fn seat(&self, index: usize, items: Vec<Item>) -> Seat {
        let (world, plan) = (self.world, self.plan);
        let id = format!("campaign:{}", plan.name);
        let random = &mut stream(world.seed, &format!("seat {id}"), index as u64);
        let mut seat = match random.below(10) {
            0..4 => Seat::server(world, &id, index as u64, random),
            4..8 => Seat::programmer(world, &id, index as u64, random),
            _ => Seat::person(world, &id, index as u64, random),
        };
        seat.volume = (items.len() * plan.cover + plan.cover / 2) / (100 - plan.cover.min(90));
        seat.row.status = Some("active");
        seat.row.status_changed_at = None;
        seat.span = world.window.starting(seat.row.created_at.unwrap_or(world.window.from));
        self.sign_up(&mut seat, index, random);
        self.pay(&mut seat, index);
        self.connect(&mut seat, index, random);
        self.pool_people(&mut seat, index, random);
        let rhythm = self.rhythm(index, &seat, random);
        let mut span = seat.span;
        if plan.timing == Timing::Pivot {
            seat.adopts = Some(Micros(world.release.0 + random.between_seconds(0, 86_400) * 1_000_000));
            span = span.starting(Micros(world.release.0 - 9 * MICROS_PER_DAY));
        }
        if plan.fate == Fate::Resumed {
            span = span.starting(Micros(self.ban.0 + random.between_seconds(1, 24) * 3_600_000_000));
        }
        let sampling = if plan.shared_sampling { self.samplings.clone() } else { vec![seat.sampling] };
        seat.harvest = Some(Harvest {
            rhythm,
            span,
            items,
            wordings: self.wordings.of_account(plan.rewording, random),
            sampling,
            families: plan.families.clone(),
            dress: Dress::default(),
            end_users: Arc::new([]),
        });
        seat
    }

    fn sign_up(&self, seat: &mut Seat, index: usize, random: &mut Random) {
        let window = self.world.window;
        let hours =
            |from: i64, to: i64, random: &mut Random| random.between_seconds(from * 3600, to * 3600) * 1_000_000;
        if self.plan.fate == Fate::Replacement {
            seat.created(self.world, Micros(self.ban.0 + hours(6, 110, random)));
            return;
        }
        let opened_for_it = self.plan.signup == Signup::Burst || index.is_multiple_of(2);
        if self.plan.fate == Fate::Resumed {
            if opened_for_it {
                seat.created(self.world, Micros(self.ban.0 + hours(1, 72, random)));
            }
            return;
        }
        match self.plan.signup {
            Signup::Burst => seat.created(self.world, Micros(self.first_signup.0 + hours(0, 72, random))),
            Signup::Stages => {
                let stage = signed(index % 4);
                let start = window.from.0 - (40 - stage * 12) * MICROS_PER_DAY;
                seat.created(self.world, Micros(start + hours(0, 40, random)));
            }
            Signup::Aged => {}
        }
        if self.plan.fate == Fate::Banned || self.is_blocked(index) {
            seat.close(Micros(self.ban.0 + hours(0, 5, random)), "suspended");
        }
    }

    fn pay(&self, seat: &mut Seat, index: usize) {
        match self.plan.payment {
            Payment::Cards(_) => {
                seat.row.payment_hmac = Some(self.cards[index % self.cards.len()].clone());
                seat.row.payment_country = Some(self.region.country);
            }
            Payment::Unique => {}
            Payment::Credits => {
                seat.row.payment_hmac = None;
                seat.row.payment_country = None;
            }
        }
    }

    fn connect(&self, seat: &mut Seat, index: usize, random: &mut Random) {
        let network = match self.plan.egress {
            Egress::Unrelated => None,
            Egress::OwnHosts => {
                let pool = Pool::hosting(random);
                Some(Network::fixed(vec![pool.any(random)]))
            }
            Egress::HostingBlocks => {
                let pool = &self.pools[index % self.pools.len()];
                Some(Network::fixed((0..random.between(1, 3)).map(|_| pool.any(random)).collect()))
            }
            Egress::ResidentialProxies | Egress::FewAddresses | Egress::Vpn => {
                Some(Network::rotating(self.pools.clone()))
            }
        };
        if let Some(network) = network {
            let address = network.address(seat.row.created_at.unwrap_or(self.world.window.from), random);
            // Half of the sign-ups were made from elsewhere.
            if random.chance(50) {
                seat.row.signup_ip = Some(address.ip);
            }
            seat.network = network;
        }
        if !self.clients.is_empty() {
            seat.clients = vec![(1, random.pick(&self.clients).clone())];
        }
    }

    fn pool_people(&self, seat: &mut Seat, index: usize, random: &mut Random) {
        if self.people.is_empty() {
            return;
        }
        let mut people: Vec<Arc<str>> = (0..24).map(|_| random.pick(&self.people).clone()).collect();
        people.dedup();
        seat.end_users = people.into();
        seat.works = vec![(1, crate::account::Work::ordinary())];
        seat.converses = if index.is_multiple_of(2) { 70 } else { 0 };
        // The relay passes on no option that few clients know.
        seat.sampling.logprobs = None;
        seat.api_keys = vec![api_key(random)];
        seat.rhythm = Rhythm::leisure(seat.region.offset, random);
    }

    fn rhythm(&self, index: usize, seat: &Seat, random: &mut Random) -> Rhythm {
        if self.plan.fate == Fate::Siblings && !self.is_blocked(index) {
            return Rhythm::Shifted { change: self.ban, after: 67 };
        }
        match self.plan.timing {
            Timing::Bursts => {
                let moments: Arc<[Micros]> = self.bursts.iter().copied().filter(|at| seat.span.contains(*at)).collect();
                if moments.is_empty() { Rhythm::Poisson } else { Rhythm::Around { moments, spread: 1500 } }
            }
            Timing::Balanced => {
                let rounds = signed(self.plan.exchanges.1.max(1));
                let period = (self.world.window.seconds() / rounds).max(60);
                let accounts = signed(self.plan.accounts.max(1));
                let turn = period * signed(index) / accounts;
                Rhythm::Turns { period, turn, jitter: period / accounts / 2 + 1 }
            }
            Timing::HumanHours => Rhythm::office(self.region.offset),
            Timing::Pivot => {
                let release = self.world.release.0;
                let mut moments: Vec<Micros> = (0..24).map(|hour| Micros(release + hour * 7_200_000_000)).collect();
                moments.extend(self.bursts.iter().filter(|at| at.0 > release - 9 * MICROS_PER_DAY).take(8));
                Rhythm::Around { moments: moments.into(), spread: 5400 }
            }
            Timing::Drip if random.chance(50) => timer(random),
            // A hand-over is worked out when all accounts are known.
            Timing::Drip | Timing::HandOver => Rhythm::Poisson,
            Timing::Outages => Rhythm::Except { gaps: self.outages() },
        }
    }
}

fn pools(world: &World, egress: Egress, region: &'static Region, random: &mut Random) -> Vec<Pool> {
    match egress {
        Egress::HostingBlocks => (0..4).map(|_| Pool::hosting(random)).collect(),
        Egress::ResidentialProxies => {
            let mut pools: Vec<Pool> = (0..3).map(|_| Pool::residential(world.region(random), random)).collect();
            pools.push(Pool::mobile(world.region(random)));
            pools
        }
        Egress::FewAddresses => {
            let asn = region.residential_asn(random);
            vec![Pool::new(asn, region.country, 60_000 + random.below(999) as u64, 1, 6)]
        }
        Egress::Vpn => vec![Pool::vpn(random.below(5) as u64)],
        Egress::OwnHosts | Egress::Unrelated => Vec::new(),
    }
}

/// Usual values in a combination that a ring keeps to.
fn samplings(random: &mut Random) -> Vec<Sampling> {
    (0..random.between(1, 2)).map(|_| Sampling::draw(random)).collect()
}

/// The place in a work list at which successors start.
const SUCCESSOR_ITEMS: usize = 10_000_000;

/// Rows of one campaign whose prompts hold an item of its work list, for tests.
#[cfg(test)]
pub(crate) fn harvested<'a>(rows: &'a [crate::SimulatedExchange], payload: &str) -> Vec<&'a crate::SimulatedExchange> {
    rows.iter().filter(|row| row.prompt.contains(payload)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stillwatch_core::Random;

    use crate::plan::{CampaignPlan, Plan};
    use crate::world::World;

    #[test]
    fn no_item_is_dealt_twice_not_even_to_successors() {
        let plan = Plan::demo(5);
        let world = World::new(&plan);
        let mut seen = BTreeSet::new();
        for campaign in &plan.campaigns {
            let actor = campaign.actor.clone().unwrap_or_else(|| campaign.name.clone());
            for item in super::shards(&world, campaign).into_iter().flatten() {
                let text = campaign.families[item.family].item(&mut Random::new(item.seed, 0));
                assert!(seen.insert((actor.clone(), text)), "{} repeats an item", campaign.name);
            }
        }
    }

    #[test]
    fn sharding_can_be_read_from_the_rows() {
        let mut plan = Plan::demo(6).only_benign();
        plan.crowds.clear();
        plan.campaigns = vec![CampaignPlan::verbatim_cards()];
        let world = World::new(&plan);
        let shards = super::shards(&world, &plan.campaigns[0]);
        let rows = crate::simulate(&plan).exchanges;
        for item in shards.iter().take(10).flatten() {
            let text = plan.campaigns[0].families[item.family].item(&mut Random::new(item.seed, 0));
            let found = super::harvested(&rows, &text);
            let accounts: BTreeSet<_> = found.iter().map(|row| &row.account).collect();
            assert_eq!(accounts.len(), 1, "{text}");
        }
    }
}
