//! Benign accounts, by class. Groups of a class are independent of each other.

mod offices;
mod passing;
mod people;
mod products;
mod together;

pub(crate) use products::aggregator;
pub(crate) use together::permit_organization;

use crate::account::Seat;
use crate::class::Class;
use crate::draw::{Draw, stream};
use crate::plan::CrowdPlan;
use crate::world::World;

/// A group of a class: the accounts numbered from `first`.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    pub(crate) class: Class,
    pub(crate) number: u64,
    first: u64,
    pub(crate) size: usize,
}

/// Divides a crowd into groups of about the usual size of its class.
pub(crate) fn groups(world: &World, plan: CrowdPlan) -> Vec<Group> {
    let usual = plan.class.traits().group;
    let mut random = stream(world.seed, &format!("groups:{}", plan.class.name()), 0);
    let mut groups: Vec<Group> = Vec::new();
    let mut placed = 0;
    while placed < plan.accounts {
        let left = plan.accounts - placed;
        let mut size = random.between((usual * 6 / 10).max(1), usual * 14 / 10).min(left);
        // What is left over is too small to be a group of its own.
        if left - size < usual * 6 / 10 {
            size = left;
        }
        groups.push(Group { class: plan.class, number: groups.len() as u64, first: placed as u64, size });
        placed += size;
    }
    groups
}

/// The accounts of one group.
pub(crate) fn seats(world: &World, group: Group) -> Vec<Seat> {
    let makes = match group.class {
        Class::Casual
        | Class::Developer
        | Class::ScriptUser
        | Class::PowerUser
        | Class::NewCredits
        | Class::CronJob
        | Class::ReleaseRush
        | Class::ReasoningUser => people::seats,
        Class::PopularAgent
        | Class::Framework
        | Class::PromptPack
        | Class::Benchmark
        | Class::JudgeEval
        | Class::Judge
        | Class::Pipeline
        | Class::SmallApp
        | Class::Aggregator
        | Class::Translation
        | Class::CiBot => products::seats,
        Class::CarrierNat | Class::Vpn | Class::Traveller | Class::WorkAndPersonal | Class::AggregatorPool => {
            passing::seats
        }
        Class::InternalEval | Class::SiblingTeams => offices::seats,
        Class::SharedEgress
        | Class::Classroom
        | Class::Hackathon
        | Class::Enterprise
        | Class::Permitted
        | Class::KeyMigration
        | Class::OwnedGroup => together::seats,
    };
    makes(world, group)
}

impl Group {
    /// The random numbers that the whole group shares.
    fn random(self, world: &World) -> stillwatch_core::Random {
        stream(world.seed, &format!("group:{}", self.class.name()), self.number)
    }

    /// Makes each account with random numbers of its own and the class's volume.
    fn each(self, world: &World, mut make: impl FnMut(&str, u64, &mut stillwatch_core::Random) -> Seat) -> Vec<Seat> {
        let id = format!("crowd:{}", self.class.name());
        let purpose = format!("seat {id}");
        (self.first..self.first + self.size as u64)
            .map(|index| {
                let mut random = stream(world.seed, &purpose, index);
                let volume = world.volume(self.class, &mut random);
                let mut seat = make(&id, index, &mut random);
                seat.volume = volume;
                seat
            })
            .collect()
    }
}
