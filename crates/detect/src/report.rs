//! The detection report: the contract with everything that reads findings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{
    AccountId, CampaignId, Evidence, Family, IndicatorKind, Marking, Millibits, NotEvaluated, OrganizationId, Tier,
};

use crate::answers::{Answers, Crowd};

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

/// Exchanges of a campaign by time. Empty where a report of an earlier version has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timeline {
    /// When the first cell begins, RFC 3339 in UTC.
    pub start: String,
    /// Length of a cell in hours, so chosen that there are at most 120 cells.
    pub step_hours: u64,
    /// Exchanges of all accounts in each cell, also of those without a lane.
    pub total: Vec<u64>,
    /// One an account, those with most exchanges first.
    pub lanes: Vec<Lane>,
    /// Accounts that have no lane: there are at most 300 lanes.
    pub left_out: u64,
}

/// When one account was active.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lane {
    pub account: AccountId,
    /// Exchanges in each cell.
    pub counts: Vec<u64>,
}

/// Accounts of a campaign on one side, what at least two of its owners share on the other, and who has what. It shows
/// the grounds and decides nothing. Empty where a report of an earlier version has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceGraph {
    /// At most 200: first the accounts, then what they share, by kind.
    pub nodes: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
    /// Accounts that have no node of their own, because there are too many: those that share the same things stand
    /// together, and so do the rest.
    pub grouped_accounts: u64,
    /// Shared things without a node: the weakest, beyond 32.
    pub omitted_keys: u64,
}

/// An account, several of them, or something that they share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GraphNode {
    pub kind: NodeKind,
    /// The account, where the node is one.
    pub account: Option<AccountId>,
    /// What is shared, as fingerprint under the local key, in hexadecimal.
    pub fingerprint: Option<String>,
    /// How many things of the kind exactly these accounts share; the fingerprint is that of one of them.
    pub keys: u64,
    /// Accounts that the node stands for, or that share it.
    pub accounts: u64,
    /// Accounts outside the campaign that have it too.
    pub outside: u64,
}

/// What a node of the graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    Account,
    /// Several accounts.
    Accounts,
    /// Passages that the accounts repeat.
    Wording,
    SystemPrompt,
    /// A set of tool definitions.
    Tools,
    /// An opening or closing of prompts.
    Skeleton,
    /// Sampling parameters.
    Parameters,
    /// A payment instrument.
    Payment,
    /// A telephone number or an e-mail address.
    Contact,
    Address,
    /// The /24 or /48 of an address.
    Network,
    /// An autonomous system.
    Carrier,
    /// The domain of an e-mail address.
    MailDomain,
    /// A TLS client fingerprint.
    Client,
}

/// That an account, or some of a group, has what another node stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GraphEdge {
    /// The accounts: place of a node in the list of nodes, from 0.
    pub from: u32,
    /// What they share: place of a node.
    pub to: u32,
    /// Accounts of the node that share it.
    pub accounts: u64,
    /// How rare it is (log2 of the owners there are for each that has it), scaled down where it is in less than a fifth
    /// of an account's traffic; the mean of the accounts.
    #[serde(rename = "millibits")]
    pub strength: Millibits,
}

impl NodeKind {
    /// The family of evidence that it belongs to; accounts have none.
    pub fn family(self) -> Option<Family> {
        match self {
            Self::Account | Self::Accounts => None,
            Self::Wording | Self::SystemPrompt | Self::Tools | Self::Skeleton | Self::Parameters => {
                Some(Family::Content)
            }
            _ => Some(Family::Infrastructure),
        }
    }

    /// The same number for what follows from the same cause, such as an address and its network.
    pub(crate) fn channel(self) -> u8 {
        match self {
            Self::Network => Self::Address as u8,
            Self::Contact => Self::Payment as u8,
            kind => kind as u8,
        }
    }
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
    pub name: String,
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
    pub suppose: String,
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

/// Accounts that a written policy restricts. It rests on the rule alone and says nothing about what anybody did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Category {
    /// The rule's stable name.
    pub rule: String,
    pub title: String,
    pub basis: CategoryBasis,
    /// Whom it restricts, in words.
    pub restricts: String,
    /// What the rule asks for; nothing is done by itself.
    pub action: String,
    /// By their ids.
    pub accounts: Vec<Restricted>,
    /// Accounts that it would restrict but for an exception that it makes itself.
    pub excepted: Vec<Excepted>,
    pub unrestricted: Unrestricted,
}

/// The written rule that a category rests on. Days are UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryBasis {
    pub rule: String,
    pub source: String,
    pub effective: String,
    /// The day on which it ends.
    pub until: Option<String>,
}

/// An account that a rule restricts, and on what ground, as of the last day on which it was active.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Restricted {
    pub account: AccountId,
    pub exchanges: u64,
    /// The ground in a sentence.
    pub ground: String,
    /// What restricted owners hold of the account's owner, in per cent; of a rule about owners.
    pub share_percent: Option<f64>,
    /// How they hold it, through the greatest stakes first; nothing where the rule names the owner itself. Chains beyond
    /// the fifth are left out.
    pub chains: Vec<OwnershipChain>,
    /// The fields that name a restricted region; of a rule about regions.
    pub regions: Vec<RegionGround>,
    /// Who holds a permit that covers the account. A permit to distil lifts no other rule.
    pub permit: Option<String>,
}

/// A chain of stakes, from a restricted owner down to the account's owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnershipChain {
    /// The product of the stakes; under a rule by which control passes on in full, the last of them.
    pub share_percent: f64,
    pub steps: Vec<OwnershipStep>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnershipStep {
    pub owner: String,
    pub entity: String,
    pub share_percent: f64,
    pub since: String,
    pub source: String,
}

/// A field of an account that names a restricted region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RegionGround {
    pub field: String,
    /// Code of ISO 3166; nothing for the countries of requests.
    pub region: Option<String>,
    /// Of the requests whose country is known, at least how many per cent came from the regions of the rule; an estimate.
    pub share_percent: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Excepted {
    pub account: AccountId,
    pub why: String,
}

/// Accounts that a rule does not restrict, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unrestricted {
    /// The account table or the policy does not say enough to tell.
    pub unknown: u64,
    /// It does not apply to them.
    pub others: u64,
    /// It was not in force on the last day on which they were active.
    pub not_in_force: u64,
    /// The provider's own.
    pub internal: u64,
}

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

/// The JSON Schema of a report, as checked in under `schemas/`.
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(DetectionReport)
}
