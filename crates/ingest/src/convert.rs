use std::borrow::Cow;

use stillwatch_core::ColumnType;

use crate::messages::Messages;
use crate::raw::Raw;
use crate::schema::{Field, Rule};
use crate::{address, moment};

/// A value of its column's type; a timestamp is an integer of microseconds.
#[derive(Clone)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

/// A value that its column cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusable;

/// Converts a value to the type of its column; one that the column cannot hold is given back. Numbers and words may come as
/// text; `""`, `None` and `null` are null in a column that is not text.
pub(crate) fn convert<'a>(field: &Field, raw: Raw<'a>) -> Result<Value<'a>, Raw<'a>> {
    let converted = match field.kind() {
        ColumnType::Text => return text(field.rule, raw),
        _ if absent(&raw) => return Ok(Value::Null),
        // A required time out of range rejects its row, under a reason of its own.
        ColumnType::Timestamp => match micros(&raw) {
            Ok(micros) if field.column.required || moment::plausible(micros) => Ok(Value::Integer(micros)),
            _ => Err(Unusable),
        },
        ColumnType::Integer if field.rule == Rule::Network => network(&raw).map(Value::Integer),
        ColumnType::Integer => integer(&raw).map(Value::Integer),
        ColumnType::Float => float(&raw).map(Value::Float),
        ColumnType::Boolean => boolean(&raw).map(Value::Boolean),
    };
    converted.map_err(|Unusable| raw)
}

fn text(rule: Rule, raw: Raw<'_>) -> Result<Value<'_>, Raw<'_>> {
    match (rule, raw) {
        (_, Raw::Null) => Ok(Value::Null),
        (Rule::Address, raw) if absent(&raw) => Ok(Value::Null),
        (Rule::Address, Raw::Text(Cow::Borrowed(text))) => {
            address::normalise(text).map(Value::Text).ok_or(Raw::Text(text.into()))
        }
        (Rule::Address, Raw::Text(Cow::Owned(text))) => match address::normalise(&text).map(Cow::into_owned) {
            Some(written) => Ok(Value::Text(written.into())),
            None => Err(Raw::Text(text.into())),
        },
        (Rule::Address, Raw::Nested(json)) => {
            let hops = serde_json::from_str(&json).map(|hops: Vec<String>| hops.join(", "));
            match hops.ok().as_deref().and_then(address::normalise).map(Cow::into_owned) {
                Some(written) => Ok(Value::Text(written.into())),
                None => Err(Raw::Nested(json)),
            }
        }
        (Rule::Messages, Raw::Text(text)) if Messages::begins(&text) => {
            Ok(Value::Text(Messages::parse(&text).map_or(text, |messages| joined(messages).into())))
        }
        (_, Raw::Text(text)) => Ok(Value::Text(text)),
        (Rule::Messages, Raw::Nested(json)) => {
            let messages = Messages::parse(&json).or_else(|| Messages::of_body(&json));
            Ok(Value::Text(messages.map_or(json, joined).into()))
        }
        (Rule::Json, Raw::Nested(json)) => Ok(Value::Text(json.into())),
        // Ids are numbers in many logs, and fractions where some were missing.
        (Rule::Plain | Rule::Id, Raw::Integer(number)) => Ok(Value::Text(number.to_string().into())),
        (Rule::Plain | Rule::Id, Raw::Float(number)) => match whole(number) {
            Ok(number) => Ok(Value::Text(number.to_string().into())),
            Err(Unusable) => Err(Raw::Float(number)),
        },
        (_, raw) => Err(raw),
    }
}

fn joined(messages: Messages) -> String {
    let Messages { mut system, text } = messages;
    if !system.is_empty() && !text.is_empty() {
        system.push('\n');
    }
    system.push_str(&text);
    system
}

fn absent(raw: &Raw<'_>) -> bool {
    match raw {
        Raw::Null => true,
        Raw::Text(text) => matches!(text.trim(), "" | "None" | "null" | "NULL"),
        _ => false,
    }
}

fn micros(raw: &Raw<'_>) -> Result<i64, Unusable> {
    match raw {
        Raw::Integer(number) => Ok(moment::from_integer(*number)),
        Raw::Float(number) => moment::from_float(*number).ok_or(Unusable),
        Raw::Text(text) => moment::parse(text).ok_or(Unusable),
        Raw::Nested(json) => moment::from_json(json).ok_or(Unusable),
        Raw::Boolean(_) | Raw::Null => Err(Unusable),
    }
}

