//! What was drawn for a world, so that results can be told by family, crowd and tactic.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::Outage;
use super::{Coverage, Families, WorldPlan};
use crate::habits::{Habits, Organizations};

/// The file `world.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorldDescription {
    pub world: u64,
    pub families: Families,
    pub days: i64,
    pub first_day: String,
    /// When a new model appears.
    pub release: String,
    pub outages: Vec<Outage>,
    /// The provider's habits, in words and percent.
    pub habits: BTreeMap<&'static str, String>,
    pub coverage: Coverage,
    pub crowds: Vec<CrowdDescription>,
    pub campaigns: Vec<CampaignDescription>,
}

/// A crowd and its size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrowdDescription {
    /// As in the truth file.
    pub klass: &'static str,
    pub family: &'static str,
    pub accounts: usize,
    /// Groups that are independent of each other.
    pub groups: usize,
}

/// A campaign and its tactics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignDescription {
    /// As in the truth file.
    pub name: String,
    pub actor: String,
    pub kind: &'static str,
    pub accounts: usize,
    /// Mean harvesting exchanges of an account, and in one of its days of work.
    pub exchanges: usize,
    pub tempo: usize,
    /// The tactic of each subject; sizes, tempo and target are told in classes.
    pub tactics: BTreeMap<&'static str, &'static str>,
    pub targets: Vec<&'static str>,
}

impl WorldDescription {
    pub(super) fn of(plan: &WorldPlan) -> Self {
        Self {
            world: plan.number,
            families: plan.families,
            days: plan.days,
            first_day: plan.first_day.start().to_rfc3339(),
            release: plan.calendar.release.to_rfc3339(),
            outages: plan.calendar.outages(),
            habits: habits(&plan.habits),
            coverage: plan.coverage.clone(),
            crowds: plan
                .crowds
                .iter()
                .map(|(crowd, sizes)| CrowdDescription {
                    klass: crowd.name,
                    family: crowd.family,
                    accounts: sizes.iter().sum(),
                    groups: sizes.len(),
                })
                .collect(),
            campaigns: plan
                .campaigns
                .iter()
                .map(|campaign| {
                    let mut tactics = campaign.tactics.clone();
                    tactics.insert("size", class(campaign.accounts, SIZES));
                    tactics.insert("tempo", class(campaign.tempo, TEMPOS));
                    tactics.insert("target", campaign.targets.first().map_or("none", |family| family.name()));
                    CampaignDescription {
                        name: campaign.name.clone(),
                        actor: campaign.actor.clone(),
                        kind: campaign.kind().name(),
                        accounts: campaign.accounts,
                        exchanges: campaign.exchanges,
                        tempo: campaign.tempo,
                        tactics,
                        targets: campaign.targets.iter().map(|family| family.name()).collect(),
                    }
                })
                .collect(),
        }
    }
}

fn habits(habits: &Habits) -> BTreeMap<&'static str, String> {
    let listed = |weights: Vec<(u32, &'static str)>| {
        let whole: u32 = weights.iter().map(|(weight, _)| weight).sum::<u32>().max(1);
        let named: Vec<String> =
            weights.iter().map(|(weight, name)| format!("{name} {}", weight * 100 / whole)).collect();
        named.join(", ")
    };
    let payments = habits.payments;
    BTreeMap::from([
        ("countries", listed(habits.regions.iter().map(|(weight, region)| (*weight, region.country)).collect())),
        ("mailboxes", listed(habits.mailboxes.clone())),
        ("models", listed(habits.models.clone())),
        ("new model", habits.new_model.to_owned()),
        ("plans", listed(habits.plans.clone())),
        ("clients", habits.clients.names()),
        (
            "payment",
            format!(
                "none {}, household card {}, application store {} under {} tokens",
                payments.none, payments.household, payments.store, payments.store_tokens
            ),
        ),
        (
            "organizations",
            match habits.organizations {
                Organizations::Each => "every account".to_owned(),
                Organizations::Companies(percent) => format!("companies only, {percent} of own domains"),
            },
        ),
        ("mother tongue", habits.mother_tongue.to_string()),
        ("asks again", habits.asks_again.to_string()),
        ("oldest sign-up in days", habits.oldest.to_string()),
        ("closed inside the window", habits.closed.to_string()),
        ("owners on record", habits.everyday.owners.to_string()),
        ("foreign cards", habits.everyday.foreign_cards.to_string()),
        ("rare clients", habits.everyday.rare_clients.to_string()),
        ("public templates", habits.everyday.public_templates.to_string()),
        ("popular agents", habits.everyday.agents.to_string()),
    ])
}

/// The class that a number falls into.
fn class(number: usize, classes: &[(usize, &'static str)]) -> &'static str {
    classes.iter().rfind(|(from, _)| number >= *from).map_or("none", |(_, name)| name)
}

const SIZES: &[(usize, &str)] = &[
    (0, "5 to 9"),
    (10, "10 to 29"),
    (30, "30 to 99"),
    (100, "100 to 299"),
    (300, "300 to 999"),
    (1000, "1,000 to 5,000"),
];
const TEMPOS: &[(usize, &str)] =
    &[(0, "3 to 9"), (10, "10 to 29"), (30, "30 to 99"), (100, "100 to 299"), (300, "300 to 500")];
