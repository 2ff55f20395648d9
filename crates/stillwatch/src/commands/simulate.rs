//! `stillwatch simulate`

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use stillwatch_core::Stage;
use stillwatch_run::atomic::Folder;
use stillwatch_run::simulation as tables;
use stillwatch_simulate::{CampaignPlan, Plan, Traffic, simulate};

use crate::cli::Simulate;
use crate::error::{Code, Failure};
use crate::{interrupt, output};

pub(crate) const EXCHANGES: &str = "exchanges.parquet";
pub(crate) const ACCOUNTS: &str = "accounts.parquet";
pub(crate) const PERMITS: &str = "permits.json";
pub(crate) const TRUTH: &str = "truth.json";

/// Small enough for several threads to have some.
const ROW_GROUP_ROWS: usize = 20_000;

pub(crate) fn run(arguments: &Simulate) -> Result<Code, Failure> {
    let refuse = |error: io::Error| {
        let path = arguments.output.display();
        match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => Failure::usage(format!("the folder {path} is not empty"))
                .help("choose another folder with -o, or remove this one"),
            io::ErrorKind::NotADirectory => Failure::usage(format!("{path} is not a folder")),
            _ => Failure::runtime(format!("the traffic cannot be written to {path}")).because(error),
        }
    };
    let folder = Folder::new(&arguments.output, &interrupt::context().temporaries).map_err(refuse)?;
    let simulating = simulating();
    let traffic = simulate(&plan(arguments)?);
    drop(simulating);
    write(&traffic, folder.path()).and_then(|()| folder.commit()).map_err(refuse)?;
    output::print(&format!(
        "{}: {} exchanges of {} accounts, {} of them in {} campaigns\n",
        arguments.output.display(),
        traffic.exchanges.len(),
        traffic.accounts.len(),
        traffic.truth.campaign.len(),
        traffic.truth.campaign.values().collect::<std::collections::BTreeSet<_>>().len()
    ))?;
    Ok(Code::Done)
}

/// A stage that lasts until it is dropped.
pub(crate) struct Simulating;

pub(crate) fn simulating() -> Simulating {
    interrupt::context().progress.begin(&Stage { name: "simulating", unit: "exchanges", total: None });
    Simulating
}

impl Drop for Simulating {
    fn drop(&mut self) {
        interrupt::context().progress.end();
    }
}

/// A number as a size of this machine.
pub(crate) fn size(number: u32) -> Result<usize, Failure> {
    usize::try_from(number)
        .map_err(|error| Failure::usage(format!("{number} is too large for this machine")).because(error))
}

fn plan(arguments: &Simulate) -> Result<Plan, Failure> {
    let mut plan = match (arguments.crowd, arguments.ladder) {
        (Some(class), _) => Plan::crowd(arguments.seed, class, size(arguments.accounts)?).among(size(arguments.among)?),
        (None, Some(level)) => Plan::ladder(arguments.seed, level),
        (None, None) => Plan::demo(arguments.seed),
    };
    if !arguments.campaign.is_empty() {
        plan.campaigns = CampaignPlan::all();
        plan.campaigns.retain(|campaign| arguments.campaign.contains(&campaign.name));
    }
    plan.days = arguments.days;
    if arguments.benign {
        plan = plan.only_benign();
    }
    Ok(match arguments.exchanges {
        Some(exchanges) => plan.with_exchanges(size(exchanges)?),
        None => plan,
    })
}

/// Writes the four files of a set and syncs them.
pub(crate) fn write(traffic: &Traffic, folder: &Path) -> io::Result<()> {
    let batches = traffic.exchanges.chunks(ROW_GROUP_ROWS).map(tables::exchanges);
    parquet(&folder.join(EXCHANGES), &tables::exchange_schema(), batches)?;
    parquet(&folder.join(ACCOUNTS), &tables::account_schema(), [tables::accounts(&traffic.accounts)])?;
    json(&folder.join(PERMITS), &serde_json::json!({ "permits": traffic.permits }))?;
    json(&folder.join(TRUTH), &traffic.truth)
}

fn parquet(
    path: &Path,
    schema: &SchemaRef,
    batches: impl IntoIterator<Item = arrow::error::Result<RecordBatch>>,
) -> io::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build();
    let mut writer = ArrowWriter::try_new(File::create_new(path)?, Arc::clone(schema), Some(properties))?;
    for batch in batches {
        writer.write(&batch.map_err(io::Error::other)?)?;
    }
    writer.into_inner()?.sync_all()
}

fn json(path: &Path, value: &impl serde::Serialize) -> io::Result<()> {
    let file = File::create_new(path)?;
    serde_json::to_writer_pretty(&file, value)?;
    file.sync_all()
}
