//! What logs are worth: what they are, what they hold, what is wrong with them, and which tests they are enough for.
//!
//! A `Survey` goes through the batches of one log and keeps numbers alone; `clock` compares times, `detectors` says
//! which tests the columns are enough for.

mod clock;
mod detectors;
mod survey;

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use serde::Serialize;
use stillwatch_core::{Cancelled, NotEvaluated};
use stillwatch_detect::Extent;
use stillwatch_ingest::{EdgeLog, FieldSurvey, IngestError, ParquetSource, ReadOptions, Recognised, Tally, TextReader};
use tracing::info_span;

pub use self::clock::Skew;
pub use self::detectors::{Detector, Runs};
pub use self::survey::{LogReport, Sampling, Tokens};

use self::detectors::detectors;
use self::survey::Survey;
use crate::context::Context;
use crate::detect::{DetectError, accounts};
use crate::error::{Fault, InputError, RunError};
use crate::files::{self, FileError};
use crate::inputs::{Inputs, InputsError, LogFile};
use crate::logs::{self, Joined, Log};
use crate::memory;
use crate::notice::Notice;
use crate::reading::{DEFAULT_MAX_REJECTED, EDGE_SHARE, ReadError, map_of, notify_of_sources, read_edge, unread};

/// The identifier of the JSON form.
pub const SCHEMA: &str = "stillwatch.doctor/1";

/// Examines logs. Nothing is written and no key is needed.
#[derive(Clone, Debug, Default)]
pub struct Doctor {
    pub logs: Vec<PathBuf>,
    /// What the logs are, where their first records do not tell.
    pub format_in: Option<String>,
    pub accounts: Option<PathBuf>,
    pub edge: Option<PathBuf>,
    pub map: Option<PathBuf>,
    pub max_rejected: Option<u64>,
}

/// The examination of all logs of a run.
#[derive(Debug, Serialize)]
pub struct Examination {
    pub schema: &'static str,
    /// How much of the logs a detection would read.
    pub read: Extent,
    /// What it would not read, why, and the next step.
    pub not_read: Vec<NotEvaluated>,
    pub logs: Vec<LogReport>,
    /// Accounts in the account table, where one was given.
    pub accounts: Option<u64>,
    /// Requests in the edge log, where one was given.
    pub edge_requests: Option<u64>,
    pub detectors: Vec<Detector>,
    /// Nothing was read, or not all of the logs.
    #[serde(skip)]
    pub is_partial: bool,
}

/// Why logs cannot be examined.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Inputs(#[from] InputsError),
    #[error(transparent)]
    Accounts(#[from] DetectError),
    #[error(transparent)]
    File(#[from] FileError),
    /// A log tells for itself that it cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl RunError for DoctorError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read(error) => error.fault(),
            Self::Inputs(error) => error.fault(),
            Self::Accounts(error) => error.fault(),
            Self::File(error) => error.fault(),
            Self::Input(error) => error.fault(),
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.help(),
            Self::Inputs(error) => error.help(),
            Self::Accounts(error) => error.help(),
            Self::File(error) => error.help(),
            Self::Input(_) | Self::Cancelled(_) => None,
        }
    }
}

impl Doctor {
    pub fn run(&self, context: &Context) -> Result<Examination, DoctorError> {
        let _span = info_span!("doctor", inputs = self.logs.len()).entered();
        let map = map_of(self.map.as_deref())?;
        let tables = [&self.accounts, &self.edge];
        let others: Vec<&Path> = tables.into_iter().flatten().map(PathBuf::as_path).collect();
        let mut inputs = Inputs::find(&self.logs, &others)?;
        let options = ReadOptions { map: map.clone(), keep_unattributed: true, ..ReadOptions::default() };
        logs::leave_out_roles(&mut inputs, &options, context);
        if inputs.skipped > 0 {
            context.notify(&Notice::FilesSkipped(inputs.skipped));
        }
        if let Some(folder) = inputs.digests.first() {
            context.notify(&Notice::DigestsNotExamined(folder.path.clone()));
        }
        let memory = memory::default();
        let accounts = self.accounts.as_deref().map(|path| accounts(path, &map, context)).transpose()?;
        let edge = self.edge.as_deref().map(|path| read_edge(path, &map, memory / EDGE_SHARE, context)).transpose()?;
        let logs = logs::group(&inputs.logs, &options, self.format_in.as_deref()).map_err(ReadError::from)?;
        notify_of_sources(&logs, context);
        let now = crate::clock::now().0;
        let (mut reports, mut whole) = (Vec::new(), Tally::default());
        for log in logs {
            let (report, tally) = survey(log, &options, edge.as_ref(), memory, now, context)?;
            whole.merge(&tally.attributed(&report.files.join(" + ")));
            reports.push(report);
        }
        let not_read = if reports.is_empty() { Vec::new() } else { unread(&whole) };
        for gap in &not_read {
            context.notify(&Notice::NotRead(gap.clone()));
        }
        let is_partial = is_partial(&whole, !reports.is_empty(), self.max_rejected) || !not_read.is_empty();
        Ok(Examination {
            schema: SCHEMA,
            read: match whole.accepted {
                0 => Extent::Nothing,
                _ if is_partial => Extent::Partly,
                _ => Extent::All,
            },
            not_read,
            detectors: detectors(&reports, accounts.as_deref()),
            is_partial,
            logs: reports,
            accounts: accounts.map(|accounts| accounts.len() as u64),
            edge_requests: edge.map(|edge| edge.len() as u64),
        })
    }
}

