//! `stillwatch doctor`

use std::fs::File;
use std::io::stdin;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use arrow::array::RecordBatch;
use stillwatch_ingest::{EdgeLog, FieldMap, IngestError, ParquetSource, ReadOptions, Recognised, Tally, TextReader};

use stillwatch_run::inputs::Inputs;
use stillwatch_run::{InputError, memory};

use crate::cli::{Doctor, Format};
use crate::commands::detect::accounts;
use crate::doctor::{Examination, LogReport, SCHEMA, Survey, detectors, table};
use crate::error::{Code, Failure};
use crate::logs::{self, Joined, Log};
use crate::message::warning;
use crate::reading::{read_edge, tell_sources};
use crate::{inputs, interrupt, output};

const DEFAULT_MAX_REJECTED: u64 = 1000;

pub(crate) fn run(arguments: &Doctor) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let (examination, partial) = examine(arguments)?;
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&examination)
            .map(|text| text + "\n")
            .map_err(|error| Failure::runtime("the examination cannot be written as JSON").because(error))?,
        Format::Table => table(&examination),
    };
    output::write(&text, arguments.output.as_deref())?;
    Ok(if partial { Code::Partial } else { Code::Done })
}

/// The examination, and whether more rows were rejected than allowed.
fn examine(arguments: &Doctor) -> Result<(Examination, bool), Failure> {
    let map = match &arguments.map {
        Some(path) => FieldMap::parse(&inputs::configuration(path)?).map_err(|error| {
            Failure::usage(format!("the field map {} cannot be used", path.display())).because(error)
        })?,
        None => FieldMap::default(),
    };
    let tables = [&arguments.accounts, &arguments.edge];
    let others: Vec<&Path> = tables.into_iter().flatten().map(PathBuf::as_path).collect();
    let inputs = Inputs::find(&arguments.logs, &others)?;
    if let Some(folder) = inputs.digests.first() {
        warning(&format!("{} holds digests, not logs; it is left out", folder.path.display()));
    }
    let memory = memory::default();
    let accounts = arguments.accounts.as_deref().map(|path| accounts(path, &map)).transpose()?;
    let edge = arguments.edge.as_deref().map(|path| read_edge(path, &map, memory)).transpose()?;
    let options = ReadOptions { map, keep_unattributed: true, ..ReadOptions::default() };
    let logs = logs::group(&inputs.logs, &options, arguments.format_in.as_deref())?;
    tell_sources(&logs);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let mut reports = Vec::new();
    for log in logs {
        reports.push(survey(log, &options, edge.as_ref(), memory, now)?);
    }
    let partial = is_partial(&reports, arguments.max_rejected);
    let examination = Examination {
        schema: SCHEMA,
        detectors: detectors(&reports, accounts.as_deref()),
        logs: reports,
        accounts: accounts.map(|accounts| accounts.len() as u64),
        edge_requests: edge.map(|edge| edge.len() as u64),
    };
    Ok((examination, partial))
}

fn is_partial(reports: &[LogReport], allowed: Option<u64>) -> bool {
    let rows: u64 = reports.iter().map(|report| report.rows).sum();
    let rejected: u64 = reports.iter().flat_map(|report| report.rejected.values()).sum();
    let allowed = allowed.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(rows / 100));
    let nothing_read = !reports.is_empty() && reports.iter().all(|report| report.accepted == 0);
    rejected > allowed || nothing_read
}

fn survey(
    mut log: Log,
    options: &ReadOptions,
    edge: Option<&EdgeLog>,
    memory: usize,
    now: i64,
) -> Result<LogReport, Failure> {
    let mut survey = Survey::new(now);
    let mut filled = Tally::default();
    let mut see = |batch: RecordBatch| {
        let Some(edge) = edge else { return survey.add(&batch, None) };
        let enriched = edge.enrich(batch.clone());
        filled.note_enriched(&batch, &enriched);
        survey.add(&enriched, Some(edge));
    };
    let name = log.name();
    let refuse = |error: IngestError| Failure::runtime(format!("{name} cannot be read")).because(error);
    let mut options = log.options(options, memory);
    let mut tally = match (log.files.as_slice(), log.parquet) {
        ([file], true) => {
            options.hive.clone_from(&file.hive);
            let path = file.path.as_deref().unwrap_or(Path::new(""));
            let source = ParquetSource::open(inputs::open(path)?, &file.name).map_err(refuse)?;
            let groups: Vec<usize> = (0..source.row_groups()).collect();
            let mut reader = source.read(&groups, &options).map_err(refuse)?;
            drain(&mut reader, &name, &mut see)?;
            reader.into_tally()
        }
        ([file], false) => {
            options.hive.clone_from(&file.hive);
            let input: Box<dyn std::io::Read + Send> = match &file.path {
                Some(path) => Box::new(File::open(path).map_err(|error| refuse(IngestError::Io(error)))?),
                None => Box::new(stdin()),
            };
            let mut reader = TextReader::new(input, None, &options, &file.name).map_err(refuse)?;
            log.recognised = Some(reader.recognised());
            drain(&mut reader, &name, &mut see)?;
            reader.into_tally()
        }
        _ => {
            let mut reader = Joined::new(log.clone(), options);
            drain(&mut reader, &name, &mut see)?;
            reader.tally().clone()
        }
    };
    tally.merge(&filled);
    log.recognised = log.recognised.or(Some(Recognised::CANONICAL));
    Ok(survey.report(&log, &tally))
}

fn drain(
    batches: &mut dyn Iterator<Item = Result<RecordBatch, IngestError>>,
    name: &str,
    see: &mut dyn FnMut(RecordBatch),
) -> Result<(), Failure> {
    for batch in batches {
        if interrupt::happened() {
            return Err(Failure::interrupted());
        }
        let refuse = |error| Failure::runtime("a log cannot be read").because(InputError::new(name, error));
        see(batch.map_err(refuse)?);
    }
    Ok(())
}
