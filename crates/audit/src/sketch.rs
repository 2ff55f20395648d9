//! How much of an earlier corpus a later one still holds, by samples of both.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::index::Rate;
use crate::interval::Interval;

/// Keyed hashes of documents, the smallest: a sample that does not depend on order (bottom-k: Cohen and Kaplan, PODC
/// 2007). Equal documents of two corpora have equal hashes under one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sketch {
    /// Public name of the key.
    pub key: String,
    /// In ascending order, in hexadecimal.
    pub hashes: Vec<String>,
}

/// Keys of documents that stand for a corpus in comparisons with a later one (bottom-k sketch: Cohen and Kaplan, PODC 2007).
pub const SKETCH: usize = 1_024;

/// Above it, a later corpus adds to an earlier one; below one less it, it takes its place.
const MOST: f64 = 0.9;

/// Whether generated text replaces earlier text or is added to it, by a sample of both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// The earlier report.
    pub previous: String,
    /// Documents of the earlier corpus in the sample.
    pub sampled: u64,
    /// Of these, how many this corpus holds unchanged, 0 to 1, with a 95 % interval.
    pub share: f64,
    pub interval: Interval,
    /// `accumulates`, `replaces` or `between`.
    pub reading: String,
}

impl Sketch {
    pub fn new(key: String, hashes: &BTreeSet<u64>) -> Self {
        Self { key, hashes: hashes.iter().map(|hash| format!("{hash:016x}")).collect() }
    }

    /// How much of the corpus of `self` the corpus of `later` holds; `None` under different keys or of nothing.
    pub fn kept(&self, later: &Self, name: &str) -> Option<Kept> {
        if self.key != later.key {
            return None;
        }
        // What is below the end of both samples is complete in both.
        let end = |sketch: &Self| if sketch.hashes.len() < SKETCH { None } else { sketch.hashes.last().cloned() };
        let ends: Vec<String> = [end(self), end(later)].into_iter().flatten().collect();
        let end = ends.iter().min();
        let there: BTreeSet<&String> = later.hashes.iter().collect();
        let sampled: Vec<&String> = self.hashes.iter().filter(|hash| end.is_none_or(|end| *hash <= end)).collect();
        let matched = sampled.iter().filter(|hash| there.contains(**hash)).count() as u64;
        let rate = Rate { matched, documents: sampled.len() as u64 };
        let (low, high) = rate.interval(0.95);
        let reading = match () {
            () if low >= MOST => "accumulates",
            () if high <= 1.0 - MOST => "replaces",
            () => "between",
        };
        (!sampled.is_empty()).then(|| Kept {
            previous: name.into(),
            sampled: rate.documents,
            share: rate.share(),
            interval: Interval { low, high },
            reading: reading.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SKETCH, Sketch};

    fn sketch(documents: impl Iterator<Item = u64>) -> Sketch {
        let mut hashes: BTreeSet<u64> = documents.map(|id| id.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        while hashes.len() > SKETCH {
            hashes.pop_last();
        }
        Sketch::new("key".into(), &hashes)
    }

    #[test]
    fn a_corpus_that_grows_accumulates_and_another_replaces() {
        let before = sketch(1..20_000);
        assert_eq!(before.kept(&sketch(1..50_000), "a").unwrap().reading, "accumulates");
        assert_eq!(before.kept(&sketch(20_000..50_000), "a").unwrap().reading, "replaces");
        let half = before.kept(&sketch(10_000..50_000), "a").unwrap();
        assert!(half.interval.low < 0.5 && half.interval.high > 0.5 && half.reading == "between", "{half:?}");
        assert_eq!(before.kept(&Sketch { key: "other".into(), ..before.clone() }, "a"), None);
    }
}
