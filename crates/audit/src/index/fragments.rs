//! What the shorter layer of an index says of a document: passages that are short or broken.
//!
//! Eight words in a row are often said alike by chance, so one such run is put down to chance. A text counts when the other
//! runs that were served, in answer to one and the same prompt, are a third of all: a copy that was cut or thinned out takes
//! its runs from one answer, and chance takes them from many.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stillwatch_core::ratio;
use stillwatch_digest::SHORT_WORDS;

use super::background::Rate;
use super::file::{BOILERPLATE_ORIGINS, Row};
use super::sample::Sample;

/// A text counts if, one run apart, at least one run in so many was served.
pub const ONE_RUN_IN: u32 = 3;
/// A text of fewer runs cannot be judged: eleven words give one or two.
pub const LEAST_FRAGMENTS: u32 = 2;

/// Runs of eight words of a document that were served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragments {
    /// Winnowed runs of the document.
    pub looked_up: u32,
    /// Where they begin among the words, with what was found, boilerplate aside; in the order of the text.
    pub(crate) hits: Vec<(u32, Row)>,
}

impl Fragments {
    /// Whether the text has enough runs to be judged.
    pub fn is_judged(&self) -> bool {
        self.looked_up >= LEAST_FRAGMENTS
    }

    /// The prompt whose answer gave most of the runs, and how many.
    fn leading(&self) -> Option<(u32, u32)> {
        let mut counts = BTreeMap::<u32, u32>::new();
        for (_, row) in &self.hits {
            *counts.entry(row.origin).or_default() += 1;
        }
        counts.into_iter().max_by_key(|&(origin, count)| (count, std::cmp::Reverse(origin)))
    }

    /// The share of the runs that were served in answer to one prompt, 0 to 1.
    pub fn share(&self) -> f64 {
        self.leading().map_or(0.0, |(_, count)| ratio(count, self.looked_up))
    }

    pub fn is_match(&self) -> bool {
        let enough = |count: u32| count.saturating_sub(1).saturating_mul(ONE_RUN_IN) >= self.looked_up;
        // What is not enough of all is not enough from one answer.
        let all = stillwatch_core::at_most_u32(self.hits.len());
        self.is_judged() && enough(all) && self.leading().is_some_and(|(_, count)| enough(count))
    }

    /// Sets runs aside by their words: first, and the one after the last.
    pub(crate) fn leave_out(&mut self, mut which: impl FnMut(std::ops::Range<usize>) -> bool) {
        self.hits.retain(|(first, _)| {
            let first = *first as usize;
            !which(first..first + SHORT_WORDS)
        });
    }

    /// The first word of the first run, and the word after the last.
    pub(crate) fn words(&self) -> Option<std::ops::Range<usize>> {
        let (first, last) = (self.hits.first()?, self.hits.last()?);
        Some(first.0 as usize..last.0 as usize + SHORT_WORDS)
    }

    /// Tells copies of one text from others.
    pub(crate) fn signature(&self) -> u64 {
        self.hits.iter().map(|(_, row)| row.fingerprint).min().unwrap_or_default()
    }
}

/// What the documents of a corpus have in common with the shorter layer. A sum, as [`Overlaps`](super::Overlaps).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FragmentSum {
    /// Documents with enough runs to be judged, and without a longer passage.
    pub judged: u64,
    /// Of these, those that count.
    pub matched: u64,
    origins: Sample,
}

impl FragmentSum {
    pub(super) fn add(&mut self, fragments: &Fragments) {
        self.judged += u64::from(fragments.is_judged());
        if let Some((origin, _)) = fragments.leading().filter(|_| fragments.is_match()) {
            self.matched += 1;
            self.origins.add(u64::from(origin) << u32::BITS, 1);
        }
    }

    pub(super) fn unite(&mut self, other: Self) {
        self.judged += other.judged;
        self.matched += other.matched;
        self.origins.unite(other.origins);
    }

    /// Different answers that the runs are from.
    pub fn origins(&self) -> f64 {
        self.origins.distinct()
    }

    /// Matched documents among those that could be judged; where several repeat one answer, the answers count.
    pub fn rate(&self) -> Rate {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded count")]
        let origins = self.origins().round() as u64;
        Rate { matched: self.matched.min(origins), documents: self.judged }
    }
}

/// Of a k-gram that was served.
pub(super) fn is_specific(row: &Row) -> bool {
    row.origins < BOILERPLATE_ORIGINS
}
