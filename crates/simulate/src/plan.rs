use stillwatch_core::Day;

use crate::class::Class;
use crate::clientele::EndUsers;
use crate::grammar::Family;

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    /// About how many exchanges; ordinary volumes are scaled to reach it.
    pub exchanges: usize,
    pub days: u32,
    pub first_day: Day,
    pub campaigns: Vec<CampaignPlan>,
    pub crowds: Vec<CrowdPlan>,
}

impl Plan {
    /// About 200,000 exchanges of 6,000 accounts over 28 days: every benign class and nine campaigns, which hold an
    /// eighth of the accounts.
    pub fn demo(seed: u64) -> Self {
        Self {
            seed,
            exchanges: DEMO_EXCHANGES,
            days: 28,
            first_day: FIRST_DAY,
            campaigns: CampaignPlan::demo(),
            crowds: Class::ALL
                .iter()
                .map(|class| CrowdPlan { class: *class, accounts: class.traits().demo })
                .filter(|crowd| crowd.accounts > 0)
                .collect(),
        }
    }

    /// The same with another number of exchanges; numbers of accounts follow in proportion, but no campaign falls
    /// under six accounts.
    #[must_use]
    pub fn with_exchanges(mut self, exchanges: usize) -> Self {
        let scale = |accounts: usize, least: usize| (accounts * exchanges / self.exchanges.max(1)).max(least);
        for crowd in &mut self.crowds {
            crowd.accounts = scale(crowd.accounts, 1);
        }
        for campaign in &mut self.campaigns {
            if campaign.accounts > SMALLEST_CAMPAIGN + 2 {
                campaign.accounts = scale(campaign.accounts, SMALLEST_CAMPAIGN);
            }
        }
        self.exchanges = exchanges;
        self
    }

    /// The same without campaigns.
    #[must_use]
    pub fn only_benign(mut self) -> Self {
        self.campaigns.clear();
        self
    }

    /// Nothing but `accounts` accounts of one benign class.
    pub fn crowd(seed: u64, class: Class, accounts: usize) -> Self {
        let exchanges = 2 * accounts * class.traits().volume;
        Self { exchanges, crowds: vec![CrowdPlan { class, accounts }], ..Self::demo(seed).only_benign() }
    }

    /// The same with `accounts` ordinary accounts around it, of people and programs that have nothing in common.
    #[must_use]
    pub fn among(mut self, accounts: usize) -> Self {
        let ordinary = [Class::Casual, Class::Developer, Class::ScriptUser, Class::PowerUser, Class::NewCredits];
        let all: usize = ordinary.iter().map(|class| class.traits().demo).sum();
        for class in ordinary {
            let accounts = accounts * class.traits().demo / all;
            self.exchanges += 2 * accounts * class.traits().volume;
            match self.crowds.iter_mut().find(|crowd| crowd.class == class) {
                Some(crowd) => crowd.accounts += accounts,
                None => self.crowds.push(CrowdPlan { class, accounts }),
            }
        }
        self
    }

    /// Thousandths by which ordinary volumes are multiplied.
    pub(crate) fn volume_scale(&self) -> usize {
        let harvested: usize = self.campaigns.iter().map(CampaignPlan::expected_exchanges).sum();
        let ordinary: usize = self.crowds.iter().map(|crowd| 2 * crowd.accounts * crowd.class.traits().volume).sum();
        (self.exchanges.saturating_sub(harvested) * 1000 / ordinary.max(1)).max(50)
    }

    pub(crate) fn accounts(&self) -> usize {
        let campaigns: usize = self.campaigns.iter().map(|campaign| campaign.accounts).sum();
        campaigns + self.crowds.iter().map(|crowd| crowd.accounts).sum::<usize>()
    }
}

/// So many accounts of a benign class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrowdPlan {
    pub class: Class,
    pub accounts: usize,
}

/// One harvesting operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignPlan {
    pub name: String,
    /// Who runs it, when one actor has several campaigns.
    pub actor: Option<String>,
    /// The work that it does, when another plan does the same work while it connects or pays differently: wording and
    /// settings are drawn under this name.
    pub workload: Option<String>,
    pub accounts: usize,
    /// Fewest and most harvesting exchanges of an account.
    pub exchanges: (usize, usize),
    pub families: Vec<Family>,
    pub rewording: Rewording,
    pub egress: Egress,
    pub payment: Payment,
    pub timing: Timing,
    /// Clients that the ring shares; none means that each account has its own.
    pub shared_clients: usize,
    /// Percent of its traffic that is ordinary.
    pub cover: usize,
    /// Whether all accounts draw from the same few sampling parameters.
    pub shared_sampling: bool,
    pub signup: Signup,
    pub fate: Fate,
    /// People who use the pooled accounts beside the harvest.
    pub end_users: usize,
    /// Whose requests the accounts carry, when they are a service's pool.
    pub relay: Option<Relay>,
    pub holder: Holder,
    /// Whether all accounts change their client within the same minutes.
    pub joint_upgrade: bool,
}

