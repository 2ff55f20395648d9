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
    let first = traffic.accounts.iter().map(|row| row.created_at).min().unwrap();
    let last = traffic.exchanges.last().unwrap().time;
    assert!(last.0 - first.0 < 3 * 86_400_000_000);
    assert!(traffic.accounts.iter().all(|row| row.payment_hmac.is_none()));
    let blocks: BTreeSet<_> = traffic.exchanges.iter().map(|row| row.ip.rsplit_once('.').unwrap().0).collect();
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
    assert_eq!(traffic.accounts.iter().filter(|row| row.status == "closed").count(), 20);
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
    assert!(banned.iter().all(|row| row.status == "suspended"));
    for row in replacements {
        assert!(row.created_at > first_ban && row.created_at.0 < first_ban.0 + 6 * 86_400_000_000);
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
