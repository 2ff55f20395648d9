//! Campaigns beside those of the demonstration: relays, successors, and operations that show in their joint changes.

use crate::clientele::EndUsers;
use crate::grammar::Family;
use crate::plan::{CampaignPlan, Egress, Fate, Holder, Payment, Relay, Rewording, Signup, Timing};

impl CampaignPlan {
    /// Every campaign that has a name: those of the demonstration, and those that are simulated when asked for.
    pub fn all() -> Vec<Self> {
        let mut campaigns = Self::demo();
        campaigns.push(Self::private_templates());
        campaigns.extend(Self::relays());
        campaigns.extend(Self::fast_successors());
        campaigns.push(Self::blocked_siblings());
        campaigns.extend(Self::revoked_organization());
        campaigns.extend(Self::revoked_customer());
        campaigns.extend([Self::quota_hand_over(), Self::joint_outages()]);
        campaigns
    }

    /// Services that resell pooled accounts: people only, with and without ids for them, and one with a harvest among
    /// its customers.
    pub fn relays() -> [Self; 4] {
        let pool = |name: &str, ids| Self {
            egress: Egress::FewAddresses,
            shared_clients: 1,
            shared_sampling: false,
            signup: Signup::Stages,
            relay: Some(Relay { people: 400, ids, alternating: 70 }),
            ..Self::of(name, 30, (24, 60), &[])
        };
        let harvest = Self {
            families: vec![Family::Sft],
            rewording: Rewording::Slots,
            timing: Timing::Drip,
            cover: 70,
            exchanges: (10, 24),
            ..pool("relay_harvest", EndUsers::Absent)
        };
        let cards = Self { payment: Payment::Cards(5), ..pool("relay_absent", EndUsers::Absent) };
        [cards, pool("relay_named", EndUsers::Named), pool("relay_one_device", EndUsers::OneDevice), harvest]
    }

    /// Replaced within hours to three days, with new machines and new cards: the work and its rhythm are all that stays.
    pub fn fast_successors() -> [Self; 2] {
        let banned = Self {
            actor: Some("actor_fast".into()),
            workload: Some("fast".into()),
            rewording: Rewording::Slots,
            payment: Payment::Cards(4),
            cover: 8,
            fate: Fate::Banned,
            ..Self::of("fast_banned", 30, (16, 40), &[Family::Code])
        };
        let successors = Self {
            name: "fast_successors".into(),
            egress: Egress::OwnHosts,
            payment: Payment::Unique,
            fate: Fate::Resumed,
            ..banned.clone()
        };
        [banned, successors]
    }

    /// A third of the accounts is blocked; the others carry on with their load.
    pub fn blocked_siblings() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::OwnHosts,
            payment: Payment::Cards(12),
            timing: Timing::Drip,
            cover: 10,
            fate: Fate::Siblings,
            ..Self::of("blocked_siblings", 42, (18, 44), &[Family::Agent])
        }
    }

    /// An organisation's accounts are closed, and personal accounts resume its work from home.
    pub fn revoked_organization() -> [Self; 2] {
        let revoked = Self {
            actor: Some("actor_organization".into()),
            workload: Some("organization".into()),
            rewording: Rewording::Slots,
            timing: Timing::HumanHours,
            signup: Signup::Stages,
            fate: Fate::Banned,
            holder: Holder::OneOrganization,
            ..Self::of("revoked_organization", 14, (40, 90), &[Family::Reasoning, Family::Code])
        };
        let personal = Self {
            name: "personal_accounts".into(),
            accounts: 24,
            exchanges: (16, 40),
            egress: Egress::Unrelated,
            shared_clients: 0,
            cover: 40,
            signup: Signup::Aged,
            fate: Fate::Resumed,
            holder: Holder::Apart,
            ..revoked.clone()
        };
        [revoked, personal]
    }

    /// An organisation's accounts are closed, and its work resumes as a few end users of an aggregator.
    pub fn revoked_customer() -> [Self; 2] {
        let revoked = Self {
            actor: Some("actor_customer".into()),
            workload: Some("customer".into()),
            rewording: Rewording::Slots,
            signup: Signup::Stages,
            fate: Fate::Banned,
            holder: Holder::OneOrganization,
            ..Self::of("revoked_customer", 10, (40, 90), &[Family::Sft])
        };
        let intermediary = Self {
            name: "through_intermediary".into(),
            accounts: 2,
            exchanges: (240, 420),
            cover: 75,
            fate: Fate::Resumed,
            holder: Holder::Intermediary,
            ..revoked.clone()
        };
        [revoked, intermediary]
    }

    /// One account after the other is used up to its quota.
    pub fn quota_hand_over() -> Self {
        Self {
            rewording: Rewording::Shuffled,
            egress: Egress::OwnHosts,
            timing: Timing::HandOver,
            cover: 8,
            ..Self::of("quota_hand_over", 24, (60, 120), &[Family::Agent])
        }
    }

    /// Unrelated in all but this: the same outages, and a new client within the same minutes.
    pub fn joint_outages() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::ResidentialProxies,
            timing: Timing::Outages,
            shared_clients: 2,
            cover: 10,
            signup: Signup::Stages,
            joint_upgrade: true,
            ..Self::of("joint_outages", 44, (24, 60), &[Family::Reasoning])
        }
    }
}
