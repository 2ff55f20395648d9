use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::{Measure, Observation};

/// Evidence that can fail together. Families are counted as independent, signals are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    Content,
    Infrastructure,
    Timing,
    Lifecycle,
    Intent,
    Intelligence,
    /// A text found again as it was served: a canary, a span of an index of served outputs.
    Exact,
    /// A statistical mark that only the holder of its key could have left.
    Watermark,
    /// What a text says of its own author.
    SelfClaim,
    /// How texts are worded, as a whole.
    Style,
    /// Parameters of two models, held against each other.
    Weights,
}

impl Family {
    /// The family that it is counted as: content and intent are both read from the prompt.
    pub fn independent(self) -> Self {
        match self {
            Self::Intent => Self::Content,
            other => other,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Content => "content",
            Self::Infrastructure => "infrastructure",
            Self::Timing => "timing",
            Self::Lifecycle => "lifecycle",
            Self::Intent => "intent",
            Self::Intelligence => "intelligence",
            Self::Exact => "exact",
            Self::Watermark => "watermark",
            Self::SelfClaim => "self-claim",
            Self::Style => "style",
            Self::Weights => "weights",
        })
    }
}

/// A log2 likelihood ratio in thousandths of a bit. Integers add up to the same sum in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Millibits(pub i64);

impl Millibits {
    pub const ZERO: Self = Self(0);

    /// Rounds to the nearest thousandth; what is not a number counts as no evidence.
    pub fn from_bits(bits: f64) -> Self {
        if bits.is_nan() {
            return Self::ZERO;
        }
        #[expect(clippy::cast_possible_truncation, reason = "float to integer casts saturate")]
        Self((bits * 1000.0).round() as i64)
    }

    pub fn bits(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "evidence stays far below 2^53 millibits")]
        let millibits = self.0 as f64;
        millibits / 1000.0
    }

    /// The value, but at most `cap` in either direction.
    pub fn capped(self, cap: Self) -> Self {
        Self(self.0.clamp(-cap.0, cap.0))
    }
}

impl Add for Millibits {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Millibits {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Millibits {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Millibits {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Millibits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.bits())
    }
}

/// A p-value and the null hypothesis under which it was computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PValue {
    pub value: f64,
    /// The smallest value that this null could have given.
    pub smallest: f64,
    pub null: String,
}

/// What produced a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Tool and version.
    pub tool: String,
    /// Digest of the inputs, in hexadecimal.
    pub input: String,
    pub parameters: String,
}

impl Source {
    /// This version of Stillwatch.
    pub fn current(input: impl Into<String>, parameters: impl Into<String>) -> Self {
        Self {
            tool: concat!("stillwatch ", env!("CARGO_PKG_VERSION")).into(),
            input: input.into(),
            parameters: parameters.into(),
        }
    }
}

/// One observation, in the one shape that detection, audit, probing, lineage and sharing use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub family: Family,
    /// What was observed, as a stable word: `shared_passages`, `shared_network`, …
    pub kind: Observation,
    /// A sentence with the numbers in it.
    pub statement: String,
    /// The numbers of the sentence, so that programs and translations need not read it. Empty where a report of an
    /// earlier version has none.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// log2 likelihood ratio, in millibits, capped per family; below zero it speaks against.
    #[serde(rename = "millibits")]
    pub bits: Millibits,
    pub p_value: Option<PValue>,
    pub subjects: Vec<String>,
    pub source: Source,
    /// RFC 3339; taken from the data, never from the clock.
    pub observed: Option<String>,
    pub expires: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{Family, Millibits};

    #[test]
    fn millibits_saturate_and_cap() {
        assert_eq!(Millibits::from_bits(f64::INFINITY).0, i64::MAX);
        assert_eq!(Millibits::from_bits(f64::NAN), Millibits::ZERO);
        assert_eq!(Millibits(9000).capped(Millibits(5000)), Millibits(5000));
        assert_eq!(Millibits(-9000).capped(Millibits(5000)), Millibits(-5000));
    }

    #[test]
    fn intent_is_counted_as_content() {
        assert_eq!(Family::Intent.independent(), Family::Content);
        assert_eq!(Family::Timing.independent(), Family::Timing);
    }
}
