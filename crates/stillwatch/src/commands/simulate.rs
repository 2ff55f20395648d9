//! `stillwatch simulate`

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use stillwatch_run::atomic::Folder;
use stillwatch_run::simulation as tables;
use stillwatch_simulate::{CampaignPlan, Class, Plan, Traffic, WorldPlan, simulate};

use crate::cli::Simulate;
use crate::error::{Code, Failure};
use crate::progress::Spinner;
use crate::{interrupt, output};

pub(crate) const EXCHANGES: &str = "exchanges.parquet";
pub(crate) const ACCOUNTS: &str = "accounts.parquet";
pub(crate) const PERMITS: &str = "permits.json";
pub(crate) const TRUTH: &str = "truth.json";
/// What was drawn for a random world.
const WORLD: &str = "world.json";

/// Small enough for several threads to have some.
const ROW_GROUP_ROWS: usize = 20_000;
/// Exchanges of a random world.
const WORLD_EXCHANGES: u32 = 90_000;

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
    let spinner = Spinner::new("simulating");
    if let Some(count) = arguments.worlds {
        let written = worlds(arguments, count, folder.path());
        drop(spinner);
        let exchanges = written.and_then(|exchanges| folder.commit().map(|()| exchanges)).map_err(refuse)?;
        output::print(&format!("{}: {count} worlds, {exchanges} exchanges\n", arguments.output.display()))?;
        return Ok(Code::Done);
    }
    let traffic = of_world(arguments).unwrap_or_else(|| simulate(&plan(arguments)));
    drop(spinner);
    write(&traffic, folder.path()).and_then(|()| folder.commit()).map_err(refuse)?;
    output::print(&format!(
        "{}: {} exchanges of {} accounts, {} of them in {} campaigns\n",
        arguments.output.display(),
        traffic.exchanges.len(),
        traffic.accounts.len(),
        traffic.truth.campaign.len(),
        traffic.truth.campaign.values().collect::<BTreeSet<_>>().len()
    ))?;
    Ok(Code::Done)
}

/// A crowd that only random worlds have.
fn of_world(arguments: &Simulate) -> Option<Traffic> {
    let name = arguments.crowd.as_deref().filter(|name| Class::parse(name).is_none())?;
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let plan = WorldPlan::of_crowd(arguments.seed, 1, name, size(arguments.accounts), size(arguments.among))?;
    Some(plan.simulate())
}

fn plan(arguments: &Simulate) -> Plan {
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let mut plan = match (arguments.crowd.as_deref().and_then(Class::parse), arguments.ladder) {
        (Some(class), _) => Plan::crowd(arguments.seed, class, size(arguments.accounts)).among(size(arguments.among)),
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
    match arguments.exchanges {
        Some(exchanges) => plan.with_exchanges(size(exchanges)),
        None => plan,
    }
}

/// Writes random worlds into folders of their own, on all processors; the number of exchanges.
fn worlds(arguments: &Simulate, count: u32, folder: &Path) -> io::Result<u64> {
    let exchanges = usize::try_from(arguments.exchanges.unwrap_or(WORLD_EXCHANGES)).unwrap_or(usize::MAX);
    let next = AtomicU64::new(1);
    let work = || -> io::Result<u64> {
        let mut written = 0;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number > u64::from(count) {
                return Ok(written);
            }
            let plan = WorldPlan::draw(arguments.seed, number, exchanges);
            let traffic = plan.simulate();
            let description = plan.description();
            let own = folder.join(format!("world-{number:04}"));
            std::fs::create_dir(&own)?;
            write_columns(&traffic, &own, &description.coverage.missing)?;
            json(&own.join(WORLD), &description)?;
            written += traffic.exchanges.len() as u64;
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let written = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| {
            worker.join().unwrap_or_else(|_| Err(io::Error::other("a thread that simulated a world ended early")))
        });
        ended.collect::<io::Result<Vec<u64>>>()
    })?;
    Ok(written.into_iter().sum())
}

/// Writes the four files of a set and syncs them.
pub(crate) fn write(traffic: &Traffic, folder: &Path) -> io::Result<()> {
    write_columns(traffic, folder, &BTreeSet::new())
}

/// The same without the columns that a provider does not have.
fn write_columns(traffic: &Traffic, folder: &Path, missing: &BTreeSet<&'static str>) -> io::Result<()> {
    let batches = traffic.exchanges.chunks(ROW_GROUP_ROWS).map(|rows| without(&tables::exchanges(rows)?, missing));
    let schema =
        without(&RecordBatch::new_empty(tables::exchange_schema()), missing).map_err(io::Error::other)?.schema();
    parquet(&folder.join(EXCHANGES), &schema, batches)?;
    let accounts = tables::accounts(&traffic.accounts).and_then(|batch| without(&batch, missing));
    let accounts = accounts.map_err(io::Error::other)?;
    parquet(&folder.join(ACCOUNTS), &accounts.schema(), [Ok(accounts)])?;
    json(&folder.join(PERMITS), &serde_json::json!({ "permits": traffic.permits }))?;
    json(&folder.join(TRUTH), &traffic.truth)
}

fn without(batch: &RecordBatch, missing: &BTreeSet<&'static str>) -> arrow::error::Result<RecordBatch> {
    let schema = batch.schema();
    let kept: Vec<usize> = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| !missing.contains(field.name().as_str()))
        .map(|(index, _)| index)
        .collect();
    batch.project(&kept)
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
