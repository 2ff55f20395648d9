use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::PValue;

use crate::Class;

/// What a finding says. Nothing here says that a corpus was made by distilling a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The rows named hold outputs of the vendor. How they came there, and what the other rows are, stays open.
    Contains,
    /// Verified, but few distinct passages, no more than the background, or no background to compare with: a quotation, a
    /// copy or a plant explains it.
    Isolated,
    /// Evidence that concludes nothing by itself and agrees with such a conclusion.
    Corroborates,
    /// The wording of the corpus as a whole is like the vendor's.
    ConsistentWith,
    /// Looked for and not found. Absence of hits is not absence of use.
    NotShown,
    /// Looked at, and no figure can be given that would hold.
    NotEstimable,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::Isolated => "isolated",
            Self::Corroborates => "corroborates",
            Self::ConsistentWith => "consistent with",
            Self::NotShown => "not shown",
            Self::NotEstimable => "not estimable",
        }
    }
}

/// What one class of evidence says of one vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub class: Class,
    /// The maker whose outputs are meant; `None` where the evidence is of a machine but not of whose.
    pub vendor: Option<String>,
    /// The rule that found it.
    pub rule: String,
    pub rule_version: u32,
    pub verdict: Verdict,
    /// A sentence with the numbers in it.
    pub statement: String,
    /// Documents with a hit.
    pub documents: u64,
    /// Distinct passages, canaries or statements among the hits.
    pub distinct: u64,
    /// Files with a hit.
    pub files: u64,
    /// Documents with a hit among all documents, 0 to 1.
    pub share: f64,
    pub p_value: Option<PValue>,
    /// The first rows with a hit; the ledger has all.
    pub rows: Vec<RowName>,
    /// What else could explain it.
    pub cautions: Vec<String>,
}

/// A row of the corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RowName {
    pub file: String,
    /// From 1.
    pub row: u64,
    /// Of the row's runs of words, how many in a hundred were served; only of rows that an index matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_percent: Option<u8>,
}
