use std::sync::Arc;

use arrow::array::{Array, AsArray, Date32Array, LargeBinaryArray, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream, execute_stream};
use datafusion::prelude::DataFrame;
use futures::StreamExt;
use stillwatch_core::{AccountId, Day};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::privacy::physical_plan;
use crate::threads::Threads;
use crate::{EngineError, Meter};

/// Batches that wait for the consumer.
const AHEAD: usize = 2;

/// The digest of one account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDay {
    pub account: AccountId,
    pub day: Day,
    /// As [`DayDigest::encode`](stillwatch_digest::DayDigest::encode) wrote it.
    pub digest: Vec<u8>,
}

/// The result of a run, in ascending order of account (by bytes) and day. Dropping it before its end cancels the run.
///
/// Asking for an item waits. That works in an asynchronous task too, but keeps the task's thread busy meanwhile, so a
/// server moves the iteration to a blocking thread.
#[derive(Debug)]
pub struct DigestStream {
    batches: Receiver<Result<RecordBatch, EngineError>>,
    rows: Rows,
    ended: bool,
    task: Option<JoinHandle<()>>,
    meter: Meter,
    threads: Threads,
}

impl DigestStream {
    pub(crate) fn start(threads: &Threads, frame: DataFrame, meter: &Meter) -> Self {
        let (sender, batches) = channel(AHEAD);
        let task = threads.spawn(run(frame, meter.clone(), sender).in_current_span());
        Self { batches, rows: Rows::default(), ended: false, task, meter: meter.clone(), threads: threads.clone() }
    }

    /// The rest of the result by the batch, with the columns of [`digest_schema`](crate::digest_schema).
    pub fn next_batch(&mut self) -> Option<Result<RecordBatch, EngineError>> {
        let batch = self.threads.wait(self.batches.recv());
        self.ended = batch.is_none();
        batch
    }
}

impl Iterator for DigestStream {
    type Item = Result<AccountDay, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            match self.next_batch()? {
                Ok(batch) => match Rows::new(&batch) {
                    Some(rows) => self.rows = rows,
                    None => return Some(Err(EngineError::Schema)),
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Drop for DigestStream {
    fn drop(&mut self) {
        if !self.ended {
            self.meter.abandon();
            if let Some(task) = &self.task {
                task.abort();
            }
        }
    }
}

async fn run(frame: DataFrame, meter: Meter, sender: Sender<Result<RecordBatch, EngineError>>) {
    let (plan, mut stream) = match start(&frame).await {
        Ok(started) => started,
        Err(error) => return drop(sender.send(Err(error)).await),
    };
    while let Some(batch) = stream.next().await {
        meter.set_spilled(spilled(plan.as_ref()));
        let batch = if meter.is_stopped() { Err(EngineError::Cancelled) } else { batch.map_err(EngineError::from) };
        let last = batch.is_err();
        if sender.send(batch).await.is_err() || last {
            return;
        }
    }
}

async fn start(frame: &DataFrame) -> Result<(Arc<dyn ExecutionPlan>, SendableRecordBatchStream), EngineError> {
    let plan = physical_plan(frame).await?;
    let stream = execute_stream(Arc::clone(&plan), Arc::new(frame.task_ctx()))?;
    Ok((plan, stream))
}

fn spilled(plan: &dyn ExecutionPlan) -> usize {
    let own = plan.metrics().and_then(|metrics| metrics.spilled_bytes()).unwrap_or(0);
    plan.children().into_iter().map(|child| spilled(child.as_ref())).sum::<usize>() + own
}

/// The rows of one batch of digests.
#[derive(Debug, Default)]
pub(crate) struct Rows(Option<(StringArray, Date32Array, LargeBinaryArray)>, usize);

impl Rows {
    pub(crate) fn new(batch: &RecordBatch) -> Option<Self> {
        let [account, day, digest] = batch.columns() else { return None };
        let account = account.as_string_opt()?.clone();
        let day = day.as_primitive_opt::<Date32Type>()?.clone();
        Some(Self(Some((account, day, digest.as_binary_opt()?.clone())), 0))
    }
}

impl Iterator for Rows {
    type Item = AccountDay;

    fn next(&mut self) -> Option<AccountDay> {
        let (accounts, days, digests) = self.0.as_ref()?;
        let row = self.1;
        if row >= accounts.len() {
            return None;
        }
        self.1 += 1;
        Some(AccountDay {
            account: accounts.value(row).into(),
            day: Day(days.value(row)),
            digest: digests.value(row).to_vec(),
        })
    }
}
