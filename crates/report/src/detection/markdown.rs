//! The detection report as Markdown for tickets.

use std::fmt::Write;

use stillwatch_core::{Evidence, NotEvaluated, Tier};
use stillwatch_detect::{BenignHypothesis, Campaign, Crowd, DetectionReport, Member, SeenSign};

use super::questions::{self, UNANSWERED, hypotheses, is_answered, lead, margin, questions};
use super::sentences::{blast_radius, days, ranked, recommended, title, weight, why};
use super::summary;
use super::vocabulary::{State, kind, role, technique};
use crate::markdown::{Markdown, code, prose};
use crate::number::{count, counted, probability};
use crate::phrase::{capitalised, plain, sentence};
use crate::render::{Render, Terminal};
use crate::unread::unread_cause;

/// Accounts that a ticket names; the JSON report has all.
const NAMED: usize = 200;
/// Crowds that a ticket lists.
const CROWDS: usize = 20;

pub(super) struct Ticket;

impl Render<DetectionReport> for Ticket {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn purpose(&self) -> &'static str {
        "For a ticket"
    }

    fn render(&self, report: &DetectionReport, _: Terminal) -> Result<String, serde_json::Error> {
        Ok(markdown(report))
    }
}

/// The report as Markdown; hostile names stay what they are.
pub fn markdown(report: &DetectionReport) -> String {
    let mut page = Markdown::default();
    page.heading(1, &capitalised(&summary::verdict(report)));
    page.not_read(&report.inputs.not_read);
    page.paragraph(&summary::input(report));
    page.gaps(2, &report.not_evaluated);
    let campaigns = ranked(report);
    page.overview(report, &campaigns);
    for campaign in campaigns.iter().filter(|campaign| campaign.tier > Tier::Watch) {
        page.campaign(2, campaign);
    }
    if campaigns.iter().any(|campaign| campaign.tier == Tier::Watch) {
        page.paragraph("Tier watch says nothing about anyone; the JSON report holds its evidence.");
    }
    page.crowds(report);
    page.permitted(report);
    page.categories(report);
    page.sightings(report);
    page.text
}

impl Markdown {
    fn not_read(&mut self, gaps: &[NotEvaluated]) {
        if !gaps.is_empty() {
            self.blank();
        }
        for gap in gaps {
            self.point("Not read:", &format!("{}. To read it: {}.", unread_cause(gap), sentence(&gap.help)));
        }
    }

    fn overview(&mut self, report: &DetectionReport, campaigns: &[&Campaign]) {
        if campaigns.is_empty() {
            return;
        }
        self.heading(2, "Campaigns");
        let columns = ["Tier", "Campaign", "Accounts", "As one", "Harvest", "Hidden", "Kind", "Exchanges", "q", "Days"];
        let row = |campaign: &&Campaign| {
            let [coordination, extraction, concealment] = questions(campaign).map(|question| question.cell().into());
            vec![
                campaign.tier.to_string(),
                code(campaign.id.as_str()),
                count(campaign.accounts.len() as u64),
                coordination,
                extraction,
                concealment,
                kind(campaign.kind).into(),
                count(campaign.exchanges),
                probability(campaign.q_value),
                prose(&days(&campaign.first_seen, &campaign.last_seen)),
            ]
        };
        self.table(&columns, campaigns.iter().map(row));
        self.paragraph(&summary::nulls(report));
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
        self.answers(campaign);
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
        self.signs(level + 1, campaign);
        self.evidence(level + 1, "What speaks for it", &campaign.evidence);
        self.evidence(level + 1, "What speaks against it", &campaign.counter_evidence);
        if !campaign.benign_hypotheses.is_empty() {
            self.heading(level + 1, "Innocent explanations");
            let row = |hypothesis: &BenignHypothesis| {
                vec![
                    prose(&plain(hypothesis.name.as_str())),
                    State::of(hypothesis).word().into(),
                    lead(campaign, hypothesis),
                    prose(&hypothesis.why),
                ]
            };
            self.table(&["Explanation", "Result", "Bits", "Why"], hypotheses(campaign).into_iter().map(row));
        }
        if !campaign.counterfactuals.is_empty() {
            self.heading(level + 1, "What would have to change");
            let rows = campaign.counterfactuals.iter().map(|other| {
                let tier = other.tier.map_or_else(|| "not told".into(), |tier| tier.to_string());
                vec![prose(&other.suppose.to_string()), tier, prose(&other.statement)]
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

    /// The three answers and the nearest innocent explanation.
    fn answers(&mut self, campaign: &Campaign) {
        if !is_answered(campaign) {
            self.paragraph(UNANSWERED);
            return;
        }
        self.blank();
        for question in questions(campaign) {
            self.point(question.text, &format!("{}: {}.", capitalised(&question.strength()), question.reason()));
        }
        if let Some(margin) = margin(campaign) {
            self.point("Nearest innocent explanation:", &format!("{margin}."));
        }
    }

    /// What the answers rest on.
    fn signs(&mut self, level: usize, campaign: &Campaign) {
        if !is_answered(campaign) {
            return;
        }
        self.heading(level, "Signs");
        let of_each = questions(campaign);
        let rows = of_each.iter().flat_map(|question| question.signs().into_iter().map(move |sign| (question, sign)));
        let row = |(question, sign): (&questions::Question<'_>, &SeenSign)| {
            vec![question.text.to_owned(), prose(&sign.name), prose(&sign.statement), format!("{:+.1}", sign.bits)]
        };
        self.table(&["Question", "Sign", "Seen", "Bits"], rows.map(row));
    }

    fn crowds(&mut self, report: &DetectionReport) {
        if report.crowds.is_empty() {
            return;
        }
        self.heading(2, "Innocent crowds (no campaigns)");
        let row = |crowd: &Crowd| {
            vec![
                prose(&capitalised(&plain(crowd.name.as_str()))),
                count(crowd.accounts.len() as u64),
                prose(&crowd.statement),
                questions::fit(crowd),
            ]
        };
        let columns = ["Crowd", "Accounts", "Who they are", "Fits better than one operator by"];
        self.table(&columns, report.crowds.iter().take(CROWDS).map(row));
        if let Some(more) = report.crowds.len().checked_sub(CROWDS).filter(|more| *more > 0) {
            self.paragraph(&format!("{} more in the JSON report.", count(more as u64)));
        }
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
            let role = role(member.role);
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
