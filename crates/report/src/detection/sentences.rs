//! Sentences about a campaign that every rendering uses.

use std::cmp::Ordering;
use std::fmt::Write;

use stillwatch_core::{Evidence, Millibits};
use stillwatch_detect::{BlastRadius, Campaign, CampaignKind, DetectionReport, Role};

use super::questions::margin;
use super::vocabulary::{State, rung};
use crate::number::{count, counted, probability};
use crate::phrase::{capitalised, listed, plain, sentence};

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
    text += &innocent(campaign);
    text.trim_end().into()
}

fn innocent(campaign: &Campaign) -> String {
    if let Some(margin) = margin(campaign) {
        return format!("Nearest innocent explanation: {margin}.");
    }
    let hypotheses = &campaign.benign_hypotheses;
    let of = |state: State| -> Vec<String> {
        hypotheses
            .iter()
            .filter(|hypothesis| State::of(hypothesis) == state)
            .map(|it| plain(it.name.as_str()))
            .collect()
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

/// The days from one moment to another, both RFC 3339.
pub(crate) fn days(first: &str, last: &str) -> String {
    let day = |moment: &str| moment.split('T').next().unwrap_or(moment).to_owned();
    let (first, last) = (day(first), day(last));
    if first == last { first } else { format!("{first} to {last}") }
}

pub(crate) fn size(campaign: &Campaign) -> String {
    format!(
        "{} of {}, {}, {} tokens in, {} out; {}",
        counted(campaign.accounts.len() as u64, "account"),
        counted(campaign.organizations, "organisation"),
        counted(campaign.exchanges, "exchange"),
        count(campaign.input_tokens),
        count(campaign.output_tokens),
        days(&campaign.first_seen, &campaign.last_seen)
    )
}

pub(crate) fn accounts(campaign: &Campaign) -> String {
    let mut text: Vec<String> = campaign
        .accounts
        .iter()
        .take(NAMED)
        .map(|member| {
            let role = if member.role == Role::Peripheral { ", peripheral" } else { "" };
            format!("{} ({:.2}{role})", member.account, member.probability)
        })
        .collect();
    if let Some(more) = campaign.accounts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push(format!("and {} more", count(more as u64)));
    }
    text.join(", ")
}

/// Accounts that are named.
const NAMED: usize = 6;
