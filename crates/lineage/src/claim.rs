use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well a statement is supported, in ascending order. Kinds are compared and never added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Said by whom it concerns: a card, a BOM, an answer, a header that its maker wrote.
    #[default]
    SelfClaim,
    /// Said by whom it concerns and against its own interest, where it is held to it: before a court, an authority, an
    /// auditor, or in public. It proves what it admits and nothing beyond its scope.
    Admission,
    /// Said by somebody else.
    ThirdParty,
    /// Under a signature that was verified. It proves who said it, not that it is true.
    Signed,
    /// Computed by the reader from the bytes themselves: a hash, a shape, a test on weights, a finding in texts.
    Recomputed,
}

impl EvidenceKind {
    pub const ALL: [Self; 5] = [Self::SelfClaim, Self::Admission, Self::ThirdParty, Self::Signed, Self::Recomputed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SelfClaim => "self-claim",
            Self::Admission => "admission",
            Self::ThirdParty => "third-party",
            Self::Signed => "signed",
            Self::Recomputed => "recomputed",
        }
    }
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known of a claim. The order is that of [`Verdict::firmness`]; verdicts are counted and never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Said, and something said or found elsewhere speaks against it.
    Contradicted,
    /// Not said, or withheld: a placeholder such as "proprietary" is no disclosure.
    Unknown,
    /// Said by whom it concerns, in words that say something.
    Disclosed,
    /// Supported by more than the word of whom it concerns.
    Evidenced,
    /// The question does not arise for this subject.
    NotApplicable,
}

impl Verdict {
    pub const ALL: [Self; 5] =
        [Self::Disclosed, Self::Evidenced, Self::Contradicted, Self::Unknown, Self::NotApplicable];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disclosed => "disclosed",
            Self::Evidenced => "evidenced",
            Self::Contradicted => "contradicted",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// 0 for contradicted, 1 for unknown, 2 for disclosed, 3 for evidenced; what does not apply weakens nothing.
    pub fn firmness(self) -> u8 {
        self as u8
    }

    /// The weaker of two, as along a path.
    pub fn worst(self, other: Self) -> Self {
        self.min(other)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
