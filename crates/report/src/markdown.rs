//! The report as Markdown for tickets (CommonMark with the tables of GitHub).
//!
//! Names are written by strangers, and trackers turn more into links than the specification says: names stand in code
//! spans, in which nothing has a meaning, and prose has every sign escaped that could start markup, a link, a mention or
//! a reference.

use std::fmt::Write;

use stillwatch_core::{Evidence, NotEvaluated, Tier};
use stillwatch_detect::{BenignHypothesis, Campaign, DetectionReport, Member};

use crate::campaign::days;
use crate::number::{count, counted, probability};
use crate::words::{
    State, blast_radius, capitalised, hypotheses, plain, ranked, recommended, sentence, shortened, technique, title,
    weight, why,
};
use crate::{escape, table};

/// Accounts that a ticket names; the JSON report has all.
const NAMED: usize = 200;
/// Letters of a name.
const LETTERS: usize = 200;

/// The report as Markdown; hostile names stay what they are.
pub fn markdown(report: &DetectionReport) -> String {
    let mut page = Markdown::default();
    page.heading(1, &capitalised(&table::verdict(report)));
    page.paragraph(&table::input(report));
    page.gaps(2, &report.not_evaluated);
    let campaigns = ranked(report);
    page.overview(report, &campaigns);
    for campaign in campaigns.iter().filter(|campaign| campaign.tier > Tier::Watch) {
        page.campaign(2, campaign);
    }
    if campaigns.iter().any(|campaign| campaign.tier == Tier::Watch) {
        page.paragraph("Tier watch says nothing about anyone; the JSON report holds its evidence.");
    }
    page.permitted(report);
    page.categories(report);
    page.sightings(report);
    page.text
}

/// Text that grows; what is given to it is prose unless it says otherwise.
#[derive(Default)]
pub(crate) struct Markdown {
    pub(crate) text: String,
}

impl Markdown {
    pub(crate) fn heading(&mut self, level: usize, text: &str) {
        self.blank();
        let _ = writeln!(self.text, "{} {}", "#".repeat(level), prose(text));
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        self.blank();
        let _ = writeln!(self.text, "{}", prose(text));
    }

    pub(crate) fn bullet(&mut self, text: &str) {
        if self.last_is_heading() {
            self.blank();
        }
        let _ = writeln!(self.text, "- {}", prose(text));
    }

    /// A point below the last one.
    pub(crate) fn nested(&mut self, text: &str) {
        let _ = writeln!(self.text, "  - {}", prose(text));
    }

    /// A sentence of a point below the last one, with the name of what it is said of and where it stands.
    pub(crate) fn cited(&mut self, text: &str, node: &str, places: &str) {
        let _ = writeln!(self.text, "  - {} {} {}", prose(text), code(node), prose(places));
    }

    fn last_is_heading(&self) -> bool {
        self.text.lines().next_back().is_some_and(|line| line.starts_with('#'))
    }

    /// A point of a list, with a label in bold.
    pub(crate) fn point(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.text, "- **{}** {}", prose(label), prose(text));
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A table; its cells are Markdown already.
    pub(crate) fn table(&mut self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        self.blank();
        let _ = writeln!(self.text, "| {} |", columns.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(columns.len()));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
    }

    /// What was not evaluated.
    pub(crate) fn gaps(&mut self, level: usize, gaps: &[NotEvaluated]) {
        if gaps.is_empty() {
            return;
        }
        self.heading(level, "Not evaluated (which is no sign of innocence)");
        self.blank();
        for gap in gaps {
            let help = if gap.help.is_empty() { String::new() } else { format!("; {}", sentence(&gap.help)) };
            self.point(&format!("{}:", gap.what), &format!("{}{help}.", sentence(&gap.why)));
        }
    }

    fn overview(&mut self, report: &DetectionReport, campaigns: &[&Campaign]) {
        if campaigns.is_empty() {
            return;
        }
        self.heading(2, "Campaigns");
        let columns = ["Tier", "Campaign", "Kind", "Accounts", "Exchanges", "q", "Bits", "Families", "Days"];
        let row = |campaign: &&Campaign| {
            let families: Vec<String> = campaign.families.iter().map(ToString::to_string).collect();
            vec![
                campaign.tier.to_string(),
                code(campaign.id.as_str()),
                table::kind(campaign.kind).into(),
                count(campaign.accounts.len() as u64),
                count(campaign.exchanges),
                probability(campaign.q_value),
                format!("{:.1}", campaign.score_bits),
                families.join(", "),
                prose(&days(&campaign.first_seen, &campaign.last_seen)),
            ]
        };
        self.table(&columns, campaigns.iter().map(row));
        self.paragraph(&table::nulls(report));
    }

