//! The rows of a Parquet file as lines of JSON, for logs whose records are read as trees.

use std::io::{self, Read};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::json::LineDelimitedWriter;

use crate::arrays::readable;
use crate::parquet::Batches;

/// Gives out the rows as text, one batch at a time.
pub(crate) struct ParquetLines {
    batches: Batches,
    text: Vec<u8>,
    given: usize,
}

impl ParquetLines {
    pub(crate) fn new(batches: Batches) -> Self {
        Self { batches, text: Vec::new(), given: 0 }
    }
}

impl Read for ParquetLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            let Some(batch) = self.batches.next() else { return Ok(0) };
            let (batch, _) = batch.map_err(io::Error::other)?;
            self.text = lines(&batch).map_err(io::Error::other)?;
            self.given = 0;
        }
        let count = (self.text.len() - self.given).min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

fn lines(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let columns: Vec<(String, ArrayRef)> = batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| (field.name().clone(), written(column)))
        .collect();
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let mut lines = LineDelimitedWriter::new(Vec::new());
    lines.write(&RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)?;
    lines.finish()?;
    Ok(lines.into_inner())
}

/// Bytes as text, and UUIDs in their usual form; what the writer of JSON does well stays.
fn written(column: &ArrayRef) -> ArrayRef {
    let bytes = matches!(
        column.data_type(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_)
    );
    if bytes && let Ok(text) = readable(column) { text } else { Arc::clone(column) }
}
