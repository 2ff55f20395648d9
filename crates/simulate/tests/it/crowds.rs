//! Each innocent crowd of random worlds has the property that it claims.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_simulate::{SimulatedAccount, SimulatedExchange, Traffic, WorldPlan};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// A crowd by itself, at a provider whose logs have every field.
fn crowd(name: &str, accounts: usize) -> Traffic {
    let full = (1..40).find(|number| WorldPlan::draw(31, *number, 1000).families().coverage == "everything");
    let plan = WorldPlan::of_crowd(31, full.unwrap_or(1), name, accounts, 0);
    let traffic = plan.expect(name).simulate();
    assert!(traffic.truth.campaign.is_empty());
    assert!(traffic.truth.klass.values().all(|class| class == name));
    assert!(traffic.accounts.len() * 10 >= accounts * 8, "{name}: {}", traffic.accounts.len());
    traffic
}

fn by_account(traffic: &Traffic) -> BTreeMap<&str, Vec<&SimulatedExchange>> {
    let mut rows: BTreeMap<&str, Vec<&SimulatedExchange>> = BTreeMap::new();
    for row in &traffic.exchanges {
        rows.entry(&row.account).or_default().push(row);
    }
    rows
}

/// In how many accounts the most widespread value occurs.
fn widest<'a>(traffic: &'a Traffic, of: impl Fn(&'a SimulatedExchange) -> Option<&'a str>) -> usize {
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &traffic.exchanges {
        if let Some(value) = of(row) {
            accounts.entry(value).or_default().insert(&row.account);
        }
    }
    accounts.values().map(BTreeSet::len).max().unwrap_or(0)
}

fn distinct<'a, T: Ord>(traffic: &'a Traffic, of: impl Fn(&'a SimulatedAccount) -> T) -> usize {
    traffic.accounts.iter().map(of).collect::<BTreeSet<_>>().len()
}

#[test]
fn every_crowd_can_be_simulated_by_its_name() {
    for name in WorldPlan::crowd_names() {
        crowd(name, 30);
    }
    assert!(WorldPlan::of_crowd(1, 1, "nobody", 10, 0).is_none());
    let among = WorldPlan::of_crowd(1, 1, "tutoring", 10, 300).unwrap().simulate();
    assert!(among.accounts.len() > 250);
}

#[test]
fn customers_with_their_own_keys_share_the_product_and_nothing_else() {
    let traffic = crowd("own_keys", 100);
    assert!(widest(&traffic, |row| row.user_agent.as_deref()) * 4 > traffic.accounts.len());
    assert!(widest(&traffic, |row| row.ip.as_deref()) * 5 > traffic.accounts.len());
    assert!(distinct(&traffic, |row| row.signup_country) >= 3);
    let cards = traffic.accounts.iter().filter_map(|row| row.payment_hmac.clone()).collect::<Vec<_>>();
    assert!(cards.iter().collect::<BTreeSet<_>>().len() * 10 > cards.len() * 5);
    let clients: usize = by_account(&traffic)
        .values()
        .filter(|rows| rows.iter().map(|row| &row.user_agent).collect::<BTreeSet<_>>().len() > 1)
        .count();
    assert!(clients * 3 > traffic.accounts.len(), "most use other clients too: {clients}");
}

#[test]
fn a_service_provider_is_openly_one() {
    let traffic = crowd("service_provider", 40);
    assert_eq!(distinct(&traffic, |row| &row.organization), traffic.accounts.len());
    for rows in by_account(&traffic).values() {
        assert!(rows.iter().map(|row| &row.ip).collect::<BTreeSet<_>>().len() <= 3);
    }
    assert!(widest(&traffic, |row| row.user_agent.as_deref()) >= 12);
    let ages = traffic.accounts.iter().filter_map(|row| row.created_at).map(|at| at.0 / DAY);
    assert!(ages.clone().max().unwrap() - ages.min().unwrap() > 60, "clients are won one after the other");
}

#[test]
fn an_agency_has_one_office_and_one_domain() {
    let traffic = crowd("translation_agency", 20);
    assert!(distinct(&traffic, |row| &row.email_domain) <= 2);
    assert!(widest(&traffic, |row| row.ip.as_deref()) >= 8);
    assert!(is_diurnal(&traffic));
}

#[test]
fn users_of_a_plugin_share_its_prompt_and_have_lives_of_their_own() {
    let traffic = crowd("editor_plugin", 120);
    assert!(widest(&traffic, |row| row.system.as_deref()) >= 30);
    let most = widest(&traffic, |row| row.ip.as_deref());
    assert!(most * 4 < traffic.accounts.len(), "{most}");
    assert!(distinct(&traffic, |row| &row.email_hmac) == traffic.accounts.len());
    assert!(follow_ups(&traffic) > 20);
}

#[test]
fn pupils_ask_again_behind_their_school() {
    let traffic = crowd("tutoring", 20);
    assert!(traffic.exchanges.iter().all(|row| row.end_user.is_some()));
    assert!(repeats(&traffic) > 15, "{}", repeats(&traffic));
    assert!(follow_ups(&traffic) > 20);
    assert!(is_diurnal(&traffic));
}

