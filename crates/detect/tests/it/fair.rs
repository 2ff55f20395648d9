//! Innocent crowds stay out, and nobody is suspected for where they come from.

use stillwatch_core::Tier;
use stillwatch_simulate::{Class, Plan, simulate};

use crate::traffic::{Case, at_least, mixed};

#[test]
fn no_crowd_of_innocents_is_acted_upon() {
    let traffic = simulate(&Plan::demo(12).with_exchanges(40_000).only_benign());
    let report = Case::new(&traffic, 1).detect(2);
    assert!(at_least(&report, Tier::Act).is_empty());
}

#[test]
fn the_users_of_one_agent_are_no_campaign() {
    let traffic = simulate(&Plan::crowd(3, Class::PopularAgent, 300));
    assert!(at_least(&Case::new(&traffic, 1).detect(2), Tier::Review).is_empty());
}

#[test]
fn renaming_countries_changes_nothing() {
    let mut case = Case::new(mixed(), 1);
    let before = case.detect(2);
    for account in &mut case.accounts {
        account.signup_country =
            account.signup_country.take().map(|country| country.chars().rev().collect::<String>() + "X");
    }
    let after = case.detect(2);
    let told = |report: &stillwatch_detect::DetectionReport| {
        let members = |campaign: &stillwatch_detect::Campaign| (campaign.tier, campaign.accounts.clone());
        report.campaigns.iter().map(members).collect::<Vec<_>>()
    };
    assert_eq!(told(&after), told(&before));
}

#[test]
fn a_permit_sets_its_holder_aside_until_it_is_revoked() {
    let traffic = mixed();
    let mut case = Case::new(traffic, 1);
    let report = case.detect(2);
    assert!(report.permitted.iter().map(|permitted| permitted.accounts.len()).sum::<usize>() > 0);
    let holders: Vec<_> = report.permitted.iter().flat_map(|permitted| &permitted.accounts).collect();
    let told = |report: &stillwatch_detect::DetectionReport| {
        report
            .campaigns
            .iter()
            .flat_map(|campaign| campaign.accounts.clone())
            .map(|member| member.account)
            .collect::<Vec<_>>()
    };
    assert!(told(&report).iter().all(|account| !holders.contains(&account)));
    for permit in &mut case.permits {
        permit.revoked_at = Some(permit.valid_from.clone());
    }
    assert!(case.detect(2).permitted.is_empty());
}
