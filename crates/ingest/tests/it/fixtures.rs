use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use stillwatch_ingest::{IngestError, ParquetSource, ReadOptions, Tally, TextReader, exchange_schema};

/// Noon on 2026-03-02 UTC, in microseconds.
pub(crate) const NOON: i64 = 1_772_452_800_000_000;

/// Reads text to its end as one batch.
pub(crate) fn text_with(bytes: &[u8], options: &ReadOptions) -> (RecordBatch, Tally) {
    let mut reader = TextReader::new(bytes, None, options, "log").unwrap();
    let batches: Vec<RecordBatch> = reader.by_ref().collect::<Result<_, _>>().unwrap();
    for batch in &batches {
        assert_eq!(batch.schema(), options.table.schema());
    }
    (concat_batches(&options.table.schema(), &batches).unwrap(), reader.into_tally())
}

pub(crate) fn text(bytes: impl AsRef<[u8]>) -> (RecordBatch, Tally) {
    text_with(bytes.as_ref(), &ReadOptions::default())
}

/// Reads all row groups as one batch.
pub(crate) fn parquet_with(bytes: Vec<u8>, options: &ReadOptions) -> Result<(RecordBatch, Tally), IngestError> {
    let source = ParquetSource::open(Bytes::from(bytes), "log")?;
    let groups: Vec<usize> = (0..source.row_groups()).collect();
    let mut reader = source.read(&groups, options)?;
    let batches: Vec<RecordBatch> = reader.by_ref().collect::<Result<_, _>>()?;
    for batch in &batches {
        assert_eq!(batch.schema(), exchange_schema());
    }
    Ok((concat_batches(&exchange_schema(), &batches).unwrap(), reader.into_tally()))
}

pub(crate) fn parquet(bytes: Vec<u8>) -> (RecordBatch, Tally) {
    parquet_with(bytes, &ReadOptions::default()).unwrap()
}

/// A Parquet file of these columns.
pub(crate) fn parquet_file<const N: usize>(columns: [(&str, ArrayRef); N]) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn array(values: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(values)
}

/// The counts of the reasons for which rows were rejected.
pub(crate) fn reasons(tally: &Tally) -> Vec<(String, u64)> {
    tally.rejected.iter().map(|(reason, rejected)| (reason.to_string(), rejected.count)).collect()
}

/// The values of a text column.
pub(crate) fn texts<'a>(batch: &'a RecordBatch, column: &str) -> Vec<Option<&'a str>> {
    use arrow::array::AsArray;
    batch.column_by_name(column).unwrap().as_string::<i32>().iter().collect()
}

pub(crate) fn times(batch: &RecordBatch) -> Vec<i64> {
    use arrow::array::AsArray;
    use arrow::datatypes::TimestampMicrosecondType;
    batch.column(0).as_primitive::<TimestampMicrosecondType>().values().to_vec()
}

pub(crate) fn integers(batch: &RecordBatch, column: &str) -> Vec<Option<i64>> {
    use arrow::array::AsArray;
    use arrow::datatypes::Int64Type;
    batch.column_by_name(column).unwrap().as_primitive::<Int64Type>().iter().collect()
}
