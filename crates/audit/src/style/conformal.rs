//! Whether a corpus is more like a vendor than corpora are that are not the vendor's.
//!
//! The null corpora are whole makers and whole domains of people, each scored by a model that had not seen it: what can be
//! exchanged is a source, not a document, so there are few and the smallest p-value is large. p = (1 + #{null ≥ s}) / (1 + n) (Vovk,
//! Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005); Holm's correction over vendors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::statistics;

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
            let (p, smallest_p) = statistics::rank_p_value(statistic, &nulls);
            VendorTest { family: name.to_owned(), statistic, p, p_holm: p, nulls: nulls.len(), smallest_p }
        })
        .collect();
    let corrected = statistics::holm(&tests.iter().map(|test| test.p).collect::<Vec<_>>());
    for (test, p) in tests.iter_mut().zip(corrected) {
        test.p_holm = p;
    }
    tests
}
