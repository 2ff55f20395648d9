//! Random worlds: a provider with its own habits, the innocent crowds among its customers, and campaigns, all drawn from
//! a seed.
//!
//! A [`WorldPlan`] is drawn first: the [`Families`] that the world belongs to decide which crowds, which
//! infrastructures, which wordings and which fields can occur in it; within them everything is drawn anew, each tactic
//! of a campaign independently of the others. [`WorldPlan::simulate`] then carries it out with the same accounts,
//! clocks, networks and grammar as the demonstration.
//!
//! ```
//! use stillwatch_simulate::{Dimension, WorldPlan};
//!
//! let plan = WorldPlan::draw(7, 1, 4_000);
//! let description = plan.description();
//! assert!(Dimension::Crowds.families().contains(&description.families.crowds));
//!
//! let traffic = plan.simulate();
//! assert_eq!(traffic.accounts.len(), traffic.truth.klass.len());
//! let campaigns: std::collections::BTreeSet<_> = traffic.truth.campaign.values().collect();
//! assert!(campaigns.len() <= description.campaigns.len());
//! ```

mod calendar;
mod campaign;
mod coverage;
mod crowds;
mod description;
mod everyday;
mod families;
mod habits;
mod tactics;

pub use calendar::Outage;
pub use coverage::Coverage;
pub use description::{CampaignDescription, CrowdDescription, WorldDescription};
pub use families::{Dimension, Families};

use stillwatch_core::{Cancel, Cancelled, Day, Micros, Random, at_most_u16, place};

use crate::account::Seat;
use crate::class::Class;
use crate::clock::Span;
use crate::crowd;
use crate::draw::{Draw, stream};
use crate::grammar::{Circulation, Public};
use crate::habits::Habits;
use crate::plan::CrowdPlan;
use crate::traffic::{Traffic, unless};
use crate::truth::CAMPAIGN_CLASS;
use crate::world::{MICROS_PER_DAY, World};
use calendar::Calendar;
use campaign::Campaign;
use crowds::{CROWDS, Crowd, Kind, NEIGHBOURS, ORDINARY};

/// A random world before it is carried out.
pub struct WorldPlan {
    seed: u64,
    number: u64,
    exchanges: usize,
    days: i64,
    first_day: Day,
    families: Families,
    coverage: Coverage,
    habits: Habits,
    circulation: Circulation,
    calendar: Calendar,
    crowds: Vec<(&'static Crowd, Vec<usize>)>,
    campaigns: Vec<Campaign>,
}

impl WorldPlan {
    /// World `number` (from 1) of a seed, with about so many exchanges.
    pub fn draw(seed: u64, number: u64, exchanges: usize) -> Self {
        let families = Families::of(seed, number);
        // Everything after the families hangs on one seed of the world.
        let seed = stream(seed, "world", number).next_u64();
        let of = |purpose: &str| stream(seed, purpose, 0);
        let coverage = Coverage::draw(families.coverage, &mut of("coverage"));
        let random = &mut of("plan");
        let days = random.between_seconds(14, 35);
        // A day of 2026, whatever weekday it is.
        let first_day = Day(20_454 + i32::from(at_most_u16(random.below(330))));
        // Between 25 and 45 exchanges an account.
        let accounts = (exchanges / random.between(25, 45)).max(60);
        let habits = Habits::draw(coverage.companies_only, &mut of("habits"));
        let campaigns = if random.chance(20) {
            Vec::new()
        } else {
            let budget = exchanges * random.between(5, 30) / 100;
            let most = accounts * random.between(5, 25) / 100;
            campaign::draw(families, budget, most, place(days.unsigned_abs()), &mut of("campaigns"))
        };
        let harvesting: usize = campaigns.iter().map(|campaign| campaign.accounts).sum();
        let crowds = draw_crowds(families, accounts.saturating_sub(harvesting).max(40), &mut of("crowds"));
        Self {
            seed,
            number,
            exchanges,
            days,
            first_day,
            families,
            coverage,
            habits,
            circulation: Circulation {
                frameworks: random.between(1, 12),
                packs: random.between(1, 12),
                rubrics: random.between(1, 6),
                agents: random.between(1, 8),
            },
            calendar: Calendar::draw(first_day, days, &mut of("calendar")),
            crowds,
            campaigns,
        }
    }

