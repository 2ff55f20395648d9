use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::anatomy::BlockKey;
use super::statistic::Score;

/// What a comparison of weights shows. It has no direction: which of the two was first is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kinship {
    pub verdict: KinshipVerdict,
    /// What the headers alone allow.
    pub header: HeaderVerdict,
    /// Probability, if the null is true, of any trial as extreme as the most extreme one: corrected for their number.
    pub p_value: f64,
    /// The smallest value that these two models could have given.
    pub smallest: f64,
    pub alpha: f64,
    pub null: String,
    /// By how many the smallest p-value was multiplied: all trials, and those that were planned and not needed.
    pub corrected_for: usize,
    /// The most extreme trial first, then as they were made.
    pub trials: Vec<Trial>,
    pub not_tested: Vec<String>,
    /// The result in a sentence, with its numbers.
    pub statement: String,
    /// What the result does not show, whatever it is.
    pub limits: Vec<String>,
    /// SHA-256 of what was read of the first and of the second model.
    pub digests: [String; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum KinshipVerdict {
    /// Shared initialisation, shared ancestor, or descent in either direction.
    NotIndependent,
    /// The null was not rejected. It does not follow that it is true.
    NoEvidenceOfDependence,
    /// No trial could have given a p-value below the level.
    NotComparable { why: String },
}

/// What names and shapes allow. It is never evidence of descent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderVerdict {
    /// One could come from the other by training on; so could every model of this configuration.
    CompatibleWithDerivation,
    /// By training on alone, one does not become the other. Pruning, merging into another shape or renaming may do it.
    NotCompatible,
}

/// One comparison of corresponding parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trial {
    pub method: Method,
    pub place: UnitKind,
    pub alignment: Alignment,
    /// Which layer, or how many, of the first model and of the second.
    pub left: String,
    pub right: String,
    /// Matrices that were used of each.
    pub matrices: usize,
    pub hits: u64,
    pub of: u64,
    /// Hits that chance gives; nothing where it was not counted, because it could not matter.
    pub expected: Option<f64>,
    /// Before any correction.
    pub p_value: f64,
    pub smallest: f64,
}

/// How two lists of units are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// In random pairs of units: are both closer to their namesakes than crosswise? Each is a fair coin. Exact.
    Swap,
    /// Units that are each other's nearest: how many of them stand in the same order? At most `C(m, k) / k!`. Exact.
    Order,
    /// Units that are each other's nearest by one matrix and by another. The background is counted with relabelled
    /// dimensions; not exact, so it asks for whole matches and not for a tendency.
    Coincidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Dimensions of the residual stream, as the tables over the vocabulary see them.
    Residual,
    /// Hidden units of the perceptrons.
    Units,
}

/// Which dimension of one residual stream is held against which of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Alignment {
    InPlace,
    /// The one whose column of the tables over the vocabulary is nearest.
    ByVocabulary,
}

impl Trial {
    pub(super) fn new(
        method: Method,
        place: UnitKind,
        alignment: Alignment,
        names: [&str; 2],
        matrices: usize,
        score: Score,
    ) -> Self {
        let Score { hits, of, expected, p, smallest } = score;
        let [left, right] = names.map(str::to_owned);
        Self { method, place, alignment, left, right, matrices, hits, of, expected, p_value: p, smallest }
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hits, of, p_value, .. } = self;
        let what = match self.place {
            UnitKind::Residual => "dimensions of the residual stream".to_owned(),
            UnitKind::Units if self.left == self.right => format!("hidden units of {}", self.left),
            UnitKind::Units => format!("hidden units of {} and {}", self.left, self.right),
        };
        let Some(expected) = self.expected else {
            return write!(f, "{what}: {hits} of {of} match; no background was counted, and nothing is claimed");
        };
        match self.method {
            Method::Swap => write!(
                f,
                "{what}: in {hits} of {of} random pairs both sit closer to their namesakes in the other model than crosswise; a fair coin gives {expected:.0}"
            ),
            Method::Order => write!(
                f,
                "{what}: of {of} that match, {hits} stand in the same order in both models; chance gives about {expected:.0}"
            ),
            Method::Coincidence => write!(
                f,
                "{what}: {hits} of {of} match the same unit of the other model by two separate matrices; with dimensions relabelled at random {expected:.1} do"
            ),
        }?;
        write!(f, " (p = {} before correction)", super::probability(*p_value))
    }
}

impl KinshipVerdict {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NotIndependent => "not independent",
            Self::NoEvidenceOfDependence => "no evidence of dependence",
            Self::NotComparable { .. } => "not comparable",
        }
    }
}

impl HeaderVerdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CompatibleWithDerivation => "compatible with derivation",
            Self::NotCompatible => "not compatible with derivation by training alone",
        }
    }
}

impl fmt::Display for BlockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}", self.layer)?;
        match self.expert {
            (true, _) => write!(f, ", shared expert"),
            (_, Some(expert)) => write!(f, ", expert {expert}"),
            _ => Ok(()),
        }
    }
}
