//! Numbers that evidence rests on, apart from the sentence that tells them.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::count::Count;

/// What was observed, as a stable word: `shared_passages`, `shared_network`, …
///
/// Each crate that finds evidence has a closed list of its own; a report that is read back may hold words of another
/// version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Observation(#[schemars(with = "String")] Cow<'static, str>);

impl Observation {
    pub const fn new(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Observation {
    fn from(word: &'static str) -> Self {
        Self::new(word)
    }
}

impl From<String> for Observation {
    fn from(word: String) -> Self {
        Self(word.into())
    }
}

impl PartialEq<str> for Observation {
    fn eq(&self, word: &str) -> bool {
        self.as_str() == word
    }
}

impl PartialEq<&str> for Observation {
    fn eq(&self, word: &&str) -> bool {
        self.as_str() == *word
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named number with its unit, such as `accounts: 12 accounts`. Names are unique within a piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    #[schemars(with = "String")]
    pub name: Cow<'static, str>,
    pub value: Amount,
    pub unit: Unit,
}

/// A count, or a number with a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Amount {
    Count(u64),
    Real(f64),
}

/// What a measure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Accounts,
    Organizations,
    Owners,
    Exchanges,
    Passages,
    Prompts,
    Pairs,
    Stops,
    Indicators,
    Documents,
    Texts,
    Files,
    Tests,
    /// 0 to 1.
    Share,
    /// One number over another, without a bound.
    Ratio,
    /// Standard deviations from the mean of the null.
    Deviations,
    Days,
    ExchangesPerDay,
    /// 0 to 100.
    Percent,
}

impl Measure {
    pub fn count(name: &'static str, value: impl Count, unit: Unit) -> Self {
        Self { name: name.into(), value: Amount::Count(value.count()), unit }
    }

    pub fn real(name: &'static str, value: f64, unit: Unit) -> Self {
        Self { name: name.into(), value: Amount::Real(value), unit }
    }

    pub fn share(name: &'static str, value: f64) -> Self {
        Self::real(name, value, Unit::Share)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Measure, Observation, Unit};

    #[test]
    fn a_count_is_not_a_fraction() {
        let measure = Measure::count("accounts", 12_usize, Unit::Accounts);
        assert_eq!(measure.value, Amount::Count(12));
        assert_ne!(measure.value, Measure::real("accounts", 12.0, Unit::Accounts).value);
    }

    #[test]
    fn kinds_are_compared_by_their_words() {
        assert_eq!(Observation::from("shared_network"), Observation::from("shared_network".to_owned()));
        assert!(Observation::new("synchrony") == "synchrony");
    }
}
