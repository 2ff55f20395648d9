use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a mistake in a document costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Read, but not as its standard wants it.
    Warning,
    /// This part could not be read.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A mistake in a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// A JSON Pointer (RFC 6901) such as `/components/0/name`, `line 12`, `page 3`, `byte 17`; empty for the whole.
    pub path: String,
    pub severity: Severity,
    /// A stable word: `duplicate-key`, `too-deep`, `wrong-type`, …
    pub code: Cow<'static, str>,
    /// Lower case, no trailing stop.
    pub message: String,
}

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
        errors: u32,
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
