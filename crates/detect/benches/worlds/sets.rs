//! The sets of accounts that a report tells, campaigns and crowds, beside what they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use stillwatch_core::AccountId;
use stillwatch_detect::{Answers, CampaignKind, DetectionReport, Standing};
use stillwatch_simulate::Truth;

/// A set that detection has told in some way, and what it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JudgedSet {
    /// `act`, `review`, `watch` or `crowd`.
    pub(crate) told: String,
    /// Stable names of the levels that were seen.
    pub(crate) levels: Vec<String>,
    /// Whether two families say that the accounts act as one (`yes`), or may say so (`perhaps`).
    pub(crate) coordination: Standing,
    /// Bits of one hidden operator against the nearest crowd, by the models that were written by hand.
    pub(crate) margin: f64,
    pub(crate) accounts: usize,
    pub(crate) innocent: usize,
    /// Share of the accounts that belong to the commonest actor.
    pub(crate) purity: f64,
    /// The actor or the innocent class that most accounts belong to.
    pub(crate) kind: String,
    /// Campaigns of which it holds at least half of the accounts, with four fifths of its own belonging to their actor.
    pub(crate) finds: Vec<String>,
}

/// The line of details of one world.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) world: LineWorld,
    /// Accounts of the world that belong to no campaign.
    pub(crate) innocent: usize,
    pub(crate) sets: Vec<JudgedSet>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LineWorld {
    pub(crate) families: BTreeMap<String, String>,
}

/// Reads the lines of files of details.
pub(crate) fn lines(paths: &[PathBuf]) -> Result<Vec<Line>, Box<dyn std::error::Error>> {
    let mut lines = Vec::new();
    for path in paths {
        for line in fs::read_to_string(path)?.lines() {
            lines.push(serde_json::from_str(line)?);
        }
    }
    Ok(lines)
}

/// All sets of a report but single accounts.
pub(crate) fn sets(truth: &Truth, report: &DetectionReport) -> Vec<JudgedSet> {
    let campaigns = report.campaigns.iter().filter(|campaign| campaign.kind != CampaignKind::Single).map(|campaign| {
        let accounts: Vec<&AccountId> = campaign.accounts.iter().map(|member| &member.account).collect();
        set(truth, campaign.tier.to_string(), &campaign.answers, campaign.margin_bits, &accounts)
    });
    let crowds = report.crowds.iter().map(|crowd| {
        let accounts: Vec<&AccountId> = crowd.accounts.iter().collect();
        set(truth, "crowd".into(), &crowd.answers, -crowd.bits, &accounts)
    });
    campaigns.chain(crowds).collect()
}

fn set(truth: &Truth, told: String, answers: &Answers, margin: f64, accounts: &[&AccountId]) -> JudgedSet {
    let campaign = |account: &&AccountId| truth.campaign.get(account.as_str());
    let actor = |campaign: &String| truth.actor.get(campaign).unwrap_or(campaign).clone();
    let class = |account: &&AccountId| truth.klass.get(account.as_str()).cloned().unwrap_or_default();
    let mut kinds: BTreeMap<(bool, String), usize> = BTreeMap::new();
    for account in accounts {
        let kind = campaign(account).map_or_else(|| (false, class(account)), |name| (true, actor(name)));
        *kinds.entry(kind).or_default() += 1;
    }
    let ((harvests, kind), most) = kinds.into_iter().max_by_key(|(_, of)| *of).unwrap_or_default();
    let names: BTreeSet<&String> = accounts.iter().filter_map(campaign).collect();
    let covered = |name: &&&String| {
        let members = truth.campaign.values().filter(|of| *of == **name).count();
        let inside = accounts.iter().filter(|account| campaign(account).is_some_and(|of| of == **name)).count();
        2 * inside >= members && actor(name) == kind
    };
    let is_pure = harvests && 5 * most >= 4 * accounts.len();
    let questions = [&answers.coordination, &answers.extraction, &answers.concealment];
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let purity = most as f64 / accounts.len().max(1) as f64;
    JudgedSet {
        told,
        levels: questions.iter().flat_map(|answer| answer.signs.iter().map(|sign| sign.level.clone())).collect(),
        coordination: answers.coordination.standing,
        margin,
        accounts: accounts.len(),
        innocent: accounts.iter().filter(|account| campaign(account).is_none()).count(),
        purity,
        kind: if harvests { "campaign".into() } else { kind.clone() },
        finds: if is_pure { names.iter().filter(covered).map(|name| (*name).clone()).collect() } else { Vec::new() },
    }
}
