use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use stillwatch_core::{Cancel, Cancelled};
use stillwatch_simulate::{
    CampaignPlan, Class, CrowdPlan, Level, Plan, Traffic, WorldPlan, simulate, simulate_cancellable,
};

use crate::{fingerprint, small, window};

#[test]
fn the_same_seed_gives_the_same_rows_and_another_seed_others() {
    assert_eq!(fingerprint(&small(1)), fingerprint(&small(1)));
    assert_ne!(fingerprint(&small(1)), fingerprint(&small(2)));
}

/// Figures are compared between versions, so a change of these rows has to be meant.
#[test]
fn the_demonstration_is_the_one_that_figures_were_measured_on() {
    let rows = simulate(&Plan::demo(2026).with_exchanges(6_000)).exchanges;
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for row in &rows {
        for text in
            [&row.account, &row.prompt, row.ip.as_ref().unwrap(), row.user_agent.as_ref().unwrap(), &row.request_id]
        {
            add(text);
        }
        add(&format!("{} {} {} {}", row.time.0, row.status, row.cached_tokens, row.output_tokens));
    }
    assert_eq!((rows.len(), state), (5521, 7_933_408_312_610_765_462));
}

/// A class that is added to a plan changes nobody's text, time or network; only volumes follow the plan's size.
#[test]
fn a_further_class_does_not_change_the_others() {
    let plan = Plan::crowd(4, Class::Developer, 40);
    let alone = simulate(&plan);
    let mut more = plan;
    more.crowds.push(CrowdPlan { class: Class::CarrierNat, accounts: 30 });
    more.crowds.push(CrowdPlan { class: Class::SiblingTeams, accounts: 24 });
    more.exchanges += 2 * (30 * 7 + 24 * 22);
    let both = simulate(&more);
    let ids: BTreeSet<&str> = alone.accounts.iter().map(|row| &*row.account).collect();
    let requests = |traffic: &Traffic| -> Vec<(String, String, i64)> {
        let own = traffic.exchanges.iter().filter(|row| ids.contains(&*row.account));
        own.map(|row| (row.account.to_string(), row.prompt.to_string(), row.time.0)).collect()
    };
    assert_eq!(requests(&both), requests(&alone));
}

#[test]
fn every_level_and_every_named_campaign_comes_out_the_same_twice() {
    for level in [Level::L3, Level::L6] {
        let plan = Plan::ladder(5, level).with_exchanges(9_000);
        assert_eq!(fingerprint(&simulate(&plan)), fingerprint(&simulate(&plan)), "{}", level.name());
    }
    let plan = Plan { campaigns: CampaignPlan::all(), crowds: Vec::new(), ..Plan::demo(6) };
    assert_eq!(fingerprint(&simulate(&plan)), fingerprint(&simulate(&plan)));
}

#[test]
fn an_account_does_not_depend_on_other_classes() {
    let all = small(3);
    let benign = simulate(&Plan::demo(3).with_exchanges(20_000).only_benign());
    let ids = |traffic: &Traffic| -> BTreeSet<String> { traffic.truth.klass.keys().cloned().collect() };
    assert!(ids(&benign).is_subset(&ids(&all)));
}

#[test]
fn every_account_of_an_exchange_is_in_the_table_and_labelled() {
    let traffic = small(4);
    let accounts: BTreeSet<&str> = traffic.accounts.iter().map(|row| &*row.account).collect();
    assert_eq!(accounts.len(), traffic.accounts.len(), "an id was given twice");
    assert!(traffic.exchanges.iter().all(|row| accounts.contains(&*row.account)));
    assert!(accounts.iter().copied().eq(traffic.truth.klass.keys().map(String::as_str)));
    for (account, campaign) in &traffic.truth.campaign {
        assert_eq!(traffic.truth.klass[account], "campaign", "{campaign}");
    }
    let harvesting = traffic.truth.klass.values().filter(|class| *class == "campaign").count();
    assert_eq!(harvesting, traffic.truth.campaign.len());
}

#[test]
fn rows_are_sorted_and_inside_the_window() {
    let traffic = small(5);
    let (first, end) = window();
    assert!(traffic.exchanges.is_sorted_by_key(|row| row.time));
    assert!(traffic.exchanges.iter().all(|row| row.time >= first.start() && row.time < end.start()));
    let requests: BTreeSet<&str> = traffic.exchanges.iter().map(|row| &*row.request_id).collect();
    assert_eq!(requests.len(), traffic.exchanges.len(), "a request id was given twice");
}

#[test]
fn nobody_is_active_before_sign_up_or_long_after_closing() {
    let traffic = small(6);
    for account in &traffic.accounts {
        let until = account.status_changed_at.filter(|_| account.status != Some("active"));
        for row in traffic.exchanges.iter().filter(|row| row.account == account.account) {
            assert!(Some(row.time) >= account.created_at, "{}", traffic.truth.klass[&*account.account]);
            let hour = 3_600_000_000;
            assert!(until.is_none_or(|at| row.time.0 < at.0 + hour), "{}", traffic.truth.klass[&*account.account]);
        }
    }
}

#[test]
fn sizes_are_near_the_target() {
    for exchanges in [20_000, 80_000] {
        let traffic = simulate(&Plan::demo(7).with_exchanges(exchanges));
        let rows = traffic.exchanges.len();
        assert!(rows > exchanges * 85 / 100 && rows < exchanges * 115 / 100, "{rows} of {exchanges}");
    }
}

#[test]
fn permits_are_valid_and_cover_their_holders() {
    let traffic = small(8);
    let (first, end) = window();
    assert!(!traffic.permits.is_empty());
    for permit in &traffic.permits {
        assert_eq!(permit.validate(), Ok(()));
        assert!(permit.covers(first, end));
    }
    for account in &traffic.accounts {
        let row = account.to_account();
        let named = traffic.permits.iter().any(|permit| permit.names(&row.account, row.organization.as_ref()));
        assert_eq!(named, traffic.truth.klass[&*account.account] == "permitted");
    }
}

#[test]
fn the_truth_file_has_the_keys_that_the_scoring_tool_reads() {
    let truth = serde_json::to_value(small(9).truth).unwrap();
    let keys: Vec<&String> = truth.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["actor", "campaign", "end_user", "kind", "klass"]);
    assert_eq!(truth["kind"]["relay_pool"], "relay");
    assert_eq!(truth["kind"]["successors"], "successor");
    assert_eq!(truth["actor"]["successors"], truth["actor"]["successors_banned"]);
}

/// Carried out, the plan would take minutes.
#[test]
fn a_cancelled_simulation_ends_soon() {
    let (cancel, start) = (Cancel::default(), Instant::now());
    let ours = cancel.clone();
    let simulation = thread::spawn(move || {
        let plan = Plan::demo(5).with_exchanges(3_000_000);
        let crowd = WorldPlan::of_crowd(1, 1, "tutoring", 20_000, 20_000).unwrap();
        (simulate_cancellable(&plan, &ours).err(), crowd.simulate_cancellable(&ours).err())
    });
    thread::sleep(Duration::from_millis(50));
    cancel.cancel();
    assert_eq!(simulation.join().unwrap(), (Some(Cancelled), Some(Cancelled)));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
