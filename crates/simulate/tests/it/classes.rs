use std::collections::{BTreeMap, BTreeSet};

use stillwatch_simulate::{Class, Plan, SimulatedExchange, Traffic, simulate};

fn by_account(traffic: &Traffic) -> BTreeMap<&str, Vec<&SimulatedExchange>> {
    let mut accounts: BTreeMap<&str, Vec<&SimulatedExchange>> = BTreeMap::new();
    for row in &traffic.exchanges {
        accounts.entry(&row.account).or_default().push(row);
    }
    accounts
}

#[test]
fn every_class_comes_in_the_size_asked_for() {
    for class in Class::ALL {
        for accounts in [1, 7, 130] {
            let traffic = simulate(&Plan::crowd(1, *class, accounts));
            assert_eq!(traffic.accounts.len(), accounts, "{}", class.name());
            assert!(traffic.truth.klass.values().all(|word| word == class.name()));
            assert_eq!(by_account(&traffic).len(), accounts, "{} has silent accounts", class.name());
        }
        assert_eq!(Class::parse(class.name()), Some(*class));
    }
}

#[test]
fn a_class_works_on_one_assignment_in_the_same_hours() {
    let traffic = simulate(&Plan::crowd(2, Class::Classroom, 30));
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &traffic.exchanges {
        users.entry(&row.prompt).or_default().insert(&row.account);
    }
    assert!(users.values().any(|accounts| accounts.len() > 20));
    let domains: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.email_domain).collect();
    assert!(domains.len() <= 2);
}

#[test]
fn a_hackathon_lasts_two_days_behind_one_venue() {
    let traffic = simulate(&Plan::crowd(3, Class::Hackathon, 50));
    let first = traffic.accounts.iter().filter_map(|row| row.created_at).min().unwrap();
    let last = traffic.exchanges.last().unwrap().time;
    assert!(last.0 - first.0 < 3 * 86_400_000_000);
    assert!(traffic.accounts.iter().all(|row| row.payment_hmac.is_none()));
    let blocks: BTreeSet<_> =
        traffic.exchanges.iter().map(|row| row.ip.as_deref().unwrap().rsplit_once('.').unwrap().0).collect();
    assert_eq!(blocks.len(), 1);
}

#[test]
fn agents_share_system_prompt_and_client_but_not_prompts() {
    let traffic = simulate(&Plan::crowd(4, Class::PopularAgent, 80));
    let systems: BTreeSet<_> = traffic.exchanges.iter().filter_map(|row| row.system.as_ref()).collect();
    let agents: BTreeSet<_> = traffic.exchanges.iter().map(|row| &row.user_agent).collect();
    let prompts: BTreeSet<_> = traffic.exchanges.iter().map(|row| &row.prompt).collect();
    assert!(systems.len() <= 2 && agents.len() <= 4, "{} {}", systems.len(), agents.len());
    assert!(prompts.len() > traffic.exchanges.len() / 2);
    assert!(
        traffic
            .exchanges
            .iter()
            .filter_map(|row| row.tools.as_ref())
            .all(|tools| { serde_json::from_str::<serde_json::Value>(tools).is_ok_and(|tools| tools.is_array()) })
    );
}

#[test]
fn migrating_keys_hand_over_inside_one_organization() {
    let traffic = simulate(&Plan::crowd(5, Class::KeyMigration, 40));
    let organizations: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.organization).collect();
    assert_eq!(organizations.len(), 20);
    assert_eq!(traffic.accounts.iter().filter(|row| row.status == Some("closed")).count(), 20);
}

