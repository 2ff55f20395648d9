//! What changed from one report to the next.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use stillwatch_core::{AccountId, CampaignId, Tier};
use stillwatch_detect::{Campaign, DetectionReport, Extent, Matching};

use crate::number::{count, counted};
use crate::prose::{Page, Style};

/// The schema id that a difference carries.
pub const DIFFERENCE_SCHEMA: &str = "stillwatch.diff/1";

/// Accounts that are named of each change; JSON has all.
const NAMED: usize = 6;

/// Two reports, campaign by campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Always `stillwatch.diff/1`.
    pub schema: String,
    /// The reports of which not all of the input was read, so that what is new or gone may be so for that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// By state, then by tier, then by accounts.
    pub campaigns: Vec<Change>,
    /// Campaigns that have the same accounts and the same tier in both.
    pub unchanged: u64,
    /// What one report could not evaluate and the other could, so that a change may be one of sight.
    pub newly_evaluated: Vec<String>,
    pub no_longer_evaluated: Vec<String>,
}

/// A report of which not all of the input was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// `earlier` or `later`.
    pub report: &'static str,
    pub read: Extent,
}

/// What became of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No campaign of the earlier report is matched with it.
    New,
    /// It has more accounts.
    Grown,
    /// It has fewer accounts, or others in the same number.
    Changed,
    /// The same accounts in another tier.
    Moved,
    /// No campaign of the later report is matched with it.
    Gone,
}

/// A campaign that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub state: State,
    pub before: Option<Seen>,
    pub after: Option<Seen>,
    /// Accounts that only the later report has in it.
    pub joined: Vec<AccountId>,
    /// Accounts that only the earlier report has in it.
    pub left: Vec<AccountId>,
    /// For a new campaign, the highest tier of an earlier one that had most of its accounts: it may be a part of that.
    pub was: Option<Tier>,
    /// For a new campaign, the earlier ones that some of its accounts were in; for one that is gone, the later ones.
    pub related: Vec<CampaignId>,
}

/// A campaign as one report has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub id: CampaignId,
    pub tier: Tier,
    pub accounts: u64,
    pub exchanges: u64,
}

impl Difference {
    /// Campaigns are matched, one with one, when they share most accounts of the smaller one; those that share most go
    /// first. Only
    /// campaigns that have at least `tier` in one of the reports are told.
    pub fn new(before: &DetectionReport, after: &DetectionReport, tier: Tier) -> Self {
        let matching = Matching::new(&before.campaigns, &after.campaigns);
        let mut difference = Self {
            schema: DIFFERENCE_SCHEMA.into(),
            unread: [("earlier", before), ("later", after)]
                .map(|(report, of)| Unread { report, read: of.inputs.read })
                .into_iter()
                .filter(|unread| unread.read != Extent::All)
                .collect(),
            campaigns: Vec::new(),
            unchanged: 0,
            newly_evaluated: missing(before, after),
            no_longer_evaluated: missing(after, before),
        };
        let earlier_of = |later| before.campaigns.get(matching.earlier(later)?);
        let names = |campaigns: &[Campaign], places: &mut dyn Iterator<Item = usize>| -> Vec<CampaignId> {
            places.filter_map(|at| Some(campaigns.get(at)?.id.clone())).collect()
        };
        for (later, campaign) in after.campaigns.iter().enumerate() {
            let earlier = earlier_of(later);
            if campaign.tier < tier && earlier.is_none_or(|earlier| earlier.tier < tier) {
                continue;
            }
            let sources = || matching.sources(later).filter(|_| earlier.is_none());
            let from = names(&before.campaigns, &mut sources().map(|(at, _)| at));
            let most = sources().filter(|(_, both)| 2 * both > campaign.accounts.len());
            let was = most.filter_map(|(at, _)| Some(before.campaigns.get(at)?.tier)).max();
            match Change::new(earlier, Some(campaign), from) {
                Some(change) => difference.campaigns.push(Change { was, ..change }),
                None => difference.unchanged += 1,
            }
        }
        for (earlier, campaign) in before.campaigns.iter().enumerate() {
            if matching.later(earlier).is_none() && campaign.tier >= tier {
                let into = names(&after.campaigns, &mut matching.destinations(earlier));
                difference.campaigns.extend(Change::new(Some(campaign), None, into));
            }
        }
        difference.campaigns.sort_by_key(|change| (change.state, Reverse(change.tier()), Reverse(change.size())));
        difference
    }

    /// Whether a campaign of at least a tier is new, or has risen to that tier; what has split is not new.
    pub fn rises_to(&self, tier: Tier) -> bool {
        self.campaigns.iter().any(|change| {
            let is = |seen: &Option<Seen>| seen.as_ref().is_some_and(|seen| seen.tier >= tier);
            is(&change.after) && !is(&change.before) && change.was.is_none_or(|was| was < tier)
        })
    }

