//! Innocent crowds stay out, and nobody is suspected for where they come from.

use stillwatch_core::Tier;
use stillwatch_simulate::{Class, Plan, simulate};

use crate::traffic::{Case, at_least, mixed, mixed_case, mixed_report};

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

/// Colleagues with accounts and cards of their own, one in-house assistant with its settings, one office address.
#[test]
fn an_office_with_one_tool_is_no_campaign() {
    let plan = Plan::demo(13).with_exchanges(40_000).only_benign();
    let mut traffic = simulate(&plan);
    let casual =
        traffic.truth.klass.iter().filter(|(_, class)| *class == "developer").map(|(account, _)| account.clone());
    let office: Vec<String> = casual.take(12).collect();
    for exchange in
        traffic.exchanges.iter_mut().filter(|exchange| office.iter().any(|account| **account == *exchange.account))
    {
        exchange.system = Some(
            "You are the assistant of the drawing office at Harrow and Finch, answer briefly and in metric units"
                .into(),
        );
        exchange.ip = Some("192.0.2.17".into());
        exchange.asn = Some(64_496);
        exchange.temperature = Some(0.35);
        exchange.max_tokens = Some(777);
    }
    assert!(at_least(&Case::new(&traffic, 1).detect(2), Tier::Review).is_empty());
}

/// Whoever fills in a country of his own does not choose his own null.
#[test]
fn a_country_of_its_own_hides_no_ring() {
    let mut case = mixed_case().clone();
    let before = at_least(mixed_report(), Tier::Act).len();
    for account in &mut case.accounts {
        if let Some(campaign) = mixed().truth.campaign.get(account.account.as_str()) {
            account.signup_country = Some(format!("country of {campaign}"));
        }
    }
    let after = at_least(&case.detect(2), Tier::Act).len();
    assert!(after + 1 >= before, "{before} campaigns at tier act became {after}");
}

#[test]
fn without_a_table_the_organisation_of_the_log_counts() {
    let mut case = mixed_case().clone();
    let permitted =
        |report: &stillwatch_detect::DetectionReport| report.permitted.iter().map(|p| p.accounts.len()).sum::<usize>();
    let with_table = permitted(mixed_report());
    case.accounts.clear();
    assert_eq!(permitted(&case.detect(2)), with_table);
}

#[test]
fn renaming_countries_changes_nothing() {
    let mut case = mixed_case().clone();
    for account in &mut case.accounts {
        account.signup_country =
            account.signup_country.take().map(|country| country.chars().rev().collect::<String>() + "X");
    }
    let after = case.detect(2);
    let told = |report: &stillwatch_detect::DetectionReport| {
        let members = |campaign: &stillwatch_detect::Campaign| (campaign.tier, campaign.accounts.clone());
        report.campaigns.iter().map(members).collect::<Vec<_>>()
    };
    assert_eq!(told(&after), told(mixed_report()));
}

#[test]
fn a_permit_sets_its_holder_aside_until_it_is_revoked() {
    let mut case = mixed_case().clone();
    let report = mixed_report();
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
    assert!(told(report).iter().all(|account| !holders.contains(&account)));
    for permit in &mut case.permits {
        permit.revoked_at = Some(permit.valid_from.clone());
    }
    assert!(case.detect(2).permitted.is_empty());
}
