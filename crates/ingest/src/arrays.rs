use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, TimestampMicrosecondArray, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
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
}

impl Converted {
    pub(crate) fn clean(array: ArrayRef) -> Self {
        Self { array, unusable: Vec::new(), nul_bytes: 0 }
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
    let read = readable(array)?;
    let mut converted = from_values(field, (0..read.len()).map(|row| raw_at(&read, row)));
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
    for (row, raw) in values.enumerate() {
        let value = convert(field, raw).unwrap_or_else(|_| {
            unusable.push(row);
            Value::Null
        });
        nul_bytes += column.push(value);
    }
    Converted { array: column.finish(), unusable, nul_bytes }
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
        DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => as_type(&DataType::Utf8),
        kind if kind.is_integer() => as_type(&DataType::Int64),
        kind if kind.is_floating() || kind.is_decimal() => as_type(&DataType::Float64),
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
                    Rule::Plain | Rule::Json => true,
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
    Ok(Converted { array, unusable, nul_bytes: 0 })
}
