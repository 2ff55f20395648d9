//! Simulated traffic as the files of a set.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use stillwatch_core::{Cancel, Cancelled, Stage};
use stillwatch_simulate::{Plan, Traffic, WorldPlan, simulate_cancellable};
use tracing::info_span;

use super::tables;
use crate::atomic::Folder;
use crate::context::Context;
use crate::error::{Fault, RunError};

pub const EXCHANGES: &str = "exchanges.parquet";
pub const ACCOUNTS: &str = "accounts.parquet";
pub const PERMITS: &str = "permits.json";
pub const TRUTH: &str = "truth.json";

/// Small enough for several threads to have some.
const ROW_GROUP_ROWS: usize = 20_000;

/// Why there is no simulated traffic.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error("the folder {} is not empty", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    #[error("the traffic cannot be written to {}", .path.display())]
    NotWritten { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl SimulateError {
    pub(super) fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::DirectoryNotEmpty => Self::NotEmpty(path),
            io::ErrorKind::NotADirectory => Self::NotAFolder(path),
            _ => Self::NotWritten { path, source },
        }
    }

    /// Names the folder that was asked for: until all is written, it has another name.
    pub(super) fn in_place_of(self, path: &Path) -> Self {
        match self {
            Self::NotWritten { source, .. } => Self::of(path, source),
            other => other,
        }
    }
}

impl RunError for SimulateError {
    fn fault(&self) -> Fault {
        match self {
            Self::NotEmpty(_) | Self::NotAFolder(_) => Fault::Request,
            Self::NotWritten { .. } => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NotEmpty(_) => Some("choose another folder with -o, or remove this one".into()),
            _ => None,
        }
    }
}

/// Writes simulated traffic with the truth about it.
pub struct Simulate {
    pub plan: Plan,
    /// The folder to write. It must not exist or be empty.
    pub output: PathBuf,
}

impl Simulate {
    /// The folder appears whole or not at all.
    pub fn run(&self, context: &Context) -> Result<Traffic, SimulateError> {
        let _span = info_span!("simulate").entered();
        write_whole(&self.output, context, |cancel| simulate_cancellable(&self.plan, cancel))
    }
}

/// Writes one innocent crowd of random worlds among ordinary accounts of such a world.
pub struct WorldCrowd {
    pub plan: WorldPlan,
    /// The folder to write. It must not exist or be empty.
    pub output: PathBuf,
}

impl WorldCrowd {
    /// The folder appears whole or not at all.
    pub fn run(self, context: &Context) -> Result<Traffic, SimulateError> {
        let _span = info_span!("simulate").entered();
        write_whole(&self.output, context, |cancel| self.plan.simulate_cancellable(cancel))
    }
}

fn write_whole(
    output: &Path,
    context: &Context,
    simulate: impl FnOnce(&Cancel) -> Result<Traffic, Cancelled>,
) -> Result<Traffic, SimulateError> {
    let refuse = |source: io::Error| SimulateError::of(output, source);
    let folder = Folder::new(output, &context.temporaries).map_err(refuse)?;
    let traffic = simulated(simulate, context)?;
    write(&traffic, folder.path(), context).map_err(|error| error.in_place_of(output))?;
    folder.commit().map_err(refuse)?;
    Ok(traffic)
}

/// Simulates.
pub fn traffic(plan: &Plan, context: &Context) -> Result<Traffic, Cancelled> {
    simulated(|cancel| simulate_cancellable(plan, cancel), context)
}

fn simulated(
    simulate: impl FnOnce(&Cancel) -> Result<Traffic, Cancelled>,
    context: &Context,
) -> Result<Traffic, Cancelled> {
    context.progress.begin(&Stage { name: "simulating", unit: "exchanges", total: None });
    let traffic = simulate(&context.cancel);
    context.progress.end();
    traffic
}

/// Writes the four files of a set and syncs them.
pub fn write(traffic: &Traffic, folder: &Path, context: &Context) -> Result<(), SimulateError> {
    write_columns(traffic, folder, &BTreeSet::new(), context)
}

/// The same without the columns that a provider does not have.
pub(super) fn write_columns(
    traffic: &Traffic,
    folder: &Path,
    missing: &BTreeSet<&'static str>,
    context: &Context,
) -> Result<(), SimulateError> {
    let refuse = |source: io::Error| SimulateError::NotWritten { path: folder.into(), source };
    let empty = without(&RecordBatch::new_empty(tables::exchange_schema()), missing).map_err(refuse)?;
    let mut exchanges = Table::create(&folder.join(EXCHANGES), &empty.schema()).map_err(refuse)?;
    for rows in traffic.exchanges.chunks(ROW_GROUP_ROWS) {
        context.cancel.check()?;
        let batch = tables::exchanges(rows).map_err(io::Error::other).and_then(|batch| without(&batch, missing));
        exchanges.write(&batch.map_err(refuse)?).map_err(refuse)?;
    }
    exchanges.finish().map_err(refuse)?;
    let accounts = tables::accounts(&traffic.accounts).map_err(io::Error::other);
    let accounts = accounts.and_then(|batch| without(&batch, missing)).map_err(refuse)?;
    let mut table = Table::create(&folder.join(ACCOUNTS), &accounts.schema()).map_err(refuse)?;
    table.write(&accounts).map_err(refuse)?;
    table.finish().map_err(refuse)?;
    json(&folder.join(PERMITS), &serde_json::json!({ "permits": traffic.permits })).map_err(refuse)?;
    json(&folder.join(TRUTH), &traffic.truth).map_err(refuse)
}

fn without(batch: &RecordBatch, missing: &BTreeSet<&'static str>) -> io::Result<RecordBatch> {
    let schema = batch.schema();
    let fields = schema.fields().iter().enumerate();
    let kept = fields.filter(|(_, field)| !missing.contains(field.name().as_str())).map(|(index, _)| index);
    batch.project(&kept.collect::<Vec<_>>()).map_err(io::Error::other)
}

/// A Parquet file in the making.
struct Table(ArrowWriter<File>);

impl Table {
    fn create(path: &Path, schema: &SchemaRef) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        Ok(Self(ArrowWriter::try_new(File::create_new(path)?, Arc::clone(schema), Some(properties))?))
    }

    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        Ok(self.0.write(batch)?)
    }

    fn finish(self) -> io::Result<()> {
        self.0.into_inner()?.sync_all()
    }
}

pub(super) fn json(path: &Path, value: &impl serde::Serialize) -> io::Result<()> {
    let file = File::create_new(path)?;
    serde_json::to_writer_pretty(&file, value)?;
    file.sync_all()
}
