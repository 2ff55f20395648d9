//! Campaigns in request logs.

use std::path::{Path, PathBuf};

use stillwatch_core::{Account, Cancelled, Family, Micros, Permit, Policy, WatchedIndicator};
use stillwatch_detect::{DetectionReport, Detector, Inputs, Options};
use stillwatch_digest::Names;
use stillwatch_engine::windows;
use stillwatch_ingest::{
    Appearance, FieldMap, IngestError, Tally, read_accounts, read_permits, read_policy, read_watchlist,
};
use tracing::info_span;

use crate::clock;
use crate::context::Context;
use crate::error::{Fault, RunError};
use crate::files::{self, FileError};
use crate::notice::Notice;
use crate::reading::{LogOptions, ReadError, Reading, notify_of_table};
use crate::saved_report::{self, SavedReportError};

/// Clocks differ a little; a day does not.
const FUTURE_SECONDS: i64 = 86_400;

/// Reads logs or day digests and finds the accounts in them that act as one.
#[derive(Clone, Debug, Default)]
pub struct Detect {
    pub logs: LogOptions,
    /// Account table: sign-up, payment, organisation.
    pub accounts: Option<PathBuf>,
    /// Who may distil, from when until when (JSON).
    pub permits: Option<PathBuf>,
    /// Written rules that restrict owners or regions (TOML).
    pub policy: Option<PathBuf>,
    /// Indicators that others saw (JSON, NDJSON or CSV).
    pub watchlist: Option<PathBuf>,
    /// An earlier report (JSON): campaigns that continue one of it keep its id.
    pub previous: Option<PathBuf>,
    /// Families of evidence that the tests leave out.
    pub without: Vec<Family>,
}

/// What a detection gave.
#[derive(Clone, Debug)]
pub struct Detection {
    pub report: DetectionReport,
    /// Nothing was read, or not all of the input: see [`Inputs::read`].
    pub is_partial: bool,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Previous(#[from] SavedReportError),
    #[error("the {what} {} cannot be used", .path.display())]
    Table { what: &'static str, path: PathBuf, source: IngestError },
    /// It is something else, and how that is given.
    #[error("the {what} {} cannot be used: it is {appearance}", .path.display())]
    OtherRole { what: &'static str, path: PathBuf, appearance: Appearance },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl RunError for DetectError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read(error) => error.fault(),
            Self::File(error) => error.fault(),
            Self::Previous(error) => error.fault(),
            Self::Table { .. } | Self::OtherRole { .. } => Fault::Request,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.help(),
            Self::File(error) => error.help(),
            Self::Previous(error) => error.help(),
            Self::OtherRole { appearance, .. } => Some(appearance.help()),
            Self::Table { .. } | Self::Cancelled(_) => None,
        }
    }
}

impl Detect {
    /// Reads and detects. It takes the thread until it is done, so an asynchronous caller moves it to a blocking one.
    pub fn run(&self, context: &Context) -> Result<Detection, DetectError> {
        let _span = info_span!("detect", inputs = self.logs.logs.len()).entered();
        let permits = self.permits.as_deref().map(permits).transpose()?.unwrap_or_default();
        let policy = self.policy.as_deref().map(policy).transpose()?;
        let watchlist = self.watchlist.as_deref().map(|path| watchlist(path, context)).transpose()?;
        let previous = self.previous.as_deref().map(saved_report::read).transpose()?;
        let tables = [&self.accounts, &self.permits, &self.policy, &self.watchlist, &self.logs.edge];
        let others: Vec<&Path> = tables.into_iter().flatten().map(PathBuf::as_path).collect();
        let reading = Reading::new(&self.logs, &others, context)?;
        let accounts = self.accounts.as_deref().map(|path| accounts(path, &reading.map, context)).transpose()?;
        let window = reading.window;
        let names = Names::new(&reading.key);
        let options = Options { threads: reading.threads.get(), without: self.without.clone() };
        let mut detector = Detector::new(accounts.unwrap_or_default(), permits, &names, options);
        if let Some(policy) = policy {
            detector = detector.with_policy(policy, &names);
        }
        if let Some(watchlist) = watchlist {
            detector = detector.with_watchlist(watchlist, &names);
        }
        let (mut exchanges, mut sampled, mut last) = (0, false, None);
        for account in windows(reading.days()?) {
            let (account, window) = account.map_err(ReadError::from)?;
            context.cancel.check()?;
            exchanges += window.total;
            sampled |= window.exchanges.iter().any(|exchange| exchange.weight > 1);
            last = last.max(window.span().map(|(_, last)| last));
            detector.add(account, &window);
        }
        let counts = reading.counts()?;
        let is_partial = reading.finish(&counts);
        if last.is_some_and(is_future) {
            context.notify(&Notice::FutureExchanges);
        }
        // Frees the engine, its threads and its memory.
        drop(reading);
        let extent = counts.extent(is_partial);
        let inputs = Inputs { read: extent, ..counts.inputs((!sampled).then_some(exchanges)) };
        let _span = info_span!("judge", rows = inputs.rows).entered();
        context.progress.begin(&DETECTING);
        let mut report = detector.detect(window, inputs, &context.cancel, context.progress.as_ref())?;
        context.progress.end();
        context.cancel.check()?;
        if let Some(previous) = &previous {
            report.continue_from(previous);
        }
        Ok(Detection { report, is_partial })
    }
}

const PERMITS: &str = "permits";
const DETECTING: stillwatch_core::Stage = stillwatch_core::Stage { name: "detecting", unit: "rounds", total: None };

pub(crate) fn accounts(path: &Path, map: &FieldMap, context: &Context) -> Result<Vec<Account>, DetectError> {
    let mut tally = Tally::default();
    let accounts = read_accounts(files::open(path)?, None, map, &path.display().to_string(), &mut tally)
        .map_err(refuse("account table", path))?;
    notify_of_table("account table", &tally, context);
    if accounts.is_empty() {
        context.notify(&Notice::EmptyAccountTable);
    }
    Ok(accounts)
}

pub(crate) fn permits(path: &Path) -> Result<Vec<Permit>, DetectError> {
    read_permits(files::open(path)?).map_err(refuse_text(PERMITS, path))
}

fn policy(path: &Path) -> Result<Policy, DetectError> {
    read_policy(files::open(path)?).map_err(refuse_text("policy", path))
}

fn watchlist(path: &Path, context: &Context) -> Result<Vec<WatchedIndicator>, DetectError> {
    let indicators = read_watchlist(files::open(path)?).map_err(refuse_text("watch-list", path))?;
    if indicators.is_empty() {
        context.notify(&Notice::EmptyWatchlist);
    }
    Ok(indicators)
}

fn refuse(what: &'static str, path: &Path) -> impl FnOnce(IngestError) -> DetectError {
    let path = path.to_owned();
    move |source| DetectError::Table { what, path, source }
}

/// The same of a file of text: where it is something else, what it is says more than where its text goes wrong.
fn refuse_text(what: &'static str, path: &Path) -> impl FnOnce(IngestError) -> DetectError {
    let path = path.to_owned();
    move |source| match files::appearance(&path) {
        Some(appearance) if !(appearance == Appearance::Permits && what == PERMITS) => {
            DetectError::OtherRole { what, path, appearance }
        }
        _ => DetectError::Table { what, path, source },
    }
}

fn is_future(moment: Micros) -> bool {
    moment.seconds() > clock::now().seconds().saturating_add(FUTURE_SECONDS)
}