    /// Everything about one campaign, under a heading of a level.
    pub(crate) fn campaign(&mut self, level: usize, campaign: &Campaign) {
        self.blank();
        let tier = campaign.tier;
        let _ = writeln!(
            self.text,
            "{} {}: {} {}",
            "#".repeat(level),
            capitalised(&tier.to_string()),
            prose(&title(campaign)),
            code(campaign.id.as_str())
        );
        self.paragraph(&why(campaign));
        self.blank();
        self.point("Recommended:", &format!("{}.", recommended(campaign)));
        let radius = blast_radius(&campaign.recommended.blast_radius);
        self.point("A suspension of all would hit:", &format!("{radius}."));
        if !campaign.atlas.is_empty() {
            let tags =
                campaign.atlas.iter().map(|id| technique(id).map_or_else(|| id.clone(), |name| format!("{id} {name}")));
            self.point("MITRE ATLAS:", &format!("{}.", tags.collect::<Vec<_>>().join("; ")));
        }
        self.evidence(level + 1, "What speaks for it", &campaign.evidence);
        self.evidence(level + 1, "What speaks against it", &campaign.counter_evidence);
        if !campaign.benign_hypotheses.is_empty() {
            self.heading(level + 1, "Innocent explanations");
            let row = |hypothesis: &BenignHypothesis| {
                vec![prose(&plain(&hypothesis.name)), State::of(hypothesis).word().into(), prose(&hypothesis.why)]
            };
            self.table(&["Explanation", "Result", "Why"], hypotheses(campaign).into_iter().map(row));
        }
        if !campaign.counterfactuals.is_empty() {
            self.heading(level + 1, "What would have to change");
            let rows = campaign.counterfactuals.iter().map(|other| {
                let tier = other.tier.map_or_else(|| "not told".into(), |tier| tier.to_string());
                vec![prose(&other.suppose), tier, prose(&other.statement)]
            });
            self.table(&["Suppose", "Tier then", "Why"], rows);
        }
        if !campaign.predecessors.is_empty() {
            self.heading(level + 1, "Closed accounts whose place these took");
            let rows = campaign.predecessors.iter().map(|before| {
                let successors: Vec<String> = before.successors.iter().map(|account| code(account.as_str())).collect();
                let closed = prose(&days(&before.closed, &before.closed));
                vec![code(before.account.as_str()), closed, successors.join(", "), prose(&before.statement)]
            });
            self.table(&["Account", "Closed", "Successors", "Why"], rows);
        }
        self.accounts(level + 1, campaign);
    }

    fn evidence(&mut self, level: usize, heading: &str, evidence: &[Evidence]) {
        if evidence.is_empty() {
            return;
        }
        self.heading(level, heading);
        let row = |item: &Evidence| {
            let p = item.p_value.as_ref().map_or_else(|| "–".into(), |p| probability(p.value));
            vec![item.family.to_string(), prose(&item.statement), prose(&weight(item)), p]
        };
        self.table(&["Family", "Observed", "Weight", "p"], evidence.iter().map(row));
    }

    fn accounts(&mut self, level: usize, campaign: &Campaign) {
        self.heading(level, &counted(campaign.accounts.len() as u64, "account"));
        let row = |member: &Member| {
            let role = crate::words::role(member.role);
            let account = code(member.account.as_str());
            vec![account, role.into(), format!("{:.2}", member.probability), count(member.exchanges)]
        };
        self.table(&["Account", "Role", "Probability", "Exchanges"], campaign.accounts.iter().take(NAMED).map(row));
        if let Some(more) = campaign.accounts.len().checked_sub(NAMED).filter(|more| *more > 0) {
            self.paragraph(&format!("{} in the JSON report.", counted(more as u64, "more account")));
        }
    }

