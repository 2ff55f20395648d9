//! Seeded worlds in which nobody harvests. The same at large: `cargo bench -p stillwatch-detect --bench worlds -- --null
//! campaigns` and `--null strangers`.

use stillwatch_core::Tier;
use stillwatch_core::statistics::clopper_pearson;
use stillwatch_detect::DetectionReport;
use stillwatch_simulate::WorldPlan;

use crate::traffic::{Case, at_least};

const SEED: u64 = 7_301;
const EXCHANGES: usize = 6_000;

fn reports(worlds: u64, of: impl Fn(WorldPlan) -> WorldPlan) -> Vec<DetectionReport> {
    (1..=worlds)
        .map(|number| Case::new(&of(WorldPlan::draw(SEED, number, EXCHANGES)).simulate(), 1).detect(2))
        .collect()
}

#[test]
fn worlds_without_campaigns_have_nothing_at_act() {
    let reports = reports(8, WorldPlan::without_campaigns);
    assert!(reports.iter().all(|report| at_least(report, Tier::Act).is_empty()));
    // The worlds have crowds that are found, so that there was something to be wrong about.
    assert!(reports.iter().any(|report| !report.crowds.is_empty() || !report.campaigns.is_empty()));
}

/// Accounts that have nothing to do with each other: each search errs in at most a tenth of the worlds at the level of
/// `review`, so all of them together in at most as many tenths as there are searches. The exact interval of what is seen must
/// reach down to that.
#[test]
fn strangers_are_found_together_no_more_often_than_the_level_says() {
    let reports = reports(10, WorldPlan::of_strangers);
    let found = reports.iter().filter(|report| report.campaigns.iter().any(|of| of.q_value < 1.0)).count();
    let (low, high) = clopper_pearson(found as u64, reports.len() as u64, 0.95);
    assert!(low <= 0.3, "{found} of {} worlds, in the long run {low:.2} to {high:.2}", reports.len());
    assert!(reports.iter().all(|report| at_least(report, Tier::Act).is_empty()));
}
