use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Cancelled;

use super::calibration::{Calibration, calibrate};
use super::document::Ngrams;
use super::keyed::public_hash;
use super::{Scheme, WatermarkError};

/// Distinct n-grams of a whole corpus, at most `capacity` of them.
///
/// Kept are those whose public hash is below a threshold, which is halved whenever they become too many. What is left
/// depends on the set of n-grams alone: not on order, threads, repetitions or any key. Memory is about 70 bytes an n-gram.
#[derive(Clone, Debug)]
pub struct CorpusSample {
    length: usize,
    capacity: usize,
    level: u32,
    ngrams: FxHashMap<u64, Box<[u32]>>,
    documents: u64,
    occurrences: u64,
}

/// N-grams that a sample keeps unless told otherwise: 18 MB, and a share of green tokens known to ±0.0009.
pub const SAMPLE_CAPACITY: usize = 1 << 18;

impl CorpusSample {
    /// An empty sample for a watermark.
    pub fn new(scheme: &Scheme) -> Self {
        Self::with_capacity(scheme, SAMPLE_CAPACITY)
    }

    /// `capacity` is at least one.
    pub fn with_capacity(scheme: &Scheme, capacity: usize) -> Self {
        let (length, capacity) = (scheme.ngram_length(), capacity.max(1));
        Self { length, capacity, level: 0, ngrams: FxHashMap::default(), documents: 0, occurrences: 0 }
    }

    /// Begins at this level: n-grams that the sample of the whole corpus would drop anyway are not taken in.
    #[must_use]
    pub fn with_level(self, level: u32) -> Self {
        Self { level, ..self }
    }

    /// One n-gram in this power of two is kept.
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Adds the n-grams of one document.
    pub fn add(&mut self, document: &Ngrams) -> Result<(), WatermarkError> {
        self.check_length(document.ngram_length())?;
        self.documents += 1;
        self.occurrences += document.len() as u64;
        for ngram in document.iter() {
            self.insert(public_hash(ngram), || ngram.into());
        }
        Ok(())
    }

    /// Adds another part of the corpus. Order does not matter.
    pub fn merge(&mut self, other: Self) -> Result<(), WatermarkError> {
        self.check_length(other.length)?;
        if self.capacity != other.capacity {
            return Err(WatermarkError::Capacity(self.capacity, other.capacity));
        }
        self.documents += other.documents;
        self.occurrences += other.occurrences;
        self.raise(other.level);
        for (hash, ngram) in other.ngrams {
            self.insert(hash, || ngram);
        }
        Ok(())
    }

    pub fn ngram_length(&self) -> usize {
        self.length
    }

    /// The n-grams by rising hash: any first part of them is a sample too.
    pub(crate) fn ngrams(&self) -> Vec<&[u32]> {
        let mut entries: Vec<(u64, &[u32])> = self.ngrams.iter().map(|(&hash, ngram)| (hash, &**ngram)).collect();
        entries.sort_unstable();
        entries.into_iter().map(|(_, ngram)| ngram).collect()
    }

    fn insert(&mut self, hash: u64, ngram: impl FnOnce() -> Box<[u32]>) {
        if kept(hash, self.level) {
            self.ngrams.entry(hash).or_insert_with(ngram);
            while self.ngrams.len() > self.capacity {
                self.raise(self.level + 1);
            }
        }
    }

    fn raise(&mut self, level: u32) {
        if level > self.level {
            self.level = level;
            self.ngrams.retain(|&hash, _| kept(hash, level));
        }
    }

    fn check_length(&self, found: usize) -> Result<(), WatermarkError> {
        if found == self.length {
            return Ok(());
        }
        Err(WatermarkError::NgramLength { expected: self.length, found })
    }
}

fn kept(hash: u64, level: u32) -> bool {
    hash.checked_shr(64 - level).unwrap_or(0) == 0
}

/// A whole corpus under one watermark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpusTest {
    pub scheme: String,
    /// Documents with or without an n-gram to score.
    pub documents: u64,
    /// N-grams over all documents, each counted once a document.
    pub occurrences: u64,
    /// Distinct n-grams scored.
    pub ngrams: u64,
    /// The part of all distinct n-grams that was kept: one over this power of two.
    pub sampled_level: u32,
    /// Share of green tokens, mean g-value, or mean of -ln(1 - r).
    pub statistic: f64,
    /// What the statistic is without a watermark.
    pub expected: f64,
    /// Standard deviations above it, by the scheme's formula.
    pub z: f64,
    /// By the scheme's formula, on all n-grams that were scored.
    pub nominal_p: f64,
    /// Its decimal logarithm, which does not underflow.
    pub log10_nominal_p: f64,
    /// Wrong keys.
    pub keys: usize,
    /// N-grams on which wrong keys were tried: those with the lowest hashes.
    pub calibration_ngrams: usize,
    /// Rank of the corpus's z among those of the wrong keys. It supposes that the spread of z does not grow with the
    /// number of n-grams where wrong keys were tried on fewer; `dispersion` and `dispersion_eighth` show whether it does.
    pub calibrated_p: f64,
    /// The same rank with the right key on the wrong keys' n-grams only: exact without any assumption, and weaker.
    pub calibrated_p_same_ngrams: f64,
    /// The smallest p that so many keys can show.
    pub smallest_p: f64,
    /// Variance of z under wrong keys. One, or a little less, if the formula holds.
    pub dispersion: f64,
    /// The same on an eighth of the n-grams.
    pub dispersion_eighth: f64,
    /// The result in words.
    pub statement: String,
}

impl CorpusTest {
    pub(crate) fn new(
        scheme: &Scheme,
        sample: &CorpusSample,
        ngrams: &[&[u32]],
        scores: &[u64],
        calibration: &Calibration,
    ) -> Result<Self, Cancelled> {
        let (law, n) = (scheme.law(), ngrams.len() as u64);
        let total: u64 = scores.iter().sum();
        let (z, ln_p) = (law.z(n, total), law.ln_p(n, total));
        let tried = calibration.ngrams.unwrap_or_else(|| scheme.calibration_ngrams()).min(ngrams.len());
        let null = calibrate(scheme, &ngrams[..tried], calibration)?;
        let z_same = law.z(tried as u64, scores[..tried].iter().sum());
        let (dispersion, dispersion_eighth) = null.dispersion();
        let mut test = Self {
            scheme: scheme.name().into(),
            documents: sample.documents,
            occurrences: sample.occurrences,
            ngrams: n,
            sampled_level: sample.level,
            statistic: law.statistic(n, total),
            expected: law.expected(),
            z,
            nominal_p: ln_p.exp(),
            log10_nominal_p: ln_p / std::f64::consts::LN_10,
            keys: calibration.keys,
            calibration_ngrams: tried,
            calibrated_p: null.p(z),
            calibrated_p_same_ngrams: null.p(z_same),
            smallest_p: null.smallest_p(),
            dispersion,
            dispersion_eighth,
            statement: String::new(),
        };
        test.statement = if n == 0 {
            format!("{}: no n-gram to score", test.scheme)
        } else {
            format!(
                "{}: {} {:.4} over {n} distinct n-grams where {:.4} is expected without the watermark; nominal p 10^{:.1}; \
                 {} of {} wrong keys reach it on {tried} n-grams: p {}{:.2e}",
                test.scheme,
                scheme.quantity(),
                test.statistic,
                test.expected,
                test.log10_nominal_p,
                null.reached(z),
                test.keys,
                if null.reached(z) == 0 { "at most " } else { "" },
                test.calibrated_p,
            )
        };
        Ok(test)
    }
}
