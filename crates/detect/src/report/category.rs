//! Accounts that a written policy restricts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::AccountId;

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