/// Who holds the accounts of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Each has an organisation of its own.
    Apart,
    /// One organisation, with one invoice and one mail domain.
    OneOrganization,
    /// An honest intermediary, a few of whose end users harvest.
    Intermediary,
}

/// A pool of accounts behind one client, used by people who never see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relay {
    pub people: usize,
    pub ids: EndUsers,
    /// Percent of a conversation's turns that go to the next account.
    pub alternating: usize,
}

/// What a campaign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One operator's accounts.
    Ring,
    /// Many people behind pooled accounts.
    Relay,
    /// Resumes the work of a campaign that was stopped.
    Successor,
}

impl Kind {
    /// The word in the truth file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Relay => "relay",
            Self::Successor => "successor",
        }
    }
}

impl CampaignPlan {
    pub fn kind(&self) -> Kind {
        match self.fate {
            _ if self.relay.is_some() || self.end_users > 0 => Kind::Relay,
            Fate::Replacement | Fate::Resumed => Kind::Successor,
            Fate::Undetected | Fate::Banned | Fate::Siblings => Kind::Ring,
        }
    }

    pub(crate) fn expected_exchanges(&self) -> usize {
        let harvest = self.exchanges.0.midpoint(self.exchanges.1);
        self.accounts * harvest * 100 / (100 - self.cover.min(90))
    }
}

/// How the wording of a template differs between accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewording {
    Verbatim,
    /// Some words are filled anew in each request.
    Slots,
    /// Sentences in another order, a tenth of the words replaced.
    Shuffled,
    /// Each account has its own selection from sentences that the ring shares.
    OwnWording,
    /// Worded anew in each request, as a language model paraphrases; no sentence is kept.
    Paraphrased,
    /// Each account has a template of its own.
    Private,
}

/// Where a campaign's requests come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Egress {
    /// A few rented ranges.
    HostingBlocks,
    /// Residential proxies, concentrated in a few networks.
    ResidentialProxies,
    /// One machine an account, anywhere in hosting networks.
    OwnHosts,
    /// The same few addresses.
    FewAddresses,
    /// Exits of one VPN.
    Vpn,
    /// Whatever an unrelated account would have.
    Unrelated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// So many cards for all accounts.
    Cards(usize),
    Unique,
    /// Free credits: no payment instrument.
    Credits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// All at the same moments.
    Bursts,
    /// A queue deals to one account after the other, so that the sum is flat.
    Balanced,
    HumanHours,
    /// Most of it right after the release of a new model, and on that model.
    Pivot,
    /// A few a day, every day.
    Drip,
    /// One account works until its quota is used up, the next one starts within seconds.
    HandOver,
    /// At any time, but all accounts are silent during the same outages.
    Outages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signup {
    /// Within three days.
    Burst,
    /// In four batches.
    Stages,
    /// Over years, like everybody.
    Aged,
}

/// What becomes of the accounts inside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Undetected,
    /// Closed in the middle of the window.
    Banned,
    /// Opened within days after those were closed.
    Replacement,
    /// A third is closed in the middle of the window, and the others take over its load at once.
    Siblings,
    /// Resumes the work of closed accounts within hours to three days: in new accounts when the sign-up is a burst,
    /// else half of it in older ones.
    Resumed,
}

const DEMO_EXCHANGES: usize = 200_000;
const SMALLEST_CAMPAIGN: usize = 6;
/// Monday 2026-09-07.
const FIRST_DAY: Day = Day(20_703);

#[cfg(test)]
mod tests {
    use super::{FIRST_DAY, Plan};

    #[test]
    fn the_demo_starts_on_a_monday() {
        assert_eq!(FIRST_DAY.start().to_rfc3339(), "2026-09-07T00:00:00Z");
    }

    #[test]
    fn an_eighth_of_the_demo_accounts_harvest() {
        let plan = Plan::demo(1);
        let harvesting: usize = plan.campaigns.iter().map(|campaign| campaign.accounts).sum();
        let share = harvesting * 100 / plan.accounts();
        assert!((10..=14).contains(&share), "{share}");
        assert!((5500..=6500).contains(&plan.accounts()), "{}", plan.accounts());
    }
}
