use crate::grammar::Family;
use crate::plan::{CampaignPlan, Egress, Fate, Holder, Payment, Rewording, Signup, Timing};

impl CampaignPlan {
    /// The campaigns of the demonstration.
    pub fn demo() -> Vec<Self> {
        let mut campaigns = vec![
            Self::verbatim_cards(),
            Self::balanced_proxies(),
            Self::graders(),
            Self::slow_drip(),
            Self::pivot(),
            Self::own_wording(),
            Self::small_ring(),
            Self::relay_pool(),
        ];
        campaigns.extend(Self::successors());
        campaigns
    }

    /// One template, few cards, few hosting ranges, all at once.
    pub fn verbatim_cards() -> Self {
        Self {
            payment: Payment::Cards(8),
            timing: Timing::Bursts,
            cover: 6,
            ..Self::of("verbatim_cards", 96, (18, 50), &[Family::Sft])
        }
    }

    /// Residential proxies and unique cards; a queue keeps the load flat.
    pub fn balanced_proxies() -> Self {
        Self {
            rewording: Rewording::Shuffled,
            egress: Egress::ResidentialProxies,
            timing: Timing::Balanced,
            cover: 12,
            signup: Signup::Stages,
            ..Self::of("balanced_proxies", 120, (18, 44), &[Family::Code, Family::Sft])
        }
    }

    /// The model as a reward model.
    pub fn graders() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::OwnHosts,
            payment: Payment::Cards(26),
            timing: Timing::HumanHours,
            cover: 10,
            signup: Signup::Stages,
            ..Self::of("graders", 64, (16, 48), &[Family::Rubric])
        }
    }

    /// A light user's volume in each account, half of it ordinary.
    pub fn slow_drip() -> Self {
        Self {
            rewording: Rewording::Shuffled,
            egress: Egress::OwnHosts,
            timing: Timing::Drip,
            shared_clients: 0,
            cover: 50,
            signup: Signup::Aged,
            ..Self::of("slow_drip", 150, (10, 24), &[Family::Reasoning, Family::Sft])
        }
    }

    /// Moves to a new model on the day of its release.
    pub fn pivot() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::Vpn,
            payment: Payment::Credits,
            timing: Timing::Pivot,
            cover: 15,
            ..Self::of("pivot", 76, (16, 46), &[Family::Agent, Family::Code])
        }
    }

    /// Each account words its task by itself, from sentences that the ring shares.
    pub fn own_wording() -> Self {
        Self {
            rewording: Rewording::OwnWording,
            egress: Egress::ResidentialProxies,
            timing: Timing::HumanHours,
            cover: 20,
            signup: Signup::Stages,
            ..Self::of("own_wording", 80, (16, 44), &[Family::Reasoning])
        }
    }

    /// Accounts that are banned in the middle of the window, and those that replace them within days.
    pub fn successors() -> [Self; 2] {
        let common = Self {
            actor: Some("actor_successors".into()),
            rewording: Rewording::Slots,
            payment: Payment::Cards(5),
            timing: Timing::Bursts,
            cover: 8,
            ..Self::of("successors_banned", 36, (16, 40), &[Family::Reasoning, Family::Translation])
        };
        let replacements = Self { name: "successors".into(), accounts: 54, fate: Fate::Replacement, ..common.clone() };
        [Self { fate: Fate::Banned, ..common }, replacements]
    }

    /// Eight accounts.
    pub fn small_ring() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::OwnHosts,
            timing: Timing::Drip,
            shared_clients: 1,
            cover: 15,
            ..Self::of("small_ring", 8, (24, 60), &[Family::Reasoning])
        }
    }

    /// Many people behind pooled accounts, and a harvest among them.
    pub fn relay_pool() -> Self {
        Self {
            rewording: Rewording::Slots,
            egress: Egress::FewAddresses,
            timing: Timing::Balanced,
            shared_clients: 1,
            cover: 62,
            shared_sampling: false,
            end_users: 260,
            ..Self::of("relay_pool", 44, (10, 30), &[Family::Sft])
        }
    }

    /// A template of its own in every account, on unrelated networks: only the shared work list and the sampling
    /// parameters remain. Not part of the demonstration.
    pub fn private_templates() -> Self {
        Self {
            rewording: Rewording::Private,
            egress: Egress::Unrelated,
            timing: Timing::HumanHours,
            shared_clients: 0,
            cover: 30,
            signup: Signup::Aged,
            ..Self::of("private_templates", 60, (16, 40), &[Family::Reasoning])
        }
    }

    pub(crate) fn of(name: &str, accounts: usize, exchanges: (usize, usize), families: &[Family]) -> Self {
        Self {
            name: name.into(),
            actor: None,
            accounts,
            exchanges,
            families: families.to_vec(),
            rewording: Rewording::Verbatim,
            egress: Egress::HostingBlocks,
            payment: Payment::Unique,
            timing: Timing::Bursts,
            shared_clients: 3,
            cover: 0,
            shared_sampling: true,
            signup: Signup::Burst,
            fate: Fate::Undetected,
            end_users: 0,
            workload: None,
            relay: None,
            holder: Holder::Apart,
            joint_upgrade: false,
        }
    }
}
