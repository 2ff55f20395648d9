//! Where an account stands in a report.

use std::fmt::Write;

use serde::Serialize;
use stillwatch_core::{AccountId, CampaignId, Tier};
use stillwatch_detect::{Crowd, DetectionReport, Permitted, Predecessor};

use super::campaign::style;
use super::membership::Membership;
use super::similar::similar;
use crate::detection::vocabulary::{kind, role};
use crate::markdown::{Markdown, code};
use crate::number::counted;
use crate::phrase::sentence;
use crate::prose::{Page, Style};

/// Where an account stands in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing<'a> {
    pub account: AccountId,
    /// Campaigns that hold it. None says that none was found, not that there is none.
    pub campaigns: Vec<Membership<'a>>,
    /// Campaigns whose accounts took its place after it was closed.
    pub predecessor_in: Vec<Succession<'a>>,
    /// Innocent crowds that it was found in.
    pub crowds: Vec<Company<'a>>,
    /// Permits under which it was set aside.
    pub permits: Vec<Cover<'a>>,
    /// Written policies that restrict it.
    pub categories: Vec<&'a str>,
    /// Whether the report names it at all. A report names the accounts of campaigns, crowds, permits and policies only.
    pub named: bool,
    /// Ids of the report that are much like it.
    pub similar: Vec<&'a str>,
    /// Accounts that were in the log.
    pub accounts_in_log: u64,
}

/// An innocent crowd that an account was found in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Company<'a> {
    pub name: &'a str,
    /// Who they are.
    pub statement: &'a str,
    /// Why this explains them better than one hidden operator.
    pub why: &'a str,
    pub accounts: u64,
}

/// A closed account and who took its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Succession<'a> {
    pub campaign: &'a CampaignId,
    pub tier: Tier,
    pub predecessor: &'a Predecessor,
}

/// A permit that covers an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cover<'a> {
    pub holder: &'a str,
    pub valid_from: &'a str,
    pub valid_until: &'a str,
}

