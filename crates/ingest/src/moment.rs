//! Moments in every unambiguous spelling of databases, servers and common libraries.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use stillwatch_core::Micros;

/// The times that are read, as messages say it.
pub const TIME_FORMS: &str = "2026-03-02T12:00:00Z, 2026-03-02 12:00:00.5+00, 2026-03-02, 02/Mar/2026:12:00:00 +0000, \
                                Mon, 02 Mar 2026 12:00:00 GMT, and seconds, milliseconds, microseconds or nanoseconds \
                                since 1970; a time without a zone is UTC";

/// Reads a time: RFC 3339, `2026-03-02 10:00:00.5` (UTC), `2026-03-02`, an epoch number, or what [`spelt_out`] reads.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(from_digits(text).unwrap_or_else(|| from_integer(number)));
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.timestamp_micros());
    }
    let local = text.strip_suffix("UTC").unwrap_or(text).trim_end();
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(local, format) {
            return Some(moment.and_utc().timestamp_micros());
        }
    }
    if let Some(Micros(moment)) = Micros::parse(text) {
        return Some(moment);
    }
    if let Some(moment) = text.parse().ok().and_then(from_float) {
        return Some(moment);
    }
    spelt_out(text)
}

/// Reads the times that MongoDB and protocol buffers write as JSON: `{"$date": …}`, `{"seconds": …, "nanos": …}`.
pub(crate) fn from_json(json: &str) -> Option<i64> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    let value = value.get("$date").unwrap_or(&value);
    let value = value.get("$numberLong").unwrap_or(value);
    if let Some(seconds) = value.get("seconds").or_else(|| value.get("_seconds")) {
        let seconds = seconds.as_i64().or_else(|| seconds.as_str()?.parse().ok())?;
        let nanos =
            value.get("nanos").or_else(|| value.get("_nanoseconds")).and_then(serde_json::Value::as_i64).unwrap_or(0);
        return seconds.checked_mul(1_000_000)?.checked_add(nanos.div_euclid(1_000));
    }
    match value {
        serde_json::Value::String(text) => parse(text),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Some(from_integer(number)),
            None => number.as_f64().and_then(from_float),
        },
        _ => None,
    }
}

/// Times of PostgreSQL (`+00`), Go (`+0000 UTC m=+0.1`), Python and Java loggers (comma, no colon in the zone), NGINX and
/// Apache (`02/Mar/2026:12:00:00 +0000`), HTTP, mail and JavaScript, and the compact forms of ISO 8601. What may be read in
/// two ways, such as 3/2/2026 or an abbreviated zone, is not read.
fn spelt_out(text: &str) -> Option<i64> {
    if let Some(ticks) = text.trim_matches('\\').strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let digits = ticks.get(1..).and_then(|rest| rest.find(['+', '-'])).map_or(ticks, |at| &ticks[..=at]);
        return digits.parse::<i64>().ok()?.checked_mul(1_000);
    }
    let text = text.trim_matches(['"', '\'']);
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    // Go adds a reading of its other clock, JavaScript and mail the name of the zone.
    let text = text.split(" m=").next()?.trim_end();
    let text = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map_or(text, |(text, _)| text);
    let text = text.strip_suffix(']').and_then(|text| text.rsplit_once('[')).map_or(text, |(text, _)| text).trim_end();
    let (local, offset) = zone(text)?;
    let local = local.replacen(',', ".", usize::from(is_decimal_comma(local)));
    let local = local.trim();
    let moment = FORMATS
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(local, format).ok())
        .or_else(|| clock_of_twelve(local));
    let moment = moment?.and_utc().timestamp_micros();
    moment.checked_sub(offset * 1_000_000)
}

/// The local part of a time, and the offset of its zone in seconds.
fn zone(text: &str) -> Option<(&str, i64)> {
    let trimmed = ["UTC", "GMT", "Z", "z", "Zulu"]
        .into_iter()
        .find_map(|name| Some(text.strip_suffix(name)?.trim_end()))
        .filter(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
    let text = trimmed.unwrap_or(text);
    // The year of `date` stands behind the zone: Mon Mar  2 12:00:00 UTC 2026.
    let clock = text.find(':').or_else(|| text.find(['T', 't']))?;
    let sign = text.get(clock..)?.rfind(['+', '-', '\u{2212}']).map(|at| at + clock);
    let Some(sign) = sign else { return Some((text, 0)) };
    let mark = text.get(sign..)?.chars().next()?;
    let digits: String = text.get(sign + mark.len_utf8()..)?.chars().filter(|character| *character != ':').collect();
    if !matches!(digits.len(), 2 | 4 | 6) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    if hours > 18 || minutes > 59 || seconds > 59 {
        return None;
    }
    let offset = hours * 3600 + minutes * 60 + seconds;
    let local = text.get(..sign)?.trim_end();
    let local = local.strip_suffix("GMT").or_else(|| local.strip_suffix("UTC")).unwrap_or(local).trim_end();
    Some((local, if mark == '+' { offset } else { -offset }))
}

/// Loggers of Python write a comma before the milliseconds.
fn is_decimal_comma(local: &str) -> bool {
    let Some(at) = local.rfind(',') else { return false };
    let after = &local[at + 1..];
    let before = &local[..at];
    !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit()) && before.len() > 7 && before.contains(':')
}