    /// As indented JSON, with a newline at its end.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// For people, in lines of at most `width` columns where words allow it.
    pub fn table(&self, width: usize, colour: bool) -> String {
        let mut page = Page::new(width, colour);
        for unread in &self.unread {
            page.heading(Style::Bold, &unread.to_string());
        }
        let of = |state| self.campaigns.iter().filter(|change| change.state == state).count() as u64;
        page.heading(
            Style::Bold,
            &format!(
                "{} new, {} grown, {} changed, {} in another tier, {} gone, {} as before",
                count(of(State::New)),
                count(of(State::Grown)),
                count(of(State::Changed)),
                count(of(State::Moved)),
                count(of(State::Gone)),
                count(self.unchanged)
            ),
        );
        for change in &self.campaigns {
            change.write(&mut page);
        }
        for (label, missing) in [
            ("evaluated only in the later report: ", &self.newly_evaluated),
            ("evaluated only in the earlier report: ", &self.no_longer_evaluated),
        ] {
            if !missing.is_empty() {
                page.blank();
                page.item(label, &missing.join(", "));
            }
        }
        page.into_text()
    }
}

impl Change {
    /// Nothing when the campaign is the same in both.
    fn new(before: Option<&Campaign>, after: Option<&Campaign>, related: Vec<CampaignId>) -> Option<Self> {
        let members = |campaign: Option<&Campaign>| -> BTreeSet<AccountId> {
            campaign.into_iter().flat_map(|campaign| &campaign.accounts).map(|member| member.account.clone()).collect()
        };
        let (old, new) = (members(before), members(after));
        let joined: Vec<AccountId> = new.difference(&old).cloned().collect();
        let left: Vec<AccountId> = old.difference(&new).cloned().collect();
        let state = match (before, after) {
            (None, _) => State::New,
            (_, None) => State::Gone,
            (Some(before), Some(after)) => {
                if new.len() > old.len() {
                    State::Grown
                } else if !joined.is_empty() || !left.is_empty() {
                    State::Changed
                } else if before.tier == after.tier {
                    return None;
                } else {
                    State::Moved
                }
            }
        };
        let (before, after) = (before.map(Seen::new), after.map(Seen::new));
        Some(Self { state, before, after, joined, left, was: None, related })
    }

    fn tier(&self) -> Option<Tier> {
        self.before.iter().chain(&self.after).map(|seen| seen.tier).max()
    }

    fn size(&self) -> u64 {
        self.before.iter().chain(&self.after).map(|seen| seen.accounts).max().unwrap_or(0)
    }

    fn write(&self, page: &mut Page) {
        let name = match self.state {
            State::New => "new",
            State::Grown => "grown",
            State::Changed => "changed",
            State::Moved => "in another tier",
            State::Gone => "gone",
        };
        let ids: Vec<String> = match (&self.before, &self.after) {
            (Some(before), Some(after)) if before.id != after.id => vec![before.id.to_string(), after.id.to_string()],
            (Some(seen), _) | (_, Some(seen)) => vec![seen.id.to_string()],
            _ => Vec::new(),
        };
        let style = if self.tier() == Some(Tier::Act) { Style::Red } else { Style::Yellow };
        page.heading(style, &format!("{name} {}", ids.join(" → ")));
        let seen = |seen: &Seen| {
            format!("{}, {}, {}", seen.tier, counted(seen.accounts, "account"), counted(seen.exchanges, "exchange"))
        };
        for (label, of) in [("  before: ", &self.before), ("  after: ", &self.after)] {
            if let Some(of) = of {
                page.item(label, &seen(of));
            }
        }
        for (label, accounts) in [("  joined: ", &self.joined), ("  left: ", &self.left)] {
            // The accounts of a campaign that is new or gone are told in its report.
            if self.before.is_some() && self.after.is_some() && !accounts.is_empty() {
                page.item(label, &named(accounts));
            }
        }
        if !self.related.is_empty() {
            let ids: Vec<String> = self.related.iter().map(ToString::to_string).collect();
            let label = if self.after.is_some() { "  some accounts were in: " } else { "  some accounts are now in: " };
            page.item(label, &ids.join(", "));
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.read {
            Extent::Nothing => {
                write!(f, "Nothing was read for the {} report, so what is new or gone cannot be told.", self.report)
            }
            _ => write!(
                f,
                "Part of the input of the {} report was not read, so campaigns may be new or gone for that reason alone.",
                self.report
            ),
        }
    }
}

impl Seen {
    fn new(campaign: &Campaign) -> Self {
        Self {
            id: campaign.id.clone(),
            tier: campaign.tier,
            accounts: campaign.accounts.len() as u64,
            exchanges: campaign.exchanges,
        }
    }
}

/// What the first report could not evaluate and the second could.
fn missing(first: &DetectionReport, second: &DetectionReport) -> Vec<String> {
    let has = |what: &str| second.not_evaluated.iter().any(|missing| missing.what == what);
    first.not_evaluated.iter().filter(|missing| !has(&missing.what)).map(|missing| missing.what.clone()).collect()
}

fn named(accounts: &[AccountId]) -> String {
    let mut names: Vec<String> = accounts.iter().take(NAMED).map(|account| account.as_str().to_owned()).collect();
    if let Some(more) = accounts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("and {} more", count(more as u64)));
    }
    names.join(", ")
}