impl<'a> Standing<'a> {
    pub(super) fn new(report: &'a DetectionReport, name: &str) -> Self {
        let is = |account: &AccountId| account.as_str() == name;
        let campaigns: Vec<Membership<'a>> =
            report.campaigns.iter().filter_map(|campaign| Membership::new(campaign, name)).collect();
        let predecessor_in: Vec<Succession<'a>> = report
            .campaigns
            .iter()
            .flat_map(|campaign| campaign.predecessors.iter().map(move |before| (campaign, before)))
            .filter(|(_, before)| is(&before.account))
            .map(|(campaign, predecessor)| Succession { campaign: &campaign.id, tier: campaign.tier, predecessor })
            .collect();
        let cover = |permit: &'a Permitted| Cover {
            holder: &permit.holder,
            valid_from: &permit.valid_from,
            valid_until: &permit.valid_until,
        };
        let company = |crowd: &'a Crowd| Company {
            name: crowd.name.as_str(),
            statement: &crowd.statement,
            why: &crowd.why,
            accounts: crowd.accounts.len() as u64,
        };
        let crowds: Vec<Company<'a>> =
            report.crowds.iter().filter(|crowd| crowd.accounts.iter().any(is)).map(company).collect();
        let permits: Vec<Cover<'a>> =
            report.permitted.iter().filter(|permit| permit.accounts.iter().any(is)).map(cover).collect();
        let categories: Vec<&'a str> = report
            .categories
            .iter()
            .filter(|category| category.accounts.iter().any(|restricted| is(&restricted.account)))
            .map(|category| category.rule.as_str())
            .collect();
        let named = !(campaigns.is_empty()
            && predecessor_in.is_empty()
            && crowds.is_empty()
            && permits.is_empty()
            && categories.is_empty());
        let similar = if named { Vec::new() } else { similar(name, ids(report)) };
        let accounts_in_log = report.inputs.accounts;
        Self {
            account: name.into(),
            campaigns,
            predecessor_in,
            crowds,
            permits,
            categories,
            named,
            similar,
            accounts_in_log,
        }
    }

    /// The first line: what is said about the account.
    fn verdict(&self) -> String {
        match self.campaigns.as_slice() {
            [] => format!("No campaign of this report holds account {}.", self.account),
            [one] => {
                format!("Account {} is {} in {} {}.", self.account, role(one.role), article(one), one.campaign)
            }
            several => format!("Account {} is in {}.", self.account, counted(several.len() as u64, "campaign")),
        }
    }

    /// What follows from it, and what does not.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for crowd in &self.crowds {
            remarks.push(format!(
                "It was found in an innocent crowd, which is no suspicion: {}. Why: {}.",
                sentence(crowd.statement),
                sentence(crowd.why)
            ));
        }
        if self.campaigns.is_empty() {
            remarks.push(
                "None was found, which is not the same as that there is none; what was not evaluated is listed below."
                    .into(),
            );
        }
        if !self.named {
            remarks.push(format!(
                "A report names the accounts of campaigns, innocent crowds, permits and written policies only, so it does not say whether this one is among the {} of the log.",
                counted(self.accounts_in_log, "account")
            ));
        }
        if !self.similar.is_empty() {
            remarks.push(format!("Much like it are {}.", self.similar.join(", ")));
        }
        for permit in &self.permits {
            remarks.push(format!(
                "A permit covers it and set it aside: {}, valid from {} to {}.",
                permit.holder, permit.valid_from, permit.valid_until
            ));
        }
        for rule in &self.categories {
            remarks.push(format!("A written policy restricts it, which is no suspicion: {rule}."));
        }
        for before in &self.predecessor_in {
            remarks.push(format!(
                "It was closed, and accounts of {} {} took its place: {}.",
                before.tier,
                before.campaign,
                sentence(&before.predecessor.statement)
            ));
        }
        remarks
    }

    pub(super) fn write(&self, page: &mut Page) {
        page.heading(Style::Bold, &self.verdict());
        for remark in self.remarks() {
            page.item("  ", &remark);
        }
        for one in &self.campaigns {
            page.heading(style(one.tier), &format!("{} {} {}", one.tier, kind(one.kind), one.campaign));
            for (label, text) in one.points() {
                page.item(&format!("  {label} "), &text);
            }
        }
    }

    pub(super) fn mark_down(&self, page: &mut Markdown) {
        page.blank();
        let name = code(self.account.as_str());
        let heading = match self.campaigns.len() {
            0 => format!("No campaign of this report holds account {name}"),
            number => format!("Account {name} is in {}", counted(number as u64, "campaign")),
        };
        // Writing to a string does not fail.
        let _ = writeln!(page.text, "# {heading}");
        for remark in self.remarks() {
            page.paragraph(&remark);
        }
        for one in &self.campaigns {
            page.blank();
            let _ = write!(page.text, "## {} {} {}\n\n", one.tier, kind(one.kind), code(one.campaign.as_str()));
            for (label, text) in one.points() {
                page.point(label, &text);
            }
        }
    }
}

fn ids(report: &DetectionReport) -> impl Iterator<Item = &str> {
    let campaigns = report.campaigns.iter().flat_map(|campaign| {
        let accounts = campaign.accounts.iter().map(|member| member.account.as_str());
        accounts.chain([campaign.id.as_str()])
    });
    let permitted = report.permitted.iter().flat_map(|permit| &permit.accounts);
    let restricted =
        report.categories.iter().flat_map(|category| &category.accounts).map(|restricted| &restricted.account);
    let crowds = report.crowds.iter().flat_map(|crowd| &crowd.accounts);
    campaigns.chain(crowds.chain(permitted).chain(restricted).map(AccountId::as_str))
}

/// `a ring of tier act`.
fn article(one: &Membership<'_>) -> String {
    format!("a {} of tier {},", kind(one.kind), one.tier)
}
