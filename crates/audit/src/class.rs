use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Family;

/// What sort of evidence a finding is. Classes are reported side by side and never added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A: a canary, or a span verified in an index of served outputs. Its chance of error can be computed.
    Exact,
    /// B: a watermark under the provider's key. Its p-value is calibrated on wrong keys.
    Watermark,
    /// C: what a text says of its own author. It corroborates and concludes nothing: it is copied and can be planted.
    SelfClaim,
    /// D: the wording of the corpus as a whole. It says at most "consistent with".
    Style,
}

impl Class {
    pub const ALL: [Self; 4] = [Self::Exact, Self::Watermark, Self::SelfClaim, Self::Style];

    /// Whether a finding of this class may conclude anything by itself.
    pub fn concludes(self) -> bool {
        matches!(self, Self::Exact | Self::Watermark)
    }

    /// The letter by which reports name it.
    pub fn letter(self) -> char {
        match self {
            Self::Exact => 'A',
            Self::Watermark => 'B',
            Self::SelfClaim => 'C',
            Self::Style => 'D',
        }
    }

    /// The family that its evidence belongs to.
    pub fn family(self) -> Family {
        match self {
            Self::Exact => Family::Exact,
            Self::Watermark => Family::Watermark,
            Self::SelfClaim => Family::SelfClaim,
            Self::Style => Family::Style,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.letter(), self.family())
    }
}