#[test]
fn replacements_open_after_their_predecessors_are_banned() {
    let traffic = crate::small(6);
    let of = |name: &str| {
        let campaign = &traffic.truth.campaign;
        traffic
            .accounts
            .iter()
            .filter(|row| campaign.get(&*row.account).is_some_and(|found| found == name))
            .collect::<Vec<_>>()
    };
    let banned = of("successors_banned");
    let replacements = of("successors");
    let first_ban = banned.iter().filter_map(|row| row.status_changed_at).min().unwrap();
    assert!(banned.iter().all(|row| row.status == Some("suspended")));
    for row in replacements {
        assert!(row.created_at > Some(first_ban) && row.created_at.unwrap().0 < first_ban.0 + 6 * 86_400_000_000);
    }
}

#[test]
fn people_behind_a_relay_use_several_of_its_accounts() {
    let traffic = crate::small(7);
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &traffic.exchanges {
        if traffic.truth.campaign.get(&*row.account).is_some_and(|name| name == "relay_pool")
            && let Some(end_user) = &row.end_user
        {
            accounts.entry(end_user).or_default().insert(&row.account);
        }
    }
    assert!(accounts.len() > 10, "{}", accounts.len());
}

fn most_shared<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> usize {
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (value, account) in values {
        holders.entry(value).or_default().insert(account);
    }
    holders.values().map(BTreeSet::len).max().unwrap_or_default()
}

#[test]
fn subscribers_and_customers_of_a_vpn_share_exits_and_nothing_else() {
    for (class, countries, together) in [(Class::CarrierNat, 1..=1, 25), (Class::Vpn, 6..=18, 8)] {
        let traffic = simulate(&Plan::crowd(8, class, 50));
        let exits = most_shared(traffic.exchanges.iter().map(|row| (row.ip.as_deref().unwrap(), &*row.account)));
        assert!(exits >= together, "{}: {exits}", class.name());
        let seen: BTreeSet<_> = traffic.accounts.iter().map(|row| row.declared_region).collect();
        assert!(countries.contains(&seen.len()), "{}: {}", class.name(), seen.len());
        let cards: Vec<_> = traffic.accounts.iter().filter_map(|row| row.payment_hmac.as_ref()).collect();
        assert!(cards.iter().collect::<BTreeSet<_>>().len() + 2 >= cards.len(), "{}", class.name());
    }
}

#[test]
fn travellers_are_elsewhere_for_some_days() {
    let traffic = simulate(&Plan::crowd(9, Class::Traveller, 48));
    let accounts = by_account(&traffic);
    let abroad = accounts.values().filter(|rows| {
        let countries: BTreeSet<_> = rows.iter().map(|row| row.country).collect();
        countries.len() > 1
    });
    assert!(abroad.count() > 12);
    let block = |row: &SimulatedExchange| row.ip.as_deref().unwrap().rsplit_once('.').unwrap().0.to_owned();
    let blocks: Vec<(String, &str)> = traffic.exchanges.iter().map(|row| (block(row), &*row.account)).collect();
    let hall = most_shared(blocks.iter().map(|(block, account)| (&**block, *account)));
    assert!(hall >= 4, "{hall}");
}

#[test]
fn work_and_personal_accounts_are_one_person_with_two_contracts() {
    let traffic = simulate(&Plan::crowd(10, Class::WorkAndPersonal, 120));
    let organizations: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.organization).collect();
    assert_eq!(organizations.len(), 120);
    let mut openings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &traffic.exchanges {
        openings.entry(row.prompt.split("\n\n").next().unwrap()).or_default().insert(&row.account);
    }
    let pairs = openings.iter().filter(|(text, accounts)| text.len() > 60 && accounts.len() == 2).count();
    assert!(pairs > 8, "{pairs}");
}

#[test]
fn people_who_want_reasoning_word_it_anew() {
    let traffic = simulate(&Plan::crowd(11, Class::ReasoningUser, 60));
    let prompts: BTreeSet<_> = traffic.exchanges.iter().map(|row| &row.prompt).collect();
    assert!(prompts.len() * 10 > traffic.exchanges.len() * 8);
    let wanting = traffic.exchanges.iter().filter(|row| {
        ["reason", "thinking", "thought", "inference", "deduction", "derivation", "logic"]
            .iter()
            .any(|word| row.prompt.to_lowercase().contains(word))
    });
    assert!(wanting.count() * 4 > traffic.exchanges.len());
}

