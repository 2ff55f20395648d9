use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use stillwatch_core::{Random, Redacted};

use super::law::{Law, ONE};

/// SynthID-Text (Dathathri et al., Nature 634, 2024). Two incompatible variants go by the name:
///
/// - `google-lcg`, of `google-deepmind/synthid-text`: the hash starts from the keys' SHA-256, and g is bit 30 after twelve
///   more rounds.
/// - `huggingface-table`, of `transformers`: the hash starts from one, and g is looked up in a table of random bits. The
///   table depends on the device that drew it, so it must be given; a seed does not determine it.
#[derive(Clone)]
pub struct SynthId {
    keys: Redacted<Vec<i64>>,
    start: i64,
    /// Bits of the table; none for `google-lcg`.
    table: Option<Arc<Redacted<Vec<bool>>>>,
    ngram_length: usize,
    context_history: usize,
    eos: Option<u32>,
    statistic: Statistic,
    weights: Vec<u64>,
}

/// What is averaged over n-grams and layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Layers count alike: exact binomial p.
    Mean,
    /// Layers weigh from ten down to one, as the reference does: normal p.
    WeightedMean,
}

/// The two scores of one sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SynthIdScores {
    pub mean: f64,
    pub weighted_mean: f64,
}

impl SynthId {
    /// Google's variant. An n-gram is the token and the `ngram_length` − 1 tokens before it; at most 64 keys, one a layer.
    pub fn google_lcg(keys: Vec<i64>, ngram_length: usize, context_history: usize) -> Self {
        let (start, weights) = (start(&keys), weights(keys.len()));
        let keys = Redacted::new(keys);
        Self {
            keys,
            start,
            table: None,
            ngram_length,
            context_history,
            eos: None,
            statistic: Statistic::WeightedMean,
            weights,
        }
    }

    /// The variant of `transformers`, with its table of bits.
    pub fn huggingface_table(keys: Vec<i64>, ngram_length: usize, context_history: usize, table: Vec<bool>) -> Self {
        let table = Some(Arc::new(Redacted::new(table)));
        Self { start: 1, table, ..Self::google_lcg(keys, ngram_length, context_history) }
    }

    /// Nothing from the first end-of-sequence token on is scored.
    pub fn with_eos(self, eos: Option<u32>) -> Self {
        Self { eos, ..self }
    }

    pub fn with_statistic(self, statistic: Statistic) -> Self {
        Self { statistic, ..self }
    }

    /// One 64-bit hash a layer.
    pub fn ngram_keys(&self, ngram: &[u32]) -> Vec<i64> {
        let whole = self.absorb(ngram);
        self.keys.expose().iter().map(|&key| step(whole, key)).collect()
    }

    /// The g-values, first layer in the lowest bit.
    pub fn g_values(&self, ngram: &[u32]) -> u64 {
        let whole = self.absorb(ngram);
        let bits = self.keys.expose().iter().map(|&key| self.g_value(step(whole, key)));
        bits.rev().fold(0, |g, bit| g << 1 | bit)
    }

    /// Which n-grams stand after a context that the last `context_history` positions do not hold; one entry an n-gram.
    pub fn context_mask(&self, tokens: &[u32]) -> Vec<bool> {
        let mut last = FxHashMap::default();
        let contexts = self.ngrams(tokens).map(|ngram| &ngram[..ngram.len() - 1]).enumerate();
        let fresh = |(index, context)| {
            last.insert(context, index).is_none_or(|before: usize| index - before > self.context_history)
        };
        contexts.map(fresh).collect()
    }

    /// Which n-grams end before the first end of sequence; one entry an n-gram.
    pub fn eos_mask(&self, tokens: &[u32]) -> Vec<bool> {
        let end = tokens.iter().position(|&token| Some(token) == self.eos).unwrap_or(tokens.len());
        (self.ngram_length - 1..tokens.len()).map(|position| position < end).collect()
    }

