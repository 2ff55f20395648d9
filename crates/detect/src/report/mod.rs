//! The detection report: the contract with everything that reads findings.

mod campaign;
mod category;
mod drawing;
mod sighting;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{AccountId, NotEvaluated, OrganizationId};

use crate::answers::Crowd;
pub use campaign::{
    BenignHypothesis, BlastRadius, Campaign, CampaignKind, Continued, Counterfactual, Indicator, IndicatorClass,
    Member, Predecessor, Recommendation, Role, Rung,
};
pub use category::{
    Category, CategoryBasis, Excepted, OwnershipChain, OwnershipStep, RegionGround, Restricted, Unrestricted,
};
pub use drawing::{EvidenceGraph, GraphEdge, GraphNode, Lane, NodeKind, Timeline};
pub use sighting::{SightedAccount, Sighting, WatchlistSummary};

/// The schema id that a report carries.
pub const SCHEMA: &str = "stillwatch.detect/2";

/// What was found, on what input, and what could not be looked at. Lists are in a stable order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DetectionReport {
    /// Always `stillwatch.detect/2`.
    pub schema: String,
    pub tool: String,
    pub window: ReportWindow,
    pub inputs: Inputs,
    pub nulls: Nulls,
    /// What could not be evaluated for want of a field or of data. It is not evidence of innocence.
    pub not_evaluated: Vec<NotEvaluated>,
    /// By tier, then by exchanges, most first.
    pub campaigns: Vec<Campaign>,
    /// Accounts that were found together and are innocent: which crowd they are, the largest first.
    #[serde(default)]
    pub crowds: Vec<Crowd>,
    /// Accounts restricted by a written policy; never a suspicion.
    pub categories: Vec<Category>,
    /// Accounts set aside because a permit covers them.
    pub permitted: Vec<Permitted>,
    /// What became of the watch-list, where one was given.
    #[serde(default)]
    pub watchlist: Option<WatchlistSummary>,
    /// Indicators of the watch-list that accounts match, strongest first. They are no findings: accounts that match and
    /// are in no campaign are told here alone, and no match moves the tier of a campaign.
    #[serde(default)]
    pub sightings: Vec<Sighting>,
}

/// The time that was looked at. Moments are RFC 3339 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportWindow {
    /// As asked for.
    pub since: Option<String>,
    /// As asked for.
    pub until: Option<String>,
    /// First exchange seen.
    pub first: Option<String>,
    /// Last exchange seen.
    pub last: Option<String>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    pub files: u64,
    pub rows: u64,
    pub rejected: u64,
    /// Rejected rows by reason.
    pub rejected_by: BTreeMap<String, u64>,
    /// Rows that repeat an exchange already seen: same account, time and request id.
    pub duplicates: u64,
    /// Rows that their retention class forbids to use.
    pub dropped_for_retention: u64,
    pub outside_window: u64,
    pub exchanges: u64,
    pub accounts: u64,
    /// Accounts of the log that the account table does not hold.
    pub accounts_without_row: u64,
    /// Share of accepted rows in which a column is present, 0 to 1.
    pub field_coverage: BTreeMap<String, f64>,
    /// Columns of the input that are not used.
    pub unknown_columns: Vec<String>,
    /// Values that could not be read, by column; the rows were kept.
    pub field_errors: BTreeMap<String, u64>,
}

/// How much the nulls can say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Nulls {
    /// Candidate sets of accounts that were tested together.
    pub candidates: u64,
    /// Permutation rounds that were made; they stop early once nothing can become significant.
    pub rounds: u64,
    /// The smallest q-value that these rounds can give.
    pub smallest_q: f64,
    pub method: String,
}

/// Accounts that a permit covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permitted {
    pub holder: String,
    pub organization: Option<OrganizationId>,
    pub valid_from: String,
    pub valid_until: String,
    pub accounts: Vec<AccountId>,
    pub exchanges: u64,
}

/// The JSON Schema of a report, as checked in under `schemas/`.
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(DetectionReport)
}
