//! Whether a corpus is more like a vendor than corpora are that are not the vendor's.
//!
//! The null corpora are whole makers and whole domains of people, each scored by a model that had not seen it: what can be
//! exchanged is a source, not a document, so there are few and the smallest p-value is large. p = (1 + #{null ≥ s}) / (1 + n) (Vovk,
//! Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005); Holm's correction over vendors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::family::{HUMAN, OTHER};
use super::model::StyleModel;
use super::share::Shares;

/// The test of one vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorTest {
    pub family: String,
    /// Mean probability of the family over the documents.
    pub statistic: f64,
    pub p: f64,
    /// After Holm's correction over all vendors.
    pub p_holm: f64,
    /// Null corpora: makers of other families, and people by domain.
    pub nulls: usize,
    /// The smallest p that so many nulls can give, before the correction.
    pub smallest_p: f64,
}

impl VendorTest {
    pub fn statement(&self) -> String {
        format!(
            "mean probability of {} is {:.3}; p {:.3} against {} corpora that are not its ({:.3} is the smallest they can give), {:.3} \
             after Holm's correction",
            self.family, self.statistic, self.p, self.nulls, self.smallest_p, self.p_holm
        )
    }
}

/// One test for each vendor, in the order of the model.
pub fn vendor_tests(model: &StyleModel, shares: &Shares) -> Vec<VendorTest> {
    let vendors = model.families().enumerate().filter(|(_, name)| ![HUMAN, OTHER].contains(name));
    let mut tests: Vec<VendorTest> = vendors
        .map(|(family, name)| {
            let statistic = shares.mean_probability(family);
            let nulls = model.null_scores(family);
            let (p, smallest_p) = conformal(statistic, &nulls);
            VendorTest { family: name.to_owned(), statistic, p, p_holm: p, nulls: nulls.len(), smallest_p }
        })
        .collect();
    let corrected = holm(&tests.iter().map(|test| test.p).collect::<Vec<_>>());
    for (test, p) in tests.iter_mut().zip(corrected) {
        test.p_holm = p;
    }
    tests
}

/// The p-value of `statistic` among `nulls`, and the smallest that they can give.
pub fn conformal(statistic: f64, nulls: &[f64]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "counts of corpora")]
    let share = |count: usize| (1 + count) as f64 / (1 + nulls.len()) as f64;
    // What is not a number is evidence of nothing.
    let above = nulls.iter().filter(|null| statistic.is_nan() || **null >= statistic).count();
    (share(above), share(0))
}

/// Holm's step-down correction, in the order given.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut corrected = vec![1.0; values.len()];
    let mut most = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few vendors")]
        let left = (values.len() - rank) as f64;
        most = most.max((left * values[index]).min(1.0));
        corrected[index] = most;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::{conformal, holm};

    #[test]
    fn p_is_bounded_by_the_number_of_nulls() {
        let close = |left: (f64, f64), right: (f64, f64)| (left.0 - right.0).abs() + (left.1 - right.1).abs() < 1e-12;
        assert!(close(conformal(0.9, &[0.1; 19]), (0.05, 0.05)));
        assert!(close(conformal(0.1, &[0.1; 19]), (1.0, 0.05)));
        assert!(close(conformal(0.9, &[]), (1.0, 1.0)));
        assert!(close(conformal(f64::NAN, &[0.1; 4]), (1.0, 0.2)));
    }

    #[test]
    fn holm_keeps_the_order_and_never_exceeds_one() {
        let corrected = holm(&[0.04, 0.01, 0.9]);
        for (value, expected) in corrected.iter().zip([0.08, 0.03, 0.9]) {
            assert!((value - expected).abs() < 1e-12);
        }
    }
}
