//! Sentences about a campaign that every rendering uses.

use std::cmp::Ordering;
use std::fmt::Write;

use stillwatch_core::{Evidence, Millibits, Tier};
use stillwatch_detect::{BenignHypothesis, BlastRadius, Campaign, CampaignKind, DetectionReport, NodeKind, Role, Rung};

use crate::campaign::days;
use crate::number::{counted, probability};

/// Campaigns in the order in which they deserve attention: by tier, and within a tier by harm times confidence, that is
/// output tokens times (1 − q).
pub(crate) fn ranked(report: &DetectionReport) -> Vec<&Campaign> {
    #[expect(clippy::cast_precision_loss, reason = "a ranking of numbers of tokens")]
    let weight = |campaign: &Campaign| campaign.output_tokens as f64 * (1.0 - campaign.q_value);
    let mut campaigns: Vec<&Campaign> = report.campaigns.iter().collect();
    campaigns.sort_by(|a, b| {
        let heavier = weight(b).partial_cmp(&weight(a)).unwrap_or(Ordering::Equal);
        b.tier.cmp(&a.tier).then(heavier).then_with(|| b.exchanges.cmp(&a.exchanges)).then_with(|| a.id.cmp(&b.id))
    });
    campaigns
}

pub(crate) fn tier_meaning(tier: Tier) -> &'static str {
    match tier {
        Tier::Act => "two independent families of evidence, and no innocent explanation is left",
        Tier::Review => "a person should look at it",
        Tier::Watch => "says nothing about anyone",
    }
}

/// `Ring of 12 accounts`.
pub(crate) fn title(campaign: &Campaign) -> String {
    let kind = match campaign.kind {
        CampaignKind::Ring => "Ring",
        CampaignKind::Relay => "Relay",
        CampaignKind::Successor => "Successors",
        CampaignKind::Single => "Single account",
    };
    match campaign.kind {
        CampaignKind::Single => kind.into(),
        _ => format!("{kind} of {}", counted(campaign.accounts.len() as u64, "account")),
    }
}

/// Why it is told, in one paragraph.
pub(crate) fn why(campaign: &Campaign) -> String {
    let mut text = format!(
        "{} of {} made {} ({}). ",
        counted(campaign.accounts.len() as u64, "account"),
        counted(campaign.organizations, "organisation"),
        counted(campaign.exchanges, "exchange"),
        days(&campaign.first_seen, &campaign.last_seen)
    );
    let seen = match (campaign.kind, campaign.families.is_empty()) {
        (CampaignKind::Single, _) => "One account alone cannot be told from a batch job by its shape. ".to_owned(),
        (_, true) => "No family of evidence is significant on its own. ".to_owned(),
        (_, false) => {
            let names: Vec<String> = campaign.families.iter().map(ToString::to_string).collect();
            format!(
                "That they act as one is seen in {}; chance gives as much to the luckiest candidate with probability {} (q). ",
                listed(&names),
                probability(campaign.q_value)
            )
        }
    };
    text.push_str(&seen);
    let mut strongest: Vec<&Evidence> = Vec::new();
    for evidence in &campaign.evidence {
        match strongest.iter_mut().find(|other| other.family.independent() == evidence.family.independent()) {
            Some(other) if other.bits < evidence.bits => *other = evidence,
            Some(_) => {}
            None => strongest.push(evidence),
        }
    }
    strongest.retain(|evidence| evidence.bits > Millibits::ZERO);
    for evidence in &strongest {
        // Writing to a string does not fail.
        let _ = write!(text, "{}: {}. ", capitalised(&evidence.family.to_string()), sentence(&evidence.statement));
    }
    text += &innocent(&campaign.benign_hypotheses);
    text.trim_end().into()
}

fn innocent(hypotheses: &[BenignHypothesis]) -> String {
    let of = |state: State| -> Vec<String> {
        hypotheses.iter().filter(|hypothesis| State::of(hypothesis) == state).map(|it| plain(&it.name)).collect()
    };
    let (standing, untested, rejected) = (of(State::Stands), of(State::Untested), of(State::Rejected));
    match (standing.is_empty(), untested.is_empty(), rejected.is_empty()) {
        (true, true, true) => "No innocent explanation was tested.".into(),
        (true, true, false) => {
            format!("The data reject every innocent explanation that was tested ({}).", rejected.len())
        }
        (false, true, _) => format!("An innocent explanation stands: {}.", listed(&standing)),
        (true, false, _) => format!("An innocent explanation could not be tested: {}.", listed(&untested)),
        (false, false, _) => {
            format!(
                "Innocent explanations stand ({}) or could not be tested ({}).",
                listed(&standing),
                listed(&untested)
            )
        }
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

/// Innocent explanations, those that speak for the accounts first.
pub(crate) fn hypotheses(campaign: &Campaign) -> Vec<&BenignHypothesis> {
    let mut all: Vec<&BenignHypothesis> = campaign.benign_hypotheses.iter().collect();
    all.sort_by_key(|hypothesis| State::of(hypothesis));
    all
}

pub(crate) fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Observe => "observe",
        Rung::Verify => "verify identity or payment, or talk to the customer",
        Rung::Limit => "limit",
        Rung::Suspend => "suspend, after a named person has confirmed it",
    }
}

pub(crate) fn recommended(campaign: &Campaign) -> String {
    let rung = rung(campaign.recommended.rung);
    if campaign.recommended.why.is_empty() { rung.into() } else { format!("{rung}; {}", campaign.recommended.why) }
}

/// What an action on every account would hit.
pub(crate) fn blast_radius(radius: &BlastRadius) -> String {
    format!(
        "{}, {}, {}; an address block also {} outside",
        counted(radius.accounts, "account"),
        counted(radius.organizations, "organisation"),
        counted(radius.end_users, "end user"),
        counted(radius.bystanders_on_networks, "account")
    )
}

/// What evidence weighs.
pub(crate) fn weight(evidence: &Evidence) -> String {
    match evidence.bits {
        Millibits::ZERO => "not counted".into(),
        Millibits(-49..=49) => "under 0.1 bits".into(),
        bits => format!("{:+.1} bits", bits.bits()),
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Core => "core",
        Role::Peripheral => "peripheral",
    }
}

pub(crate) fn node(kind: NodeKind) -> &'static str {
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

/// `shared_egress` as `shared egress`.
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Without the stop at its end.
pub(crate) fn sentence(text: &str) -> &str {
    text.trim_end_matches('.')
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// At most so many letters, the last of them a sign that there are more.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().nth(letters).is_none() {
        return text.into();
    }
    text.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}
