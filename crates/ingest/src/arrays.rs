use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, TimestampMicrosecondArray, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, UInt64Type};
use arrow::json::LineDelimitedWriter;
use stillwatch_core::ColumnType;

use crate::builder::Values;
use crate::convert::{Value, convert};
use crate::messages::Messages;
use crate::raw::Raw;
use crate::schema::{Field, Rule, UTC, arrow_type};
use crate::{IngestError, address, moment};

/// A column in its canonical type.
pub(crate) struct Converted {
    pub(crate) array: ArrayRef,
    /// Rows, ascending, whose value its column cannot hold.
    pub(crate) unusable: Vec<usize>,
    pub(crate) nul_bytes: u64,
    /// How some of the unusable values are written.
    pub(crate) shapes: Vec<String>,
}

impl Converted {
    pub(crate) fn clean(array: ArrayRef) -> Self {
        Self { array, unusable: Vec::new(), nul_bytes: 0, shapes: Vec::new() }
    }
}

/// Converts an array; one that already is what the column wants is passed on.
pub(crate) fn from_array(field: &Field, array: &ArrayRef) -> Result<Converted, IngestError> {
    if field.kind() == ColumnType::Timestamp && is_time(array.data_type()) {
        return times(field, array);
    }
    if *array.data_type() == arrow_type(field.kind()) && is_clean(field, array) {
        return Ok(Converted::clean(Arc::clone(array)));
    }
    let read = if is_bytes(array.data_type()) && field.rule.is_word() { words(array)? } else { readable(array)? };
    let is_nested = array.data_type().is_nested();
    let value = |row| if is_nested { nested(raw_at(&read, row)) } else { raw_at(&read, row) };
    let mut converted = from_values(field, (0..read.len()).map(value));
    if read.null_count() > array.null_count() {
        let lost = (0..read.len()).filter(|row| read.is_null(*row) && !array.is_null(*row));
        converted.unusable.extend(lost);
        converted.unusable.sort_unstable();
    }
    Ok(converted)
}

/// Converts values one by one, as the text formats do.
pub(crate) fn from_values<'a>(field: &Field, values: impl Iterator<Item = Raw<'a>>) -> Converted {
    let mut column = Values::new(field.kind());
    let mut unusable = Vec::new();
    let mut nul_bytes = 0;
    let mut shapes = Vec::new();
    for (row, raw) in values.enumerate() {
        let value = convert(field, raw).unwrap_or_else(|raw| {
            unusable.push(row);
            if field.tells_shapes() && shapes.len() < SHAPES {
                shapes.extend(raw.shown());
            }
            Value::Null
        });
        nul_bytes += column.push(value);
    }
    Converted { array: column.finish(), unusable, nul_bytes, shapes }
}

/// Unusable values of a batch of which the shape is looked at.
const SHAPES: usize = 3;

/// The text of JSON that a list or a structure was written as.
pub(crate) fn nested(raw: Raw<'_>) -> Raw<'_> {
    match raw {
        Raw::Text(json) => Raw::Nested(json.into_owned()),
        other => other,
    }
}

fn is_bytes(kind: &DataType) -> bool {
    matches!(kind, DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_))
}

/// Bytes as words: text where all of them are, else UUIDs in their usual form where there are sixteen each, else
/// hexadecimal digits.
fn words(array: &ArrayRef) -> Result<ArrayRef, IngestError> {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    let bytes = cast_with_options(array, &DataType::Binary, &options).map_err(IngestError::Arrow)?;
    let bytes = bytes.as_binary::<i32>();
    let is_text = |bytes: &[u8]| {
        std::str::from_utf8(bytes)
            .is_ok_and(|text| !text.chars().any(|character| character.is_control() && character != '\0'))
    };
    let is_text = bytes.iter().flatten().all(is_text);
    let is_uuid = bytes.iter().flatten().all(|bytes| bytes.len() == 16);
    let word = |bytes: &[u8]| match (is_text, is_uuid) {
        (true, _) => String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned(),
        (false, true) => uuid(bytes),
        (false, false) => hexadecimal(bytes),
    };
    Ok(Arc::new(bytes.iter().map(|bytes| bytes.map(word)).collect::<StringArray>()))
}

/// RFC 9562, section 4.
fn uuid(bytes: &[u8]) -> String {
    let digits = hexadecimal(bytes);
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default()).join("-")
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Lists and structures as texts of JSON, one a row.
fn texts_of_json(array: &ArrayRef) -> Result<ArrayRef, IngestError> {
    let field = arrow::datatypes::Field::new("v", array.data_type().clone(), true);
    let schema = Arc::new(arrow::datatypes::Schema::new(vec![field]));
    let batch = RecordBatch::try_new(schema, vec![Arc::clone(array)]).map_err(IngestError::Arrow)?;
    let mut lines = LineDelimitedWriter::new(Vec::new());
    lines.write(&batch).and_then(|()| lines.finish()).map_err(IngestError::Arrow)?;
    let text = String::from_utf8_lossy(&lines.into_inner()).into_owned();
    let inside = |line: &str| Some(line.strip_prefix("{\"v\":")?.strip_suffix('}')?.to_owned());
    let mut texts = text.lines();
    let texts: StringArray = (0..array.len()).map(|_| texts.next().and_then(inside)).collect();
    Ok(Arc::new(texts))
}

