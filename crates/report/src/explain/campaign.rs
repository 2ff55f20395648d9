//! A campaign in full, for a terminal.

use stillwatch_core::{AccountId, Tier};
use stillwatch_detect::Campaign;

use crate::detection::questions::{self, bits, hypotheses, is_answered, questions};
use crate::detection::sentences::{accounts, blast_radius, days, recommended, size, weight};
use crate::detection::vocabulary::{State, kind, technique, tier_meaning};
use crate::number::probability;
use crate::phrase::{plain, sentence};
use crate::prose::{Page, Style};

/// A campaign in full.
pub(super) fn write(page: &mut Page, campaign: &Campaign) {
    page.heading(style(campaign.tier), &format!("{} {} {}", campaign.tier, kind(campaign.kind), campaign.id));
    questions::write(page, campaign);
    page.item("  ", &format!("tier {}: {}", campaign.tier, tier_meaning(campaign.tier)));
    page.item("  ", &size(campaign));
    let families: Vec<String> = campaign.families.iter().map(ToString::to_string).collect();
    let families = if families.is_empty() { "none".into() } else { families.join(", ") };
    let (q, score) = (probability(campaign.q_value), campaign.score_bits);
    page.item("  ", &format!("q {q}, {score:.1} bits; significant on their own: {families}"));
    page.item("  accounts: ", &accounts(campaign));
    if is_answered(campaign) {
        page.heading(Style::Bold, "What the answers rest on (bits for one hidden operator against unrelated accounts)");
    }
    for question in questions(campaign) {
        for sign in question.signs() {
            let text = format!("{}: {} ({})", sign.name, sentence(&sign.statement), bits(sign.bits));
            page.item(&format!("  {} ", question.text), &text);
        }
    }
    for (heading, evidence) in [("For it", &campaign.evidence), ("Against it", &campaign.counter_evidence)] {
        page.heading(Style::Bold, heading);
        if evidence.is_empty() {
            page.item("  ", "nothing was found");
        }
        for item in evidence {
            let p = item
                .p_value
                .as_ref()
                .map_or_else(String::new, |p| format!("; p {}, null: {}", probability(p.value), sentence(&p.null)));
            let text = format!("{} ({}, {}{p})", sentence(&item.statement), item.family, weight(item));
            page.item("  - ", &text);
        }
    }
    page.heading(Style::Bold, "Innocent explanations");
    if campaign.benign_hypotheses.is_empty() {
        page.item("  ", "none was tested");
    }
    for hypothesis in hypotheses(campaign) {
        let lead = if is_answered(campaign) { format!(" ({})", bits(hypothesis.bits)) } else { String::new() };
        let label = format!("  {}{lead}: ", State::of(hypothesis).word());
        page.item(&label, &format!("{}: {}", plain(hypothesis.name.as_str()), hypothesis.why));
    }
    page.heading(Style::Bold, "What would have to change");
    if campaign.counterfactuals.is_empty() {
        page.item("  ", "the report holds no counterfactuals of this campaign");
    }
    for other in &campaign.counterfactuals {
        let tier = other.tier.map_or_else(|| "not told".into(), |tier| format!("tier {tier}"));
        page.item(&format!("  {tier} "), &format!("{}: {}", other.suppose, other.statement));
    }
    if !campaign.predecessors.is_empty() {
        page.heading(Style::Bold, "Closed accounts whose place these took");
        for before in &campaign.predecessors {
            let successors: Vec<&str> = before.successors.iter().map(AccountId::as_str).collect();
            let closed = days(&before.closed, &before.closed);
            let text =
                format!("{}, closed {closed}, by {}: {}", before.account, successors.join(", "), before.statement);
            page.item("  - ", &text);
        }
    }
    page.heading(Style::Bold, "What to do");
    page.item("  recommended: ", &recommended(campaign));
    page.item("  a suspension of all would hit: ", &blast_radius(&campaign.recommended.blast_radius));
    if !campaign.atlas.is_empty() {
        let tags =
            campaign.atlas.iter().map(|id| technique(id).map_or_else(|| id.clone(), |name| format!("{id} {name}")));
        page.item("  MITRE ATLAS: ", &tags.collect::<Vec<_>>().join("; "));
    }
}

/// How a tier is shown.
pub(super) fn style(tier: Tier) -> Style {
    if tier == Tier::Act { Style::Red } else { Style::Yellow }
}
