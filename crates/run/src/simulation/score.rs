//! How a report compares with the truth.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::Tier;
use stillwatch_detect::DetectionReport;
use stillwatch_simulate::Truth;

/// What the campaigns of a tier and those above it are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub clusters: usize,
    pub flagged: usize,
    /// Share of the flagged accounts that harvest; none when nothing is flagged.
    pub precision: Option<f64>,
    /// Share of the harvesting accounts that are flagged; none when there are none.
    pub recall: Option<f64>,
    pub found: usize,
    pub campaigns: usize,
    /// Clusters of which under half of the accounts harvest.
    pub false_clusters: usize,
    /// Innocent accounts by class.
    pub false_accounts: BTreeMap<String, usize>,
}

/// Scores the campaigns of `tier` and above.
///
/// A campaign is found when one cluster covers at least half of its accounts and at least four fifths of that cluster
/// belong to the same actor, so that merging campaigns does not pay.
pub fn score(truth: &Truth, report: &DetectionReport, tier: Tier) -> Score {
    let clusters: Vec<BTreeSet<&str>> = report
        .campaigns
        .iter()
        .filter(|campaign| campaign.tier >= tier)
        .map(|campaign| campaign.accounts.iter().map(|member| member.account.as_str()).collect())
        .collect();
    let flagged: BTreeSet<&str> = clusters.iter().flatten().copied().collect();
    let harvests = |account: &&&str| truth.campaign.contains_key(**account);
    let right = flagged.iter().filter(harvests).count();
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (account, campaign) in &truth.campaign {
        members.entry(campaign).or_default().insert(account);
    }
    let mut false_accounts: BTreeMap<String, usize> = BTreeMap::new();
    for account in flagged.iter().filter(|account| !harvests(account)) {
        let class = truth.klass.get(*account).map_or("unknown", String::as_str);
        *false_accounts.entry(class.into()).or_default() += 1;
    }
    Score {
        clusters: clusters.len(),
        flagged: flagged.len(),
        precision: share(right, flagged.len()),
        recall: share(right, truth.campaign.len()),
        found: members.iter().filter(|(name, accounts)| is_found(truth, name, accounts, &clusters)).count(),
        campaigns: members.len(),
        false_clusters: clusters.iter().filter(|one| 2 * one.iter().filter(harvests).count() < one.len()).count(),
        false_accounts,
    }
}

fn is_found(truth: &Truth, campaign: &str, accounts: &BTreeSet<&str>, clusters: &[BTreeSet<&str>]) -> bool {
    let mut best: (usize, Option<&BTreeSet<&str>>) = (0, None);
    for cluster in clusters {
        let covered = accounts.intersection(cluster).count();
        // The first of several that cover as much.
        if covered > best.0 {
            best = (covered, Some(cluster));
        }
    }
    let (covered, Some(cluster)) = best else {
        return false;
    };
    let actor = |campaign: &str| truth.actor.get(campaign).cloned().unwrap_or_else(|| campaign.to_owned());
    let own = actor(campaign);
    let same = |account: &&&str| truth.campaign.get(**account).is_some_and(|campaign| actor(campaign) == own);
    let pure = cluster.iter().filter(same).count();
    2 * covered >= accounts.len() && 5 * pure >= 4 * cluster.len()
}

fn share(part: usize, whole: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts are small")]
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use stillwatch_core::{Cancel, Silent, Tier, Window};
    use stillwatch_detect::{
        BlastRadius, Campaign, CampaignKind, DetectionReport, Detector, EvidenceGraph, Inputs, Member, Options,
        Recommendation, Role, Rung, Timeline,
    };
    use stillwatch_simulate::Truth;

    use super::score;

    #[test]
    fn merging_campaigns_does_not_pay() {
        let report = report(&[(Tier::Act, &["a1", "a2", "b1", "b2"])]);
        let merged = score(&truth(), &report, Tier::Act);
        assert_eq!((merged.found, merged.precision, merged.recall), (0, Some(1.0), Some(1.0)));
    }

    #[test]
    fn a_tier_includes_those_above_it() {
        let report = report(&[(Tier::Act, &["a1", "a2"]), (Tier::Review, &["b1", "x1", "x2"]), (Tier::Watch, &["b2"])]);
        let act = score(&truth(), &report, Tier::Act);
        assert_eq!((act.found, act.campaigns, act.flagged, act.false_clusters), (1, 2, 2, 0));
        let review = score(&truth(), &report, Tier::Review);
        assert_eq!((review.found, review.clusters, review.false_clusters), (1, 2, 1));
        assert_eq!(review.false_accounts, [("casual".into(), 2)].into());
    }

    #[test]
    fn successors_share_an_actor() {
        let mut truth = truth();
        truth.actor = [("a".into(), "same".into()), ("b".into(), "same".into())].into();
        let report = report(&[(Tier::Act, &["a1", "a2", "b1", "b2"])]);
        assert_eq!(score(&truth, &report, Tier::Act).found, 2);
    }

    #[test]
    fn nothing_flagged_has_no_precision() {
        let score = score(&truth(), &report(&[]), Tier::Act);
        assert_eq!((score.precision, score.recall), (None, Some(0.0)));
    }

    fn truth() -> Truth {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        Truth {
            campaign: pairs(&[("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")]),
            klass: pairs(&[("x1", "casual"), ("x2", "casual")]),
            actor: BTreeMap::new(),
            kind: BTreeMap::new(),
            end_user: BTreeMap::new(),
        }
    }

    fn report(clusters: &[(Tier, &[&str])]) -> DetectionReport {
        let names = stillwatch_digest::Names::new(&stillwatch_core::Key::from_bytes([7; 32]));
        let detector = Detector::new(vec![], vec![], &names, Options::default());
        let mut report = detector.detect(Window::default(), Inputs::default(), &Cancel::default(), &Silent).unwrap();
        report.campaigns = clusters.iter().map(|(tier, accounts)| campaign(*tier, accounts)).collect();
        report
    }

    fn campaign(tier: Tier, accounts: &[&str]) -> Campaign {
        let member =
            |account: &&str| Member { account: (*account).into(), probability: 1.0, role: Role::Core, exchanges: 1 };
        Campaign {
            id: "c".into(),
            continues: None,
            kind: CampaignKind::Ring,
            tier,
            q_value: 0.01,
            score_bits: 1.0,
            families: vec![],
            accounts: accounts.iter().map(member).collect(),
            organizations: 1,
            first_seen: String::new(),
            last_seen: String::new(),
            exchanges: 1,
            input_tokens: 0,
            output_tokens: 0,
            answers: stillwatch_detect::Answers::default(),
            margin_bits: 0.0,
            strength_bits: 0.0,
            balance_bits: 0.0,
            evidence: vec![],
            counter_evidence: vec![],
            benign_hypotheses: vec![],
            counterfactuals: vec![],
            predecessors: vec![],
            indicators: vec![],
            recommended: Recommendation {
                rung: Rung::Observe,
                blast_radius: BlastRadius::default(),
                why: String::new(),
            },
            atlas: vec![],
            timeline: Timeline::default(),
            graph: EvidenceGraph::default(),
        }
    }
}
