//! The adversary ladder: the same ten rings at growing effort, so that recall can be compared level by level.

use crate::class::Class;
use crate::grammar::Family;
use crate::plan::{CampaignPlan, CrowdPlan, Egress, Payment, Plan, Rewording, Signup, Timing};

/// How much effort the rings of a plan make. Each level keeps what the level before does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One template, verbatim.
    L0,
    /// Slots of the template are filled anew.
    L1,
    /// Sentences shuffled, a tenth of the words replaced.
    L2,
    /// Worded anew in each request; no sentence is kept.
    L3,
    /// And 30 percent of the traffic is ordinary.
    L4Cover30,
    /// And 60 percent of the traffic is ordinary.
    L4Cover60,
    /// And 80 percent of the traffic is ordinary.
    L4Cover80,
    /// With 30 percent cover: residential addresses and cards that no two accounts share.
    L5,
    /// And a template of its own in each account, around disjoint parts of one work list, in human hours.
    L6,
}

impl Level {
    pub const ALL: &'static [Self] = &[
        Self::L0,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4Cover30,
        Self::L4Cover60,
        Self::L4Cover80,
        Self::L5,
        Self::L6,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::L0 => "L0",
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::L4Cover30 => "L4-30",
            Self::L4Cover60 => "L4-60",
            Self::L4Cover80 => "L4-80",
            Self::L5 => "L5",
            Self::L6 => "L6",
        }
    }

    /// The level of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| level.name() == name)
    }

    fn rewording(self) -> Rewording {
        match self {
            Self::L0 => Rewording::Verbatim,
            Self::L1 => Rewording::Slots,
            Self::L2 => Rewording::Shuffled,
            Self::L3 | Self::L4Cover30 | Self::L4Cover60 | Self::L4Cover80 | Self::L5 => Rewording::Paraphrased,
            Self::L6 => Rewording::Private,
        }
    }

    /// Percent of a ring's traffic that is ordinary.
    fn cover(self) -> usize {
        match self {
            Self::L0 | Self::L1 | Self::L2 | Self::L3 => 5,
            Self::L4Cover30 | Self::L5 | Self::L6 => 30,
            Self::L4Cover60 => 60,
            Self::L4Cover80 => 80,
        }
    }
}

impl Plan {
    /// About 6,500 accounts over 28 days: every benign class, and ten rings of 6 to 150 accounts that make the effort
    /// of a level. Sizes, volumes, work, sign-up and, below L5, networks and payment of a ring are the same at each
    /// level.
    pub fn ladder(seed: u64, level: Level) -> Self {
        let crowds = Class::ALL.iter().map(|class| CrowdPlan { class: *class, accounts: accounts(*class) }).collect();
        let campaigns: Vec<CampaignPlan> = rings().into_iter().map(|ring| at(ring, level)).collect();
        let plan = Self { campaigns, crowds, ..Self::demo(seed) };
        let harvested: usize = plan.campaigns.iter().map(CampaignPlan::expected_exchanges).sum();
        let ordinary: usize = plan.crowds.iter().map(|crowd| 2 * crowd.accounts * crowd.class.traits().volume).sum();
        Self { exchanges: harvested + ordinary, ..plan }
    }
}

fn accounts(class: Class) -> usize {
    let traits = class.traits();
    if traits.demo > 0 { traits.demo } else { (2 * traits.group).max(60) }
}

fn at(ring: CampaignPlan, level: Level) -> CampaignPlan {
    let ring = CampaignPlan { rewording: level.rewording(), cover: level.cover(), ..ring };
    match level {
        Level::L5 => CampaignPlan { egress: Egress::ResidentialProxies, payment: Payment::Unique, ..ring },
        Level::L6 => CampaignPlan {
            egress: Egress::ResidentialProxies,
            payment: Payment::Unique,
            timing: Timing::HumanHours,
            ..ring
        },
        _ => ring,
    }
}

fn rings() -> [CampaignPlan; 10] {
    use Egress::{HostingBlocks, OwnHosts, ResidentialProxies, Vpn};
    use Family::{Agent, Code, Reasoning, Rubric, Sft, Translation};
    let ring = |accounts: usize, exchanges, families: &[Family], egress, payment, timing, signup, clients| {
        let name = format!("ring_{accounts:03}");
        CampaignPlan {
            workload: Some(name.clone()),
            egress,
            payment,
            timing,
            signup,
            shared_clients: clients,
            ..CampaignPlan::of(&name, accounts, exchanges, families)
        }
    };
    let (cards, unique) = (Payment::Cards, Payment::Unique);
    [
        ring(6, (30, 70), &[Reasoning], OwnHosts, unique, Timing::Drip, Signup::Burst, 1),
        ring(8, (40, 90), &[Code], HostingBlocks, cards(2), Timing::Balanced, Signup::Burst, 1),
        ring(12, (20, 50), &[Rubric], Vpn, cards(3), Timing::Bursts, Signup::Stages, 1),
        ring(18, (24, 60), &[Sft], ResidentialProxies, cards(4), Timing::Pivot, Signup::Burst, 2),
        ring(25, (16, 44), &[Reasoning, Sft], OwnHosts, cards(6), Timing::Bursts, Signup::Stages, 2),
        ring(36, (20, 50), &[Agent], HostingBlocks, unique, Timing::Bursts, Signup::Stages, 2),
        ring(50, (14, 36), &[Code, Sft], ResidentialProxies, Payment::Credits, Timing::Balanced, Signup::Stages, 3),
        ring(75, (12, 30), &[Rubric], HostingBlocks, cards(9), Timing::Drip, Signup::Burst, 3),
        ring(110, (10, 28), &[Reasoning, Code], OwnHosts, cards(24), Timing::HumanHours, Signup::Stages, 3),
        ring(150, (8, 22), &[Sft, Translation], ResidentialProxies, unique, Timing::Bursts, Signup::Aged, 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Level, Plan};

    #[test]
    fn every_level_has_ten_rings_of_the_same_sizes() {
        for level in Level::ALL {
            let plan = Plan::ladder(1, *level);
            let sizes: Vec<usize> = plan.campaigns.iter().map(|ring| ring.accounts).collect();
            assert_eq!(sizes, [6, 8, 12, 18, 25, 36, 50, 75, 110, 150], "{}", level.name());
            assert!((5500..=7000).contains(&plan.accounts()), "{}", plan.accounts());
            assert_eq!(Level::parse(level.name()), Some(*level));
        }
    }
}
