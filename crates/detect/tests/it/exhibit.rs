//! What is shown of a campaign agrees with what is told of it.

use std::collections::BTreeMap;

use stillwatch_core::Tier;
use stillwatch_detect::{DetectionReport, NodeKind};

use crate::traffic::{Case, mixed, mixed_report};

#[test]
fn lanes_hold_every_exchange() {
    let report = mixed_report();
    assert!(!report.campaigns.is_empty());
    for campaign in &report.campaigns {
        let exchanges: BTreeMap<_, _> =
            campaign.accounts.iter().map(|member| (member.account.clone(), member.exchanges)).collect();
        let timeline = &campaign.timeline;
        assert_eq!(timeline.total.iter().sum::<u64>(), campaign.exchanges);
        assert!(timeline.total.len() <= 120 && timeline.lanes.len() <= 300);
        assert_eq!(timeline.lanes.len() as u64 + timeline.left_out, campaign.accounts.len() as u64);
        for lane in &timeline.lanes {
            assert_eq!((lane.counts.len(), lane.counts.iter().sum()), (timeline.total.len(), exchanges[&lane.account]));
        }
        assert!(timeline.lanes.windows(2).all(|two| exchanges[&two[0].account] >= exchanges[&two[1].account]));
        assert!(timeline.start <= campaign.first_seen);
    }
}

#[test]
fn graphs_are_bounded_and_hold_every_account() {
    let report = mixed_report();
    let rings = || report.campaigns.iter().filter(|campaign| campaign.accounts.len() > 1);
    assert!(rings().any(|ring| ring.tier == Tier::Act));
    for ring in rings() {
        let graph = &ring.graph;
        assert!(graph.nodes.len() <= 200);
        let is_account = |kind| matches!(kind, NodeKind::Account | NodeKind::Accounts);
        let accounts = graph.nodes.iter().filter(|node| is_account(node.kind));
        assert_eq!(accounts.map(|node| node.accounts).sum::<u64>(), ring.accounts.len() as u64);
        for edge in &graph.edges {
            let (from, to) = (&graph.nodes[edge.from as usize], &graph.nodes[edge.to as usize]);
            assert!(is_account(from.kind) && !is_account(to.kind));
            assert!(edge.strength.0 >= 0 && edge.accounts <= from.accounts && edge.accounts <= to.accounts);
        }
        for (at, node) in graph.nodes.iter().enumerate().filter(|(_, node)| !is_account(node.kind)) {
            let holding = graph.edges.iter().filter(|edge| edge.to as usize == at);
            assert_eq!(holding.map(|edge| edge.accounts).sum::<u64>(), node.accounts);
            assert!(node.accounts >= 2 && node.fingerprint.is_some());
        }
    }
    assert!(rings().any(|ring| ring.graph.nodes.iter().any(|node| node.kind == NodeKind::Wording)));
    assert!(rings().any(|ring| ring.graph.nodes.iter().any(|node| node.kind == NodeKind::Payment)));
}

/// What is shared has other fingerprints under another key, and nothing else is different.
#[test]
fn another_key_changes_fingerprints_alone() {
    let without_fingerprints = |mut report: DetectionReport| {
        let nodes = report.campaigns.iter_mut().flat_map(|campaign| &mut campaign.graph.nodes);
        let all: Vec<String> = nodes.filter_map(|node| node.fingerprint.take()).collect();
        let shown: Vec<_> =
            report.campaigns.into_iter().map(|campaign| (campaign.id, campaign.timeline, campaign.graph)).collect();
        (shown, all)
    };
    let (one, of_one) = without_fingerprints(mixed_report().clone());
    let (two, of_two) = without_fingerprints(Case::new(mixed(), 2).detect(2));
    assert_eq!(one, two);
    assert!(of_one.iter().all(|fingerprint| !of_two.contains(fingerprint)));
}
