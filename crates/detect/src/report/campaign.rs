//! A campaign of a report.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{AccountId, CampaignId, Evidence, Family, Millibits, Tier};

use crate::answers::Answers;
use crate::hypothesis::{HypothesisName, Supposition};
use crate::report::drawing::{EvidenceGraph, Timeline};

/// The shape of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CampaignKind {
    /// Accounts that act as one.
    Ring,
    /// Many people behind pooled accounts; never terminated.
    Relay,
    /// Accounts that take the place of closed ones.
    Successor,
    /// One account; at most tier `review`.
    Single,
}

/// Accounts that act as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Campaign {
    /// Follows from the members, unless the campaign continues one of an earlier report.
    pub id: CampaignId,
    /// The campaign of an earlier report that it continues, where one was given.
    #[serde(default)]
    pub continues: Option<Continued>,
    pub kind: CampaignKind,
    pub tier: Tier,
    /// Probability that chance gives any candidate as much, in the test that carries the tier; doubled, for there are two
    /// families of tests (beside the requests, and in them).
    pub q_value: f64,
    /// Sum of the families' capped evidence, in bits.
    pub score_bits: f64,
    /// Families that are significant on their own.
    pub families: Vec<Family>,
    pub accounts: Vec<Member>,
    pub organizations: u64,
    pub first_seen: String,
    pub last_seen: String,
    pub exchanges: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// The three questions, each with its own evidence.
    #[serde(default)]
    pub answers: Answers,
    /// By how many bits one hidden operator explains the accounts better than the innocent crowd that fits best.
    #[serde(default)]
    pub margin_bits: f64,
    /// What all signs say for one hidden operator, by the weights that were learnt on random worlds, in bits: where the sum
    /// starts, and the weight of each sign of `answers`.
    #[serde(default)]
    pub strength_bits: f64,
    /// The mean of margin and strength, each cut at six bits: what the verdict rests on beside the three answers.
    #[serde(default)]
    pub balance_bits: f64,
    pub evidence: Vec<Evidence>,
    pub counter_evidence: Vec<Evidence>,
    pub benign_hypotheses: Vec<BenignHypothesis>,
    /// What the verdict would be without each part of its grounds, by the same rules.
    #[serde(default)]
    pub counterfactuals: Vec<Counterfactual>,
    /// Closed accounts whose place these took, with the reasons.
    #[serde(default)]
    pub predecessors: Vec<Predecessor>,
    pub indicators: Vec<Indicator>,
    pub recommended: Recommendation,
    /// MITRE ATLAS techniques.
    pub atlas: Vec<String>,
    /// When each account was active.
    #[serde(default)]
    pub timeline: Timeline,
    /// What the accounts share.
    #[serde(default)]
    pub graph: EvidenceGraph,
}

/// An earlier campaign whose name a campaign bears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Continued {
    pub id: CampaignId,
    /// Accounts that are in both.
    pub shared_accounts: u64,
    /// Of the earlier campaign's accounts, the share that is in this one, 0 to 1.
    pub share: f64,
}

/// One account of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    pub account: AccountId,
    /// How much of the campaign's evidence this account carries itself, 0 to 1. It is not calibrated on labels.
    pub probability: f64,
    pub role: Role,
    pub exchanges: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Linked by content and by another family.
    Core,
    /// Linked by content alone.
    Peripheral,
}

/// An innocent crowd, held against one hidden operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenignHypothesis {
    pub name: HypothesisName,
    /// Whether the log shows enough signs to tell it from another.
    pub tested: bool,
    /// Whether one hidden operator explains the accounts better. What is not rejected stands.
    pub rejected: bool,
    /// By how many bits one hidden operator explains them better; negative where this explanation does.
    #[serde(default)]
    pub bits: f64,
    pub why: String,
}

/// The verdict that the same rules give when one part of the grounds is taken away, or one doubt is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counterfactual {
    /// What is supposed: `without payment`, `without the family timing`, `if classroom were rejected`.
    pub suppose: Supposition,
    /// The tier that is left; nothing when no campaign would be told.
    pub tier: Option<Tier>,
    pub statement: String,
}

/// A closed account whose place an account of the campaign took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Predecessor {
    pub account: AccountId,
    /// Accounts of the campaign that took its place.
    pub successors: Vec<AccountId>,
    /// When it was closed or fell silent, RFC 3339.
    pub closed: String,
    pub statement: String,
}

/// What could be matched elsewhere. Values are fingerprints under the local key, or counts; never plain identities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Indicator {
    pub kind: IndicatorClass,
    /// Fingerprint under the local key, in hexadecimal.
    pub fingerprint: String,
    pub accounts: u64,
    pub context: String,
}

/// What an indicator of a campaign is the fingerprint of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorClass {
    /// A run of words that members repeat.
    Passage,
    /// Somebody behind the pooled accounts of a relay.
    EndUser,
}

impl IndicatorClass {
    /// The word that reports use for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passage => "passage",
            Self::EndUser => "end_user",
        }
    }
}

/// What to do next, and what it would hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    pub rung: Rung,
    pub blast_radius: BlastRadius,
    pub why: String,
}

/// A step of the enforcement ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    Observe,
    /// Ask for identity or payment verification, or talk to the customer.
    Verify,
    Limit,
    /// Suspend after a named person has confirmed it.
    Suspend,
}

/// What an action on every account would hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlastRadius {
    pub accounts: u64,
    pub organizations: u64,
    /// Accounts that name end users of their own.
    pub with_end_users: u64,
    /// End users named by these accounts.
    pub end_users: u64,
    /// Accounts outside the campaign that share its most specific networks: what an address block would hit.
    pub bystanders_on_networks: u64,
}

impl Campaign {
    /// The order of campaigns in a report: by tier, then by exchanges, most first; then by id.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        (other.tier, other.exchanges, &self.id).cmp(&(self.tier, self.exchanges, &other.id))
    }

    /// The score as integer evidence.
    pub fn score(&self) -> Millibits {
        Millibits::from_bits(self.score_bits)
    }
}
