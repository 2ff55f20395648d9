//! Indicators seen elsewhere, as a watch-list gives them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Family, Micros, Redacted};

/// What an indicator is the value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    Account,
    Organization,
    /// One address.
    Ip,
    /// A block of addresses.
    Network,
    /// An autonomous system.
    Asn,
    Ja4,
    UserAgent,
    ApiKey,
    /// The token of the account table's `payment_hmac`.
    Payment,
    /// The token of `email_hmac`.
    Email,
    /// The token of `phone_hmac`.
    Phone,
    EmailDomain,
    /// A run of words that an account repeats.
    Passage,
    /// The first or the last words of a prompt.
    Skeleton,
    /// A system prompt.
    System,
    /// Tool definitions.
    Tools,
}

impl IndicatorKind {
    pub const ALL: [Self; 16] = [
        Self::Account,
        Self::Organization,
        Self::Ip,
        Self::Network,
        Self::Asn,
        Self::Ja4,
        Self::UserAgent,
        Self::ApiKey,
        Self::Payment,
        Self::Email,
        Self::Phone,
        Self::EmailDomain,
        Self::Passage,
        Self::Skeleton,
        Self::System,
        Self::Tools,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Organization => "organization",
            Self::Ip => "ip",
            Self::Network => "network",
            Self::Asn => "asn",
            Self::Ja4 => "ja4",
            Self::UserAgent => "user_agent",
            Self::ApiKey => "api_key",
            Self::Payment => "payment",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::EmailDomain => "email_domain",
            Self::Passage => "passage",
            Self::Skeleton => "skeleton",
            Self::System => "system",
            Self::Tools => "tools",
        }
    }

    /// The family that a match is counted with: it fails when what it was taken from fails.
    pub fn family(self) -> Family {
        match self {
            Self::Passage | Self::Skeleton | Self::System | Self::Tools => Family::Content,
            Self::Account | Self::Organization => Family::Lifecycle,
            _ => Family::Infrastructure,
        }
    }

    /// Whether it stands for text, of which there is no plain value, only a fingerprint.
    pub fn is_text(self) -> bool {
        self.family() == Family::Content
    }

    /// Whether digests hold fingerprints of it under the local key.
    pub fn is_fingerprinted(self) -> bool {
        !matches!(self, Self::Account | Self::Payment | Self::Email | Self::Phone | Self::EmailDomain)
    }
}

impl fmt::Display for IndicatorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is looked for. It names people and their networks, so it is never printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IndicatorValue {
    /// As a log or an account table would hold it; addresses and networks in canonical form.
    Plain(Redacted<String>),
    /// A fingerprint under the local key, as a report's `indicators` give it.
    Keyed(u64),
}

/// How far an indicator may be passed on: FIRST's Traffic Light Protocol 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Marking {
    #[serde(rename = "TLP:CLEAR")]
    Clear,
    #[serde(rename = "TLP:GREEN")]
    Green,
    #[serde(rename = "TLP:AMBER")]
    Amber,
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    #[serde(rename = "TLP:RED")]
    Red,
}

impl Marking {
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// Reads `TLP:AMBER` or `amber` in either case. `None` for any other word: an unknown marking is not the widest.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_uppercase();
        let word = word.strip_prefix("TLP:").unwrap_or(&word);
        Self::ALL.into_iter().find(|marking| marking.name().ends_with(word) && marking.name().len() == word.len() + 4)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An indicator that somebody else saw, with the context without which it says nothing.
///
/// It holds from `valid_from` up to `valid_until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedIndicator {
    /// Its name; a report calls it by this, never by its value.
    pub id: String,
    pub kind: IndicatorKind,
    pub value: IndicatorValue,
    /// How sure the source is, 0 to 100.
    pub confidence: u8,
    pub valid_from: Micros,
    pub valid_until: Micros,
    pub marking: Marking,
    /// Who says so.
    pub source: String,
    /// What was seen, in a sentence.
    pub context: String,
}

impl WatchedIndicator {
    /// Whether it holds at any moment from `first` to `last`.
    pub fn holds(&self, first: Micros, last: Micros) -> bool {
        self.valid_from <= last && first < self.valid_until
    }
}

#[cfg(test)]
mod tests {
    use super::{IndicatorKind, IndicatorValue, Marking};
    use crate::Redacted;

    #[test]
    fn unknown_markings_are_not_read() {
        assert_eq!(Marking::parse("TLP:Amber+Strict"), Some(Marking::AmberStrict));
        assert_eq!(Marking::parse(" red "), Some(Marking::Red));
        for word in ["", "TLP:", "WHITE", "STRICT", "ER", "AMBER+", "TLP:TLP:RED"] {
            assert_eq!(Marking::parse(word), None, "{word}");
        }
    }

    #[test]
    fn values_are_not_printed() {
        let value = IndicatorValue::Plain(Redacted::new("192.0.2.1".into()));
        assert_eq!(format!("{value:?}"), "Plain([redacted])");
    }

    #[test]
    fn text_has_no_plain_value() {
        assert!(IndicatorKind::ALL.iter().all(|kind| !kind.is_text() || kind.is_fingerprinted()));
    }
}
