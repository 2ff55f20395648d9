//! A report in which every field has something in it.

use stillwatch_core::{Millibits, Tier};
use stillwatch_detect::{
    Counterfactual, DetectionReport, EvidenceGraph, GraphEdge, GraphNode, Indicator, IndicatorClass, Lane, NodeKind,
    Predecessor, Timeline,
};

pub(crate) fn full() -> DetectionReport {
    let mut report = crate::report();
    let ring = &mut report.campaigns[0];
    let accounts: Vec<_> = ring.accounts.iter().map(|member| member.account.clone()).collect();
    ring.timeline = Timeline {
        start: "2026-09-08T00:00:00Z".into(),
        step_hours: 24,
        total: vec![7, 0, 21, 14],
        lanes: accounts.iter().map(|account| Lane { account: account.clone(), counts: vec![1, 0, 3, 2] }).collect(),
        left_out: 1,
    };
    let account = |account: &stillwatch_core::AccountId| GraphNode {
        kind: NodeKind::Account,
        account: Some(account.clone()),
        fingerprint: None,
        keys: 0,
        accounts: 1,
        outside: 0,
    };
    let key = |kind, fingerprint: &str, outside| GraphNode {
        kind,
        account: None,
        fingerprint: Some(fingerprint.into()),
        keys: 2,
        accounts: 7,
        outside,
    };
    let edge = |from, to| GraphEdge { from, to, accounts: 1, strength: Millibits(1_500 * i64::from(from) + 500) };
    ring.graph = EvidenceGraph {
        nodes: accounts
            .iter()
            .map(account)
            .chain([key(NodeKind::Wording, "0a1b", 3), key(NodeKind::Payment, "9f9f", 0)])
            .collect(),
        edges: (0..7).map(|from| edge(from, 7)).chain((0..3).map(|from| edge(from, 8))).collect(),
        grouped_accounts: 0,
        omitted_keys: 4,
    };
    ring.counterfactuals = vec![
        Counterfactual {
            suppose: "without payment".to_owned().into(),
            tier: Some(Tier::Review),
            statement: "one family is left.".into(),
        },
        Counterfactual {
            suppose: "without content".to_owned().into(),
            tier: None,
            statement: "nothing would be told.".into(),
        },
    ];
    ring.predecessors = vec![Predecessor {
        account: "acct-9".into(),
        successors: vec!["acct-100".into(), "acct-101".into()],
        closed: "2026-09-07T12:00:00Z".into(),
        statement: "closed 15 hours before the first of these asked the same.".into(),
    }];
    ring.indicators = vec![Indicator {
        kind: IndicatorClass::Passage,
        fingerprint: "00c0ffee".into(),
        accounts: 7,
        context: "passage repeated by members".into(),
    }];
    ring.evidence[0].expires = Some("2026-12-01T00:00:00Z".into());
    let watched = stillwatch_detect::Campaign { id: "c-0000aaaa".into(), tier: Tier::Watch, ..ring.clone() };
    report.campaigns.push(watched);
    let beside = crate::beside();
    report.categories = beside.categories;
    report.categories[0].accounts.truncate(2);
    report.categories[0].accounts[0].account = "acct-100".into();
    report.categories[0].accounts[1].account = "acct-55".into();
    report.watchlist = beside.watchlist;
    report.sightings = beside.sightings.into_iter().take(1).collect();
    report.crowds = vec![
        crate::crowd("popular_template", "users of one product or published template", 0..40, 5.25),
        crate::crowd("classroom", "a class or an examination", 40..52, 3.5),
    ];
    report.window.since = Some("2026-09-07T00:00:00Z".into());
    report.window.until = Some("2026-10-05T00:00:00Z".into());
    report.inputs.rejected_by.insert("no time".into(), 12);
    report.inputs.field_coverage.insert("prompt".into(), 0.987);
    report.inputs.field_errors.insert("asn".into(), 3);
    report.inputs.unknown_columns.push("colour".into());
    report
}
