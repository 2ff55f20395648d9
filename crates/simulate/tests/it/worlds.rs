//! What random worlds promise.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_simulate::{Dimension, Traffic, WorldPlan};

use crate::fingerprint;

/// Small worlds of one seed, with their plans.
fn worlds(seed: u64, count: u64) -> Vec<(WorldPlan, Traffic)> {
    let plans = (1..=count).map(|number| WorldPlan::draw(seed, number, 8_000));
    plans.map(|plan| (plan.simulate(), plan)).map(|(traffic, plan)| (plan, traffic)).collect()
}

#[test]
fn the_same_seed_and_number_give_the_same_world() {
    let world = |seed, number| fingerprint(&WorldPlan::draw(seed, number, 5_000).simulate());
    assert_eq!(world(3, 1), world(3, 1));
    assert_ne!(world(3, 1), world(3, 2));
    assert_ne!(world(3, 1), world(4, 1));
}

#[test]
fn truth_agrees_with_the_rows() {
    for (plan, traffic) in worlds(11, 8) {
        let description = plan.description();
        let accounts: BTreeSet<&str> = traffic.accounts.iter().map(|row| &*row.account).collect();
        assert_eq!(accounts.len(), traffic.accounts.len());
        let active: BTreeSet<&str> = traffic.exchanges.iter().map(|row| &*row.account).collect();
        let labelled: BTreeSet<&str> = traffic.truth.klass.keys().map(String::as_str).collect();
        assert_eq!(accounts, active);
        assert_eq!(accounts, labelled);
        for (account, klass) in &traffic.truth.klass {
            assert_eq!(klass == "campaign", traffic.truth.campaign.contains_key(account));
        }
        let drawn: BTreeSet<&str> = description.campaigns.iter().map(|campaign| &*campaign.name).collect();
        let named: BTreeSet<&str> = traffic.truth.campaign.values().map(String::as_str).collect();
        assert_eq!(named, drawn);
        assert_eq!(traffic.truth.kind.keys().map(String::as_str).collect::<BTreeSet<_>>(), drawn);
        let crowds: BTreeSet<&str> = description.crowds.iter().map(|crowd| crowd.klass).collect();
        let klasses: BTreeSet<&str> =
            traffic.truth.klass.values().map(String::as_str).filter(|klass| *klass != "campaign").collect();
        assert!(klasses.is_subset(&crowds), "{klasses:?} {crowds:?}");
        for campaign in &description.campaigns {
            let has = traffic.truth.campaign.values().filter(|name| **name == campaign.name).count();
            assert_eq!(has, campaign.accounts, "{}", campaign.name);
        }
    }
}

#[test]
fn a_world_has_about_the_exchanges_that_were_asked_for() {
    for (plan, traffic) in worlds(12, 10) {
        let count = traffic.exchanges.len();
        assert!((4_000..20_000).contains(&count), "{count} {:?}", plan.families());
    }
}

#[test]
fn what_the_coverage_lacks_is_in_no_row() {
    for (plan, traffic) in worlds(13, 15) {
        let coverage = plan.description().coverage;
        let lacks = |column| coverage.missing.contains(column);
        if lacks("ip") {
            assert!(traffic.exchanges.iter().all(|row| row.ip.is_none()));
        }
        if lacks("payment_hmac") {
            assert!(traffic.accounts.iter().all(|row| row.payment_hmac.is_none()));
        }
        if coverage.grain_seconds > 0 {
            assert!(traffic.exchanges.iter().all(|row| row.time.0 % (coverage.grain_seconds * 1_000_000) == 0));
        }
        if coverage.companies_only && !lacks("organization") {
            let without = traffic.accounts.iter().filter(|row| row.organization.is_none()).count();
            assert!(without * 3 > traffic.accounts.len(), "{without} of {}", traffic.accounts.len());
            assert!(traffic.accounts.iter().any(|row| row.organization.is_some()));
        }
    }
}

#[test]
fn crowds_and_tactics_keep_to_the_families_of_their_world() {
    let mut tactics: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut klasses = BTreeSet::new();
    for number in 1..=120 {
        let description = WorldPlan::draw(21, number, 90_000).description();
        let families = description.families;
        for crowd in &description.crowds {
            assert!(crowd.family == "any" || crowd.family == families.crowds, "{} in {families:?}", crowd.klass);
            klasses.insert(crowd.klass);
        }
        for campaign in &description.campaigns {
            let wording = match campaign.tactics["wording"] {
                "verbatim" | "slots" => "fixed",
                "shuffled" | "own_selection" => "shuffled",
                "paraphrased" | "own_meanings" => "anew",
                _ => "private",
            };
            assert_eq!(wording, families.wording);
            for (subject, tactic) in &campaign.tactics {
                tactics.entry(subject).or_default().insert(tactic);
            }
        }
        assert!(Dimension::ALL.iter().all(|dimension| dimension.families().contains(&families.value(*dimension))));
    }
    // Everything that can be drawn is drawn in 120 worlds.
    assert!(klasses.len() >= 38, "{}: {klasses:?}", klasses.len());
    for (subject, least) in [
        ("origin", 6),
        ("infrastructure", 11),
        ("client", 5),
        ("payment", 5),
        ("wording", 8),
        ("schedule", 7),
        ("mixing", 4),
        ("size", 5),
        ("tempo", 5),
        ("target", 7),
    ] {
        assert_eq!(tactics[subject].len(), least, "{subject}: {:?}", tactics[subject]);
    }
}

#[test]
fn some_worlds_have_no_campaign_and_others_have_several() {
    let counts: Vec<usize> =
        (1..=60).map(|number| WorldPlan::draw(5, number, 90_000).description().campaigns.len()).collect();
    let none = counts.iter().filter(|count| **count == 0).count();
    assert!((4..=24).contains(&none), "{none}");
    assert!(counts.iter().any(|count| *count >= 5));
}