/// The array as text, integers, floats or booleans, of which [`raw_at`] takes single values. What is none of these is
/// all null.
pub(crate) fn readable(array: &ArrayRef) -> Result<ArrayRef, IngestError> {
    let as_type = |kind: &DataType| {
        let options = CastOptions { safe: true, ..CastOptions::default() };
        cast_with_options(array, kind, &options).map_err(IngestError::Arrow)
    };
    match array.data_type() {
        DataType::Utf8 | DataType::Int64 | DataType::Float64 | DataType::Boolean => Ok(Arc::clone(array)),
        DataType::Dictionary(_, values) if !values.is_nested() => readable(&as_type(values)?),
        DataType::LargeUtf8 | DataType::Utf8View | DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            as_type(&DataType::Utf8)
        }
        DataType::FixedSizeBinary(_) => words(array),
        // Ids of 64 bits without a sign do not fit a number with one.
        DataType::UInt64
            if array.as_primitive::<UInt64Type>().iter().flatten().any(|number| i64::try_from(number).is_err()) =>
        {
            as_type(&DataType::Utf8)
        }
        kind if kind.is_integer() => as_type(&DataType::Int64),
        kind if kind.is_floating() => as_type(&DataType::Float64),
        kind if kind.is_decimal() => {
            let text = as_type(&DataType::Utf8)?;
            let short = |text: &str| match text.split_once('.') {
                Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole.to_owned(),
                _ => text.to_owned(),
            };
            Ok(Arc::new(text.as_string::<i32>().iter().map(|text| text.map(short)).collect::<StringArray>()))
        }
        kind if kind.is_nested() => texts_of_json(array),
        // A time where text is wanted: as it would be written.
        kind if is_time(kind) => as_type(&DataType::Utf8),
        _ => Ok(new_null_array(&DataType::Utf8, array.len())),
    }
}

/// One value of a [`readable`] array.
pub(crate) fn raw_at(array: &ArrayRef, row: usize) -> Raw<'_> {
    if array.is_null(row) {
        return Raw::Null;
    }
    match array.data_type() {
        DataType::Utf8 => Raw::Text(array.as_string::<i32>().value(row).into()),
        DataType::Int64 => Raw::Integer(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Raw::Float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Raw::Boolean(array.as_boolean().value(row)),
        _ => Raw::Null,
    }
}

/// Whether no value needs changing.
fn is_clean(field: &Field, array: &ArrayRef) -> bool {
    match field.kind() {
        ColumnType::Text => {
            let texts = array.as_string::<i32>();
            let ends = texts.value_offsets();
            let (Ok(start), Ok(end)) = (usize::try_from(ends[0]), usize::try_from(ends[ends.len() - 1])) else {
                return false;
            };
            !texts.value_data()[start..end].contains(&0)
                && match field.rule {
                    Rule::Plain | Rule::Id | Rule::Json | Rule::Network => true,
                    Rule::Address => texts.iter().flatten().all(is_normal),
                    Rule::Messages => !texts.iter().flatten().any(Messages::begins),
                }
        }
        // Below a null stands zero; if not, the slow way finds out.
        ColumnType::Integer => array.as_primitive::<Int64Type>().values().iter().all(|value| *value >= 0),
        ColumnType::Float => {
            array.as_primitive::<Float64Type>().values().iter().all(|value| value.is_finite() && *value >= 0.0)
        }
        ColumnType::Boolean => true,
        ColumnType::Timestamp => false,
    }
}

fn is_normal(text: &str) -> bool {
    matches!(address::normalise(text), Some(Cow::Borrowed(normal)) if normal.len() == text.len())
}

fn is_time(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
}

/// Times of any unit. A zone only says how to show a time, and a time without one is UTC.
fn times(field: &Field, array: &ArrayRef) -> Result<Converted, IngestError> {
    let canonical = *array.data_type() == arrow_type(ColumnType::Timestamp);
    if canonical && field.column.required {
        return Ok(Converted::clean(Arc::clone(array)));
    }
    let options = CastOptions { safe: true, ..CastOptions::default() };
    let cast = |array: &dyn Array, kind| cast_with_options(array, kind, &options).map_err(IngestError::Arrow);
    let (numbers, unit) = match array.data_type() {
        DataType::Date32 => (cast(&cast(array, &DataType::Int32)?, &DataType::Int64)?, 86_400_000_000),
        DataType::Date64 | DataType::Timestamp(TimeUnit::Millisecond, _) => (cast(array, &DataType::Int64)?, 1_000),
        DataType::Timestamp(TimeUnit::Second, _) => (cast(array, &DataType::Int64)?, 1_000_000),
        _ => (cast(array, &DataType::Int64)?, 1),
    };
    let nanoseconds = matches!(array.data_type(), DataType::Timestamp(TimeUnit::Nanosecond, _));
    let mut unusable = Vec::new();
    let micros = numbers.as_primitive::<Int64Type>().iter().enumerate().map(|(row, number)| {
        let number = number?;
        let micros = if nanoseconds { Some(number.div_euclid(1_000)) } else { number.checked_mul(unit) };
        let micros = micros.filter(|micros| field.column.required || moment::plausible(*micros));
        if micros.is_none() {
            unusable.push(row);
        }
        micros
    });
    let micros: TimestampMicrosecondArray = micros.collect();
    let array: ArrayRef = Arc::new(micros.with_timezone(UTC));
    Ok(Converted { array, unusable, nul_bytes: 0, shapes: Vec::new() })
}