/// `Mar 2, 2026, 12:00:00 PM`, with the month by name.
fn clock_of_twelve(local: &str) -> Option<NaiveDateTime> {
    let plain = local.replace('\u{202f}', " ");
    [
        "%b %d, %Y, %I:%M:%S %p",
        "%b %d, %Y %I:%M:%S %p",
        "%b %d, %Y, %I:%M:%S%.f %p",
        "%d %b %Y, %I:%M:%S %p",
        "%Y-%m-%d %I:%M:%S %p",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(&plain, format).ok())
}

/// What is left of a time without its zone. A fraction may follow the seconds of each.
const FORMATS: [&str; 27] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dt%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d_%H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S%.f",
    "%Y:%m:%d %H:%M:%S%.f",
    "%Y%m%dT%H%M%S%.f",
    "%Y%m%dT%H%M",
    "%Y%m%d %H:%M:%S%.f",
    "%Y-%m-%dT%H%M%S%.f",
    "%d/%b/%Y:%H:%M:%S%.f",
    "%d/%b/%Y %H:%M:%S%.f",
    "%d-%b-%Y %H:%M:%S%.f",
    "%a, %d %b %Y %H:%M:%S%.f",
    "%A, %d-%b-%y %H:%M:%S",
    "%d %b %Y %H:%M:%S%.f",
    "%a %b %d %H:%M:%S%.f %Y",
    "%a %b %d %Y %H:%M:%S%.f",
    "%b %d, %Y @ %H:%M:%S%.f",
    "%b %d, %Y, %H:%M:%S%.f",
    "%b %d, %Y %H:%M:%S%.f",
    "%b %d %Y %H:%M:%S%.f",
    "%a %b %d %H:%M:%S UTC %Y",
];

/// Digits that are a date and not a number: `20260302`, `20260302120000` and the same with milliseconds would lie outside
/// the plausible years as numbers since 1970.
fn from_digits(text: &str) -> Option<i64> {
    let (date, clock) = match text.len() {
        8 => (text, "000000"),
        14 | 17 => text.split_at(8),
        _ => return None,
    };
    let date = NaiveDate::parse_from_str(date, "%Y%m%d").ok().filter(|date| (1990..2100).contains(&date.year()))?;
    let time = NaiveTime::parse_from_str(clock.get(..6)?, "%H%M%S").ok()?;
    let millis: i64 = clock.get(6..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| rest.parse().ok())?;
    Some(date.and_time(time).and_utc().timestamp_micros() + millis * 1_000)
}

/// An epoch number of which only the magnitude tells the unit: below 10¹¹ seconds, below 10¹⁴ milliseconds, below
/// 10¹⁷ microseconds, above nanoseconds. Between 1990 and 2100 no two units overlap.
pub(crate) fn from_integer(number: i64) -> i64 {
    match number.unsigned_abs() {
        ..SECONDS => number * 1_000_000,
        SECONDS..MILLISECONDS => number * 1_000,
        MILLISECONDS..MICROSECONDS => number,
        MICROSECONDS.. => number.div_euclid(1_000),
    }
}

/// The same for a number with a fraction; `None` when it is not finite.
pub(crate) fn from_float(number: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "the bounds are powers of ten that a float holds exactly")]
    let [seconds, milliseconds, microseconds] = [SECONDS as f64, MILLISECONDS as f64, MICROSECONDS as f64];
    let micros = match number.abs() {
        size if !size.is_finite() => return None,
        size if size < seconds => number * 1e6,
        size if size < milliseconds => number * 1e3,
        size if size < microseconds => number,
        _ => number / 1e3,
    };
    #[expect(clippy::cast_possible_truncation, reason = "float to integer casts saturate")]
    Some(micros.round() as i64)
}

/// Whether a log of a language model can hold it: from 1990 up to 2100. Anything else is a misread unit.
pub(crate) fn plausible(micros: i64) -> bool {
    (YEAR_1990..YEAR_2100).contains(&micros)
}