fn is_partial(whole: &Tally, has_logs: bool, allowed: Option<u64>) -> bool {
    let allowed = allowed.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(whole.rows / 100));
    whole.rejected_rows() > allowed || (has_logs && whole.accepted == 0)
}

fn survey(
    mut log: Log,
    options: &ReadOptions,
    edge: Option<&EdgeLog>,
    memory: usize,
    now: i64,
    context: &Context,
) -> Result<(LogReport, Tally), DoctorError> {
    let mut survey = Survey::new(now);
    let mut filled = Tally::default();
    let mut see = |batch: RecordBatch| {
        let Some(edge) = edge else { return survey.add(&batch, None) };
        let enriched = edge.enrich(batch.clone());
        filled.note_enriched(&batch, &enriched);
        survey.add(&enriched, Some(edge));
    };
    let name = log.name();
    let refuse = |source: IngestError| DoctorError::Input(InputError::new(&name, source));
    let mut options = log.options(options, memory);
    let survey_options = options.clone();
    let mut tally = match (log.files.as_slice(), log.parquet) {
        ([file], true) if log.source().is_some() => {
            options.hive.clone_from(&file.hive);
            let path = file.path.as_deref().unwrap_or(Path::new(""));
            let mut reader = logs::open(path, &options, &file.name).map_err(refuse)?;
            drain(&mut reader, &name, &mut see, context)?;
            reader.into_tally()
        }
        ([file], true) => {
            options.hive.clone_from(&file.hive);
            let path = file.path.as_deref().unwrap_or(Path::new(""));
            let source = ParquetSource::open(files::open(path)?, &file.name).map_err(refuse)?;
            let groups: Vec<usize> = (0..source.row_groups()).collect();
            let mut reader = source.read(&groups, &options).map_err(refuse)?;
            drain(&mut reader, &name, &mut see, context)?;
            reader.into_tally()
        }
        ([file], false) => {
            options.hive.clone_from(&file.hive);
            let input: Box<dyn Read + Send> = match &file.path {
                Some(path) => Box::new(File::open(path).map_err(|error| refuse(IngestError::Io(error)))?),
                None => Box::new(stdin()),
            };
            let mut reader = TextReader::new(input, None, &options, &file.name).map_err(refuse)?;
            log.recognised = Some(reader.recognised());
            drain(&mut reader, &name, &mut see, context)?;
            reader.into_tally()
        }
        (files, _) => {
            let mut reader = Joined::new(files.iter().map(LogFile::as_unit_file).collect(), options);
            drain(&mut reader, &name, &mut see, context)?;
            reader.tally().clone()
        }
    };
    tally.merge(&filled);
    log.recognised = log.recognised.or(Some(Recognised::CANONICAL));
    let mut report = survey.report(&log, &tally);
    if tally.accepted == tally.unattributed && tally.rows > 0 {
        report.fields = fields(&log, &survey_options).filter(|survey| !survey.fields.is_empty());
        // A name that is read may stand for something else: a duration called `time`.
        let is_piped = log.files.iter().all(|file| file.path.is_none());
        if !is_piped && !report.fields.as_ref().is_some_and(|survey| survey.has_columns) {
            report.set_not_recognised();
        }
    }
    Ok((report, tally))
}

/// The fields of a log of which nothing was read; of a pipe nothing is left to look at.
fn fields(log: &Log, options: &ReadOptions) -> Option<FieldSurvey> {
    let file = log.files.first()?;
    let input = File::open(file.path.as_deref()?).ok()?;
    if log.parquet {
        return FieldSurvey::of_parquet(&ParquetSource::open(input, &file.name).ok()?, options).ok();
    }
    FieldSurvey::of_text(input, options).ok()
}

fn drain(
    batches: &mut dyn Iterator<Item = Result<RecordBatch, IngestError>>,
    name: &str,
    see: &mut dyn FnMut(RecordBatch),
    context: &Context,
) -> Result<(), DoctorError> {
    for batch in batches {
        context.cancel.check()?;
        see(batch.map_err(|error| InputError::new(name, error))?);
    }
    Ok(())
}
