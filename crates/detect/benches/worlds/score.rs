//! What a report is worth in one world, by the rule of the scoring tool: a campaign is found when one cluster covers at
//! least half of its accounts and at least four fifths of that cluster belong to the same actor.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use stillwatch_core::Tier;
use stillwatch_detect::DetectionReport;
use stillwatch_simulate::Truth;

/// The tiers that are told, in the order of all pairs below; `review` includes `act`.
pub(crate) const TIERS: [Tier; 2] = [Tier::Act, Tier::Review];

#[derive(Serialize)]
pub(crate) struct Outcome {
    pub(crate) exchanges: usize,
    /// Whether each campaign is found, per tier.
    pub(crate) campaigns: BTreeMap<String, [bool; 2]>,
    /// Accounts of each innocent class: all of them, and those flagged per tier.
    pub(crate) classes: BTreeMap<String, (usize, [usize; 2])>,
    /// Harvesting accounts that are flagged, per tier.
    pub(crate) right: [usize; 2],
    pub(crate) harvesting: usize,
    pub(crate) clusters: [usize; 2],
    /// Clusters of which under half of the accounts harvest.
    pub(crate) false_clusters: [usize; 2],
}

impl Outcome {
    pub(crate) fn of(truth: &Truth, report: &DetectionReport, exchanges: usize) -> Self {
        let mut outcome = Self {
            exchanges,
            campaigns: truth.campaign.values().map(|name| (name.clone(), [false; 2])).collect(),
            classes: BTreeMap::new(),
            right: [0; 2],
            harvesting: truth.campaign.len(),
            clusters: [0; 2],
            false_clusters: [0; 2],
        };
        for (account, class) in &truth.klass {
            if !truth.campaign.contains_key(account) {
                outcome.classes.entry(class.clone()).or_default().0 += 1;
            }
        }
        for (place, tier) in TIERS.into_iter().enumerate() {
            outcome.add(truth, report, place, tier);
        }
        outcome
    }

    fn add(&mut self, truth: &Truth, report: &DetectionReport, place: usize, tier: Tier) {
        let clusters: Vec<BTreeSet<&str>> = report
            .campaigns
            .iter()
            .filter(|campaign| campaign.tier >= tier)
            .map(|campaign| campaign.accounts.iter().map(|member| member.account.as_str()).collect())
            .collect();
        let harvests = |account: &&&str| truth.campaign.contains_key(**account);
        let flagged: BTreeSet<&str> = clusters.iter().flatten().copied().collect();
        self.clusters[place] = clusters.len();
        self.right[place] = flagged.iter().filter(harvests).count();
        self.false_clusters[place] =
            clusters.iter().filter(|cluster| 2 * cluster.iter().filter(harvests).count() < cluster.len()).count();
        for account in flagged.iter().filter(|account| !harvests(account)) {
            let class = truth.klass.get(*account).cloned().unwrap_or_default();
            self.classes.entry(class).or_default().1[place] += 1;
        }
        let actor = |campaign: &String| truth.actor.get(campaign).unwrap_or(campaign).clone();
        for (name, found) in &mut self.campaigns {
            let members: BTreeSet<&str> = truth
                .campaign
                .iter()
                .filter(|(_, campaign)| *campaign == name)
                .map(|(account, _)| &**account)
                .collect();
            let mut best: (usize, Option<&BTreeSet<&str>>) = (0, None);
            for cluster in &clusters {
                let covered = members.intersection(cluster).count();
                if covered > best.0 {
                    best = (covered, Some(cluster));
                }
            }
            let (covered, Some(cluster)) = best else {
                continue;
            };
            let own = actor(name);
            let pure =
                cluster.iter().filter(|account| truth.campaign.get(**account).map(actor) == Some(own.clone())).count();
            found[place] = 2 * covered >= members.len() && 5 * pure >= 4 * cluster.len();
        }
    }

    /// Campaigns found at a tier, by its place.
    pub(crate) fn found(&self, place: usize) -> usize {
        self.campaigns.values().filter(|found| found[place]).count()
    }

    pub(crate) fn false_accounts(&self, place: usize) -> usize {
        self.classes.values().map(|(_, flagged)| flagged[place]).sum()
    }
}
