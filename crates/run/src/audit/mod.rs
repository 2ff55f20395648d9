//! What a corpus is looked at with, and what became of it: reports, ledgers, checkpoints, corpora taken apart, and
//! models of style.

mod checkpoint;
mod error;
mod exclusions;
mod instruments;
mod ledger;
mod positioned;
mod reference;
mod report;
mod scan;
mod split;
mod train;

use std::path::{Path, PathBuf};
use std::time::Duration;

use stillwatch_audit::{AuditReport, TrainingPolicy};
use stillwatch_core::{Micros, ratio};
use tracing::info_span;

pub use self::error::{AuditError, InstrumentError, KeyRingProblem};
pub use self::instruments::Search;
pub(crate) use self::positioned::PositionedFile;
pub use self::split::{Bin, Separated, Split};
pub use self::train::{LearnedFamily, Train, Trained};

use self::checkpoint::{Checkpoint, Position};
use self::instruments::{Equipment, equip};
use self::ledger::Ledger;
use crate::clock;
use crate::context::Context;
use crate::corpus::{Corpus, Files, notify_of_rows};
use crate::detect::permits;
use crate::files;

/// Looks through a corpus for other models' outputs.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    pub corpus: Corpus,
    pub search: Search,
    /// Rules of what may be trained on (TOML).
    pub policy: Option<PathBuf>,
    /// Permits that rules of the policy may name (JSON).
    pub permits: Option<PathBuf>,
    /// For when permits are judged; without it, now.
    pub on: Option<Micros>,
    /// The report of an earlier audit under the same key.
    pub previous: Option<PathBuf>,
    /// Where to write every hit (Parquet).
    pub ledger: Option<PathBuf>,
    /// Where to write the rows to leave out of training (CSV).
    pub exclusions: Option<PathBuf>,
    /// Put the text of each hit into the ledger.
    pub show_text: bool,
    /// The folder for checkpoints.
    pub resume: Option<PathBuf>,
    /// Time between two checkpoints.
    pub checkpoint_every: Duration,
    /// Where the caller will write the report: it is no part of the corpus and takes the place of no input.
    pub output: Option<PathBuf>,
}

/// What an audit gave.
pub struct Audited {
    pub report: AuditReport,
    /// More rows were rejected than allowed, or files could not be read.
    pub is_partial: bool,
    checkpoint: Option<(Checkpoint, u32)>,
}

impl Audited {
    /// Removes the checkpoints, once the report has been written.
    pub fn written(self) {
        if let Some((checkpoint, parts)) = self.checkpoint {
            checkpoint.finish(parts);
        }
    }
}

impl Audit {
    pub fn run(&self, context: &Context) -> Result<Audited, AuditError> {
        let _span = info_span!("audit", inputs = self.corpus.paths.len()).entered();
        let policy = self.policy.as_deref().map(policy).transpose()?;
        let permits = self.permits.as_deref().map(permits).transpose()?.unwrap_or_default();
        let day = self.on.unwrap_or_else(clock::now).day();
        let others: Vec<&Path> = self.others().collect();
        let files = Files::find(&self.corpus, &others, context)?;
        self.check_results(&files)?;
        let previous = self.previous.as_deref().map(earlier).transpose()?;
        let mut equipment = equip(&self.search, context)?;
        equipment.instruments.show_text = self.show_text;
        equipment.instruments.marked_share = marked_share(files.bytes());
        if let (Some(policy), Some(path)) = (&policy, &self.policy) {
            let used = equipment.vendors();
            policy
                .check_vendors(&used)
                .map_err(|error| AuditError::Policy { path: path.clone(), source: error.into() })?;
        }
        let seen = self.scan(&files, &equipment, policy.as_ref(), context)?;
        // A rule is not kept by rows that were not read, so a gate lets none pass unless it is told how many.
        let allowed = self.corpus.max_rejected.or(policy.is_some().then_some(0));
        let unread = notify_of_rows(&seen.tally, allowed, context);
        let is_partial = unread || seen.failed > 0 || seen.collector.documents == 0;
        let rules = policy.as_ref().map(|policy| (policy, permits.as_slice(), day));
        let previous = previous.as_ref().map(|(name, report)| (name.as_str(), report));
        let report = report::assemble(self, files.names(), equipment, &seen, rules, previous, context)?;
        Ok(Audited { report, is_partial, checkpoint: seen.checkpoint })
    }

    /// Refuses a result that would take the place of what is read.
    fn check_results(&self, files: &Files) -> Result<(), AuditError> {
        let real = |path: &Path| path.canonicalize().ok();
        let inputs: Vec<PathBuf> = files.paths().chain(self.inputs()).filter_map(real).collect();
        for result in [&self.output, &self.ledger, &self.exclusions].into_iter().flatten() {
            if real(result).is_some_and(|real| inputs.contains(&real)) {
                return Err(AuditError::InPlaceOfInput(result.clone()));
            }
        }
        Ok(())
    }

    /// Files that are read beside the corpus.
    fn inputs(&self) -> impl Iterator<Item = &Path> {
        let key = match &self.search.key {
            crate::reading::KeyChoice::File(path) => Some(path.as_path()),
            _ => None,
        };
        let search = &self.search;
        let one = [&search.canaries, &self.policy, &self.permits, &self.previous];
        let many = search.indexes.iter().chain(&search.watermarks);
        one.into_iter().flatten().chain(many).map(PathBuf::as_path).chain(key)
    }

    /// Files that are no part of the corpus.
    fn others(&self) -> impl Iterator<Item = &Path> {
        let own = [&self.policy, &self.permits, &self.previous, &self.ledger, &self.exclusions, &self.output];
        own.into_iter().flatten().map(PathBuf::as_path).chain(self.search.paths())
    }
}

/// The share of a corpus of so many bytes whose n-grams are read for tests of watermarks over the whole: sixty times what
/// a test keeps, so that reading more would change no test and takes hours. All of a stream, whose length is not known.
fn marked_share(bytes: u64) -> f64 {
    const ENOUGH: u64 = 64 << 20;
    if bytes > ENOUGH { ratio(ENOUGH, bytes) } else { 1.0 }
}

/// An earlier report by its name.
fn earlier(path: &Path) -> Result<(String, AuditReport), AuditError> {
    let report = serde_json::from_str(&files::read_text(path)?)
        .map_err(|source| AuditError::EarlierReport { path: path.into(), source })?;
    Ok((path.display().to_string(), report))
}

fn policy(path: &Path) -> Result<TrainingPolicy, AuditError> {
    TrainingPolicy::parse(&files::read_text(path)?)
        .map_err(|error| AuditError::Policy { path: path.into(), source: error.into() })
}
