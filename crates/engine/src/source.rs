//! Where batches come from: units of work that the partitions of a scan take from one queue.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::stream;
use stillwatch_core::Retention;

use crate::{EngineError, Progress, SourceError};

/// The batches of one unit, in canonical columns.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, SourceError>> + Send>;

/// A file, or some row groups of one: opened when a partition has time for it.
pub type Unit = Box<dyn FnOnce() -> Result<Batches, SourceError> + Send>;

/// The input of a run. Units are read in any order and in parallel; the result does not depend on it.
pub struct Source {
    units: VecDeque<Unit>,
}

impl Source {
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        Self { units: units.into_iter().collect() }
    }

    /// A source of batches that are at hand, one unit each.
    pub fn from_batches(batches: impl IntoIterator<Item = RecordBatch>) -> Self {
        Self::new(batches.into_iter().map(|batch| {
            let unit: Unit = Box::new(move || Ok(Box::new(std::iter::once(Ok(batch))) as Batches));
            unit
        }))
    }

    pub(crate) fn into_table(
        self,
        schema: &SchemaRef,
        partitions: usize,
        progress: &Progress,
    ) -> Result<StreamingTable> {
        let shared = Arc::new(Shared { units: Mutex::new(self.units), progress: progress.clone() });
        let partitions = (0..partitions)
            .map(|_| Arc::new(Partition { schema: Arc::clone(schema), shared: Arc::clone(&shared) }) as _)
            .collect();
        StreamingTable::try_new(Arc::clone(schema), partitions)
    }
}

struct Shared {
    units: Mutex<VecDeque<Unit>>,
    progress: Progress,
}

impl Shared {
    fn take(&self) -> Option<Unit> {
        self.units.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

struct Partition {
    schema: SchemaRef,
    shared: Arc<Shared>,
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Partition")
    }
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut reader = Reader { schema: Arc::clone(&self.schema), shared: Arc::clone(&self.shared), open: None };
        // Reading may wait for a disk or a pipe, so the worker's other tasks are handed on meanwhile.
        let batches =
            stream::iter(std::iter::from_fn(move || tokio::task::block_in_place(|| reader.next().transpose())));
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), batches))
    }
}

struct Reader {
    schema: SchemaRef,
    shared: Arc<Shared>,
    open: Option<Batches>,
}

impl Reader {
    fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.shared.progress.is_cancelled() {
                return Err(EngineError::Cancelled.into());
            }
            let Some(batches) = &mut self.open else {
                let Some(unit) = self.shared.take() else { return Ok(None) };
                self.open = Some(unit().map_err(EngineError::from)?);
                continue;
            };
            let Some(batch) = batches.next() else {
                self.open = None;
                continue;
            };
            let batch = self.admit(batch.map_err(EngineError::from)?)?;
            if batch.num_rows() > 0 {
                return Ok(Some(batch));
            }
        }
    }

    /// Drops rows that may not be used at all, before anything is derived from them.
    fn admit(&self, batch: RecordBatch) -> Result<RecordBatch> {
        let names = batch.schema_ref().fields().iter().map(|field| field.name());
        let fits = batch.columns().iter().zip(names).zip(self.schema.fields()).all(|((column, name), field)| {
            name == field.name()
                && column.data_type() == field.data_type()
                && (field.is_nullable() || column.null_count() == 0)
        });
        if !fits || batch.num_columns() != self.schema.fields().len() {
            return Err(EngineError::Schema.into());
        }
        let rows = batch.num_rows();
        let Some(retention) = batch.column_by_name("retention").and_then(|column| column.as_string_opt::<i32>()) else {
            return Ok(batch);
        };
        let withheld = |word: Option<&str>| word.and_then(Retention::parse) == Some(Retention::None);
        if retention.null_count() == rows || !retention.iter().any(withheld) {
            self.shared.progress.add(rows, 0);
            return Ok(batch);
        }
        let admitted: BooleanArray = retention.iter().map(|word| Some(!withheld(word))).collect();
        let batch = filter_record_batch(&batch, &admitted).map_err(DataFusionError::from)?;
        self.shared.progress.add(batch.num_rows(), rows - batch.num_rows());
        Ok(batch)
    }
}
