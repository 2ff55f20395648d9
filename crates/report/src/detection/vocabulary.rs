//! What people call the enumerations of a report.

use stillwatch_core::Tier;
use stillwatch_detect::{BenignHypothesis, CampaignKind, NodeKind, Role, Rung};

pub(crate) fn tier_meaning(tier: Tier) -> &'static str {
    match tier {
        Tier::Act => {
            "they act as one, they harvest, and they hide it or broke a rule; no innocent explanation fits nearly as well"
        }
        Tier::Review => "they may act as one, and harvest or hide it; a person should look at it",
        Tier::Watch => "says nothing about anyone",
    }
}

pub(crate) fn kind(kind: CampaignKind) -> &'static str {
    match kind {
        CampaignKind::Ring => "ring",
        CampaignKind::Relay => "relay",
        CampaignKind::Successor => "successor",
        CampaignKind::Single => "single",
    }
}

/// What became of an innocent explanation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Stands,
    Untested,
    Rejected,
}

impl State {
    pub(crate) fn of(hypothesis: &BenignHypothesis) -> Self {
        match (hypothesis.tested, hypothesis.rejected) {
            (false, _) => Self::Untested,
            (true, true) => Self::Rejected,
            (true, false) => Self::Stands,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Untested => "not tested",
            Self::Rejected => "rejected",
        }
    }
}

pub(crate) fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Observe => "observe",
        Rung::Verify => "verify identity or payment, or talk to the customer",
        Rung::Limit => "limit",
        Rung::Suspend => "suspend, after a named person has confirmed it",
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Core => "core",
        Role::Peripheral => "peripheral",
    }
}

pub(crate) fn node_kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Account => "account",
        NodeKind::Accounts => "accounts",
        NodeKind::Wording => "wording",
        NodeKind::SystemPrompt => "system prompt",
        NodeKind::Tools => "tool definitions",
        NodeKind::Skeleton => "opening or closing",
        NodeKind::Parameters => "parameters",
        NodeKind::Payment => "payment",
        NodeKind::Contact => "contact",
        NodeKind::Address => "address",
        NodeKind::Network => "network",
        NodeKind::Carrier => "carrier",
        NodeKind::MailDomain => "mail domain",
        NodeKind::Client => "TLS client",
    }
}

/// Names of techniques in MITRE ATLAS 5.6.
pub(crate) fn technique(id: &str) -> Option<&'static str> {
    Some(match id {
        "AML.T0005.001" => "Create Proxy AI Model: Train Proxy via Replication",
        "AML.T0008.005" => "Acquire Infrastructure: AI Service Proxies",
        "AML.T0021" => "Establish Accounts",
        "AML.T0024" => "Exfiltration via AI Inference API",
        "AML.T0024.002" => "Exfiltration via AI Inference API: Extract AI Model",
        "AML.T0034" => "Cost Harvesting",
        "AML.T0040" => "AI Model Inference API Access",
        "AML.T0048.004" => "External Harms: AI Intellectual Property Theft",
        "AML.T0065" => "LLM Prompt Crafting",
        _ => return None,
    })
}
