//! What each kind of campaign claims.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::AccountType;
use stillwatch_simulate::{CampaignPlan, SimulatedAccount, SimulatedExchange, Traffic};

use crate::alone;

fn accounts<'a>(traffic: &'a Traffic, campaign: &str) -> Vec<&'a SimulatedAccount> {
    let belongs =
        |row: &&SimulatedAccount| traffic.truth.campaign.get(&*row.account).is_some_and(|name| name == campaign);
    traffic.accounts.iter().filter(belongs).collect()
}

fn rows<'a>(traffic: &'a Traffic, campaign: &str) -> Vec<&'a SimulatedExchange> {
    let belongs =
        |row: &&SimulatedExchange| traffic.truth.campaign.get(&*row.account).is_some_and(|name| name == campaign);
    traffic.exchanges.iter().filter(belongs).collect()
}

const HOUR: i64 = 3_600_000_000;

#[test]
fn names_are_given_once() {
    let names: BTreeSet<String> = CampaignPlan::all().into_iter().map(|campaign| campaign.name).collect();
    assert_eq!(names.len(), CampaignPlan::all().len());
}

#[test]
fn a_relay_has_one_client_and_one_exit_and_many_people_in_each_account() {
    for name in ["relay_absent", "relay_named", "relay_one_device"] {
        let traffic = alone(1, &[name]);
        let clients: BTreeSet<_> = traffic.exchanges.iter().map(|row| &row.user_agent).collect();
        let fingerprints: BTreeSet<_> = traffic.exchanges.iter().filter_map(|row| row.ja4.as_ref()).collect();
        let blocks: BTreeSet<_> =
            traffic.exchanges.iter().map(|row| row.ip.as_deref().unwrap().rsplit_once('.').unwrap().0).collect();
        assert_eq!((clients.len(), fingerprints.len(), blocks.len()), (1, 1, 1), "{name}");
        let (mut systems, mut foreign): (BTreeMap<&str, BTreeSet<&str>>, BTreeSet<&str>) = Default::default();
        for row in &traffic.exchanges {
            systems.entry(&row.account).or_default().extend(row.system.as_deref());
            if !row.prompt.is_ascii() {
                foreign.insert(&row.account);
            }
        }
        assert!(systems.values().all(|prompts| prompts.len() >= 4), "{name}");
        assert_eq!(foreign.len(), 30, "{name}");
        assert_eq!(traffic.truth.kind[name], "relay");
    }
}

#[test]
fn a_relay_passes_on_what_it_says_about_its_people() {
    let people = |name| -> BTreeSet<Option<String>> {
        alone(2, &[name]).exchanges.iter().map(|row| row.end_user.as_deref().map(str::to_owned)).collect()
    };
    assert_eq!(people("relay_absent"), [None].into());
    assert_eq!(people("relay_one_device").len(), 1);
    assert!(people("relay_named").len() > 100);
}

/// A prefix is in the cache of the account that sent it, and a relay goes on to the next one.
#[test]
fn a_relay_finds_little_in_the_cache() {
    let share = |traffic: &Traffic| {
        let (cached, all) = traffic
            .exchanges
            .iter()
            .filter(|row| row.input_tokens > 200)
            .fold((0, 0), |(cached, all), row| (cached + row.cached_tokens, all + row.input_tokens));
        cached * 100 / all.max(1)
    };
    let relay = share(&alone(3, &["relay_absent"]));
    let crowd = stillwatch_simulate::Plan::crowd(3, stillwatch_simulate::Class::AggregatorPool, 30);
    let aggregator = share(&stillwatch_simulate::simulate(&crowd));
    assert!(relay < 30 && aggregator > 50, "{relay} {aggregator}");
}

#[test]
fn a_harvest_may_hide_in_a_relay() {
    let traffic = alone(4, &["relay_harvest"]);
    let mut runs: BTreeMap<String, usize> = BTreeMap::new();
    for row in &traffic.exchanges {
        let words: Vec<&str> = row.prompt.split_whitespace().collect();
        let own: BTreeSet<String> = words.windows(5).map(|run| run.join(" ")).collect();
        for run in own {
            *runs.entry(run).or_default() += 1;
        }
    }
    let most = runs.values().max().unwrap() * 100 / traffic.exchanges.len();
    assert!((20..=40).contains(&most), "{most} %");
}

#[test]
fn fast_successors_open_within_three_days_and_share_neither_card_nor_address() {
    let traffic = alone(5, &["fast_banned", "fast_successors"]);
    let first_ban = accounts(&traffic, "fast_banned").iter().filter_map(|row| row.status_changed_at).min().unwrap();
    let opened: Vec<i64> =
        accounts(&traffic, "fast_successors").iter().map(|row| row.created_at.unwrap().0 - first_ban.0).collect();
    assert!(opened.iter().all(|after| *after > -5 * HOUR && *after <= 77 * HOUR), "{opened:?}");
    let addresses =
        |name| -> BTreeSet<&str> { rows(&traffic, name).iter().map(|row| row.ip.as_deref().unwrap()).collect() };
    assert!(addresses("fast_banned").is_disjoint(&addresses("fast_successors")));
    assert_eq!(traffic.truth.kind["fast_successors"], "successor");
    assert_eq!(traffic.truth.actor["fast_successors"], traffic.truth.actor["fast_banned"]);
}

/// The wording of a campaign's harvest: runs of words that many of its requests hold.
fn wording(rows: &[&SimulatedExchange]) -> BTreeSet<String> {
    let mut runs: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let words: Vec<&str> = row.prompt.split_whitespace().collect();
        let own: BTreeSet<String> = words.windows(5).map(|run| run.join(" ")).collect();
        for run in own {
            *runs.entry(run).or_default() += 1;
        }
    }
    runs.into_iter().filter(|(_, times)| times * 8 > rows.len()).map(|(run, _)| run).collect()
}