    /// A world of nothing but `accounts` accounts of one innocent crowd, by its name, among so many ordinary ones; none
    /// when there is no such crowd.
    pub fn of_crowd(seed: u64, number: u64, name: &str, accounts: usize, among: usize) -> Option<Self> {
        let crowd = CROWDS.iter().chain(NEIGHBOURS).chain(ORDINARY).find(|crowd| crowd.name == name)?;
        let plan = Self::draw(seed, number, 10_000);
        let random = &mut stream(plan.seed, "sizes", 0);
        let mut crowds = vec![(crowd, group_sizes(crowd, accounts, random))];
        add_ordinary(&mut crowds, among, random);
        let exchanges =
            crowds.iter().map(|(crowd, sizes)| 2 * crowd.volume * sizes.iter().sum::<usize>()).sum::<usize>();
        Some(Self { exchanges, crowds, campaigns: Vec::new(), ..plan })
    }

    /// The same world without its campaigns: whatever detection tells of it is innocent.
    #[must_use]
    pub fn without_campaigns(mut self) -> Self {
        self.campaigns.clear();
        self
    }

    /// The same world with ordinary accounts alone, which have nothing to do with each other: whatever detection finds in
    /// it is chance.
    #[must_use]
    pub fn of_strangers(mut self) -> Self {
        self.campaigns.clear();
        let accounts = self.accounts().max(60);
        self.crowds.clear();
        add_ordinary(&mut self.crowds, accounts, &mut stream(self.seed, "strangers", 0));
        self
    }

