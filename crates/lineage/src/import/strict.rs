use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a document keeps to its own standard, as that standard's schema says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "strict", rename_all = "kebab-case")]
pub enum StrictVerdict {
    /// `against` names the schema and its version: `CycloneDX 1.6`.
    Valid {
        against: String,
    },
    /// The diagnostics say where.
    Invalid {
        against: String,
        errors: u64,
    },
    NotChecked {
        why: String,
    },
}

impl StrictVerdict {
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid { .. })
    }
}
