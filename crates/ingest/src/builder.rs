use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
};
use stillwatch_core::ColumnType;

use crate::IngestError;
use crate::convert::Value;
use crate::schema::{Field, Table, UTC};

/// Collects rows into a batch.
pub(crate) struct BatchBuilder {
    table: Table,
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
    pub(crate) nul_bytes: u64,
}

impl BatchBuilder {
    pub(crate) fn new(table: Table, fields: &[Field]) -> Self {
        let columns = fields.iter().map(|field| Values::new(field.kind())).collect();
        Self { table, columns, rows: 0, bytes: 0, nul_bytes: 0 }
    }

    /// The value of the row that is being added; every column gets one, then [`end_row`](Self::end_row) is called.
    pub(crate) fn push(&mut self, column: usize, value: Value<'_>) {
        if let Value::Text(text) = &value {
            self.bytes += text.len();
        }
        self.nul_bytes += self.columns[column].push(value);
    }

    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
        self.bytes += ROW_BYTES;
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the batch holds about 8 MiB.
    pub(crate) fn is_heavy(&self) -> bool {
        self.bytes > BATCH_BYTES
    }

    /// The batch, after which the builder is empty again.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, IngestError> {
        let arrays = self.columns.iter_mut().map(Values::finish).collect();
        (self.rows, self.bytes) = (0, 0);
        RecordBatch::try_new(self.table.schema(), arrays).map_err(IngestError::Arrow)
    }
}

/// The values of one column.
pub(crate) enum Values {
    Timestamp(TimestampMicrosecondBuilder),
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
}

impl Values {
    pub(crate) fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    /// Adds a value; one of another type is null. Returns how many NUL bytes became spaces.
    pub(crate) fn push(&mut self, value: Value<'_>) -> u64 {
        match (self, value) {
            (Self::Timestamp(column), Value::Integer(micros)) => column.append_value(micros),
            (Self::Timestamp(column), _) => column.append_null(),
            (Self::Text(column), Value::Text(text)) => {
                let (text, nul_bytes) = without_nul(text);
                column.append_value(text);
                return nul_bytes;
            }
            (Self::Text(column), _) => column.append_null(),
            (Self::Integer(column), Value::Integer(number)) => column.append_value(number),
            (Self::Integer(column), _) => column.append_null(),
            (Self::Float(column), Value::Float(number)) => column.append_value(number),
            (Self::Float(column), _) => column.append_null(),
            (Self::Boolean(column), Value::Boolean(value)) => column.append_value(value),
            (Self::Boolean(column), _) => column.append_null(),
        }
        0
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Timestamp(column) => Arc::new(column.finish()),
            Self::Text(column) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Float(column) => Arc::new(column.finish()),
            Self::Boolean(column) => Arc::new(column.finish()),
        }
    }
}

const BATCH_BYTES: usize = 8 << 20;
/// What a row takes beyond its text.
const ROW_BYTES: usize = 256;

/// PostgreSQL and C libraries downstream cannot hold a NUL.
fn without_nul(text: Cow<'_, str>) -> (Cow<'_, str>, u64) {
    if !text.as_bytes().contains(&0) {
        return (text, 0);
    }
    let count = text.bytes().filter(|byte| *byte == 0).count();
    (text.replace('\0', " ").into(), count as u64)
}
