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

use crate::{EngineError, Meter, SourceError, Unit};

/// The batches of one unit, in canonical columns.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, SourceError>> + Send>;

/// Opens units. It may be called from several threads at once.
pub trait Scan: Send + Sync {
    fn open(&self, unit: &Unit) -> Result<Batches, SourceError>;
}

impl<F: Fn(&Unit) -> Result<Batches, SourceError> + Send + Sync> Scan for F {
    fn open(&self, unit: &Unit) -> Result<Batches, SourceError> {
        self(unit)
    }
}

/// The input of a run. Units are read in any order and in parallel; the result does not depend on it.
pub struct Source {
    work: VecDeque<Work>,
    scan: Arc<dyn Scan>,
}

enum Work {
    Unit(Unit),
    /// A batch that is at hand.
    Batch(RecordBatch),
}

impl Source {
    /// Units, and what opens them when a partition has time for them.
    pub fn new(units: impl IntoIterator<Item = Unit>, scan: Arc<dyn Scan>) -> Self {
        Self { work: units.into_iter().map(Work::Unit).collect(), scan }
    }

    /// A source of batches that are at hand.
    pub fn from_batches(batches: impl IntoIterator<Item = RecordBatch>) -> Self {
        let refuse = |_: &Unit| -> Result<Batches, SourceError> { Err(EngineError::Schema.into()) };
        Self { work: batches.into_iter().map(Work::Batch).collect(), scan: Arc::new(refuse) }
    }

    pub(crate) fn len(&self) -> usize {
        self.work.len()
    }

    pub(crate) fn into_table(self, schema: &SchemaRef, partitions: usize, meter: &Meter) -> Result<StreamingTable> {
        let shared = Arc::new(Shared { work: Mutex::new(self.work), scan: self.scan, meter: meter.clone() });
        let partitions = (0..partitions)
            .map(|_| Arc::new(Partition { schema: Arc::clone(schema), shared: Arc::clone(&shared) }) as _)
            .collect();
        StreamingTable::try_new(Arc::clone(schema), partitions)
    }
}

struct Shared {
    work: Mutex<VecDeque<Work>>,
    scan: Arc<dyn Scan>,
    meter: Meter,
}

impl Shared {
    /// Opens the next piece of work; `None` when there is no more.
    fn open(&self) -> Option<Result<Batches, SourceError>> {
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        Some(match work {
            Work::Unit(unit) => self.scan.open(&unit),
            Work::Batch(batch) => Ok(Box::new(std::iter::once(Ok(batch)))),
        })
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
            if self.shared.meter.is_stopped() {
                return Err(EngineError::Cancelled.into());
            }
            let Some(batches) = &mut self.open else {
                let Some(opened) = self.shared.open() else { return Ok(None) };
                self.open = Some(opened.map_err(EngineError::from)?);
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
            self.shared.meter.add(rows, 0);
            return Ok(batch);
        }
        let admitted: BooleanArray = retention.iter().map(|word| Some(!withheld(word))).collect();
        let batch = filter_record_batch(&batch, &admitted).map_err(DataFusionError::from)?;
        self.shared.meter.add(batch.num_rows(), rows - batch.num_rows());
        Ok(batch)
    }
}
