//! Campaigns of random worlds: how large, how fast, after what, and by which tactics.

use std::collections::BTreeSet;
use std::sync::Arc;

use stillwatch_core::{Micros, Random, place, signed};

use super::families::Families;
use super::tactics::{self, Member, Operation, REPLACED, RESELLER_POOL, Tactics};
use crate::account::{Dress, Harvest, Item, Seat};
use crate::clock::{Rhythm, Span};
use crate::draw::{Draw, hash, stream};
use crate::grammar::Family;
use crate::plan::Kind;
use crate::settings::Sampling;
use crate::world::World;

/// One campaign as it was drawn.
#[derive(Clone, Debug)]
pub(super) struct Campaign {
    pub(super) name: String,
    /// Who runs it; successors share it with their predecessors.
    pub(super) actor: String,
    pub(super) accounts: usize,
    /// Mean harvesting exchanges of an account.
    pub(super) exchanges: usize,
    /// Harvesting exchanges of an account in a day of work, where its pace lets it choose.
    pub(super) tempo: usize,
    pub(super) targets: Vec<Family>,
    pub(super) tactics: Tactics,
    /// The part of the window that it has, in thousandths.
    part: (i64, i64),
    successor: bool,
}

/// The campaigns of a world, for `budget` exchanges in all and up to `accounts` accounts.
pub(super) fn draw(
    families: Families,
    budget: usize,
    accounts: usize,
    days: usize,
    random: &mut Random,
) -> Vec<Campaign> {
    let count = random.between(2, 6);
    let shares: Vec<usize> = (0..count).map(|_| random.between(10, 100)).collect();
    let whole: usize = shares.iter().sum();
    let mut campaigns = Vec::new();
    let mut left = accounts;
    for (number, share) in shares.into_iter().enumerate() {
        let budget = budget * share / whole;
        let most = (budget / FEWEST_EXCHANGES).min(left).min(MOST_ACCOUNTS);
        if most < FEWEST_ACCOUNTS {
            continue;
        }
        let accounts = log_uniform(FEWEST_ACCOUNTS, most, random);
        let tempo = log_uniform(3, 500, random);
        let exchanges = (budget / accounts).clamp(FEWEST_EXCHANGES, (tempo * days).min(600));
        let mut targets = TARGETS.to_vec();
        random.shuffle(&mut targets);
        targets.truncate(*random.pick(&[1, 1, 1, 2, 3]));
        let name = format!("campaign_{}", number + 1);
        let campaign = Campaign {
            actor: name.clone(),
            name,
            accounts,
            exchanges,
            tempo,
            targets,
            tactics: tactics::draw(families, random),
            part: (0, 1000),
            successor: false,
        };
        let all = campaign.with_successor(families, random);
        left = left.saturating_sub(all.iter().map(|campaign| campaign.accounts).sum());
        campaigns.extend(all);
    }
    campaigns
}

/// A number whose logarithm is about uniform.
fn log_uniform(low: usize, high: usize, random: &mut Random) -> usize {
    let octaves = (high / low.max(1)).max(1).ilog2() as usize;
    let base = low << random.below(octaves + 1);
    (base + random.below(base)).clamp(low, high.max(low))
}

