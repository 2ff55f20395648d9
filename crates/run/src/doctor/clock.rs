//! Two clocks compared: that of the log and that of the proxy in front.

use serde::Serialize;

/// Differences kept; more tell nothing new.
const MOST: usize = 100_000;
const SECOND: i64 = 1_000_000;
const QUARTER: i64 = 15 * 60 * SECOND;
/// How far an offset may lie from whole quarters of an hour, and how far the middle nine tenths may spread, in a log
/// that is off by a time zone.
const NEAR: i64 = 2 * 60 * SECOND;
const SPREAD: i64 = 5 * 60 * SECOND;
/// Requests take this long between proxy and log without anything being wrong.
const USUAL: i64 = 5 * SECOND;

/// Differences of the two times of the same requests, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Differences(Vec<i64>);

/// What the differences say.
#[derive(Debug, PartialEq, Serialize)]
pub struct Skew {
    /// Requests that both logs have.
    pub compared: usize,
    /// Time in the log less time at the proxy, in seconds: the fifth percentile, the median and the 95th.
    pub p5_s: f64,
    pub median_s: f64,
    pub p95_s: f64,
    pub finding: &'static str,
    /// A constant offset in minutes, where one is by whole quarters of an hour.
    pub zone_minutes: Option<i64>,
}

impl Differences {
    pub(super) fn add(&mut self, log: i64, edge: i64) {
        if self.0.len() < MOST {
            self.0.push(log.saturating_sub(edge));
        }
    }

    /// `None` where no request was in both.
    pub(super) fn skew(&self) -> Option<Skew> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = |percent: usize| sorted.get((sorted.len().checked_sub(1)?) * percent / 100).copied();
        let (p5, median, p95) = (at(5)?, at(50)?, at(95)?);
        let quarters = (median + median.signum() * QUARTER / 2) / QUARTER;
        let constant = p95 - p5 <= SPREAD;
        let zone = (constant && quarters != 0 && (median - quarters * QUARTER).abs() <= NEAR).then_some(quarters * 15);
        let finding = match zone {
            Some(_) => "a constant offset, as of a time zone: write times with their zone, or in UTC",
            None if median.abs() <= USUAL && constant => "the clocks agree",
            None if constant => "a constant offset: set both clocks by the same time server",
            None => "the offset varies: one of the logs may be written in batches, or its clock drifts",
        };
        Some(Skew {
            compared: sorted.len(),
            p5_s: seconds(p5),
            median_s: seconds(median),
            p95_s: seconds(p95),
            finding,
            zone_minutes: zone,
        })
    }
}

fn seconds(micros: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a difference of times is below 2^53 microseconds")]
    let seconds = micros as f64 / 1e6;
    seconds
}

#[cfg(test)]
mod tests {
    use super::{Differences, SECOND};

    fn finding(differences: impl Iterator<Item = i64>) -> (Option<i64>, &'static str) {
        let mut all = Differences::default();
        differences.for_each(|difference| all.add(difference, 0));
        all.skew().map_or((None, ""), |skew| (skew.zone_minutes, skew.finding))
    }

    #[test]
    fn offsets_have_causes() {
        assert_eq!(finding((0..100).map(|n| n * SECOND / 100)).1, "the clocks agree");
        assert_eq!(finding((0..100).map(|n| 7_200 * SECOND + n)).0, Some(120));
        assert_eq!(finding((0..100).map(|n| -19_800 * SECOND - n)).0, Some(-330));
        assert!(finding((0..100).map(|n| 60 * SECOND + n)).1.starts_with("a constant offset: "));
        assert!(finding((0..100).map(|n| n * 60 * SECOND)).1.starts_with("the offset varies"));
        assert_eq!(finding(std::iter::empty()), (None, ""));
    }
}