#[test]
fn whoever_resumes_a_workload_words_it_as_before() {
    for (before, after) in [("fast_banned", "fast_successors"), ("revoked_organization", "personal_accounts")] {
        let traffic = alone(6, &[before, after]);
        let (old, new) = (wording(&rows(&traffic, before)), wording(&rows(&traffic, after)));
        assert!(!old.is_empty() && old.intersection(&new).count() * 2 > old.len(), "{after}");
    }
}

#[test]
fn siblings_take_over_the_load_of_the_blocked() {
    let traffic = alone(7, &["blocked_siblings"]);
    let ban = traffic.accounts.iter().filter_map(|row| row.status_changed_at).min().unwrap();
    let blocked = traffic.accounts.iter().filter(|row| row.status == Some("suspended")).count();
    assert_eq!(blocked, 14);
    let (before, after) = traffic
        .exchanges
        .iter()
        .fold((0, 0), |(before, after), row| if row.time < ban { (before + 1, after) } else { (before, after + 1) });
    // Three sevenths of the window and four: the sum stays about what it was.
    let ratio = after * 300 / (before * 4);
    assert!((75..=135).contains(&ratio), "{before} {after}");
}

#[test]
fn an_organisation_is_revoked_and_people_resume_its_work_afterwards() {
    let traffic = alone(8, &["revoked_organization", "personal_accounts"]);
    let revoked = accounts(&traffic, "revoked_organization");
    let organizations: BTreeSet<_> = revoked.iter().map(|row| &row.organization).collect();
    assert_eq!(organizations.len(), 1);
    let personal = accounts(&traffic, "personal_accounts");
    let organizations: BTreeSet<_> = personal.iter().map(|row| &row.organization).collect();
    assert_eq!(organizations.len(), personal.len());
    let ban = revoked.iter().filter_map(|row| row.status_changed_at).min().unwrap();
    let old = wording(&rows(&traffic, "revoked_organization"));
    let resumed = rows(&traffic, "personal_accounts");
    let early =
        resumed.iter().filter(|row| row.time < ban).filter(|row| old.iter().any(|run| row.prompt.contains(run)));
    assert_eq!(early.count(), 0);
    let opened = personal.iter().filter(|row| row.created_at > Some(ban)).count();
    assert!((8..=18).contains(&opened), "{opened}");
}

#[test]
fn a_harvest_through_an_intermediary_is_its_end_users_and_not_its_accounts() {
    let traffic = alone(9, &["revoked_customer", "through_intermediary"]);
    let harvesters = &traffic.truth.end_user;
    assert!(harvesters.len() >= 6 && harvesters.values().all(|name| name == "through_intermediary"));
    assert!(!traffic.truth.campaign.values().any(|name| name == "through_intermediary"));
    let old = wording(&rows(&traffic, "revoked_customer"));
    let aggregators: BTreeSet<_> = traffic
        .accounts
        .iter()
        .filter(|row| row.account_type == AccountType::Aggregator)
        .map(|row| row.account.clone())
        .collect();
    assert_eq!(aggregators.len(), 2);
    for row in traffic.exchanges.iter().filter(|row| aggregators.contains(&row.account)) {
        let key = format!("{}/{}", row.account, row.end_user.as_deref().unwrap());
        let harvests = old.iter().filter(|run| row.prompt.contains(*run)).count() > 3;
        assert!(!harvests || harvesters.contains_key(&key));
    }
}

#[test]
fn one_account_stops_at_its_quota_and_the_next_starts_within_seconds() {
    let traffic = alone(10, &["quota_hand_over"]);
    let refused: Vec<&SimulatedExchange> = traffic.exchanges.iter().filter(|row| row.status == 429).collect();
    assert!(refused.len() > 200, "{}", refused.len());
    let taken_over = refused.iter().filter(|stop| {
        let at = traffic.exchanges.partition_point(|row| row.time <= stop.time);
        let next = traffic.exchanges[at..].iter().take_while(|row| row.time.0 < stop.time.0 + 62_000_000);
        next.clone().any(|row| row.account != stop.account)
    });
    assert!(taken_over.count() * 10 > refused.len() * 8);
}

#[test]
fn outages_and_upgrades_are_joint() {
    let traffic = alone(11, &["joint_outages"]);
    let accounts = accounts(&traffic, "joint_outages").len();
    let mut last: BTreeMap<&str, (&str, i64)> = BTreeMap::new();
    let mut changes: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &traffic.exchanges {
        if let Some((client, at)) = last.insert(&row.account, (row.user_agent.as_deref().unwrap(), row.time.0))
            && client != row.user_agent.as_deref().unwrap()
        {
            changes.entry(&row.account).or_insert((at, row.time.0));
        }
    }
    assert!(changes.len() * 10 >= accounts * 9, "{} of {accounts}", changes.len());
    // All changes are possible at one moment.
    let from = changes.values().map(|(before, _)| *before).max().unwrap();
    let until = changes.values().map(|(_, after)| *after).min().unwrap();
    assert!(from <= until + 900_000_000, "{from} {until}");

    // Among 1,500 requests no unplanned silence lasts eight hours.
    let harvest = wording(&traffic.exchanges.iter().collect::<Vec<_>>());
    let times: Vec<i64> = traffic
        .exchanges
        .iter()
        .filter(|row| harvest.iter().any(|run| row.prompt.contains(run)))
        .map(|row| row.time.0)
        .collect();
    let silences = times.windows(2).filter(|pair| pair[1] - pair[0] >= 7 * HOUR).count();
    assert!((1..=5).contains(&silences), "{silences}");
}
