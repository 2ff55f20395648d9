//! A policy as it is written: what serde can check without looking at two values at once.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use stillwatch_core::{Day, Micros};
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RuleFile>>,
    #[serde(default)]
    pub(super) ownership: Vec<Spanned<StakeFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: Spanned<Text>,
    pub(super) title: Text,
    pub(super) action: Text,
    pub(super) basis: BasisFile,
    pub(super) owners: Option<Spanned<Vec<Spanned<Text>>>>,
    pub(super) threshold: Option<Spanned<ThresholdFile>>,
    pub(super) indirect: Option<Spanned<Text>>,
    pub(super) regions: Option<Spanned<Vec<Spanned<Text>>>>,
    pub(super) fields: Option<Spanned<Vec<Spanned<Text>>>>,
    pub(super) request_share: Option<Spanned<ThresholdFile>>,
    #[serde(default)]
    pub(super) exceptions: ExceptionsFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { rule = \"…\", source = \"https://…\", effective = 2026-01-01 }")]
pub(super) struct BasisFile {
    pub(super) rule: Text,
    pub(super) source: Spanned<Text>,
    pub(super) effective: WrittenDay,
    pub(super) until: Option<Spanned<WrittenDay>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { accounts = [\"…\"], organizations = [\"…\"], permits = [\"…\"] }")]
pub(super) struct ExceptionsFile {
    pub(super) accounts: Option<Spanned<Vec<Spanned<Text>>>>,
    pub(super) organizations: Option<Spanned<Vec<Spanned<Text>>>>,
    pub(super) permits: Option<Spanned<Vec<Spanned<Text>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StakeFile {
    pub(super) owner: Text,
    pub(super) entity: Spanned<Text>,
    pub(super) share: Spanned<Percent>,
    pub(super) since: WrittenDay,
    pub(super) until: Option<Spanned<WrittenDay>>,
    pub(super) source: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { at_least = 50 } or { more_than = 50 }")]
pub(super) struct ThresholdFile {
    pub(super) at_least: Option<Spanned<Percent>>,
    pub(super) more_than: Option<Spanned<Percent>>,
}

/// Text that says something, without white space around it.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Text(pub(super) String);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() || text.len() > LONGEST_TEXT {
            return Err(format!("expected text of at most {LONGEST_TEXT} bytes that is not empty"));
        }
        Ok(Self(text.trim().to_owned()))
    }
}

const LONGEST_TEXT: usize = 2_000;

/// A number in per cent, in whatever range.
#[derive(Clone, Copy)]
pub(super) struct Percent(pub(super) f64);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PercentVisitor)
    }
}

struct PercentVisitor;

impl Visitor<'_> for PercentVisitor {
    type Value = Percent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number in per cent, such as 33.5")
    }

    #[expect(clippy::cast_precision_loss, reason = "what is not below a hundred is refused")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Percent, E> {
        Ok(Percent(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "what is not below a hundred is refused")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Percent, E> {
        Ok(Percent(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Percent, E> {
        Ok(Percent(number))
    }
}

/// A day, as a date of TOML or as text.
#[derive(Clone, Copy)]
pub(super) struct WrittenDay(pub(super) Day);

impl<'de> Deserialize<'de> for WrittenDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = WrittenDay;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day in UTC, such as 2026-03-02")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<WrittenDay, E> {
        let day = Micros::parse(text).filter(|_| text.len() == DAY_LENGTH).map(Micros::day);
        day.map(WrittenDay).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    /// Dates of TOML come as a map of their own.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenDay, A::Error> {
        let moment = Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&moment.to_string())
    }
}

/// `2026-03-02`
const DAY_LENGTH: usize = 10;
