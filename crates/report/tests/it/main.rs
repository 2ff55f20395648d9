//! What a person reads.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod forms;
mod full;
mod hostile;
mod lineage;

use stillwatch_core::{Evidence, Family, IndicatorKind, Marking, Millibits, NotEvaluated, PValue, Source, Tier};
use stillwatch_detect::{
    Answer, Answers, BenignHypothesis, BlastRadius, Campaign, CampaignKind, Category, CategoryBasis, Crowd,
    DetectionReport, EvidenceGraph, Excepted, Inputs, Member, Nulls, OwnershipChain, OwnershipStep, Permitted,
    Recommendation, RegionGround, ReportWindow, Restricted, Role, Rung, SCHEMA, SeenSign, SightedAccount, Sighting,
    Standing, Timeline, Unrestricted, WatchlistSummary,
};
use stillwatch_report::{Difference, State, json, table};

#[test]
fn a_report_tells_verdicts_and_numbers_first() {
    insta::assert_snapshot!(table(&report(), 110, false));
}

#[test]
fn a_narrow_terminal_gets_the_same() {
    insta::assert_snapshot!(table(&report(), 72, false));
}

#[test]
fn crowds_are_told_in_a_line_each_and_the_rest_is_counted() {
    let crowds = (0..12).map(|n| crowd("popular_template", "users of one product", 0..60 - n, 4.5)).collect();
    let report = DetectionReport { campaigns: vec![], permitted: vec![], crowds, ..report() };
    let text = table(&report, 110, false);
    assert_eq!(text.matches("  - Users of one product").count(), 10, "{text}");
    assert!(text.contains("  - 2 more in the JSON report\n"), "{text}");
    assert!(text.contains("Users of one product (60 accounts): 1,234 exchanges of 3 owners; "), "{text}");
    assert!(!text.contains("acct-c"), "{text}");
}

/// A report of an earlier version has no answers, and none is made up.
#[test]
fn what_is_not_answered_is_not_answered_no() {
    let mut report = report();
    report.campaigns[0].answers = Answers::default();
    report.campaigns[0].margin_bits = 0.0;
    let text = table(&report, 110, false);
    assert_eq!(text.matches("The report does not answer the three questions").count(), 2, "{text}");
    assert!(!text.contains("Do they") && !text.contains("nearest innocent explanation"), "{text}");
}

#[test]
fn nothing_found_is_not_nothing_wrong() {
    let report = DetectionReport { campaigns: vec![], permitted: vec![], ..report() };
    insta::assert_snapshot!(table(&report, 100, false));
}

#[test]
fn what_stands_beside_campaigns_is_told_after_them() {
    insta::assert_snapshot!(table(&beside(), 110, false));
}

