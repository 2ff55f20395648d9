use stillwatch_audit::AuditReport;

use super::sentences::{chance, input, rows, synthetic, uniformity, verdict};
use crate::markdown::Markdown;
use crate::number::count;
use crate::render::{Render, Terminal};

pub(super) struct Ticket;

impl Render<AuditReport> for Ticket {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn purpose(&self) -> &'static str {
        ""
    }

    fn render(&self, report: &AuditReport, _: Terminal) -> Result<String, serde_json::Error> {
        Ok(markdown(report))
    }
}

/// A short summary for a ticket; hostile names stay what they are.
pub fn markdown(report: &AuditReport) -> String {
    let mut page = Markdown::default();
    page.heading(1, &verdict(report));
    page.paragraph(&input(report));
    if let Some(gate) = &report.gate {
        page.heading(2, &format!("Policy, as of {}", gate.day));
        let violated = gate.violations.iter().map(|rule| ("violated", &rule.rule, &rule.statement));
        let undecided = gate.undecided.iter().map(|rule| ("undecided", &rule.rule, &rule.why));
        let kept = gate.passed.iter().map(|rule| ("kept", &rule.rule, &rule.why));
        for (state, rule, why) in violated.chain(undecided).chain(kept) {
            page.bullet(&format!("{state}: {rule}: {why}"));
        }
    }
    if !report.findings.is_empty() {
        page.heading(2, "Findings");
        for finding in &report.findings {
            let vendor = finding.vendor.as_deref().unwrap_or("a machine, not known whose");
            page.bullet(&format!("{}, {vendor}: {}. {}.", finding.class, finding.verdict.name(), finding.statement));
            let rows = rows(finding);
            let more = chance(finding)
                .into_iter()
                .chain(finding.cautions.iter().map(|caution| format!("But: {caution}")))
                .chain((!rows.is_empty()).then(|| format!("In: {rows}")));
            for line in more {
                page.nested(&line);
            }
        }
    }
    page.heading(2, "Generated text, and how uniform the corpus is");
    page.bullet(&synthetic(report));
    for line in uniformity(report) {
        page.bullet(&line);
    }
    if let Some(kept) = &report.recycling.kept {
        page.bullet(&format!(
            "{}: {:.0} % of {} sampled documents are still there",
            kept.reading,
            100.0 * kept.share,
            count(kept.sampled)
        ));
    }
    page.gaps(2, &report.not_evaluated);
    page.heading(2, "Limits");
    report.limits.iter().for_each(|limit| page.bullet(limit));
    page.text
}