    /// Both scores over what the masks leave; `None` where they leave nothing.
    pub fn scores(&self, tokens: &[u32]) -> Option<SynthIdScores> {
        let mut count = 0_u64;
        let (mut ones, mut weight) = (0_u64, 0_u64);
        for ngram in self.unmasked(tokens) {
            let g = self.g_values(ngram);
            count += 1;
            ones += u64::from(g.count_ones());
            weight += self.weight(g);
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of one text")]
        let mean = |total: u64, unit: f64| total as f64 / (count as f64 * unit);
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let layers = self.weights.len() as f64;
        (count > 0).then(|| SynthIdScores { mean: mean(ones, layers), weighted_mean: mean(weight, ONE) })
    }

    /// The n-grams that both masks leave.
    pub(crate) fn unmasked<'a>(&self, tokens: &'a [u32]) -> impl Iterator<Item = &'a [u32]> {
        let masks = self.context_mask(tokens).into_iter().zip(self.eos_mask(tokens));
        self.ngrams(tokens).zip(masks).filter(|(_, (context, eos))| *context && *eos).map(|(ngram, _)| ngram)
    }

    /// Masks and n-grams do not depend on the keys.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        self.ngram_length == other.ngram_length
            && self.context_history == other.context_history
            && self.eos == other.eos
    }

    pub(crate) fn ngram_length(&self) -> usize {
        self.ngram_length
    }

    pub(crate) fn score(&self, ngram: &[u32]) -> u64 {
        let g = self.g_values(ngram);
        match self.statistic {
            Statistic::Mean => g.count_ones().into(),
            Statistic::WeightedMean => self.weight(g),
        }
    }

    pub(crate) fn law(&self) -> Law {
        match self.statistic {
            Statistic::Mean => Law::Binomial { draws: self.weights.len() as u64, probability: 0.5 },
            #[expect(clippy::cast_precision_loss, reason = "weights are at most 2^32")]
            Statistic::WeightedMean => {
                Law::Normal { variance: self.weights.iter().map(|&w| (w as f64 / ONE).powi(2) / 4.0).sum() }
            }
        }
    }

    pub(crate) fn wrong(&self, random: &mut Random) -> Self {
        let keys: Vec<i64> = self.weights.iter().map(|_| random.next_u64().cast_signed()).collect();
        let start = if self.table.is_some() { self.start } else { start(&keys) };
        Self { keys: Redacted::new(keys), start, ..self.clone() }
    }

    fn ngrams<'a>(&self, tokens: &'a [u32]) -> impl Iterator<Item = &'a [u32]> + use<'a> {
        tokens.windows(self.ngram_length.max(1))
    }

    fn absorb(&self, ngram: &[u32]) -> i64 {
        ngram.iter().fold(self.start, |hash, &token| step(hash, token.into()))
    }

    fn g_value(&self, key: i64) -> u64 {
        match &self.table {
            None => ((0..ROUNDS).fold(key, |hash, _| step(hash, 1) >> SHIFT) >> OUTPUT_BIT & 1).cast_unsigned(),
            Some(table) => {
                let table = table.expose();
                let size = stillwatch_core::count(table.len().max(1)).cast_signed();
                let index = stillwatch_core::place(key.rem_euclid(size).cast_unsigned());
                table.get(index).copied().unwrap_or(false).into()
            }
        }
    }

    fn weight(&self, g: u64) -> u64 {
        self.weights.iter().enumerate().map(|(layer, &weight)| (g >> layer & 1) * weight).sum()
    }
}

const ROUNDS: u32 = 12;
const SHIFT: u32 = 5;
const OUTPUT_BIT: u32 = 30;

/// Knuth's linear congruential generator on wrapping 64-bit integers.
fn step(hash: i64, data: i64) -> i64 {
    hash.wrapping_add(data).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1)
}

/// SHA-256 over the keys as little-endian 64-bit integers, read big-endian, modulo 2⁶³ − 1.
fn start(keys: &[i64]) -> i64 {
    let mut hasher = Sha256::new();
    for key in keys {
        hasher.update(key.to_le_bytes());
    }
    let modulus = u128::from(i64::MAX.cast_unsigned());
    let value = hasher.finalize().iter().fold(0_u128, |value, &byte| (value << 8 | u128::from(byte)) % modulus);
    #[expect(clippy::cast_possible_truncation, reason = "a remainder is below the modulus")]
    let value = value as i64;
    value
}

/// Weights from ten down to one in equal steps, as shares of their sum in units of 2⁻³².
fn weights(layers: usize) -> Vec<u64> {
    #[expect(clippy::cast_precision_loss, reason = "at most 64 layers")]
    let raw: Vec<f64> = (0..layers).map(|layer| 10.0 - 9.0 * layer as f64 / (layers.max(2) - 1) as f64).collect();
    let sum: f64 = raw.iter().sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^32")]
    raw.iter().map(|weight| (weight / sum * ONE).round() as u64).collect()
}
