//! A watch-list adds what others saw. It begins no campaign, moves no tier, and is not believed of what is common.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{
    Account, Exchange, Family, IndicatorKind, IndicatorValue, Key, Marking, Micros, Redacted, Tier, WatchedIndicator,
};
use stillwatch_detect::{Campaign, DetectionReport, Detector, Options};
use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Kind, Names};

use crate::traffic::{Case, at_least, mixed, mixed_case, mixed_report, run};

fn moment(text: &str) -> Micros {
    Micros::parse(text).unwrap()
}

fn indicator(kind: IndicatorKind, value: IndicatorValue) -> WatchedIndicator {
    WatchedIndicator {
        id: format!("{kind} {value:?}"),
        kind,
        value,
        confidence: 80,
        valid_from: moment("1960-01-01"),
        valid_until: moment("2100-01-01"),
        marking: Marking::Amber,
        source: "forum".into(),
        context: "seen in a ring".into(),
    }
}

fn plain(kind: IndicatorKind, value: &str) -> WatchedIndicator {
    indicator(kind, IndicatorValue::Plain(Redacted::new(value.into())))
}

fn detect(case: &Case, list: Vec<WatchedIndicator>) -> DetectionReport {
    let options = Options { threads: 2, ..Options::default() };
    let mut detector = Detector::new(case.accounts.clone(), case.permits.clone(), &case.names, options)
        .with_watchlist(list, &case.names);
    for (account, window) in &case.windows {
        detector.add(account.clone(), window);
    }
    run(detector)
}

/// What may not change: everything but the evidence of the family intelligence and the score.
fn without_intelligence(campaigns: &[Campaign]) -> Vec<Campaign> {
    let strip = |campaign: &Campaign| {
        let mut campaign = campaign.clone();
        campaign.evidence.retain(|evidence| evidence.family != Family::Intelligence);
        campaign.score_bits = 0.0;
        campaign
    };
    campaigns.iter().map(strip).collect()
}

/// What every account of every campaign pays with, signs up from and is called.
fn everything() -> Vec<WatchedIndicator> {
    let traffic = mixed();
    let mut list = BTreeMap::new();
    for account in traffic.accounts.iter().filter(|account| traffic.truth.campaign.contains_key(&*account.account)) {
        let mut add = |kind, value: &str| list.insert((kind, value.to_owned()), plain(kind, value));
        add(IndicatorKind::Account, &account.account);
        add(IndicatorKind::Organization, account.organization.as_deref().unwrap());
        add(IndicatorKind::Ip, account.signup_ip.as_deref().unwrap());
        add(IndicatorKind::Email, account.email_hmac.as_deref().unwrap());
        add(IndicatorKind::EmailDomain, account.email_domain.as_deref().unwrap());
        account.payment_hmac.iter().for_each(|token| {
            add(IndicatorKind::Payment, token);
        });
    }
    list.into_values().collect()
}

#[test]
fn no_tier_moves_and_no_campaign_begins() {
    let without = mixed_report();
    let with = detect(mixed_case(), everything());
    assert_eq!(without_intelligence(&with.campaigns), without_intelligence(&without.campaigns));
    assert_eq!((&with.nulls, &with.not_evaluated), (&without.nulls, &without.not_evaluated));
    let mut told = 0;
    for (with, without) in with.campaigns.iter().zip(&without.campaigns) {
        let gained = with.score_bits - without.score_bits;
        assert!((-1e-9..=5.000_001).contains(&gained), "{gained} bits");
        let intelligence: Vec<_> =
            with.evidence.iter().filter(|evidence| evidence.family == Family::Intelligence).collect();
        told += usize::from(with.tier == Tier::Act && !intelligence.is_empty());
        assert!(!with.families.contains(&Family::Intelligence));
        for evidence in intelligence {
            assert!(evidence.statement.contains("forum") && evidence.expires.is_some(), "{}", evidence.statement);
        }
    }
    assert_eq!(told, at_least(&with, Tier::Act).len());
    assert!(at_least(&with, Tier::Act)[0].score_bits > at_least(without, Tier::Act)[0].score_bits);
    // Campaigns that detection does not find are not found by somebody else's word either.
    let sighted: BTreeSet<&str> = with
        .sightings
        .iter()
        .flat_map(|sighting| &sighting.accounts)
        .filter(|account| account.campaign.is_none())
        .map(|account| account.account.as_str())
        .collect();
    assert!(!sighted.is_empty());
    let in_campaigns: BTreeSet<&str> =
        with.campaigns.iter().flat_map(|campaign| &campaign.accounts).map(|member| member.account.as_str()).collect();
    assert!(sighted.is_disjoint(&in_campaigns));
}

