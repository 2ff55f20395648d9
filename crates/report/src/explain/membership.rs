//! What a campaign says of one of its accounts.

use serde::Serialize;
use stillwatch_core::{CampaignId, Evidence, Tier};
use stillwatch_detect::{Campaign, CampaignKind, Predecessor, Role};

use crate::detection::sentences::{days, weight};
use crate::detection::vocabulary::{node_kind, role};
use crate::number::{count, counted};
use crate::phrase::sentence;

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

impl<'a> Membership<'a> {
    pub(super) fn new(campaign: &'a Campaign, name: &str) -> Option<Self> {
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

    pub(super) fn points(&self) -> Vec<(&'static str, String)> {
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
