//! How often unrelated texts overlap with an index, and whether a corpus does so more often.
//!
//! Other models answer the same prompts with the same quotations, code and refusals, so a rate above zero proves
//! nothing. What counts is a rate above that of a reference corpus on the same subjects by other authors.

use statrs::distribution::{DiscreteCDF, Hypergeometric};
use statrs::function::beta::beta_reg;
use stillwatch_core::PValue;

/// Documents that overlap, among those that could be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub matched: u64,
    pub documents: u64,
}

impl Rate {
    #[expect(clippy::cast_precision_loss, reason = "counts of documents")]
    pub fn share(self) -> f64 {
        if self.documents == 0 { 0.0 } else { self.matched as f64 / self.documents as f64 }
    }

    /// The exact binomial interval of Clopper and Pearson (Biometrika 26, 1934) at a confidence such as 0.95; it
    /// assumes that documents are independent, so copies of one text are to be counted once.
    #[expect(clippy::cast_precision_loss, reason = "counts of documents")]
    pub fn interval(self, confidence: f64) -> (f64, f64) {
        let (matched, documents) = (self.matched.min(self.documents) as f64, self.documents as f64);
        let tail = ((1.0 - confidence) / 2.0).clamp(0.0, 0.5);
        let lower = if self.matched == 0 { 0.0 } else { quantile(matched, documents - matched + 1.0, tail) };
        let upper =
            if self.matched >= self.documents { 1.0 } else { quantile(matched + 1.0, documents - matched, 1.0 - tail) };
        (lower, upper)
    }
}

/// Where the beta distribution reaches `probability`, by bisection.
fn quantile(a: f64, b: f64, probability: f64) -> f64 {
    const STEPS: usize = 60;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if beta_reg(a, b, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Whether a corpus overlaps more often than a reference: Fisher's exact test, one-sided. It allows for the reference
/// being a sample too, which a binomial test against its rate would not.
pub fn excess(corpus: Rate, reference: Rate, null: &str) -> PValue {
    let population = corpus.documents.saturating_add(reference.documents);
    let matched = corpus.matched.saturating_add(reference.matched);
    let upper_tail = |successes: u64, least: u64| match least.checked_sub(1) {
        None => 1.0,
        Some(below) => Hypergeometric::new(population, successes.min(population), corpus.documents)
            .map_or(1.0, |law| law.sf(below).clamp(0.0, 1.0)),
    };
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
    fn intervals_are_those_of_the_tables() {
        let (lower, upper) = Rate { matched: 3, documents: 100 }.interval(0.95);
        assert!((lower - 0.006_230).abs() < 1e-5 && (upper - 0.085_176).abs() < 1e-5, "{lower} {upper}");
        // The rule of three, exactly: 1 - 0.025^(1/n).
        let (lower, upper) = Rate { matched: 0, documents: 50 }.interval(0.95);
        assert!(lower.abs() < 1e-12 && (upper - (1.0 - 0.025_f64.powf(0.02))).abs() < 1e-9);
        assert_eq!(Rate { matched: 0, documents: 0 }.interval(0.95), (0.0, 1.0));
    }

    #[test]
    fn fishers_lady_tastes_tea() {
        let p = excess(Rate { matched: 3, documents: 4 }, Rate { matched: 1, documents: 4 }, "milk first");
        assert!((p.value - 17.0 / 70.0).abs() < 1e-12);
        assert!(p.value >= p.smallest && p.null.contains("1 of 4"));
        let none = excess(Rate { matched: 0, documents: 4 }, Rate { matched: 0, documents: 4 }, "none");
        assert!((none.value - 1.0).abs() < f64::EPSILON);
    }
}