#[test]
fn innocents_on_a_watchlist_are_sighted_and_nothing_more() {
    let traffic =
        stillwatch_simulate::simulate(&stillwatch_simulate::Plan::demo(12).with_exchanges(20_000).only_benign());
    let case = Case::new(&traffic, 1);
    let without = case.detect(2);
    let list: Vec<WatchedIndicator> =
        traffic.accounts.iter().map(|account| plain(IndicatorKind::Account, &account.account)).collect();
    let with = detect(&case, list);
    assert_eq!(without_intelligence(&with.campaigns), without_intelligence(&without.campaigns));
    assert_eq!(at_least(&with, Tier::Review).len(), at_least(&without, Tier::Review).len());
    assert!(with.sightings.len() > 100);
}

#[test]
fn what_is_common_weighs_nothing_and_names_nobody() {
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for exchange in &mixed().exchanges {
        if let Some(ja4) = exchange.ja4.as_deref() {
            holders.entry(ja4).or_default().insert(&exchange.account);
        }
    }
    let (ja4, of) = holders.iter().max_by_key(|(_, holders)| holders.len()).unwrap();
    assert!(of.len() > 100);
    let report = detect(mixed_case(), vec![plain(IndicatorKind::Ja4, ja4)]);
    let sighting = &report.sightings[0];
    assert!(sighting.common && sighting.bits.0 == 0 && sighting.holders > 100);
    assert!(sighting.accounts.iter().all(|account| account.campaign.is_some()));
    assert_eq!(report.watchlist.as_ref().unwrap().common, 1);
    let scores = |report: &DetectionReport| report.campaigns.iter().map(|c| c.score_bits).collect::<Vec<_>>();
    assert_eq!(scores(&report), scores(mixed_report()));
    let evidence = report.campaigns.iter().flat_map(|campaign| &campaign.evidence);
    let intelligence: Vec<_> = evidence.filter(|evidence| evidence.family == Family::Intelligence).collect();
    assert!(intelligence.iter().all(|evidence| evidence.bits.0 == 0 && evidence.statement.contains("weighs nothing")));
}

#[test]
fn indicators_hold_on_their_days_only() {
    let name = &*mixed().accounts[0].account;
    let on = |from: &str, until: &str| {
        let list = vec![WatchedIndicator {
            valid_from: moment(from),
            valid_until: moment(until),
            ..plain(IndicatorKind::Account, name)
        }];
        let summary = detect(mixed_case(), list).watchlist.unwrap();
        (summary.matched, summary.expired, summary.not_yet_valid)
    };
    assert_eq!(on("2000-01-01", "2001-01-01"), (0, 1, 0));
    assert_eq!(on("2090-01-01", "2091-01-01"), (0, 0, 1));
    assert_eq!(on("2000-01-01", "2091-01-01"), (1, 0, 0));
}

/// A report's own indicators, brought to another log under the same key.
#[test]
fn fingerprints_of_a_report_match_under_its_key_alone() {
    let ring = at_least(mixed_report(), Tier::Act)[0];
    let list = || -> Vec<WatchedIndicator> {
        let prints = ring.indicators.iter().map(|indicator| u64::from_str_radix(&indicator.fingerprint, 16).unwrap());
        prints.map(|print| indicator(IndicatorKind::Passage, IndicatorValue::Keyed(print))).collect()
    };
    assert!(!list().is_empty());
    let with = detect(mixed_case(), list());
    assert_eq!(with.sightings.len(), ring.indicators.len());
    assert!(with.sightings.iter().all(|sighting| sighting.family == Family::Content));
    let other = detect(&Case::new(mixed(), 2), list());
    assert_eq!((other.sightings.len(), other.watchlist.unwrap().matched), (0, 0));
}

