//! A campaign keeps its name from one report to the next.

use stillwatch_core::Tier;
use stillwatch_detect::{Campaign, DetectionReport, Member};

use crate::traffic::mixed_report;

/// A report with rings of these accounts.
fn report(rings: &[(&str, &[u32])]) -> DetectionReport {
    let pattern = mixed_report().campaigns.iter().find(|campaign| campaign.tier == Tier::Act).unwrap();
    let campaign = |(id, accounts): &(&str, &[u32])| {
        let member = |number: &u32| Member {
            account: format!("account-{number}").into(),
            ..pattern.accounts.first().unwrap().clone()
        };
        Campaign { id: (*id).into(), accounts: accounts.iter().map(member).collect(), ..pattern.clone() }
    };
    DetectionReport { campaigns: rings.iter().map(campaign).collect(), ..mixed_report().clone() }
}

/// The id of each campaign, by its first account, and what it continues.
fn names(report: &DetectionReport) -> Vec<(String, String, Option<String>)> {
    let mut names: Vec<_> = report
        .campaigns
        .iter()
        .map(|campaign| {
            let first = campaign.accounts.first().unwrap().account.to_string();
            let continues = campaign.continues.as_ref().map(|continued| continued.id.to_string());
            (first, campaign.id.to_string(), continues)
        })
        .collect();
    names.sort();
    names
}

fn continued(later: &[(&str, &[u32])], earlier: &[(&str, &[u32])]) -> Vec<(String, String, Option<String>)> {
    let mut later = report(later);
    later.continue_from(&report(earlier));
    names(&later)
}

fn named(first: &str, id: &str, continues: Option<&str>) -> (String, String, Option<String>) {
    (first.into(), id.into(), continues.map(String::from))
}

#[test]
fn one_more_member_changes_no_name() {
    let mut later = report(&[("c-2", &[1, 2, 3, 4, 5, 6]), ("c-9", &[7, 8, 9, 10, 11])]);
    later.continue_from(&report(&[("c-1", &[1, 2, 3, 4, 5])]));
    assert_eq!(names(&later), [named("account-1", "c-1", Some("c-1")), named("account-7", "c-9", None)]);
    let grown = later.campaigns.iter().find(|campaign| campaign.id == "c-1".into()).unwrap();
    let continues = grown.continues.as_ref().unwrap();
    assert_eq!(continues.shared_accounts, 5);
    assert!((continues.share - 1.0).abs() < f64::EPSILON);
}

#[test]
fn the_largest_part_keeps_the_name() {
    let earlier: &[(&str, &[u32])] = &[("c-1", &[1, 2, 3, 4, 5, 6, 7])];
    let parts: [(&str, &[u32]); 2] = [("c-8", &[1, 2, 3]), ("c-9", &[4, 5, 6, 7])];
    let expected = [named("account-1", "c-8", None), named("account-4", "c-1", Some("c-1"))];
    assert_eq!(continued(&parts, earlier), expected);
    let [left, right] = parts;
    assert_eq!(continued(&[right, left], earlier), expected);
}

#[test]
fn a_whole_has_the_name_of_the_part_that_gave_it_most() {
    let whole: &[(&str, &[u32])] = &[("c-9", &[1, 2, 3, 4, 5, 6, 7])];
    let parts: [(&str, &[u32]); 2] = [("c-1", &[1, 2, 3]), ("c-2", &[4, 5, 6, 7])];
    let expected = [named("account-1", "c-2", Some("c-2"))];
    assert_eq!(continued(whole, &parts), expected);
    let [left, right] = parts;
    assert_eq!(continued(whole, &[right, left]), expected);
}

#[test]
fn among_equals_the_lower_id_decides_and_no_two_have_one_name() {
    let parts: [(&str, &[u32]); 2] = [("c-8", &[1, 2]), ("c-9", &[3, 4])];
    let expected = [named("account-1", "c-1", Some("c-1")), named("account-3", "c-9", None)];
    assert_eq!(continued(&parts, &[("c-1", &[1, 2, 3, 4])]), expected);
    let [left, right] = parts;
    assert_eq!(continued(&[right, left], &[("c-1", &[1, 2, 3, 4])]), expected);
    // A new campaign whose members give it a name that another has kept.
    let later: &[(&str, &[u32])] = &[("c-5", &[1, 2, 3, 9]), ("c-1", &[20, 21])];
    let numbered = [named("account-1", "c-1", Some("c-1")), named("account-20", "c-1-2", None)];
    assert_eq!(continued(later, &[("c-1", &[1, 2, 3])]), numbered);
}

#[test]
fn a_report_continues_itself_unchanged() {
    let mut again = mixed_report().clone();
    again.continue_from(mixed_report());
    let ids =
        |report: &DetectionReport| report.campaigns.iter().map(|campaign| campaign.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(mixed_report()));
    assert!(again.campaigns.iter().all(|campaign| campaign.continues.is_some()));
}
