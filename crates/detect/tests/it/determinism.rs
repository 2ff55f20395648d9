//! The same input gives the same report.

use stillwatch_core::Tier;
use stillwatch_detect::DetectionReport;

use crate::traffic::{Case, at_least, mixed, mixed_case, mixed_report, windows};

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

#[test]
fn a_log_given_twice_changes_nothing() {
    let mut case = mixed_case().clone();
    case.windows = windows(mixed().exchanges.iter().chain(&mixed().exchanges), 1);
    assert_eq!(&case.detect(2), mixed_report());
}