#[test]
fn every_kind_is_looked_up() {
    let key = Key::from_bytes([1; 32]);
    let names = Names::new(&key);
    let mut fingerprinter = Fingerprinter::new(&key);
    let mut windows = Vec::new();
    for name in ["seen", "other"] {
        let is_seen = name == "seen";
        let of = |text| if is_seen { text } else { "something else" };
        let mut day = DigestBuilder::default();
        for second in 0..40 {
            let exchange = Exchange {
                time: Micros::from_seconds(second),
                account: name,
                organization: Some(of("org")),
                api_key: Some(of("key")),
                ip: Some(if is_seen { "192.0.2.77" } else { "198.51.100.1" }),
                asn: Some(if is_seen { 64_496 } else { 64_511 }),
                user_agent: Some(of("client 1")),
                ja4: Some(of("t13d1516h2")),
                system: Some(if is_seen {
                    "one two three four five six seven eight nine ten eleven twelve thirteen"
                } else {
                    "quite another set of words that nobody has ever put into a system prompt"
                }),
                prompt: Some(if is_seen {
                    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega end"
                } else {
                    "what is left of a morning once the letters have been read, the kettle is cold, and nobody at all comes up the stairs to ask for it again"
                }),
                tools: Some(if is_seen { "[{\"name\":\"search\"}]" } else { "[{\"name\":\"other\"}]" }),
                ..Exchange::default()
            };
            day.add(fingerprinter.fingerprint(&exchange)).unwrap();
        }
        windows.push((name, AccountWindow::unite([(Micros(0).day(), day.finish().unwrap())]).unwrap()));
    }
    let secret = |text: &str| Some(Redacted::new(text.to_owned()));
    let row = Account {
        signup_ip: secret("203.0.113.9"),
        email_domain: Some("Mail.example".into()),
        email_hmac: secret("e"),
        phone_hmac: secret("p"),
        payment_hmac: secret("c"),
        ..Account::unknown("seen".into())
    };
    let window = &windows[0].1;
    let keyed =
        |kind: IndicatorKind, of: Kind| indicator(kind, IndicatorValue::Keyed(window.counts(of).next().unwrap().0));
    let list = vec![
        plain(IndicatorKind::Account, "seen"),
        plain(IndicatorKind::Organization, "org"),
        plain(IndicatorKind::Ip, "192.0.2.77"),
        plain(IndicatorKind::Ip, "203.0.113.9"),
        plain(IndicatorKind::Network, "192.0.2.0/24"),
        plain(IndicatorKind::Network, "192.0.0.0/16"),
        plain(IndicatorKind::Network, "192.0.2.76/30"),
        plain(IndicatorKind::Network, "203.0.113.0/24"),
        plain(IndicatorKind::Asn, "64496"),
        plain(IndicatorKind::Ja4, "t13d1516h2"),
        plain(IndicatorKind::UserAgent, "client 1"),
        plain(IndicatorKind::ApiKey, "key"),
        plain(IndicatorKind::Payment, "c"),
        plain(IndicatorKind::Email, "e"),
        plain(IndicatorKind::Phone, "p"),
        plain(IndicatorKind::EmailDomain, "mail.example"),
        keyed(IndicatorKind::Passage, Kind::Passage),
        keyed(IndicatorKind::Skeleton, Kind::Skeleton),
        keyed(IndicatorKind::System, Kind::System),
        keyed(IndicatorKind::Tools, Kind::Tools),
        keyed(IndicatorKind::Ja4, Kind::Ja4),
    ];
    let kinds: BTreeSet<IndicatorKind> = list.iter().map(|indicator| indicator.kind).collect();
    assert_eq!(kinds.len(), IndicatorKind::ALL.len());
    let count = list.len();
    let mut detector =
        Detector::new(vec![row], Vec::new(), &names, Options::default()).with_watchlist(list.clone(), &names);
    for (name, window) in &windows {
        detector.add((*name).into(), window);
    }
    let report = run(detector);
    let missed: Vec<&str> = list
        .iter()
        .map(|indicator| indicator.id.as_str())
        .filter(|id| !report.sightings.iter().any(|sighting| sighting.indicator == *id))
        .collect();
    assert_eq!(report.sightings.len(), count, "not matched: {missed:?}");
    for sighting in &report.sightings {
        assert_eq!((sighting.holders, sighting.accounts[0].account.as_str()), (1, "seen"), "{}", sighting.kind);
    }
    assert_eq!(report.watchlist.unwrap().marking, Some(Marking::Amber));
}