/// The number of an autonomous system: `64500`, `AS64500`, `AS64500 Name`, `ASN64500`, `AS1.10` (RFC 5396), or the first of
/// several.
fn network(raw: &Raw<'_>) -> Result<i64, Unusable> {
    let text = match raw {
        Raw::Text(text) => text.as_ref(),
        Raw::Nested(json) => {
            let all: Vec<serde_json::Value> = serde_json::from_str(json).map_err(|_| Unusable)?;
            return match all.first().ok_or(Unusable)? {
                serde_json::Value::String(text) => network(&Raw::Text(text.as_str().into())),
                number => number.as_i64().filter(|number| *number >= 0).ok_or(Unusable),
            };
        }
        other => return integer(other),
    };
    if let Ok(number) = integer(raw) {
        return if number <= i64::from(u32::MAX) { Ok(number) } else { Err(Unusable) };
    }
    let text = text.trim().trim_start_matches(['{', '[', '(', '"', '\'']);
    let upper = text.get(..3).unwrap_or(text).to_ascii_uppercase();
    let named = ["ASN", "AS"].into_iter().find(|prefix| upper.starts_with(prefix)).map_or(0, str::len);
    let rest = if named > 0 { text[named..].trim_start_matches([' ', ':', '-']) } else { text };
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    let number: i64 = digits.parse().map_err(|_| Unusable)?;
    if let (true, Some(low)) = (named > 0, after.strip_prefix('.')) {
        let low: u16 = low
            .split(|character: char| !character.is_ascii_digit())
            .next()
            .unwrap_or_default()
            .parse()
            .map_err(|_| Unusable)?;
        return Ok((number << 16) + i64::from(low));
    }
    let ends = after.chars().next().is_none_or(|next| next.is_whitespace() || ",;|/)}]\"'".contains(next));
    if ends && number <= i64::from(u32::MAX) { Ok(number) } else { Err(Unusable) }
}

/// No column counts below zero.
fn integer(raw: &Raw<'_>) -> Result<i64, Unusable> {
    let number = match raw {
        Raw::Integer(number) => *number,
        Raw::Float(number) => whole(*number)?,
        Raw::Text(text) => {
            let text = text.trim();
            text.parse().or_else(|_| text.parse().map_err(|_| Unusable).and_then(whole))?
        }
        _ => return Err(Unusable),
    };
    if number < 0 { Err(Unusable) } else { Ok(number) }
}

/// A float without a fraction, below 2^53, above which floats are not exact.
pub(crate) fn whole(number: f64) -> Result<i64, Unusable> {
    #[expect(clippy::float_cmp, reason = "a whole number equals its truncation exactly")]
    let whole = number.trunc() == number;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2^53")]
    if whole && number.abs() < 9_007_199_254_740_992.0 { Ok(number as i64) } else { Err(Unusable) }
}

fn float(raw: &Raw<'_>) -> Result<f64, Unusable> {
    #[expect(clippy::cast_precision_loss, reason = "the column is a float")]
    let number = match raw {
        Raw::Integer(number) => *number as f64,
        Raw::Float(number) => *number,
        Raw::Text(text) => text.trim().parse().map_err(|_| Unusable)?,
        _ => return Err(Unusable),
    };
    // No column measures below zero: a negative duration is a clock that was set back.
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err(Unusable) }
}

/// A number says how many alternatives were asked for.
fn boolean(raw: &Raw<'_>) -> Result<bool, Unusable> {
    match raw {
        Raw::Boolean(value) => Ok(*value),
        Raw::Integer(number) if *number >= 0 => Ok(*number > 0),
        Raw::Text(text) => match text.trim() {
            word if word.eq_ignore_ascii_case("true") => Ok(true),
            word if word.eq_ignore_ascii_case("false") => Ok(false),
            number => integer(&Raw::Text(number.into())).map(|number| number > 0),
        },
        _ => Err(Unusable),
    }
}

#[cfg(test)]
mod tests {
    use super::network;
    use crate::raw::Raw;

    #[test]
    fn networks_are_written_in_many_ways() {
        for text in [
            "64500",
            "AS64500",
            "as64500",
            "ASN64500",
            "ASN 64500",
            "AS64500 Example Net",
            "AS64500,AS64501",
            "64500.0",
            "{64500}",
        ] {
            assert_eq!(network(&Raw::Text(text.into())), Ok(64_500), "{text}");
        }
        assert_eq!(network(&Raw::Text("AS1.10".into())), Ok(65_546));
        for json in ["[64500, 64501]", "[\"AS64500\"]"] {
            assert_eq!(network(&Raw::Nested(json.into())), Ok(64_500), "{json}");
        }
        for text in ["", "AS", "Example", "AS64500x", "99999999999", "1.10", "-7"] {
            assert!(network(&Raw::Text(text.into())).is_err(), "{text}");
        }
    }
}
