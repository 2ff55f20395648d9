use chrono::{DateTime, NaiveDateTime};
use stillwatch_core::Micros;

/// Reads a time: RFC 3339, `2026-03-02 10:00:00.5` (UTC), `2026-03-02`, or an epoch number.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(from_integer(number));
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
    from_float(text.parse().ok()?)
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
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::{YEAR_1990, YEAR_2100, from_float, from_integer, parse};

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
        ] {
            assert_eq!(parse(text), Some(NOON), "{text}");
        }
        assert_eq!(parse("2026-03-02"), Some(NOON - 43_200_000_000));
        assert_eq!(from_float(1_772_452_800.25), Some(NOON + 250_000));
        assert_eq!((parse("noon"), parse(""), parse("nan"), parse("inf")), (None, None, None, None));
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