    /// The names of all innocent crowds.
    pub fn crowd_names() -> Vec<&'static str> {
        let mut names: Vec<_> = CROWDS.iter().chain(NEIGHBOURS).chain(ORDINARY).map(|crowd| crowd.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub fn families(&self) -> Families {
        self.families
    }

    /// What was drawn, for the file `world.json`.
    pub fn description(&self) -> WorldDescription {
        WorldDescription::of(self)
    }

    /// Carries it out. The same plan gives the same rows on every machine.
    pub fn simulate(&self) -> Traffic {
        self.carry_out(&Cancel::default())
    }

    /// [`simulate`](Self::simulate), unless it is cancelled between two accounts.
    pub fn simulate_cancellable(&self, cancel: &Cancel) -> Result<Traffic, Cancelled> {
        let traffic = self.carry_out(cancel);
        cancel.check()?;
        Ok(traffic)
    }

    fn carry_out(&self, cancel: &Cancel) -> Traffic {
        let world = self.world();
        let mut traffic = Traffic::with_capacity(self.exchanges);
        for campaign in &self.campaigns {
            traffic.truth.kind.insert(campaign.name.clone(), campaign.kind().name().into());
            if campaign.actor != campaign.name
                || self.campaigns.iter().any(|other| other.actor == campaign.name && other.name != campaign.name)
            {
                traffic.truth.actor.insert(campaign.name.clone(), format!("actor_{}", campaign.actor));
            }
            for seat in unless(cancel, campaign.seats(&world)) {
                traffic.truth.campaign.insert(seat.row.account.to_string(), campaign.name.clone());
                Self::settle(&mut traffic, &world, seat, CAMPAIGN_CLASS);
            }
        }
        for (crowd, sizes) in &self.crowds {
            for seat in unless(cancel, residents(&mut traffic, &world, crowd, sizes)) {
                Self::settle(&mut traffic, &world, seat, crowd.name);
            }
        }
        traffic.only_active();
        for row in &mut traffic.exchanges {
            self.calendar.exchange(row);
        }
        for row in &mut traffic.exchanges {
            self.coverage.exchange(row);
        }
        for row in &mut traffic.accounts {
            self.coverage.account(row);
        }
        traffic.sort();
        traffic
    }

    fn world(&self) -> World {
        let from = self.first_day.start();
        let window = Span { from, until: Micros(from.0 + self.days * MICROS_PER_DAY) };
        let ordinary: usize =
            self.crowds.iter().map(|(crowd, sizes)| 2 * crowd.volume * sizes.iter().sum::<usize>()).sum();
        let harvested: usize =
            self.campaigns.iter().map(|campaign| campaign.accounts * campaign.exchanges * 5 / 4).sum();
        World {
            seed: self.seed,
            window,
            release: self.calendar.release,
            public: Public::of(self.seed, self.circulation),
            household_cards: self.accounts() / 20 + 1,
            habits: self.habits.clone(),
            volume_scale: (self.exchanges.saturating_sub(harvested) * 1000 / ordinary.max(1)).max(50),
        }
    }

    fn accounts(&self) -> usize {
        let harvesting: usize = self.campaigns.iter().map(|campaign| campaign.accounts).sum();
        harvesting + self.crowds.iter().flat_map(|(_, sizes)| sizes).sum::<usize>()
    }

    /// Completes the account by the provider's habits, and writes its traffic.
    fn settle(traffic: &mut Traffic, world: &World, mut seat: Seat, class: &str) {
        everyday::complete(world, &mut seat, class == CAMPAIGN_CLASS);
        traffic.settle(world, seat, class);
    }
}

/// The accounts of a crowd; permits go with those that have one.
fn residents(traffic: &mut Traffic, world: &World, crowd: &Crowd, sizes: &[usize]) -> Vec<Seat> {
    match crowd.kind {
        Kind::Own(make) => crowd.seats(world, sizes, make),
        Kind::Class(class) => {
            let plan = CrowdPlan { class, accounts: sizes.iter().sum() };
            let groups = crowd::groups(world, plan);
            if class == Class::Permitted {
                traffic.permits.extend(groups.iter().map(|group| crate::traffic::permit_of(world, *group)));
            }
            groups.into_iter().flat_map(|group| crowd::seats(world, group)).collect()
        }
    }
}

/// Crowds of the family, neighbours and ordinary accounts, with the sizes of their groups.
fn draw_crowds(families: Families, accounts: usize, random: &mut Random) -> Vec<(&'static Crowd, Vec<usize>)> {
    let mut own: Vec<&'static Crowd> = CROWDS.iter().filter(|crowd| crowd.family == families.crowds).collect();
    random.shuffle(&mut own);
    own.truncate(random.between(3, 6));
    let mut neighbours: Vec<&'static Crowd> = NEIGHBOURS.iter().collect();
    random.shuffle(&mut neighbours);
    neighbours.truncate(random.between(1, 4));
    // From a tenth to three fifths of the accounts live in crowds.
    let mut left = accounts * random.between(10, 60) / 100;
    let share = left / (own.len() + neighbours.len()).max(1);
    let mut crowds = Vec::new();
    for crowd in own.into_iter().chain(neighbours) {
        let most = (share * random.between(40, 180) / 100).min(left);
        let mut sizes = group_sizes(crowd, most, random);
        sizes.truncate(crowd.groups);
        let placed: usize = sizes.iter().sum();
        if placed > 0 {
            left = left.saturating_sub(placed);
            crowds.push((crowd, sizes));
        }
    }
    let placed: usize = crowds.iter().flat_map(|(_, sizes)| sizes).sum();
    add_ordinary(&mut crowds, accounts.saturating_sub(placed), random);
    crowds
}

/// Sizes of groups with about so many accounts in all; a third of the groups are small, whatever is usual.
fn group_sizes(crowd: &Crowd, accounts: usize, random: &mut Random) -> Vec<usize> {
    let (fewest, usual) = crowd.group;
    let mut sizes = Vec::new();
    let mut left = accounts;
    while left > 0 {
        let most = if random.chance(33) { fewest.midpoint(usual) } else { usual };
        let size = random.between(fewest, most.max(fewest)).min(left.max(fewest.min(MOST_TRIMMED)));
        sizes.push(size);
        left = left.saturating_sub(size);
    }
    sizes
}

/// Accounts that have nothing in common, in shares of the world's own.
fn add_ordinary(crowds: &mut Vec<(&'static Crowd, Vec<usize>)>, accounts: usize, random: &mut Random) {
    let weights: Vec<usize> = ORDINARY.iter().map(|_| random.heavy(10).min(120)).collect();
    let whole: usize = weights.iter().sum();
    for (crowd, weight) in ORDINARY.iter().zip(weights) {
        let count = accounts * weight / whole;
        if count == 0 {
            continue;
        }
        // The same class may be a crowd of this world as well.
        match crowds.iter_mut().find(|(other, _)| other.name == crowd.name) {
            Some((_, sizes)) => sizes.push(count),
            None => crowds.push((crowd, vec![count])),
        }
    }
}

/// A group is not cut below this to fit.
const MOST_TRIMMED: usize = 12;
