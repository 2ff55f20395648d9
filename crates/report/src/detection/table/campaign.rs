//! One campaign in sentences.

use stillwatch_core::{Evidence, Tier};
use stillwatch_detect::Campaign;

use crate::detection::sentences::{accounts, blast_radius, recommended, size, weight};
use crate::detection::vocabulary::kind;
use crate::prose::{Page, Style};

/// Evidence sentences that are shown; the JSON report has all.
const SENTENCES: usize = 6;

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
