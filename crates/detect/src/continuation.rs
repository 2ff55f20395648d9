//! Which campaign of one report is which of another: the rule by which reports are compared, and by which a campaign keeps
//! its name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{AccountId, CampaignId, count, ratio};

use crate::report::{Campaign, Continued, DetectionReport};

/// Campaigns of two reports, matched one with one.
///
/// Two are matched when they share most accounts of the smaller one. Those that share most are matched first; among
/// equals, the lower ids. Of a campaign that has split, the largest part is therefore the campaign; of several that have
/// merged, the whole is the one that gave it most. Neither the order of the campaigns nor that of their accounts matters.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    /// Every two that share accounts: places of the earlier and of the later campaign, and how many they share.
    shared: BTreeMap<(usize, usize), usize>,
    earlier: BTreeMap<usize, usize>,
    later: BTreeMap<usize, usize>,
}

impl Matching {
    pub fn new(before: &[Campaign], after: &[Campaign]) -> Self {
        let mut matching = Self::default();
        let mut holding: BTreeMap<&AccountId, BTreeSet<usize>> = BTreeMap::new();
        for (at, campaign) in before.iter().enumerate() {
            for member in &campaign.accounts {
                holding.entry(&member.account).or_default().insert(at);
            }
        }
        for (other, campaign) in after.iter().enumerate() {
            let accounts: BTreeSet<&AccountId> = campaign.accounts.iter().map(|member| &member.account).collect();
            for &at in accounts.into_iter().filter_map(|account| holding.get(account)).flatten() {
                *matching.shared.entry((at, other)).or_default() += 1;
            }
        }
        let mut pairs: Vec<_> = matching
            .shared
            .iter()
            .filter_map(|(&(at, other), &both)| {
                let (old, new) = (before.get(at)?, after.get(other)?);
                let most = 2 * both > old.accounts.len().min(new.accounts.len());
                most.then_some((Reverse(both), &old.id, &new.id, at, other))
            })
            .collect();
        pairs.sort_unstable();
        for (.., at, other) in pairs {
            if !matching.later.contains_key(&at) && !matching.earlier.contains_key(&other) {
                matching.later.insert(at, other);
                matching.earlier.insert(other, at);
            }
        }
        matching
    }

    /// The place of the earlier campaign that a later one is matched with.
    pub fn earlier(&self, later: usize) -> Option<usize> {
        self.earlier.get(&later).copied()
    }

    /// The place of the later campaign that an earlier one is matched with.
    pub fn later(&self, earlier: usize) -> Option<usize> {
        self.later.get(&earlier).copied()
    }

    /// Places of the earlier campaigns that share accounts with a later one, matched or not, and how many they share.
    pub fn sources(&self, later: usize) -> impl Iterator<Item = (usize, usize)> {
        self.shared.iter().filter(move |(pair, _)| pair.1 == later).map(|(pair, both)| (pair.0, *both))
    }

    /// Places of the later campaigns that share accounts with an earlier one, matched or not.
    pub fn destinations(&self, earlier: usize) -> impl Iterator<Item = usize> {
        self.shared.keys().filter(move |pair| pair.0 == earlier).map(|pair| pair.1)
    }
}

impl DetectionReport {
    /// Gives each campaign that continues one of an earlier report the id that it had there, and says so in it.
    ///
    /// A campaign that continues none keeps the id that follows from its members, unless another has taken that over:
    /// then it is numbered.
    pub fn continue_from(&mut self, previous: &Self) {
        let matching = Matching::new(&previous.campaigns, &self.campaigns);
        let continued = |later: usize| {
            let (earlier, shared) =
                matching.sources(later).find(|(earlier, _)| Some(*earlier) == matching.earlier(later))?;
            let campaign = previous.campaigns.get(earlier)?;
            let share = ratio(shared, campaign.accounts.len());
            Some(Continued { id: campaign.id.clone(), shared_accounts: count(shared), share })
        };
        for (later, campaign) in self.campaigns.iter_mut().enumerate() {
            campaign.continues = continued(later);
        }
        let mut taken: BTreeSet<CampaignId> =
            self.campaigns.iter().filter_map(|campaign| Some(campaign.continues.as_ref()?.id.clone())).collect();
        let mut names: BTreeMap<CampaignId, CampaignId> = BTreeMap::new();
        for campaign in &mut self.campaigns {
            let name = match &campaign.continues {
                Some(continued) => continued.id.clone(),
                None => untaken(&campaign.id, &taken),
            };
            taken.insert(name.clone());
            names.insert(std::mem::replace(&mut campaign.id, name.clone()), name);
        }
        let sighted = self.sightings.iter_mut().flat_map(|sighting| &mut sighting.accounts);
        for campaign in sighted.filter_map(|account| account.campaign.as_mut()) {
            if let Some(name) = names.get(campaign) {
                *campaign = name.clone();
            }
        }
        self.campaigns.sort_by(Campaign::order);
    }
}

fn untaken(id: &CampaignId, taken: &BTreeSet<CampaignId>) -> CampaignId {
    let numbered = (2_u64..).map(|number| CampaignId::from(format!("{id}-{number}")));
    std::iter::once(id.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_else(|| id.clone())
}