#[test]
fn a_course_has_its_evenings_and_follows_up() {
    let traffic = crowd("course", 30);
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    for row in &traffic.exchanges {
        *days.entry((row.time.0 - 10 * HOUR) / DAY).or_default() += 1;
    }
    let mut counts: Vec<usize> = days.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let evenings: usize = counts.iter().take(6).sum();
    assert!(evenings * 10 > traffic.exchanges.len() * 7, "{counts:?}");
    assert!(follow_ups(&traffic) > 15, "{}", follow_ups(&traffic));
    assert!(is_diurnal(&traffic));
}

#[test]
fn exam_week_is_a_week() {
    let traffic = crowd("exam_week", 60);
    let mut days: Vec<i64> = traffic.exchanges.iter().map(|row| row.time.0 / DAY).collect();
    days.sort_unstable();
    let (low, high) = (days[days.len() / 10], days[days.len() * 8 / 10]);
    assert!(high - low <= 12, "{low} {high}");
    assert!(is_diurnal(&traffic));
}

#[test]
fn an_event_opens_its_keys_in_one_go() {
    let traffic = crowd("event_keys", 25);
    let mut opened: Vec<i64> = traffic.accounts.iter().filter_map(|row| row.created_at).map(|at| at.0).collect();
    opened.sort_unstable();
    assert!(opened[opened.len() / 2] - opened[0] < HOUR || opened[opened.len() - 1] - opened[opened.len() / 2] < HOUR);
    assert!(distinct(&traffic, |row| &row.email_domain) <= 2);
}

#[test]
fn a_test_platform_sends_the_same_inputs_again() {
    let traffic = crowd("test_platform", 20);
    assert!(repeats(&traffic) > 10, "{}", repeats(&traffic));
    assert!(widest(&traffic, |row| row.ip.as_deref()) >= 5);
}

#[test]
fn a_consortium_shares_out_its_list_from_universities() {
    let traffic = crowd("consortium", 20);
    assert!(traffic.accounts.iter().all(|row| row.email_domain.as_deref().unwrap().contains(".edu")));
    assert!(distinct(&traffic, |row| &row.organization) >= 2);
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in traffic.exchanges.iter().filter(|row| row.prompt.len() > 200) {
        holders.entry(&row.prompt).or_default().insert(&row.account);
    }
    let common = holders.values().filter(|accounts| accounts.len() > 1).count();
    assert!(common * 50 < holders.len(), "{common} of {}", holders.len());
}

#[test]
fn research_samples_each_task_many_times() {
    let traffic = crowd("pass_at_k", 30);
    let accounts = by_account(&traffic);
    let busy: Vec<_> = accounts.values().filter(|rows| rows.len() > 30).collect();
    let samples = |rows: &&&Vec<&SimulatedExchange>| {
        let prompts = rows.iter().map(|row| &row.prompt).collect::<BTreeSet<_>>().len();
        prompts * 2 < rows.len() || rows.iter().filter(|row| row.n >= 5).count() * 2 > rows.len()
    };
    let sampling = busy.iter().filter(samples).count();
    assert!(busy.len() > 10 && sampling * 10 >= busy.len() * 9, "{sampling} of {}", busy.len());
}

#[test]
fn extraction_is_each_companys_own() {
    let traffic = crowd("extraction", 60);
    let heads = |row: &SimulatedExchange| row.prompt.chars().take(60).collect::<String>();
    let mut holders: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &traffic.exchanges {
        holders.entry(heads(row)).or_default().insert(&row.account);
    }
    assert!(holders.values().all(|accounts| accounts.len() <= 3));
}

/// Whether the quietest eight hours of the day in a row have under a fifth of the traffic of an even spread.
fn is_diurnal(traffic: &Traffic) -> bool {
    // Of each country by itself: crowds live in one or a few.
    let mut hours = [0usize; 24];
    for row in &traffic.exchanges {
        hours[usize::try_from(row.time.0.rem_euclid(DAY) / HOUR).unwrap_or(0)] += 1;
    }
    let quiet = (0..24).map(|start| (0..6).map(|step| hours[(start + step) % 24]).sum::<usize>()).min();
    quiet.is_some_and(|quiet| quiet * 10 < traffic.exchanges.len())
}

/// Percent of the requests that are in a conversation and not its first.
fn follow_ups(traffic: &Traffic) -> usize {
    let mut seen = BTreeSet::new();
    let later = traffic.exchanges.iter().filter_map(|row| row.conversation.as_ref()).filter(|id| !seen.insert(*id));
    later.count() * 100 / traffic.exchanges.len().max(1)
}

/// Percent of the requests whose prompt the account had sent before.
fn repeats(traffic: &Traffic) -> usize {
    let mut seen = BTreeSet::new();
    let again = traffic.exchanges.iter().filter(|row| !seen.insert((&row.account, &row.prompt)));
    again.count() * 100 / traffic.exchanges.len().max(1)
}
