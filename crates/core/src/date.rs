use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Day, Micros};

/// A UTC day as documents write it, `2026-03-02`: on which something was said, signed or expires. A [`Day`] is a number,
/// in files as in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(description = "The UTC day on which something was said, signed or expires. Written `2026-03-02`.")]
pub struct Date(#[schemars(with = "String")] pub Day);

impl Date {
    /// Reads RFC 3339, `2026-03-02`, `2026-03` (its first day) or `2026` (its first day). Anything else is `None`:
    /// a wrong date is a diagnostic, never a guess.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let whole = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        // A year of five digits or a negative one is no date that a document could mean.
        if !whole.as_bytes().get(..4)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        Micros::parse(&whole).map(|moment| Self(moment.day()))
    }

    /// From days since 1970-01-01.
    pub fn from_days(days: i32) -> Self {
        Self(Day(days))
    }

    pub fn days(self) -> i32 {
        self.0.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_are_read_as_documents_write_them() {
        let read = |text| Date::parse(text).map(|date| date.to_string());
        assert_eq!(read("2024-05-01T10:00:00+02:00").as_deref(), Some("2024-05-01"));
        assert_eq!(read("2024-05").as_deref(), Some("2024-05-01"));
        assert_eq!(read("2024").as_deref(), Some("2024-01-01"));
        assert_eq!([read("2024-05-1T00:00:00Z"), read("soon"), read(""), read("-100")], [None, None, None, None]);
    }
}
