//! Relays, successors, hand-overs and concerts are told for what they are, and verdicts say what they rest on.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use stillwatch_core::{Family, Tier};
use stillwatch_detect::{Campaign, CampaignKind, DetectionReport};
use stillwatch_simulate::{CampaignPlan, Plan, Traffic, simulate};

use crate::traffic::{Case, mixed_report};

/// An eighth of the ordinary accounts with the campaigns of these names, whole.
fn among(names: &[&str]) -> Traffic {
    let mut plan = Plan::demo(9).with_exchanges(30_000);
    plan.campaigns = CampaignPlan::all().into_iter().filter(|plan| names.contains(&plan.name.as_str())).collect();
    simulate(&plan)
}

fn holding<'a>(report: &'a DetectionReport, traffic: &Traffic, name: &str) -> Option<&'a Campaign> {
    let members: BTreeSet<&str> =
        traffic.truth.campaign.iter().filter(|(_, of)| *of == name).map(|(account, _)| account.as_str()).collect();
    report.campaigns.iter().find(|campaign| {
        let inside = campaign.accounts.iter().filter(|member| members.contains(member.account.as_str())).count();
        2 * inside >= members.len()
    })
}

fn kinds() -> &'static (Traffic, DetectionReport) {
    static KINDS: LazyLock<(Traffic, DetectionReport)> = LazyLock::new(|| {
        let traffic = among(&["relay_named", "fast_banned", "fast_successors", "quota_hand_over"]);
        let report = Case::new(&traffic, 1).detect(2);
        (traffic, report)
    });
    &KINDS
}

#[test]
fn a_relay_is_never_to_be_terminated() {
    let (traffic, report) = kinds();
    let members: BTreeSet<&str> = traffic
        .truth
        .campaign
        .iter()
        .filter(|(_, of)| *of == "relay_named")
        .map(|(account, _)| account.as_str())
        .collect();
    let told = |accounts: &mut dyn Iterator<Item = &str>| accounts.filter(|account| members.contains(account)).count();
    // Whether it is told as a campaign or as people at one place, nobody in it is to be suspended.
    let in_campaigns = report.campaigns.iter().filter(|of| of.recommended.rung >= stillwatch_detect::Rung::Suspend);
    assert_eq!(in_campaigns.map(|of| told(&mut of.accounts.iter().map(|of| of.account.as_str()))).sum::<usize>(), 0);
    let in_campaigns = report.campaigns.iter().map(|of| told(&mut of.accounts.iter().map(|of| of.account.as_str())));
    let in_crowds =
        report.crowds.iter().map(|of| told(&mut of.accounts.iter().map(stillwatch_core::AccountId::as_str)));
    assert!(2 * in_campaigns.chain(in_crowds).sum::<usize>() >= members.len());
    for campaign in report.campaigns.iter().filter(|campaign| campaign.kind == CampaignKind::Relay) {
        assert!(campaign.recommended.rung < stillwatch_detect::Rung::Suspend);
    }
}

#[test]
fn successors_name_their_predecessors() {
    let (traffic, report) = kinds();
    let successors = holding(report, traffic, "fast_successors").unwrap();
    assert_eq!(successors.kind, CampaignKind::Successor);
    let closed = |account: &str| traffic.truth.campaign.get(account).is_some_and(|name| name == "fast_banned");
    let named = successors.predecessors.iter().filter(|before| closed(before.account.as_str())).count();
    assert!(2 * named > successors.predecessors.len() && named > 5, "{named}");
    assert!(successors.evidence.iter().any(|item| item.family == Family::Lifecycle && item.kind == "successors"));
}

#[test]
fn taking_over_at_the_limit_is_told_and_not_counted() {
    let (traffic, report) = kinds();
    let ring = holding(report, traffic, "quota_hand_over").unwrap();
    let handover = ring.evidence.iter().find(|item| item.kind == "quota_handover").unwrap();
    assert_eq!((handover.family, handover.bits.0), (Family::Timing, 0));
}

#[test]
fn what_a_verdict_rests_on_is_checked() {
    let report = mixed_report();
    for campaign in report.campaigns.iter().filter(|campaign| campaign.tier == Tier::Act) {
        let doubt = campaign.counterfactuals.last().unwrap();
        assert!(doubt.tier < Some(Tier::Act), "{}", doubt.statement);
        assert!(campaign.counterfactuals.iter().all(|other| other.tier <= Some(campaign.tier)));
        let text =
            |other: &&stillwatch_detect::Counterfactual| other.suppose == stillwatch_detect::Supposition::RequestsAlone;
        assert!(campaign.counterfactuals.iter().find(text).unwrap().tier < Some(Tier::Act));
        // With one family beside content, that family is what carries the tier.
        let beside: Vec<_> = campaign.families.iter().filter(|family| **family != Family::Content).collect();
        if let [only] = beside[..] {
            let without = format!("without the family {only}");
            let then = campaign.counterfactuals.iter().find(|other| other.suppose.to_string() == without).unwrap();
            assert!(then.tier < Some(Tier::Act), "{}", then.statement);
        }
    }
    for campaign in report.campaigns.iter().filter(|campaign| campaign.tier == Tier::Watch) {
        let standing = campaign.benign_hypotheses.iter().filter(|hypothesis| !hypothesis.rejected).count();
        let settled = campaign.counterfactuals.iter().filter(|other| other.suppose.settles_a_doubt()).count();
        assert!(settled >= standing.min(3), "{standing} stand, {settled} are supposed to be ruled out");
    }
}