    fn permitted(&mut self, report: &DetectionReport) {
        if report.permitted.is_empty() {
            return;
        }
        self.heading(2, "Permitted (set aside)");
        let rows = report.permitted.iter().map(|permit| {
            vec![
                code(&permit.holder),
                permit.organization.as_ref().map_or_else(String::new, |id| code(id.as_str())),
                prose(&format!("{} to {}", permit.valid_from, permit.valid_until)),
                count(permit.accounts.len() as u64),
                count(permit.exchanges),
            ]
        });
        self.table(&["Holder", "Organisation", "Valid", "Accounts", "Exchanges"], rows);
    }

    fn categories(&mut self, report: &DetectionReport) {
        if report.categories.is_empty() {
            return;
        }
        self.heading(2, "Restricted by a written policy (no suspicion)");
        self.blank();
        for category in &report.categories {
            let accounts = counted(category.accounts.len() as u64, "account");
            self.point(&format!("{}:", category.rule), &format!("{}. {accounts}. {}", category.title, category.action));
        }
    }

    fn sightings(&mut self, report: &DetectionReport) {
        if report.sightings.is_empty() {
            return;
        }
        self.heading(2, "Seen on a watch-list (lifts nothing above tier watch)");
        self.blank();
        for sighting in &report.sightings {
            self.point(&format!("{}:", sighting.indicator), &sighting.statement);
        }
    }
}

/// Text in which no sign starts markup. What trackers make links, mentions or references of stands in a code span.
pub(crate) fn prose(text: &str) -> String {
    let text = escape(text.trim());
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest: &str = &text;
    while let Some(first) = rest.chars().next() {
        let special = SPECIAL.iter().find(|special| starts_with(rest, special));
        if let Some(part) = special.and_then(|special| rest.get(..special.len())) {
            let _ = write!(out, "`{part}`");
            rest = &rest[part.len()..];
            continue;
        }
        match first {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '!' | '|' | '~' | '^' | '$' => {
                out.push('\\');
                out.push(first);
            }
            // At the start they would make a list or a line.
            '-' | '+' | '=' if out.is_empty() => {
                out.push('\\');
                out.push(first);
            }
            '.' | ')' if !out.is_empty() && out.chars().all(|c| c.is_ascii_digit()) => {
                out.push('\\');
                out.push(first);
            }
            other => out.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// Beginnings of links, mentions and references of trackers.
const SPECIAL: [&str; 8] = ["://", "www.", "mailto:", "xmpp:", "GH-", "@", "#", ":"];

fn starts_with(text: &str, start: &str) -> bool {
    // A colon is needed only where a word follows, for a sign such as :smile: or a link without slashes.
    if start == ":" {
        let next = text.chars().nth(1);
        return text.starts_with(':') && next.is_some_and(|next| !next.is_whitespace());
    }
    // `GH-1` is a reference; "high-risk" holds none.
    if start == "GH-" && !text.as_bytes().get(start.len()).is_some_and(u8::is_ascii_digit) {
        return false;
    }
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// A name in a code span, also within a table.
pub(crate) fn code(name: &str) -> String {
    if name.trim().is_empty() {
        return "(no name)".into();
    }
    let name = shortened(name, LETTERS);
    // What would end the span or the cell is written as its code point.
    format!("`{}`", escape(&name).replace('`', "\\u{60}").replace('|', "\\u{7c}"))
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn prose_starts_no_markup() {
        assert_eq!(prose("a <b>*c*</b> [d](e) | f"), "a &lt;b&gt;\\*c\\*&lt;/b&gt; \\[d\\](e) \\| f");
        assert_eq!(prose("see https://x or WWW.y, @z #1"), "see https`://`x or `WWW.`y, `@`z `#`1");
        assert_eq!(prose("high-risk, GH-1"), "high-risk, `GH-`1");
        assert_eq!(prose("- 1. + x"), "\\- 1. + x");
        assert_eq!(prose("12. x: y"), "12\\. x: y");
        assert_eq!(prose("a\nb"), "a\\\\u\\{a\\}b");
    }

    #[test]
    fn names_stay_in_their_span_and_their_cell() {
        assert_eq!(code("a`|b"), "`a\\u{60}\\u{7c}b`");
        assert_eq!(code(" "), "(no name)");
        assert!(code(&"x".repeat(10_000)).len() < 1_000);
    }
}
