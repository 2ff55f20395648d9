//! One campaign in sentences.

use stillwatch_core::{Evidence, Tier};
use stillwatch_detect::Campaign;

use crate::detection::sentences::{accounts, blast_radius, recommended, size, weight};
use crate::detection::questions::{self, hypotheses};
use crate::detection::vocabulary::{State, kind};
use crate::phrase::plain;
use crate::prose::{Page, Style};

/// Evidence sentences that are shown; the JSON report has all.
const SENTENCES: usize = 6;
/// Innocent explanations that are shown because they stand.
const STANDING: usize = 3;

pub(crate) fn write(page: &mut Page, campaign: &Campaign) {
    let style = if campaign.tier == Tier::Act { Style::Red } else { Style::Yellow };
    page.heading(style, &format!("{} {} {}", campaign.tier, kind(campaign.kind), campaign.id));
    questions::write(page, campaign);
    page.item("  ", &size(campaign));
    page.item("  accounts: ", &accounts(campaign));
    sentences(page, "for", &campaign.evidence);
    sentences(page, "against", &campaign.counter_evidence);
    for hypothesis in hypotheses(campaign).into_iter().filter(|hypothesis| !hypothesis.rejected).take(STANDING) {
        let label = match State::of(hypothesis) {
            State::Untested => "  innocent explanation not tested: ",
            _ => "  innocent explanation that stands: ",
        };
        page.item(label, &format!("{}: {}", plain(hypothesis.name.as_str()), hypothesis.why));
    }
    page.item("  recommended: ", &recommended(campaign));
    page.item("  a suspension of all would hit: ", &blast_radius(&campaign.recommended.blast_radius));
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
