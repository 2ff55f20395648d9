//! How often unrelated texts overlap with an index, and whether a corpus does so more often.
//!
//! Other models answer the same prompts with the same quotations, code and refusals, so a rate above zero proves
//! nothing. What counts is a rate above that of a reference corpus on the same subjects by other authors.

use stillwatch_core::statistics::{clopper_pearson, fisher_upper_tail};
use stillwatch_core::{PValue, ratio};

/// Documents that overlap, among those that could be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub matched: u64,
    pub documents: u64,
}

impl Rate {
    pub fn share(self) -> f64 {
        ratio(self.matched, self.documents)
    }

    /// The exact binomial interval of Clopper and Pearson at a confidence such as 0.95; it assumes that documents are
    /// independent, so copies of one text are to be counted once.
    pub fn interval(self, confidence: f64) -> (f64, f64) {
        clopper_pearson(self.matched, self.documents, confidence)
    }
}

/// Whether a corpus overlaps more often than a reference: Fisher's exact test, one-sided. It allows for the reference
/// being a sample too, which a binomial test against its rate would not.
pub fn excess(corpus: Rate, reference: Rate, null: &str) -> PValue {
    let population = corpus.documents.saturating_add(reference.documents);
    let matched = corpus.matched.saturating_add(reference.matched);
    let upper_tail = |successes, least| fisher_upper_tail(population, successes, corpus.documents, least);
    PValue {
        value: upper_tail(matched, corpus.matched),
        // Every document of the corpus matched, and none of the reference beyond those that did.
        smallest: upper_tail(corpus.documents.saturating_add(reference.matched), corpus.documents),
        null: format!(
            "the rate of {null}: {} of {} documents (Fisher's exact test, one-sided)",
            reference.matched, reference.documents
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Rate, excess};

    #[test]
    fn fishers_lady_tastes_tea() {
        let p = excess(Rate { matched: 3, documents: 4 }, Rate { matched: 1, documents: 4 }, "milk first");
        assert!((p.value - 17.0 / 70.0).abs() < 1e-12);
        assert!(p.value >= p.smallest && p.null.contains("1 of 4"));
        let none = excess(Rate { matched: 0, documents: 4 }, Rate { matched: 0, documents: 4 }, "none");
        assert!((none.value - 1.0).abs() < f64::EPSILON);
    }
}