#[test]
fn bots_of_one_action_share_prompt_tools_client_and_full_hours() {
    let traffic = simulate(&Plan::crowd(12, Class::CiBot, 60));
    let tools: BTreeSet<_> = traffic.exchanges.iter().filter_map(|row| row.tools.as_ref()).collect();
    assert_eq!(tools.len(), 1);
    let agents: BTreeSet<_> = traffic.exchanges.iter().map(|row| &row.user_agent).collect();
    assert!(agents.len() <= 2);
    let early = traffic.exchanges.iter().filter(|row| row.time.seconds() % 3600 < 60).count();
    assert!(early * 12 > traffic.exchanges.len(), "{early} of {}", traffic.exchanges.len());
    let longest = by_account(&traffic)
        .values()
        .map(|rows| rows.windows(2).filter(|pair| pair[1].time.0 - pair[0].time.0 < 120_000_000).count())
        .max()
        .unwrap();
    assert!(longest > 50, "no loop: {longest}");
}

#[test]
fn translators_send_documents_and_some_a_published_template() {
    let traffic = simulate(&Plan::crowd(13, Class::Translation, 80));
    let runs: Vec<(String, &str)> = traffic
        .exchanges
        .iter()
        .flat_map(|row| {
            let words: Vec<&str> = row.prompt.split_whitespace().collect();
            words.windows(6).map(|run| (run.join(" "), &*row.account)).collect::<Vec<_>>()
        })
        .collect();
    let template = most_shared(runs.iter().map(|(run, account)| (&**run, *account)));
    assert!((15..=50).contains(&template), "{template}");
}

/// The minute of the hour in which most requests of an account start.
fn minute(rows: &[&SimulatedExchange]) -> Option<i64> {
    let mut minutes: BTreeMap<i64, usize> = BTreeMap::new();
    for row in rows {
        *minutes.entry(row.time.seconds() / 60 % 60).or_default() += 1;
    }
    minutes.into_iter().max_by_key(|(_, times)| *times).map(|(minute, _)| minute)
}

#[test]
fn sibling_teams_and_evaluators_keep_one_schedule_and_one_wording() {
    for (class, accounts, one_organization) in [(Class::InternalEval, 6, true), (Class::SiblingTeams, 9, false)] {
        let traffic = simulate(&Plan::crowd(14, class, accounts));
        let minutes: BTreeSet<i64> = by_account(&traffic).values().filter_map(|rows| minute(rows)).collect();
        assert!(minutes.len() <= 2, "{}: {minutes:?}", class.name());
        let organizations: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.organization).collect();
        assert_eq!(organizations.len() == 1, one_organization, "{}", class.name());
        let domains: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.email_domain).collect();
        assert_eq!(domains.len(), 1);
        let mut runs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for row in &traffic.exchanges {
            for run in row.prompt.split_whitespace().collect::<Vec<_>>().windows(5) {
                runs.entry(run.join(" ")).or_default().insert(&row.account);
            }
        }
        assert!(runs.values().any(|holders| holders.len() == accounts), "{}", class.name());
    }
}

#[test]
fn an_aggregators_pool_names_its_users_and_its_contract() {
    let traffic = simulate(&Plan::crowd(15, Class::AggregatorPool, 5));
    assert!(traffic.accounts.iter().all(|row| row.account_type == stillwatch_core::AccountType::Aggregator));
    assert!(traffic.exchanges.iter().all(|row| row.end_user.is_some()));
    let users = most_shared(traffic.exchanges.iter().filter_map(|row| Some((row.end_user.as_deref()?, &*row.account))));
    assert!(users >= 3, "{users}");
    let organizations: BTreeSet<_> = traffic.accounts.iter().map(|row| &row.organization).collect();
    assert_eq!(organizations.len(), 1);
}
