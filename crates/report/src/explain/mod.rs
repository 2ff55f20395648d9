//! What a report says about one campaign, or about one account.

mod campaign;
mod membership;
mod similar;
mod standing;

use serde::Serialize;
use stillwatch_core::NotEvaluated;
use stillwatch_detect::{Campaign, DetectionReport, Extent};

pub use self::membership::{Membership, Share};
pub use self::standing::{Company, Cover, Standing, Succession};

use self::similar::similar;
use crate::json::indented;
use crate::markdown::Markdown;
use crate::prose::{Page, Style};
use crate::unread::unread_headline;

/// The schema id that an explanation carries.
pub const EXPLANATION_SCHEMA: &str = "stillwatch.explain/1";

/// Everything that a report says about a campaign or an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation<'a> {
    /// Always `stillwatch.explain/1`.
    pub schema: &'static str,
    /// How much of the input was read, where it was not all.
    #[serde(skip_serializing_if = "is_all")]
    pub read: Extent,
    #[serde(flatten)]
    pub subject: Subject<'a>,
    /// What could not be evaluated; it is no sign of innocence.
    pub not_evaluated: &'a [NotEvaluated],
}

/// What is explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject<'a> {
    Campaign(&'a Campaign),
    Account(Standing<'a>),
}

/// Why nothing can be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The report has no such campaign; these ids are most like it.
    Campaign(Vec<String>),
    /// Several campaigns begin with it.
    Ambiguous(Vec<String>),
}

impl<'a> Explanation<'a> {
    /// Explains what a name stands for: a campaign's id or the beginning of one, or an account.
    ///
    /// A name of the form of a campaign's id (`c-` and up to twelve hexadecimal digits) that is unknown is an error; any
    /// other is taken for an account that no campaign holds.
    pub fn new(report: &'a DetectionReport, name: &str) -> Result<Self, Unknown> {
        let explained = |subject| Self {
            schema: EXPLANATION_SCHEMA,
            read: report.inputs.read,
            subject,
            not_evaluated: &report.not_evaluated,
        };
        if let Some(campaign) = report.campaigns.iter().find(|campaign| campaign.id.as_str() == name) {
            return Ok(explained(Subject::Campaign(campaign)));
        }
        let standing = Standing::new(report, name);
        if standing.named {
            return Ok(explained(Subject::Account(standing)));
        }
        let begin: Vec<&Campaign> = report
            .campaigns
            .iter()
            .filter(|campaign| !name.is_empty() && campaign.id.as_str().starts_with(name))
            .collect();
        match begin.as_slice() {
            [campaign] => Ok(explained(Subject::Campaign(campaign))),
            [_, _, ..] => Err(Unknown::Ambiguous(begin.iter().map(|campaign| campaign.id.to_string()).collect())),
            [] if is_campaign(name) => {
                let ids = report.campaigns.iter().map(|campaign| campaign.id.as_str());
                Err(Unknown::Campaign(similar(name, ids).into_iter().map(str::to_owned).collect()))
            }
            [] => Ok(explained(Subject::Account(standing))),
        }
    }

    /// As indented JSON, with a newline at its end.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        indented(self)
    }

    /// For people, in lines of at most `width` columns where words allow it.
    pub fn table(&self, width: usize, colour: bool) -> String {
        let mut page = Page::new(width, colour);
        if let Some(headline) = unread_headline(self.read) {
            page.heading(Style::Bold, headline);
        }
        match &self.subject {
            Subject::Campaign(campaign) => campaign::write(&mut page, campaign),
            Subject::Account(standing) => standing.write(&mut page),
        }
        if !self.not_evaluated.is_empty() {
            page.heading(Style::Bold, "Not evaluated (which is no sign of innocence)");
            for gap in self.not_evaluated {
                let help = if gap.help.is_empty() { String::new() } else { format!("; {}", gap.help) };
                page.item("  - ", &format!("{}: {}{help}", gap.what, gap.why));
            }
        }
        page.into_text()
    }

    /// For tickets.
    pub fn markdown(&self) -> String {
        let mut page = Markdown::default();
        if let Some(headline) = unread_headline(self.read) {
            page.paragraph(headline);
        }
        match &self.subject {
            Subject::Campaign(campaign) => page.campaign(1, campaign),
            Subject::Account(standing) => standing.mark_down(&mut page),
        }
        page.gaps(2, self.not_evaluated);
        page.text
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_all(read: &Extent) -> bool {
    *read == Extent::All
}

/// Whether a name has the form of a campaign's id.
fn is_campaign(name: &str) -> bool {
    name.strip_prefix("c-").is_some_and(|id| id.len() <= 12 && id.chars().all(|digit| digit.is_ascii_hexdigit()))
}
