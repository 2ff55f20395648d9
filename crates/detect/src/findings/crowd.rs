//! From findings that are innocent to the crowds of a report.

use std::cmp::Ordering;

use stillwatch_core::{AccountId, count};

use crate::answers::Crowd;
use crate::findings::campaign::coordination;
use crate::hypothesis::Hypothesis;
use crate::judge::answers::answers;
use crate::judge::explanation::rounded;
use crate::judge::setting::Setting;
use crate::judge::told::Finding;

/// Writes a finding that an innocent explanation fits.
pub(crate) fn crowd(setting: &Setting<'_>, finding: &Finding) -> Crowd {
    let accounts = &finding.set.accounts;
    let profiles = || setting.population.of(accounts);
    let nearest = finding.judgement.nearest().into_iter().next();
    let mut members: Vec<AccountId> = profiles().map(|profile| profile.account.account.clone()).collect();
    members.sort_unstable();
    let (name, noun) =
        nearest.map_or((Hypothesis::Unrelated, "unrelated accounts"), |of| (of.crowd.name, of.crowd.noun));
    Crowd {
        name: name.into(),
        statement: format!("{noun} ({} accounts)", accounts.len()),
        bits: rounded(-finding.judgement.facts.margin),
        why: nearest.map(|of| finding.judgement.reason(of)).unwrap_or_default(),
        strength_bits: rounded(finding.judgement.facts.strength),
        answers: answers(&finding.judgement, coordination(finding)),
        organizations: count(finding.set.owners),
        exchanges: profiles().map(|profile| profile.exchanges).sum(),
        accounts: members,
    }
}

impl Crowd {
    /// The largest first, then by name and first account.
    pub(crate) fn order(a: &Self, b: &Self) -> Ordering {
        (b.accounts.len(), a.name.as_str(), &a.accounts).cmp(&(a.accounts.len(), b.name.as_str(), &b.accounts))
    }
}
