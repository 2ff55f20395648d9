//! Counting different values in bounded memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values that are kept of each sample.
const CAPACITY: usize = 1 << 14;

/// Uniform values below 2^(64 − level), counted. The level rises only when there are too many, so it is the same in
/// whatever order they come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    level: u32,
    counts: BTreeMap<u64, u64>,
}

impl Sample {
    pub(super) fn add(&mut self, value: u64, count: u64) {
        if self.keeps(value) {
            *self.counts.entry(value).or_default() += count;
            self.fit();
        }
    }

    pub(super) fn unite(&mut self, other: Self) {
        self.level = self.level.max(other.level);
        self.fit();
        other.counts.into_iter().for_each(|(value, count)| self.add(value, count));
    }

    fn fit(&mut self) {
        while self.counts.len() > CAPACITY {
            self.level += 1;
            self.cut();
        }
        self.cut();
    }

    fn cut(&mut self) {
        while self.counts.last_key_value().is_some_and(|(value, _)| !self.keeps(*value)) {
            self.counts.pop_last();
        }
    }

    fn keeps(&self, value: u64) -> bool {
        value.leading_zeros() >= self.level
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn distinct(&self) -> f64 {
        self.counts.len() as f64 * f64::from(self.level).exp2()
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn mean(&self) -> f64 {
        let total: u64 = self.counts.values().sum();
        if self.counts.is_empty() { 0.0 } else { total as f64 / self.counts.len() as f64 }
    }
}

/// The lowest of many fingerprints is not uniform; this is (the finaliser of SplitMix64).
pub(super) fn spread(fingerprint: u64) -> u64 {
    let mut z = fingerprint.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Sample, spread};

    #[test]
    fn samples_are_the_same_in_any_order() {
        let values: Vec<u64> = (0..100_000).map(spread).collect();
        let (mut forwards, mut left, mut right) = (Sample::default(), Sample::default(), Sample::default());
        for value in &values {
            forwards.add(*value, 1);
        }
        for value in values[..30_000].iter().rev() {
            left.add(*value, 1);
        }
        for value in &values[30_000..] {
            right.add(*value, 1);
        }
        left.unite(right);
        assert_eq!(left, forwards);
        assert!(forwards.counts.len() <= CAPACITY);
        assert!((forwards.distinct() / 100_000.0 - 1.0).abs() < 0.02);
    }
}
