//! One campaign in sentences.

use stillwatch_core::{Evidence, Tier};
use stillwatch_detect::{Campaign, Role};

use crate::number::{count, counted};
use crate::prose::{Page, Style};
use crate::table::kind;
use crate::words::{blast_radius, recommended, weight};

/// Evidence sentences that are shown; the JSON report has all.
const SENTENCES: usize = 6;
/// Accounts that are named.
const NAMED: usize = 6;

pub(crate) fn write(page: &mut Page, campaign: &Campaign) {
    let style = if campaign.tier == Tier::Act { Style::Red } else { Style::Yellow };
    page.heading(style, &format!("{} {} {}", campaign.tier, kind(campaign.kind), campaign.id));
    page.item("  ", &size(campaign));
    page.item("  accounts: ", &accounts(campaign));
    sentences(page, "for", &campaign.evidence);
    sentences(page, "against", &campaign.counter_evidence);
    let standing: Vec<_> = campaign.benign_hypotheses.iter().filter(|hypothesis| !hypothesis.rejected).collect();
    for hypothesis in &standing {
        let label = if hypothesis.tested {
            "  innocent explanation that stands: "
        } else {
            "  innocent explanation not tested: "
        };
        page.item(label, &format!("{}: {}", hypothesis.name, hypothesis.why));
    }
    if standing.is_empty() && !campaign.benign_hypotheses.is_empty() {
        let names: Vec<&str> = campaign.benign_hypotheses.iter().map(|hypothesis| hypothesis.name.as_str()).collect();
        page.item("  innocent explanations rejected: ", &names.join(", "));
    }
    page.item("  recommended: ", &recommended(campaign));
    page.item("  a suspension of all would hit: ", &blast_radius(&campaign.recommended.blast_radius));
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

fn sentences(page: &mut Page, side: &str, evidence: &[Evidence]) {
    for evidence in evidence.iter().take(SENTENCES) {
        page.item(
            &format!("  {side}: "),
            &format!("{} ({}, {})", evidence.statement.trim_end_matches('.'), evidence.family, weight(evidence)),
        );
    }
    if let Some(more) = evidence.len().checked_sub(SENTENCES).filter(|more| *more > 0) {
        page.item(&format!("  {side}: "), &format!("{more} more in the JSON report"));
    }
}
