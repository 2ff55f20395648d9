//! What became of a watch-list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{AccountId, CampaignId, Family, IndicatorKind, Marking, Millibits};

/// What became of a watch-list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WatchlistSummary {
    pub indicators: u64,
    /// Indicators that some account matched.
    pub matched: u64,
    /// Of these, the ones that are so common here that a match says nothing.
    pub common: u64,
    /// Indicators that had ended before the log begins; they match nothing.
    pub expired: u64,
    /// Indicators that begin after the log ends; they match nothing.
    pub not_yet_valid: u64,
    /// Indicators of which no account has the field.
    pub without_field: u64,
    /// The strictest marking of what matched: how far this report may be passed on.
    pub marking: Option<Marking>,
}

/// An indicator of a watch-list that accounts match. It is what somebody else saw; alone it says nothing about anyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sighting {
    /// The indicator's id in the watch-list, or its number there. Its value is not repeated.
    pub indicator: String,
    pub kind: IndicatorKind,
    /// The family that it is counted with.
    pub family: Family,
    pub confidence: u8,
    pub valid_from: String,
    pub valid_until: String,
    pub marking: Marking,
    pub source: String,
    pub context: String,
    /// Accounts that match, named below or not.
    pub holders: u64,
    /// Whether it is so common here that a match weighs nothing.
    pub common: bool,
    /// log2 of how rare a match is in this log, times the confidence, in millibits; capped.
    #[serde(rename = "millibits")]
    pub bits: Millibits,
    /// The accounts that match; of a common indicator, only those that are in a campaign anyway.
    pub accounts: Vec<SightedAccount>,
    pub statement: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SightedAccount {
    pub account: AccountId,
    /// The campaign that tells of it.
    pub campaign: Option<CampaignId>,
    /// Whether a permit covers it.
    pub permitted: bool,
}
