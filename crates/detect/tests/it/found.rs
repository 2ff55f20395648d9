//! Campaigns are found, and told with their evidence.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{AccountId, Family, Tier};
use stillwatch_detect::{Campaign, Rung};

use crate::traffic::{at_least, mixed, mixed_case, mixed_report, windows};

fn share_of_campaigns(campaign: &Campaign) -> f64 {
    let truth = &mixed().truth.campaign;
    let members = campaign.accounts.iter().filter(|member| truth.contains_key(member.account.as_str())).count();
    f64::from(u32::try_from(members).unwrap()) / f64::from(u32::try_from(campaign.accounts.len()).unwrap())
}

#[test]
fn tier_act_holds_campaigns_and_hardly_anybody_else() {
    let report = mixed_report();
    let act = at_least(report, Tier::Act);
    assert!(!act.is_empty(), "no campaign at tier act");
    for campaign in act {
        assert!(
            share_of_campaigns(campaign) >= 0.9,
            "{}: {:.2} are campaign accounts",
            campaign.id,
            share_of_campaigns(campaign)
        );
    }
}

#[test]
fn tier_act_keeps_its_invariant() {
    let report = mixed_report();
    for campaign in at_least(report, Tier::Act) {
        let families: BTreeSet<Family> = campaign.families.iter().map(|family| family.independent()).collect();
        assert!(families.len() >= 2 && campaign.accounts.len() >= 5 && campaign.q_value <= 0.01);
        assert!(
            campaign.benign_hypotheses.len() >= 9
                && campaign.benign_hypotheses.iter().all(|hypothesis| hypothesis.rejected)
        );
        assert!(
            !campaign.evidence.is_empty() && !campaign.counter_evidence.is_empty() && !campaign.indicators.is_empty()
        );
        assert!(campaign.recommended.rung > Rung::Observe);
    }
}

#[test]
fn every_account_is_told_in_one_finding() {
    let report = mixed_report();
    let mut seen = BTreeSet::new();
    for member in at_least(report, Tier::Review).iter().flat_map(|campaign| &campaign.accounts) {
        assert!(seen.insert(&member.account), "{} is told twice", member.account);
    }
}

#[test]
fn q_values_cannot_be_smaller_than_the_rounds_allow() {
    let report = mixed_report();
    assert!(report.nulls.rounds > 0 && report.nulls.smallest_q > 0.0);
    assert!(report.campaigns.iter().all(|campaign| campaign.q_value >= report.nulls.smallest_q));
}

#[test]
fn without_an_account_table_payment_is_not_evaluated() {
    let mut case = mixed_case().clone();
    case.accounts.clear();
    let report = case.detect(2);
    assert!(at_least(&report, Tier::Act).is_empty(), "an aggregator's contract cannot be ruled out without the table");
    assert!(report.not_evaluated.iter().any(|missing| missing.what.contains("payment")));
    assert!(
        report
            .campaigns
            .iter()
            .flat_map(|campaign| &campaign.evidence)
            .all(|evidence| evidence.kind != "shared_payment")
    );
}

#[test]
fn quiet_accounts_are_known_by_the_idiom_of_their_ring() {
    let truth = &mixed().truth.campaign;
    let ring: Vec<&String> =
        truth.iter().filter(|(_, campaign)| *campaign == "slow_drip").map(|(account, _)| account).collect();
    let quiet: BTreeSet<&str> = ring.iter().step_by(4).map(|account| account.as_str()).collect();
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    let exchanges = mixed().exchanges.iter().filter(|exchange| {
        let Some(account) = quiet.get(&*exchange.account) else { return true };
        let count = kept.entry(account).or_default();
        *count += 1;
        *count <= 8
    });
    let mut case = mixed_case().clone();
    case.windows = windows(exchanges, 1);
    let report = case.detect(2);
    // The whole set that holds the ring, whatever it is taken for: this is about who belongs together.
    let campaigns =
        report.campaigns.iter().map(|of| of.accounts.iter().map(|member| member.account.as_str()).collect());
    let crowds = report.crowds.iter().map(|of| of.accounts.iter().map(AccountId::as_str).collect());
    let of_ring = |set: &BTreeSet<&str>| set.iter().filter(|account| ring.iter().any(|of| of == *account)).count();
    let told: BTreeSet<&str> = campaigns.chain(crowds).max_by_key(of_ring).unwrap();
    let found = quiet.intersection(&told).count();
    assert!(quiet.len() >= 5 && 2 * found >= quiet.len(), "{found} of {} quiet accounts are told", quiet.len());
    let innocent = told.iter().filter(|account| !truth.contains_key(**account)).count();
    assert!(innocent * 20 <= told.len(), "{innocent} of {} are innocent", told.len());
}

#[test]
fn what_is_left_out_carries_nothing() {
    let mut case = mixed_case().clone();
    case.without = vec![Family::Infrastructure, Family::Timing, Family::Lifecycle];
    let report = case.detect(2);
    assert!(at_least(&report, Tier::Act).is_empty(), "content alone is never acted upon");
    assert!(!at_least(&report, Tier::Review).is_empty());
    let families = report.campaigns.iter().flat_map(|campaign| &campaign.families);
    assert!(families.clone().all(|family| *family == Family::Content));
    assert!(report.not_evaluated.iter().any(|missing| missing.what == "the family infrastructure"));
}
