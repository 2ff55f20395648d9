//! What a report draws of a campaign: when its accounts were active, and what they share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{AccountId, Family, Millibits};

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
