//! Innocent crowds of random worlds.
//!
//! A [`Crowd`] makes groups of accounts that look coordinated for an innocent reason, and behave in all signs as such a
//! group does. To add one, write a file and a line in [`CROWDS`]. Crowds that the demonstration has as well are listed
//! by their [`Class`].

mod agency;
mod consortium;
mod course;
mod event_keys;
mod exam_week;
mod extraction;
mod own_keys;
mod pass_at_k;
mod plugin;
mod provider;
mod test_platform;
mod tutoring;

use stillwatch_core::Random;

use crate::account::Seat;
use crate::class::Class;
use crate::draw::stream;
use crate::world::World;

/// A kind of innocent crowd.
pub(crate) struct Crowd {
    /// The class in the truth file.
    pub(crate) name: &'static str,
    /// The family of worlds in which it occurs.
    pub(crate) family: &'static str,
    /// Fewest and most accounts of one group.
    pub(crate) group: (usize, usize),
    /// Most groups in one world.
    pub(crate) groups: usize,
    /// Fewest exchanges of an account before scaling; the mean is about twice that.
    pub(crate) volume: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Own(fn(&World, &Group) -> Vec<Seat>),
    Class(Class),
}

pub(crate) const CROWDS: &[Crowd] = &[
    provider::CROWD,
    agency::CROWD,
    consortium::CROWD,
    of("openly_one", Class::Enterprise),
    of("openly_one", Class::OwnedGroup),
    of("openly_one", Class::SiblingTeams),
    of("openly_one", Class::AggregatorPool),
    of("openly_one", Class::InternalEval),
    of("openly_one", Class::Permitted),
    own_keys::CROWD,
    plugin::CROWD,
    tutoring::CROWD,
    of("shared_tool", Class::PopularAgent),
    of("shared_tool", Class::Framework),
    of("shared_tool", Class::PromptPack),
    of("shared_tool", Class::CiBot),
    of("shared_tool", Class::Aggregator),
    course::CROWD,
    exam_week::CROWD,
    event_keys::CROWD,
    of("occasion", Class::Hackathon),
    of("occasion", Class::ReleaseRush),
    of("occasion", Class::Traveller),
    of("occasion", Class::KeyMigration),
    pass_at_k::CROWD,
    test_platform::CROWD,
    extraction::CROWD,
    of("bulk", Class::Benchmark),
    of("bulk", Class::JudgeEval),
    of("bulk", Class::Judge),
    of("bulk", Class::Pipeline),
    of("bulk", Class::Translation),
    of("bulk", Class::CronJob),
    of("bulk", Class::ReasoningUser),
];

/// Groups that share an exit by chance; they live in every world.
pub(crate) const NEIGHBOURS: &[Crowd] = &[
    of("any", Class::SharedEgress),
    of("any", Class::CarrierNat),
    of("any", Class::Vpn),
    of("any", Class::WorkAndPersonal),
    of("any", Class::SmallApp),
];

/// Accounts that have nothing in common.
pub(crate) const ORDINARY: &[Crowd] = &[
    of("any", Class::Casual),
    of("any", Class::Developer),
    of("any", Class::ScriptUser),
    of("any", Class::PowerUser),
    of("any", Class::NewCredits),
    of("any", Class::Pipeline),
    of("any", Class::CronJob),
    Crowd { family: "any", ..extraction::CROWD },
];

/// Some accounts of a crowd that belong together.
pub(crate) struct Group {
    name: &'static str,
    pub(crate) number: u64,
    first: u64,
    pub(crate) size: usize,
    volume: usize,
}

impl Crowd {
    /// The accounts of groups of these sizes.
    pub(crate) fn seats(&self, world: &World, sizes: &[usize], make: fn(&World, &Group) -> Vec<Seat>) -> Vec<Seat> {
        let mut seats = Vec::new();
        for (number, size) in sizes.iter().enumerate() {
            let (number, first) = (number as u64, seats.len() as u64);
            let group = Group { name: self.name, number, first, size: *size, volume: self.volume };
            seats.extend(make(world, &group));
        }
        seats
    }
}

impl Group {
    /// The random numbers that the whole group shares.
    fn random(&self, world: &World) -> Random {
        stream(world.seed, &format!("crowd:{}", self.name), self.number)
    }

    /// Makes each account with random numbers of its own and the crowd's volume.
    fn each(&self, world: &World, mut make: impl FnMut(&str, u64, &mut Random) -> Seat) -> Vec<Seat> {
        let id = format!("crowd:{}", self.name);
        let purpose = format!("seat {id}");
        (self.first..self.first + self.size as u64)
            .map(|index| {
                let random = &mut stream(world.seed, &purpose, index);
                let volume = world.scaled(self.volume, random);
                let mut seat = make(&id, index, random);
                seat.volume = volume;
                seat
            })
            .collect()
    }
}

const fn of(family: &'static str, class: Class) -> Crowd {
    let traits = class.traits();
    let group = if traits.group > 1 { (traits.group * 6 / 10, traits.group * 14 / 10) } else { (1, 1) };
    // Few accounts of these classes carry much traffic.
    let groups = match class {
        Class::Aggregator => 9,
        Class::Permitted => 2,
        Class::AggregatorPool => 4,
        _ => usize::MAX,
    };
    Crowd { name: traits.name, family, group, groups, volume: traits.volume, kind: Kind::Class(class) }
}

const fn own(
    name: &'static str,
    family: &'static str,
    group: (usize, usize),
    volume: usize,
    seats: fn(&World, &Group) -> Vec<Seat>,
) -> Crowd {
    Crowd { name, family, group, groups: usize::MAX, volume, kind: Kind::Own(seats) }
}
