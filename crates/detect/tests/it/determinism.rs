//! The same input gives the same report.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::Tier;
use stillwatch_detect::DetectionReport;
use stillwatch_simulate::simulate;

use crate::traffic::{Case, at_least, mixed, mixed_case, mixed_report, plan, windows};

/// Who is accused of what: everything that may not depend on the key.
fn accusations(report: &DetectionReport) -> Vec<(String, Tier, Vec<String>)> {
    let members = |campaign: &stillwatch_detect::Campaign| {
        campaign.accounts.iter().map(|member| member.account.to_string()).collect()
    };
    report.campaigns.iter().map(|campaign| (campaign.id.to_string(), campaign.tier, members(campaign))).collect()
}

#[test]
fn at_any_number_of_threads_and_in_any_order() {
    let mut case = mixed_case().clone();
    case.windows.reverse();
    let report = case.detect(1);
    assert_eq!(&report, mixed_report());
    assert_eq!(case.detect(3), report);
    assert!(!at_least(&report, Tier::Act).is_empty());
}

#[test]
fn the_same_campaigns_under_five_keys() {
    let first = accusations(mixed_report());
    for key in 2..=5 {
        assert_eq!(accusations(&Case::new(mixed(), key).detect(2)), first, "under key {key}");
    }
}

/// Another name for an account, in another order.
fn renamed(name: &str) -> String {
    name.chars().rev().chain("-renamed".chars()).collect()
}

/// Tier and members of every campaign, and name and members of every crowd, under their first names.
fn told(report: &DetectionReport, name: &dyn Fn(&str) -> String) -> BTreeSet<(String, BTreeSet<String>)> {
    let of = |campaign: &stillwatch_detect::Campaign| {
        let members = campaign.accounts.iter().map(|member| name(member.account.as_str()));
        (campaign.tier.to_string(), members.collect())
    };
    let crowds = report.crowds.iter().map(|crowd| {
        (
            crowd.name.as_str().to_owned(),
            crowd.accounts.iter().map(|account| name(account.as_str())).collect::<BTreeSet<String>>(),
        )
    });
    report.campaigns.iter().map(of).chain(crowds).collect()
}

#[test]
fn under_any_key_and_naming_and_in_any_order_the_same_is_told() {
    let first = told(mixed_report(), &str::to_owned);
    let mut traffic = simulate(&plan());
    let names: BTreeMap<String, String> =
        traffic.accounts.iter().map(|account| (renamed(&account.account), account.account.to_string())).collect();
    for exchange in &mut traffic.exchanges {
        exchange.account = renamed(&exchange.account).into();
    }
    for account in &mut traffic.accounts {
        account.account = renamed(&account.account).into();
    }
    for permit in &mut traffic.permits {
        permit.account = permit.account.take().map(|account| renamed(account.as_str()).into());
    }
    // Every row in another place: a fixed permutation of the log.
    let rows = traffic.exchanges.len();
    let step = (rows / 3..rows).find(|step| greatest_common_divisor(*step, rows) == 1).unwrap();
    traffic.exchanges = (0..rows).map(|at| traffic.exchanges[at * step % rows].clone()).collect();
    traffic.accounts.reverse();
    for key in [7, 8] {
        let report = Case::new(&traffic, key).detect(2);
        let again = told(&report, &|name| names.get(name).cloned().unwrap_or_default());
        assert_eq!(again.symmetric_difference(&first).collect::<Vec<_>>(), Vec::<&_>::new(), "under key {key}");
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[test]
fn a_log_given_twice_changes_nothing() {
    let mut case = mixed_case().clone();
    case.windows = windows(mixed().exchanges.iter().chain(&mixed().exchanges), 1);
    assert_eq!(&case.detect(2), mixed_report());
}