#[test]
fn hostile_names_reach_no_terminal() {
    let hostile = "a\x1b]0;owned\x07\n\u{202e}";
    let mut report = DetectionReport { categories: beside().categories, ..report() };
    (report.watchlist, report.sightings) = (beside().watchlist, beside().sightings);
    report.categories[0].title = hostile.into();
    report.categories[0].basis.source = hostile.into();
    report.categories[0].accounts[0].ground = hostile.into();
    report.categories[0].accounts[0].chains[0].steps[0].entity = hostile.into();
    report.sightings[0].source = hostile.into();
    report.sightings[0].context = hostile.into();
    report.sightings[0].accounts[0].account = hostile.into();
    report.campaigns[0].id = hostile.into();
    report.campaigns[0].accounts[0].account = hostile.into();
    report.campaigns[0].evidence[0].statement = hostile.into();
    report.campaigns[0].benign_hypotheses[0].why = hostile.into();
    report.campaigns[0].benign_hypotheses[0].rejected = false;
    report.campaigns[0].recommended.why = hostile.into();
    report.campaigns[0].first_seen = hostile.into();
    report.campaigns[0].answers.extraction.statement = hostile.into();
    report.campaigns[0].answers.coordination.not_evaluated = vec![hostile.into()];
    report.crowds = vec![crowd(hostile, hostile, 0..3, 4.0)];
    report.permitted[0].holder = hostile.into();
    report.not_evaluated[0].what = hostile.into();
    let text = table(&report, 100, false);
    let strange: Vec<char> = text.chars().filter(|c| *c != '\n' && (c.is_control() || *c == '\u{202e}')).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn colours_are_added_on_request_only() {
    assert!(!table(&report(), 100, false).contains('\x1b'));
    assert!(table(&report(), 100, true).contains("\x1b["));
}

#[test]
fn json_is_whole_and_ends_its_line() {
    let text = json(&report()).unwrap();
    assert!(text.ends_with("}\n"));
    assert_eq!(text, json(&report()).unwrap());
    insta::assert_snapshot!(text);
}

/// The same campaign under another id with one account more and one less, and a new one with accounts of the old.
fn later() -> DetectionReport {
    let mut later = report();
    let joined = Member { account: "acct-107".into(), ..later.campaigns[0].accounts[0].clone() };
    later.campaigns[0].id = "c-00000001".into();
    later.campaigns[0].accounts.push(joined);
    let left = later.campaigns[0].accounts.remove(0);
    later.campaigns[0].accounts.push(Member { account: "acct-108".into(), ..left.clone() });
    let accounts = std::iter::once(left).chain((0..6).map(|n| Member {
        account: format!("acct-2{n:02}").as_str().into(),
        ..later.campaigns[0].accounts[0].clone()
    }));
    let split = Campaign { id: "c-00000002".into(), tier: Tier::Review, accounts: accounts.collect(), ..ring() };
    later.campaigns[1] = split;
    later.not_evaluated.clear();
    later
}

#[test]
fn a_difference_names_what_is_new_grown_and_gone() {
    let difference = Difference::new(&report(), &later(), Tier::Watch);
    insta::assert_snapshot!(difference.table(100, false));
    let states: Vec<State> = difference.campaigns.iter().map(|change| change.state).collect();
    assert_eq!(states, [State::New, State::Grown, State::Gone]);
    assert_eq!(difference.campaigns[1].joined.len() + difference.campaigns[1].left.len(), 3);
    assert_eq!(difference.campaigns[0].related, ["c-4f1a90b2".into()]);
    assert!(difference.rises_to(Tier::Review) && !difference.rises_to(Tier::Act));
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let difference = Difference::new(&report(), &report(), Tier::Watch);
    assert_eq!((difference.campaigns.len(), difference.unchanged), (0, 2));
}

#[test]
fn a_tier_leaves_out_what_is_below_it_in_both() {
    let difference = Difference::new(&report(), &later(), Tier::Act);
    assert_eq!(difference.campaigns.len(), 1);
    let mut raised = report();
    raised.campaigns[0].tier = Tier::Watch;
    let difference = Difference::new(&raised, &report(), Tier::Act);
    assert_eq!(difference.campaigns[0].state, State::Moved);
    assert!(difference.rises_to(Tier::Act));
}

fn report() -> DetectionReport {
    DetectionReport {
        schema: SCHEMA.into(),
        tool: "stillwatch 0.0.0".into(),
        window: ReportWindow {
            first: Some("2026-09-07T00:00:04Z".into()),
            last: Some("2026-10-04T23:59:58Z".into()),
            ..ReportWindow::default()
        },
        inputs: Inputs {
            files: 2,
            rows: 201_250,
            rejected: 12,
            duplicates: 3,
            exchanges: 201_235,
            accounts: 6_003,
            accounts_without_row: 4,
            ..Inputs::default()
        },
        nulls: Nulls { candidates: 214, rounds: 999, smallest_q: 0.001, method: "stratified permutation".into() },
        not_evaluated: vec![NotEvaluated {
            what: "TLS client fingerprints".into(),
            why: "no `ja4` in the log".into(),
            help: "give an edge log with --edge".into(),
        }],
        campaigns: vec![ring(), single()],
        categories: vec![],
        permitted: vec![Permitted {
            holder: "licensed partner".into(),
            organization: Some("org-17".into()),
            valid_from: "2025-09-07".into(),
            valid_until: "2027-04-03".into(),
            accounts: vec!["acct-1".into(), "acct-2".into()],
            exchanges: 1_280,
        }],
        watchlist: None,
        sightings: vec![],
        crowds: vec![],
    }
}

fn beside() -> DetectionReport {
    let restricted = |name: &str| Restricted {
        account: name.into(),
        exchanges: 40,
        ground: "restricted owners hold 64 % of the owner, Example Labs, as of 2026-10-04; at least 50 % counts".into(),
        share_percent: Some(64.0),
        chains: vec![OwnershipChain {
            share_percent: 64.0,
            steps: [("Example Group", "Harbour Holding"), ("Harbour Holding", "Example Labs")]
                .map(|(owner, entity)| OwnershipStep {
                    owner: owner.into(),
                    entity: entity.into(),
                    share_percent: 80.0,
                    since: "2020-05-01".into(),
                    source: "register".into(),
                })
                .to_vec(),
        }],
        regions: vec![RegionGround { field: "declared_region".into(), region: None, share_percent: None }],
        permit: None,
    };
    let sighting = |name: &str| Sighting {
        indicator: name.into(),
        kind: IndicatorKind::Ja4,
        family: Family::Infrastructure,
        confidence: 80,
        valid_from: "2026-09-01T00:00:00Z".into(),
        valid_until: "2026-10-01T00:00:00Z".into(),
        marking: Marking::Amber,
        source: "forum".into(),
        context: "client of a ring".into(),
        holders: 2,
        common: false,
        bits: Millibits(5_000),
        accounts: vec![
            SightedAccount { account: "acct-100".into(), campaign: Some("c-4f1a90b2".into()), permitted: false },
            SightedAccount { account: "acct-1".into(), campaign: None, permitted: true },
        ],
        statement: "2 of 6003 accounts match, of 1 campaigns".into(),
    };
    DetectionReport {
        campaigns: vec![],
        not_evaluated: vec![],
        categories: vec![Category {
            rule: "group-owned".into(),
            title: "Owned by a restricted group".into(),
            basis: CategoryBasis {
                rule: "Supported customers, 2".into(),
                source: "https://example.org/rules".into(),
                effective: "2026-01-01".into(),
                until: Some("2027-01-01".into()),
            },
            restricts: "accounts of Example Group, and of entities in which they hold at least 50 %".into(),
            action: "ask for an extract of the register".into(),
            accounts: (0..8).map(|n| restricted(&format!("acct-{n}"))).collect(),
            excepted: vec![Excepted { account: "acct-9".into(), why: "the rule excepts the account".into() }],
            unrestricted: Unrestricted { unknown: 4_000, others: 1_994, ..Unrestricted::default() },
        }],
        watchlist: Some(WatchlistSummary {
            indicators: 1_200,
            matched: 11,
            common: 2,
            expired: 7,
            not_yet_valid: 0,
            without_field: 3,
            marking: Some(Marking::AmberStrict),
        }),
        sightings: (1..12).map(|n| sighting(&format!("indicator {n}"))).collect(),
        ..report()
    }
}

fn ring() -> Campaign {
    let member = |name: &str, probability, role| Member { account: name.into(), probability, role, exchanges: 32 };
    Campaign {
        id: "c-4f1a90b2".into(),
        continues: None,
        kind: CampaignKind::Ring,
        tier: Tier::Act,
        q_value: 0.001,
        score_bits: 61.25,
        families: vec![Family::Content, Family::Infrastructure],
        accounts: vec![
            member("acct-100", 0.99, Role::Core),
            member("acct-101", 0.97, Role::Core),
            member("acct-102", 0.6, Role::Peripheral),
            member("acct-103", 0.99, Role::Core),
            member("acct-104", 0.99, Role::Core),
            member("acct-105", 0.99, Role::Core),
            member("acct-106", 0.99, Role::Core),
        ],
        organizations: 6,
        first_seen: "2026-09-08T03:00:00Z".into(),
        last_seen: "2026-09-21T23:00:00Z".into(),
        exchanges: 2_310,
        input_tokens: 1_200_345,
        output_tokens: 3_400_000,
        evidence: vec![
            evidence(
                Family::Content,
                "7 accounts repeat 31 passages that 3 of 5,996 other accounts repeat; 4.1 expected by chance.",
                34.5,
            ),
            evidence(Family::Infrastructure, "7 accounts share 2 payment instruments.", 26.75),
        ],
        counter_evidence: vec![
            evidence(Family::Timing, "the accounts are active at unrelated hours.", -3.0),
            evidence(Family::Infrastructure, "no address is shared.", 0.0),
        ],
        answers: Answers {
            coordination: answer(
                Standing::Yes,
                6.5,
                "7 accounts of 6 owners are alike beyond chance in content and infrastructure",
                &[("minutes of activity", "minutes are independent (z = 0.3, p = 0.810)", -0.15)],
                &["sampling parameters"],
            ),
            extraction: answer(
                Standing::Perhaps,
                -0.5,
                "against accounts used like a harvest: answers are followed up as people do",
                &[
                    ("wording", "requests repeat one text (91 % of the median account's requests)", 0.2),
                    ("follow-ups", "answers are followed up as people do (40 % stand alone, 45 % elsewhere)", -1.6),
                ],
                &[],
            ),
            concealment: answer(
                Standing::Yes,
                4.25,
                "for accounts hiding that they are one: several owners pay with the same instruments",
                &[("payment", "several owners pay with the same instruments (2 instruments for 7 accounts)", 3.9)],
                &[],
            ),
        },
        margin_bits: 3.25,
        strength_bits: 2.5,
        balance_bits: 2.88,
        counterfactuals: vec![],
        predecessors: vec![],
        timeline: Timeline::default(),
        graph: EvidenceGraph::default(),
        benign_hypotheses: vec![
            BenignHypothesis {
                name: "classroom".to_owned().into(),
                tested: true,
                rejected: true,
                bits: 9.5,
                why: "13 days, not one evening".into(),
            },
            BenignHypothesis {
                name: "shared_egress".to_owned().into(),
                tested: true,
                rejected: true,
                bits: 3.25,
                why: "payment is shared too".into(),
            },
        ],
        indicators: vec![],
        recommended: Recommendation {
            rung: Rung::Suspend,
            blast_radius: BlastRadius {
                accounts: 7,
                organizations: 6,
                bystanders_on_networks: 1,
                ..BlastRadius::default()
            },
            why: "two independent families and no innocent explanation left".into(),
        },
        atlas: vec!["AML.T0024.002".into()],
    }
}

fn single() -> Campaign {
    Campaign {
        id: "c-09aa77e1".into(),
        continues: None,
        kind: CampaignKind::Single,
        tier: Tier::Review,
        q_value: 0.000_25,
        score_bits: 12.0,
        families: vec![Family::Timing],
        accounts: vec![Member { account: "acct-7".into(), probability: 1.0, role: Role::Core, exchanges: 4_100 }],
        organizations: 1,
        exchanges: 4_100,
        counter_evidence: vec![],
        counterfactuals: vec![],
        predecessors: vec![],
        answers: Answers::default(),
        margin_bits: 0.0,
        benign_hypotheses: vec![BenignHypothesis {
            name: "cron job".to_owned().into(),
            tested: true,
            rejected: false,
            bits: 0.0,
            why: "one template on a fixed clock also fits a batch job".into(),
        }],
        recommended: Recommendation {
            rung: Rung::Verify,
            blast_radius: BlastRadius { accounts: 1, organizations: 1, end_users: 12, ..BlastRadius::default() },
            why: String::new(),
        },
        ..ring()
    }
}

fn answer(
    standing: Standing,
    bits: f64,
    statement: &str,
    signs: &[(&str, &str, f64)],
    not_evaluated: &[&str],
) -> Answer {
    let sign = |&(name, seen, bits): &(&str, &str, f64)| SeenSign {
        name: name.into(),
        level: String::new(),
        statement: seen.into(),
        bits,
        weight: 0.0,
    };
    Answer {
        standing,
        bits,
        statement: statement.into(),
        signs: signs.iter().map(sign).collect(),
        not_evaluated: not_evaluated.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn crowd(name: &str, noun: &str, accounts: std::ops::Range<u32>, bits: f64) -> Crowd {
    Crowd {
        name: name.to_owned().into(),
        statement: format!("{noun} ({} accounts)", accounts.len()),
        bits,
        why: format!("{noun} explain the signs {bits:.1} bits better than one hidden operator"),
        organizations: 3,
        strength_bits: -bits,
        answers: Answers::default(),
        exchanges: 1_234,
        accounts: accounts.map(|n| format!("acct-c{n}").as_str().into()).collect(),
    }
}

fn evidence(family: Family, statement: &str, bits: f64) -> Evidence {
    Evidence {
        family,
        kind: "shared".into(),
        statement: statement.into(),
        measures: Vec::new(),
        bits: Millibits::from_bits(bits),
        p_value: Some(PValue { value: 0.001, smallest: 0.001, null: "stratified permutation".into() }),
        subjects: vec!["acct-100".into()],
        source: Source { tool: "stillwatch 0.0.0".into(), input: "0f3c".into(), parameters: "alpha=0.01".into() },
        observed: Some("2026-09-21T23:00:00Z".into()),
        expires: None,
    }
}