const SECONDS: u64 = 100_000_000_000;
const MILLISECONDS: u64 = 1_000 * SECONDS;
const MICROSECONDS: u64 = 1_000 * MILLISECONDS;
const YEAR_1990: i64 = 631_152_000_000_000;
const YEAR_2100: i64 = 4_102_444_800_000_000;
const LONGEST: usize = 96;

#[cfg(test)]
mod tests {
    use super::{YEAR_1990, YEAR_2100, from_float, from_integer, from_json, parse};

    const NOON: i64 = 1_772_452_800_000_000;

    #[test]
    fn every_spelling_is_the_same_moment() {
        for text in [
            "2026-03-02T12:00:00Z",
            "2026-03-02T13:00:00.000+01:00",
            "2026-03-02 12:00:00",
            "2026-03-02 12:00:00.000",
            "2026-03-02 12:00:00 UTC",
            "2026-03-02T12:00:00",
            "1772452800",
            "1772452800.0",
            "1772452800000",
            "1772452800000000",
            "1772452800000000000",
            "2026-03-02 12:00:00+00",
            "2026-03-02 14:00:00.000+02",
            "2026-03-02 17:30:00+05:30",
            "2026-03-02T12:00:00+0000",
            "2026-03-02T12:00:00.000-0000",
            "2026-03-02 12:00:00,000",
            "2026-03-02 13:00:00,000 +0100",
            "2026-03-02 12:00",
            "2026-03-02T12:00Z",
            "2026-03-02T12:00+00:00",
            "2026-03-02 12:00:00 +0000 UTC",
            "2026-03-02 12:00:00.000000001 +0000 UTC m=+0.000012345",
            "2026-03-02 12:00:00 Z",
            "2026-03-02t12:00:00z",
            "2026-03-02T13:00:00+01:00[Europe/Berlin]",
            "2026/03/02 12:00:00",
            "20260302T120000Z",
            "20260302T130000+0100",
            "20260302120000",
            "20260302120000000",
            "02/Mar/2026:12:00:00 +0000",
            "[02/Mar/2026:13:00:00 +0100]",
            "02-Mar-2026 12:00:00.000",
            "Mon, 02 Mar 2026 12:00:00 GMT",
            "Mon, 02 Mar 2026 13:00:00 +0100",
            "Mon Mar  2 12:00:00 2026",
            "Mon Mar  2 12:00:00 UTC 2026",
            "Mon Mar 02 2026 12:00:00 GMT+0000 (Coordinated Universal Time)",
            "Mar 2, 2026 @ 12:00:00.000",
            "Mar 2, 2026, 12:00:00 PM",
            "/Date(1772452800000)/",
            "/Date(1772452800000+0100)/",
            "1.7724528E9",
        ] {
            assert_eq!(parse(text), Some(NOON), "{text}");
        }
        assert_eq!(parse("2026-03-02"), Some(NOON - 43_200_000_000));
        assert_eq!(parse("20260302"), Some(NOON - 43_200_000_000));
        assert_eq!(from_float(1_772_452_800.25), Some(NOON + 250_000));
    }

    #[test]
    fn what_may_be_read_in_two_ways_is_not_read() {
        for text in [
            "noon",
            "",
            "nan",
            "inf",
            "9/7/2026 12:00",
            "3/2/2026",
            "02.03.2026 12:00:00",
            "2026-03-02 12:00:00 PST",
            "2026-03-02 12:00:00 CEST",
            "2026-13-02 12:00:00+00",
            "2026-03-02 12:00:00+99",
            "12:00:00",
            "Mar  2 12:00:00",
            "2026-03-02 25:00:00",
            ":",
            "T",
            "+",
            "T+00",
            "/Date(x)/",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_may_be_objects() {
        for json in [
            r#"{"$date":"2026-03-02T12:00:00Z"}"#,
            r#"{"$date":{"$numberLong":"1772452800000"}}"#,
            r#"{"seconds":1772452800,"nanos":0}"#,
            r#"{"_seconds":1772452800,"_nanoseconds":0}"#,
        ] {
            assert_eq!(from_json(json), Some(NOON), "{json}");
        }
        assert_eq!(
            (from_json("[]"), from_json(r#"{"a":1}"#), from_json(r#"{"seconds":9223372036854775807}"#)),
            (None, None, None)
        );
    }

    #[test]
    fn units_do_not_overlap_within_the_plausible_years() {
        for micros in [YEAR_1990, YEAR_2100 - 1] {
            assert_eq!(from_integer(micros), micros);
            assert_eq!(from_integer(micros / 1_000), micros / 1_000 * 1_000);
            assert_eq!(from_integer(micros / 1_000_000), micros / 1_000_000 * 1_000_000);
            assert_eq!(from_integer(micros * 1_000), micros);
        }
    }
}