impl Campaign {
    /// A campaign in the whole window, for tests.
    #[cfg(test)]
    pub(super) fn plain(
        accounts: usize,
        exchanges: usize,
        tempo: usize,
        targets: Vec<Family>,
        tactics: Tactics,
    ) -> Self {
        let name = "campaign_1".to_owned();
        Self {
            actor: name.clone(),
            name,
            accounts,
            exchanges,
            tempo,
            targets,
            tactics,
            part: (0, 1000),
            successor: false,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.tactics.get("origin") {
            Some(&RESELLER_POOL) => Kind::Relay,
            _ if self.successor => Kind::Successor,
            _ => Kind::Ring,
        }
    }

    /// Itself, and whoever resumes its work when its accounts are closed: with other accounts, addresses, cards and
    /// perhaps clients, and half of the time the same wording.
    fn with_successor(mut self, families: Families, random: &mut Random) -> Vec<Self> {
        if self.tactics.get("fate") != Some(&REPLACED) {
            return vec![self];
        }
        // Each has half of the accounts, and the time before or after the closing.
        self.accounts = self.accounts.div_ceil(2).max(FEWEST_ACCOUNTS);
        let closing = signed(random.between(350, 650));
        let mut successor = self.clone();
        successor.name = format!("{}_successor", self.name);
        successor.successor = true;
        let mut changed = vec!["origin", "infrastructure", "payment"];
        for (percent, subject) in [(40, "client"), (30, "wording"), (30, "schedule"), (30, "pace")] {
            if random.chance(percent) {
                changed.push(subject);
            }
        }
        tactics::redraw(&mut successor.tactics, &changed, families, random);
        if successor.tactics.get("origin") == Some(&RESELLER_POOL) {
            successor.tactics.insert("origin", "fresh_at_once");
        }
        self.part = (0, closing);
        successor.part = (closing, 1000);
        vec![self, successor]
    }

    /// Its accounts.
    pub(super) fn seats(&self, world: &World) -> Vec<Seat> {
        let of_actor = |subject: &str| stream(world.seed, &format!("{}:{subject}", self.actor), 0);
        let own = |subject: &str| stream(world.seed, &format!("{}:{subject}", self.name), 0);
        // What is kept is drawn with the actor's random numbers, so that successors have it as well.
        let kept = ["wording", "settings", "appetite", "client"];
        let whole = world.window.until.0 - world.window.from.0;
        let at = |part: i64| Micros(world.window.from.0 + whole / 1000 * part);
        let items = self.work_list(world);
        let operation = Operation {
            world,
            accounts: self.accounts,
            exchanges: self.exchanges,
            tempo: self.tempo,
            span: Span {
                from: at(self.part.0),
                until: if self.part.1 == 1000 { world.window.until } else { at(self.part.1) },
            },
            region: world.region(&mut of_actor("region")),
            targets: &self.targets,
            items: &items,
            successor: self.successor,
        };
        let hands = tactics::lay(&self.tactics, &operation, |subject| {
            if kept.contains(&subject) { of_actor(subject) } else { own(subject) }
        });
        let purpose = format!("seat {}", self.name);
        (0..self.accounts)
            .map(|index| {
                let random = &mut stream(world.seed, &purpose, index as u64);
                let mut seat = self.ordinary(world, index as u64, random);
                let mut member = Member { index, exchanges: self.exchanges, sold: None };
                for hand in &hands {
                    hand(&mut seat, &mut member, random);
                }
                fit(&mut seat);
                seat
            })
            .collect()
    }

    /// An ordinary account with an empty harvest.
    fn ordinary(&self, world: &World, index: u64, random: &mut Random) -> Seat {
        let id = format!("campaign:{}", self.name);
        let mut seat = match random.below(10) {
            0..4 => Seat::server(world, &id, index, random),
            4..8 => Seat::programmer(world, &id, index, random),
            _ => Seat::person(world, &id, index, random),
        };
        seat.row.status = Some("active");
        seat.row.status_changed_at = None;
        seat.volume = 0;
        seat.span = world.window.starting(seat.row.created_at.unwrap_or(world.window.from));
        seat.harvest = Some(Harvest {
            rhythm: Rhythm::Poisson,
            span: seat.span,
            items: Vec::new(),
            wordings: Vec::new(),
            sampling: vec![Sampling { n: 1, ..seat.sampling }],
            families: self.targets.clone(),
            dress: Dress::default(),
            end_users: Arc::new([]),
        });
        seat
    }

    /// Items that no two accounts need have in common; successors go on behind their predecessors.
    fn work_list(&self, world: &World) -> Vec<Item> {
        let count = (self.accounts * self.exchanges * 7 / 4).max(1);
        let purpose = format!("work list:{}", self.actor);
        let start = if self.successor { SUCCESSOR_ITEMS } else { 0 };
        let mut seen = BTreeSet::new();
        let mut items = Vec::with_capacity(count);
        for number in start..start + 6 * count as u64 {
            if items.len() == count {
                break;
            }
            let seed = stream(world.seed, &purpose, number).next_u64();
            let family = place(number % self.targets.len().max(1) as u64);
            if seen.insert(hash(&self.targets[family].item(&mut Random::new(seed, 0)))) {
                items.push(Item { family, seed });
            }
        }
        items
    }
}

/// Keeps the harvest inside the account's life.
fn fit(seat: &mut Seat) {
    let created = seat.row.created_at;
    if let Some(harvest) = &mut seat.harvest {
        let first = created.map_or(harvest.span.from, |created| created.max(harvest.span.from));
        harvest.span.from = first.min(Micros(harvest.span.until.0 - 600_000_000));
        if let (Some(created), true) = (created, first > harvest.span.from) {
            seat.row.created_at = Some(created.min(harvest.span.from));
        }
    }
}

const FEWEST_ACCOUNTS: usize = 5;
const MOST_ACCOUNTS: usize = 5000;
/// Under this, an account has hardly anything that repeats.
const FEWEST_EXCHANGES: usize = 14;
/// The place in a work list at which successors start.
const SUCCESSOR_ITEMS: u64 = 10_000_000;
const TARGETS: [Family; 7] = [
    Family::Code,
    Family::Reasoning,
    Family::Agent,
    Family::Rubric,
    Family::Knowledge,
    Family::Sft,
    Family::Translation,
];
