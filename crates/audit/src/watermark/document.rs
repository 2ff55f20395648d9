use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scheme;

/// A text, or the token ids that the corpus gives for it.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    Text(&'a str),
    Ids(&'a [u32]),
}

/// What of a document is scored: each n-gram once, without those of the prompt.
#[derive(Clone, Debug, Default)]
pub struct Ngrams {
    length: usize,
    ids: Vec<u32>,
    /// Tokens of the document.
    pub tokens: u64,
    /// Left out because they occurred before in the document.
    pub repeated: u64,
    /// Left out because they occur in the prompt.
    pub prompted: u64,
    /// Left out because they hold an id outside the vocabulary.
    pub foreign: u64,
    /// Whether the end of the text was left out for its length.
    pub truncated: bool,
}

impl Ngrams {
    pub(crate) fn read(scheme: &Scheme, ids: &[u32], prompt: &[u32], truncated: bool) -> Self {
        let length = scheme.ngram_length();
        let vocabulary = scheme.vocabulary().unwrap_or(u32::MAX);
        let prompt: FxHashSet<&[u32]> = prompt.windows(length).collect();
        let mut seen = FxHashSet::default();
        let mut ngrams = Self { length, tokens: ids.len() as u64, truncated, ..Self::default() };
        for ngram in scheme.candidates(ids) {
            let counter = if ngram.iter().any(|&id| id >= vocabulary) {
                &mut ngrams.foreign
            } else if prompt.contains(ngram) {
                &mut ngrams.prompted
            } else if seen.insert(ngram) {
                ngrams.ids.extend_from_slice(ngram);
                continue;
            } else {
                &mut ngrams.repeated
            };
            *counter += 1;
        }
        ngrams
    }

    /// In the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.ids.chunks_exact(self.length.max(1))
    }

    pub fn len(&self) -> usize {
        self.ids.len() / self.length.max(1)
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(crate) fn ngram_length(&self) -> usize {
        self.length
    }
}

/// One document under one watermark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentScore {
    /// Tokens of the document.
    pub tokens: u64,
    /// Distinct n-grams scored.
    pub scored: u64,
    /// Share of green tokens, mean g-value, or mean of -ln(1 - r).
    pub statistic: f64,
    /// What the statistic is without a watermark.
    pub expected: f64,
    /// Chance of at least this statistic without a watermark, by the scheme's formula. It is not calibrated: documents of
    /// one corpus share their frequent n-grams, so many of them can be low together.
    pub nominal_p: f64,
    /// Its decimal logarithm, which does not underflow.
    pub log10_p: f64,
    /// Whether the end of the text was left out for its length.
    pub truncated: bool,
}
