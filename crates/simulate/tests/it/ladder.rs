//! What each level of the ladder claims.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_simulate::{Level, Plan, SimulatedExchange, Traffic, simulate};

/// Some rings of a level, and nobody else.
fn rings(level: Level, names: &[&str]) -> Traffic {
    let mut plan = Plan { crowds: Vec::new(), ..Plan::ladder(9, level) };
    plan.campaigns.retain(|ring| names.contains(&&*ring.name));
    simulate(&plan)
}

fn of<'a>(traffic: &'a Traffic, ring: &'a str) -> impl Iterator<Item = &'a SimulatedExchange> {
    traffic
        .exchanges
        .iter()
        .filter(move |row| traffic.truth.campaign.get(&*row.account).is_some_and(|name| name == ring))
}

/// Of the accounts of a ring, the largest share (percent) that send one and the same run of twelve words at least thrice.
fn most_alike(traffic: &Traffic, ring: &str) -> usize {
    let mut holders: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut accounts = BTreeSet::new();
    for row in of(traffic, ring) {
        accounts.insert(&*row.account);
        let words: Vec<&str> = row.prompt.split_whitespace().collect();
        let runs: BTreeSet<String> = words.windows(12).map(|run| run.join(" ")).collect();
        for run in runs {
            *holders.entry(run).or_default().entry(&row.account).or_default() += 1;
        }
    }
    let repeat = |owners: &BTreeMap<&str, usize>| owners.values().filter(|times| **times >= 3).count();
    let most = holders.values().map(repeat).max().unwrap_or_default();
    most * 100 / accounts.len().max(1)
}

#[test]
fn what_accounts_have_in_common_shrinks_level_by_level() {
    let alike = |level| most_alike(&rings(level, &["ring_036"]), "ring_036");
    let (verbatim, shuffled, paraphrased) = (alike(Level::L0), alike(Level::L2), alike(Level::L3));
    assert!(verbatim > 95, "{verbatim}");
    assert!(shuffled > 5 && shuffled < verbatim, "{shuffled}");
    assert!(paraphrased < 3, "{paraphrased}");
    let private = alike(Level::L6);
    assert!(private < 6, "{private}");
}

#[test]
fn private_templates_are_kept_by_their_accounts() {
    let traffic = rings(Level::L6, &["ring_012"]);
    let mut openings: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for row in of(&traffic, "ring_012") {
        for run in row.prompt.split_whitespace().collect::<Vec<_>>().windows(6) {
            *openings.entry(&row.account).or_default().entry(run.join(" ")).or_default() += 1;
        }
    }
    assert!(openings.values().all(|runs| runs.values().any(|times| *times >= 10)));
}

#[test]
fn cover_grows_and_the_harvest_stays() {
    let rows: Vec<usize> = [Level::L3, Level::L4Cover30, Level::L4Cover60, Level::L4Cover80]
        .iter()
        .map(|level| rings(*level, &["ring_025", "ring_050"]).exchanges.len())
        .collect();
    for (percent, rows_at) in [(30, rows[1]), (60, rows[2]), (80, rows[3])] {
        let expected = rows[0] * 95 / (100 - percent);
        assert!(rows_at * 100 > expected * 93 && rows_at * 100 < expected * 107, "{percent}: {rows_at} {expected}");
    }
}

#[test]
fn from_the_fifth_level_on_no_card_is_shared_and_nobody_is_in_a_data_centre() {
    for level in [Level::L5, Level::L6] {
        let traffic = rings(level, &["ring_012", "ring_075", "ring_110"]);
        let cards: Vec<_> = traffic.accounts.iter().filter_map(|row| row.payment_hmac.as_ref()).collect();
        // Two people of one household may have a card between them, as everybody may.
        let distinct: BTreeSet<_> = cards.iter().collect();
        assert!(cards.len() - distinct.len() <= cards.len() / 20, "{} {}", cards.len(), distinct.len());
        let hosting = [16509, 15169, 8075, 31898, 24940, 14061, 16276, 63949, 20473, 45102, 51167, 12876];
        assert!(
            traffic.exchanges.iter().all(|row| row.asn.is_none_or(|asn| !hosting.contains(&asn))),
            "{}",
            level.name()
        );
    }
}

#[test]
fn rings_of_a_level_keep_their_accounts_from_level_to_level() {
    let ids = |level| -> BTreeSet<String> {
        rings(level, &["ring_008", "ring_018"]).truth.campaign.keys().cloned().collect()
    };
    assert_eq!(ids(Level::L0), ids(Level::L4Cover60));
}
