use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::error::Result as PlanResult;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::displayable;
use datafusion::prelude::{DataFrame, Expr, SessionConfig, SessionContext, col};
use stillwatch_core::Key;
use stillwatch_ingest::exchange_schema;
use tokio::runtime::Handle;
use tracing::info_span;

use crate::aggregate::account_digest;
use crate::columns::{ACCOUNT, DAY, DIGEST, digest_schema};
use crate::fingerprint::{fingerprint, utc_day};
use crate::pool::SharedPool;
use crate::privacy::physical_plan;
use crate::source::Source;
use crate::stream::DigestStream;
use crate::threads::Threads;
use crate::{EngineError, Meter};

/// Rows in a batch of digests, which may take hundreds of kilobytes each; batches of exchanges are as long as their
/// source makes them.
const BATCH_ROWS: usize = 128;
/// Spill files merged at a time. Without a limit a merge opens as many as its memory holds by estimate, and fails when
/// the estimate was low.
const MERGE_FAN_IN: usize = 32;
const MOST_SORT_RESERVATION: usize = 10 << 20;

/// What an engine may use.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    pub threads: NonZeroUsize,
    /// Memory for the whole process, in bytes. Half of it is the pool from which operators reserve what they hold;
    /// the rest is for batches on their way.
    pub memory_bytes: usize,
    /// Where operators spill what exceeds the pool: a folder that exists and that others cannot read.
    pub spill_dir: PathBuf,
    /// The key under which exchanges are fingerprinted.
    pub key: Key,
    /// DataFusion settings on top of the engine's own, as `("datafusion.execution.batch_size", "1024")`.
    pub settings: Vec<(String, String)>,
    /// The runtime to work in, which must outlive the engine and have several threads. Without one, or where it has
    /// but one thread, the engine makes a runtime of its own.
    pub runtime: Option<Handle>,
}

/// Runs the digest over tables of exchanges or of digests.
pub struct Engine {
    threads: Threads,
    context: SessionContext,
    key: Arc<Key>,
    partitions: usize,
}

impl Engine {
    pub fn new(options: EngineOptions) -> Result<Self, EngineError> {
        let pool = options.memory_bytes / 2;
        let partitions = options.threads.get();
        let mut config = SessionConfig::new()
            .with_target_partitions(partitions)
            .with_batch_size(BATCH_ROWS)
            .with_round_robin_repartition(false)
            .with_sort_spill_reservation_bytes(MOST_SORT_RESERVATION.min(pool / (8 * partitions)));
        for (name, value) in &options.settings {
            config.options_mut().set(name, value)?;
        }
        // No limit but the disk's own: a full disk is an error of its own, and a quota of DataFusion's choice is not.
        let disk = DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::Directories(vec![options.spill_dir]))
            .with_max_temp_directory_size(u64::MAX)
            .with_max_spill_merge_fan_in(MERGE_FAN_IN);
        let resources = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(SharedPool::new(pool)))
            .with_disk_manager_builder(disk)
            .build_arc()?;
        let state =
            SessionStateBuilder::new_with_default_features().with_config(config).with_runtime_env(resources).build();
        Ok(Self {
            threads: Threads::new(options.runtime, partitions)?,
            context: SessionContext::new_with_state(state),
            key: Arc::new(options.key),
            partitions,
        })
    }

    /// The day digests of a log: batches of the canonical exchange columns in, one digest an account and day out.
    pub fn digest(&self, exchanges: Source, meter: &Meter) -> Result<DigestStream, EngineError> {
        let _span = info_span!("digest", units = exchanges.len(), partitions = self.partitions).entered();
        let plan = self.digest_plan(exchanges, meter)?;
        Ok(DigestStream::start(&self.threads, plan, meter))
    }

    /// The union of day digests from any number of inputs: batches of [`digest_schema`] in, the same out.
    pub fn unite(&self, digests: Source, meter: &Meter) -> Result<DigestStream, EngineError> {
        let _span = info_span!("unite", units = digests.len(), partitions = self.partitions).entered();
        let plan = united(self.scan(digests, &digest_schema(), meter)?)?;
        Ok(DigestStream::start(&self.threads, plan, meter))
    }

    /// The physical plan of [`digest`](Self::digest), one operator a line.
    pub fn explain(&self) -> Result<String, EngineError> {
        let frame = self.digest_plan(Source::from_batches([]), &Meter::default())?;
        let plan = self.threads.wait(physical_plan(&frame))?;
        Ok(displayable(plan.as_ref()).indent(false).to_string())
    }

    fn digest_plan(&self, exchanges: Source, meter: &Meter) -> PlanResult<DataFrame> {
        let derived: Vec<Expr> = vec![col(ACCOUNT), utc_day().alias(DAY), fingerprint(&self.key).alias(DIGEST)];
        united(self.scan(exchanges, &exchange_schema(), meter)?.select(derived)?)
    }

    fn scan(&self, source: Source, schema: &SchemaRef, meter: &Meter) -> PlanResult<DataFrame> {
        self.context.read_table(Arc::new(source.into_table(schema, self.partitions, meter)?))
    }
}

/// `account`, `day`, `digest` with one row an account and day, in their order.
fn united(digests: DataFrame) -> PlanResult<DataFrame> {
    let ascending = |column| col(column).sort(true, false);
    digests
        .aggregate(vec![col(ACCOUNT), col(DAY)], vec![account_digest(col(DIGEST)).alias(DIGEST)])?
        .sort(vec![ascending(ACCOUNT), ascending(DAY)])
}
