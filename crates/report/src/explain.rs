//! What a report says about one campaign, or about one account.

use std::fmt::Write;

use serde::Serialize;
use stillwatch_core::{AccountId, CampaignId, Evidence, NotEvaluated, Tier};
use stillwatch_detect::{Campaign, CampaignKind, Crowd, DetectionReport, Permitted, Predecessor, Role};

use crate::detection::questions::{self, bits, hypotheses, is_answered, questions};
use crate::detection::sentences::{accounts, blast_radius, days, recommended, size, weight};
use crate::detection::vocabulary::{State, kind, node_kind, role, technique, tier_meaning};
use crate::json::indented;
use crate::markdown::{Markdown, code};
use crate::number::{count, counted, probability};
use crate::phrase::{plain, sentence};
use crate::prose::{Page, Style};

/// The schema id that an explanation carries.
pub const EXPLANATION_SCHEMA: &str = "stillwatch.explain/1";

/// Ids that are suggested in place of one that is unknown.
const SUGGESTED: usize = 3;
/// Letters up to which ids are compared, and how alike two must be: what one slip of a key leaves of a short id.
const COMPARED: usize = 64;
const ALIKE: f64 = 0.75;

/// Everything that a report says about a campaign or an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation<'a> {
    /// Always `stillwatch.explain/1`.
    pub schema: &'static str,
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

/// An account in a campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Membership<'a> {
    pub campaign: &'a CampaignId,
    pub tier: Tier,
    pub kind: CampaignKind,
    pub accounts: u64,
    pub role: Role,
    /// How much of the evidence it carries itself, 0 to 1; not calibrated on labels.
    pub probability: f64,
    pub exchanges: u64,
    pub first_seen: &'a str,
    pub last_seen: &'a str,
    /// Evidence, for and against, that names this account. Other evidence is about the set.
    pub named_in: Vec<&'a Evidence>,
    /// Closed accounts whose place it took.
    pub predecessors: Vec<&'a Predecessor>,
    /// What it shares with other accounts of the campaign.
    pub shares: Vec<Share<'a>>,
}

/// Something that an account shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share<'a> {
    pub what: &'static str,
    /// Under the local key.
    pub fingerprint: Option<&'a str>,
    /// Accounts of the campaign that have it.
    pub accounts: u64,
    /// Accounts outside that have it.
    pub outside: u64,
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
        let explained = |subject| Self { schema: EXPLANATION_SCHEMA, subject, not_evaluated: &report.not_evaluated };
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
        match &self.subject {
            Subject::Campaign(campaign) => whole(&mut page, campaign),
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
        match &self.subject {
            Subject::Campaign(campaign) => page.campaign(1, campaign),
            Subject::Account(standing) => standing.mark_down(&mut page),
        }
        page.gaps(2, self.not_evaluated);
        page.text
    }
}

/// Whether a name has the form of a campaign's id.
fn is_campaign(name: &str) -> bool {
    name.strip_prefix("c-").is_some_and(|id| id.len() <= 12 && id.chars().all(|digit| digit.is_ascii_hexdigit()))
}

fn similar<'a>(name: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let start: String = name.chars().take(COMPARED).collect();
    let likeness = |id: &str| {
        let id: String = id.chars().take(COMPARED).collect();
        strsim::normalized_damerau_levenshtein(&start, &id)
    };
    let mut near: Vec<(f64, &str)> = ids.map(|id| (likeness(id), id)).filter(|near| near.0 >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    near.into_iter().take(SUGGESTED).map(|(_, id)| id).collect()
}

impl<'a> Standing<'a> {
    fn new(report: &'a DetectionReport, name: &str) -> Self {
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
            name: &crowd.name,
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

    fn write(&self, page: &mut Page) {
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

    fn mark_down(&self, page: &mut Markdown) {
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

impl<'a> Membership<'a> {
    fn new(campaign: &'a Campaign, name: &str) -> Option<Self> {
        let member = campaign.accounts.iter().find(|member| member.account.as_str() == name)?;
        let all = campaign.evidence.iter().chain(&campaign.counter_evidence);
        let named_in = all.filter(|evidence| evidence.subjects.iter().any(|subject| subject == name)).collect();
        let succeeds = |before: &&Predecessor| before.successors.iter().any(|account| account.as_str() == name);
        Some(Self {
            campaign: &campaign.id,
            tier: campaign.tier,
            kind: campaign.kind,
            accounts: campaign.accounts.len() as u64,
            role: member.role,
            probability: member.probability,
            exchanges: member.exchanges,
            first_seen: &campaign.first_seen,
            last_seen: &campaign.last_seen,
            named_in,
            predecessors: campaign.predecessors.iter().filter(succeeds).collect(),
            shares: shares(campaign, name),
        })
    }

    fn points(&self) -> Vec<(&'static str, String)> {
        let linked = match self.role {
            Role::Core => "linked by content and by another family",
            Role::Peripheral => "linked by content alone",
        };
        let mut points = vec![
            ("role:", format!("{}, {linked}", role(self.role))),
            (
                "probability:",
                format!("{:.2} (how much of the evidence it carries itself; not calibrated)", self.probability),
            ),
            ("campaign:", format!("{}, {}", counted(self.accounts, "account"), days(self.first_seen, self.last_seen))),
            ("exchanges:", count(self.exchanges)),
        ];
        if self.named_in.is_empty() {
            points.push(("named by:", "no single piece of evidence; what there is speaks of the set".into()));
        }
        let named = self
            .named_in
            .iter()
            .map(|evidence| format!("{} ({}, {})", sentence(&evidence.statement), evidence.family, weight(evidence)));
        points.extend(named.map(|text| ("named by:", text)));
        for share in &self.shares {
            let fingerprint = share.fingerprint.map_or_else(String::new, |fingerprint| format!(" {fingerprint}"));
            let text = format!(
                "{}{fingerprint} with {} of the campaign; {} outside",
                share.what,
                counted(share.accounts.saturating_sub(1), "other account"),
                counted(share.outside, "account")
            );
            points.push(("shares:", text));
        }
        for before in &self.predecessors {
            let closed = days(&before.closed, &before.closed);
            points.push((
                "took the place of:",
                format!("{}, closed {closed}: {}", before.account, sentence(&before.statement)),
            ));
        }
        points
    }
}

/// What the graph of a campaign says of one of its accounts, where the account has a node of its own.
fn shares<'a>(campaign: &'a Campaign, name: &str) -> Vec<Share<'a>> {
    let nodes = &campaign.graph.nodes;
    let own = nodes.iter().position(|node| node.account.as_ref().is_some_and(|account| account.as_str() == name));
    let edges = campaign.graph.edges.iter().filter(|edge| own.is_some() && usize::try_from(edge.from).ok() == own);
    edges
        .filter_map(|edge| nodes.get(usize::try_from(edge.to).ok()?))
        .map(|node| Share {
            what: node_kind(node.kind),
            fingerprint: node.fingerprint.as_deref(),
            accounts: node.accounts,
            outside: node.outside,
        })
        .collect()
}

fn style(tier: Tier) -> Style {
    if tier == Tier::Act { Style::Red } else { Style::Yellow }
}

/// A campaign in full.
fn whole(page: &mut Page, campaign: &Campaign) {
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
        page.item(&label, &format!("{}: {}", plain(&hypothesis.name), hypothesis.why));
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
