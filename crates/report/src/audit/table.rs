use stillwatch_audit::{AuditReport, Class, Finding, Verdict};

use super::sentences::{chance, input, rows, synthetic, uniformity, verdict};
use crate::number::{count, counted};
use crate::prose::{Page, Style};
use crate::render::{Render, Terminal};

pub(super) struct TextTable;

impl Render<AuditReport> for TextTable {
    fn name(&self) -> &'static str {
        "table"
    }

    fn purpose(&self) -> &'static str {
        ""
    }

    fn render(&self, report: &AuditReport, terminal: Terminal) -> Result<String, serde_json::Error> {
        Ok(table(report, terminal.width, terminal.colour))
    }
}

/// The report for a terminal.
pub fn table(report: &AuditReport, width: usize, colour: bool) -> String {
    let mut page = Page::new(width, colour);
    page.heading(Style::Bold, &verdict(report));
    page.item("", &input(report));
    gate(&mut page, report);
    for class in Class::ALL {
        let findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.class == class).collect();
        if !findings.is_empty() {
            page.heading(Style::Bold, heading(class));
            for finding in findings {
                tell(&mut page, finding);
            }
        }
    }
    set_aside(&mut page, report);
    page.heading(Style::Bold, "Generated text, and how uniform the corpus is");
    page.item("  - ", &synthetic(report));
    for line in uniformity(report) {
        page.item("  - ", &line);
    }
    if let Some(kept) = &report.recycling.kept {
        page.item(
            "  - ",
            &format!(
                "{}: {:.0} % of {} sampled documents of {} are still there",
                kept.reading,
                100.0 * kept.share,
                count(kept.sampled),
                kept.previous
            ),
        );
    }
    if !report.not_evaluated.is_empty() {
        page.heading(Style::Bold, "Not evaluated (this is not evidence of absence)");
        for gap in &report.not_evaluated {
            let help = if gap.help.is_empty() { String::new() } else { format!("; {}", gap.help) };
            page.item("  - ", &format!("{}: {}{help}", gap.what, gap.why));
        }
    }
    page.heading(Style::Bold, "Examined with");
    for means in &report.means {
        page.item("  - ", &format!("{} (version {}): {}", means.name, means.version, means.what));
    }
    page.heading(Style::Bold, "Limits");
    report.limits.iter().for_each(|limit| page.item("  - ", limit));
    page.into_text()
}

fn heading(class: Class) -> &'static str {
    match class {
        Class::Exact => "A  exact: served outputs found word for word, and canaries",
        Class::Watermark => "B  watermark: statistical marks under a provider's key",
        Class::SelfClaim => "C  self-claim: what texts say of their author; proves nothing by itself",
        Class::Style => "D  style: the wording of the corpus as a whole; at most \"consistent with\"",
    }
}

fn tell(page: &mut Page, finding: &Finding) {
    let vendor = finding.vendor.as_deref().unwrap_or("a machine, not known whose");
    let style = match finding.verdict {
        Verdict::Contains => Style::Red,
        Verdict::Isolated => Style::Yellow,
        _ => Style::Bold,
    };
    page.heading(style, &format!("  {vendor}: {}", finding.verdict.name()));
    page.item("    ", &format!("{}.", finding.statement));
    if let Some(chance) = chance(finding) {
        page.item("    ", &chance);
    }
    finding.cautions.iter().for_each(|caution| page.item("    but: ", caution));
    if !finding.rows.is_empty() {
        page.item("    in: ", &rows(finding));
    }
}

fn gate(page: &mut Page, report: &AuditReport) {
    let Some(gate) = &report.gate else { return };
    page.heading(Style::Bold, &format!("Policy, as of {}", gate.day));
    for violation in &gate.violations {
        let rows: Vec<String> =
            violation.rows.iter().take(5).map(|row| format!("{} row {}", row.file, count(row.row))).collect();
        let rows = if rows.is_empty() { String::new() } else { format!(": {}", rows.join(", ")) };
        page.item("  violated   ", &format!("{}: {}{rows}", violation.rule, violation.statement));
    }
    for passed in &gate.undecided {
        page.item("  undecided  ", &format!("{}: {}", passed.rule, passed.why));
    }
    for passed in &gate.passed {
        page.item("  kept       ", &format!("{}: {}", passed.rule, passed.why));
    }
}

fn set_aside(page: &mut Page, report: &AuditReport) {
    if report.set_aside.is_empty() {
        return;
    }
    page.heading(Style::Bold, "Not counted: self-claims that are quoted, denied, supposed, asked for or a person's");
    for claim in &report.set_aside {
        let vendor = claim.vendor.as_deref().unwrap_or("a machine");
        let standing = serde_json::to_value(claim.standing).ok();
        let standing = standing.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        page.item("  - ", &format!("{vendor}, {standing}: {}", counted(claim.documents, "place")));
    }
}
