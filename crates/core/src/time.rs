use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A moment: microseconds since 1970-01-01T00:00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Whole seconds since the epoch, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// The UTC day it falls in.
    pub fn day(self) -> Day {
        let day = self.seconds().div_euclid(SECONDS_PER_DAY);
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        Day(day.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
    }

    /// RFC 3339 in UTC with whole seconds; a moment that no calendar holds is printed as its number.
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0)
            .map_or_else(|| format!("{}us", self.0), |moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// Reads RFC 3339 (`2026-03-02T10:00:00Z`) or a date (`2026-03-02`, midnight UTC).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(moment.timestamp_micros()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
    }
}

/// A UTC day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The first moment of the day.
    pub fn start(self) -> Micros {
        Micros::from_seconds(i64::from(self.0) * SECONDS_PER_DAY)
    }
}

/// As a calendar writes it: `2026-03-02`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.start().to_rfc3339();
        f.write_str(moment.split_once('T').map_or(moment.as_str(), |(date, _)| date))
    }
}

/// A span of time: from `since`, up to but without `until`. An open end has no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub since: Option<Micros>,
    pub until: Option<Micros>,
}

impl Window {
    pub fn contains(&self, moment: Micros) -> bool {
        self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment < until)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Micros, Window};

    #[test]
    fn days_before_the_epoch_round_down() {
        assert_eq!(Micros(-1).day(), Day(-1));
        assert_eq!(Micros(0).day(), Day(0));
        assert_eq!(Day(1).start().day(), Day(1));
    }

    #[test]
    fn dates_and_moments_are_read() {
        assert_eq!(Micros::parse("1970-01-02"), Some(Day(1).start()));
        assert_eq!(Micros::parse("1970-01-01T01:00:00+01:00"), Some(Micros(0)));
        assert_eq!(Micros::parse("1970-01-02").map(|moment| moment.day().to_string()).as_deref(), Some("1970-01-02"));
        assert_eq!(Micros::parse("yesterday"), None);
        assert_eq!(Micros(i64::MAX).to_rfc3339(), format!("{}us", i64::MAX));
    }

    #[test]
    fn a_window_includes_its_start_and_excludes_its_end() {
        let window = Window { since: Some(Micros(5)), until: Some(Micros(7)) };
        assert_eq!([4, 5, 6, 7].map(|t| window.contains(Micros(t))), [false, true, true, false]);
    }
}
