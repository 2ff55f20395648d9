//! Marks in answers to campaigns: issued, placed, and looked for.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use stillwatch_audit::canary::{Canary, Checker, REGISTRY_MODE, Registry, Request, placement};
use stillwatch_core::{Cancelled, Micros};
use stillwatch_ingest::{CorpusParser, CorpusTally};
use tracing::info_span;

use crate::clock;
use crate::context::Context;
use crate::corpus::{Corpus, CorpusError, Files, Outcome, Pipeline, notify_of_rows};
use crate::error::{Fault, RunError};
use crate::files::FileError;
use crate::saved_report::{self, SavedReportError};
use crate::{atomic, files, key, platform};

/// More than a registry ever holds.
const MOST_BYTES: u64 = 64 << 20;
/// Words of text for which the chance of a find is told when a canary is issued.
const TOLD_WORDS: u64 = 1_000_000_000_000;

/// Why a canary cannot be issued, placed or looked for.
#[derive(Debug, thiserror::Error)]
pub enum CanaryError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Report(#[from] SavedReportError),
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error("the report has no campaign {0}")]
    NoCampaign(String),
    #[error("the report has several campaigns that begin with {0}")]
    SeveralCampaigns(String),
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
    #[error("no canary was issued")]
    Refused(#[source] stillwatch_audit::canary::CanaryError),
    #[error("the registry of canaries {} can be read or changed by others (mode {mode:04o})", .path.display())]
    Open { path: PathBuf, mode: u32 },
    #[error("the registry of canaries {} cannot be read", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the registry of canaries {} cannot be used", .path.display())]
    Unusable { path: PathBuf, source: stillwatch_audit::canary::CanaryError },
    #[error("the registry cannot be written")]
    Json(#[source] stillwatch_audit::canary::CanaryError),
    #[error("the registry of canaries {} cannot be written", .path.display())]
    NotWritten { path: PathBuf, source: io::Error },
    #[error("the registry has no canary {0}")]
    Unknown(String),
    #[error("canary {id} expired on {expires}")]
    Expired { id: String, expires: String },
    #[error("the answer has no place for a canary")]
    NoPlace,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl RunError for CanaryError {
    fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            Self::Report(error) => error.fault(),
            Self::Corpus(error) => error.fault(),
            Self::Random(_) | Self::Json(_) | Self::NotWritten { .. } => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
            _ => Fault::Request,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.help(),
            Self::Report(error) => return error.help(),
            Self::Corpus(error) => return error.help(),
            Self::NoCampaign(_) | Self::SeveralCampaigns(_) => {
                "`stillwatch detect` lists the campaigns; give the whole id".into()
            }
            Self::Open { path, .. } => {
                format!("chmod 600 {}; whoever has read it can remove or plant the canaries", path.display())
            }
            Self::Expired { .. } => "issue another; this one is still looked for".into(),
            Self::NoPlace => {
                "a canary stands between two paragraphs of prose, never in code, tables, lists, quotations or calls"
                    .into()
            }
            _ => return None,
        })
    }
}

/// Issues a canary for a campaign of tier act, and adds it to the registry.
#[derive(Clone, Debug)]
pub struct Issue {
    /// A report of detect, which says of what tier the campaign is.
    pub report: PathBuf,
    /// The id of the campaign, or the beginning of one.
    pub campaign: String,
    /// Whose answers are marked.
    pub vendor: String,
    /// The person who approves it.
    pub approver: String,
    /// When it stops being placed.
    pub expires: Micros,
    /// One sentence with `{}` where the words of the canary go.
    pub template: String,
    /// It is created when there is none, readable by its owner alone.
    pub registry: PathBuf,
}

/// A canary, and the chance that 10^12 words of text hold it without it.
#[derive(Clone, Debug)]
pub struct Issued {
    pub canary: Canary,
    pub chance: f64,
}

impl Issue {
    pub fn run(&self, context: &Context) -> Result<Issued, CanaryError> {
        let _span = info_span!("canary_issue").entered();
        let report = saved_report::read(&self.report)?;
        let found = report.campaigns.iter().filter(|campaign| campaign.id.as_str().starts_with(&self.campaign));
        let found: Vec<_> = found.collect();
        let campaign = match found.as_slice() {
            [campaign] => campaign,
            [] => return Err(CanaryError::NoCampaign(self.campaign.clone())),
            _ => return Err(CanaryError::SeveralCampaigns(self.campaign.clone())),
        };
        let mut registry = if self.registry.exists() { read(&self.registry)? } else { Registry::default() };
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(CanaryError::Random)?;
        let request = Request {
            vendor: self.vendor.clone(),
            campaign: campaign.id.clone(),
            tier: campaign.tier,
            approver: self.approver.clone(),
            issued: clock::now(),
            expires: self.expires,
            template: self.template.clone(),
        };
        let canary = registry.issue(request, random).map_err(CanaryError::Refused)?;
        write(&self.registry, &registry, context)?;
        let chance = Checker::new(&registry).chance(TOLD_WORDS);
        Ok(Issued { canary, chance })
    }
}

/// An answer with a canary in it.
pub fn place(canary: &Canary, answer: &str) -> Result<String, CanaryError> {
    let Some(at) = placement(answer) else { return Err(CanaryError::NoPlace) };
    Ok(format!("{}{}\n\n{}", &answer[..at], canary.text().expose(), &answer[at..]))
}

/// The canary of this id, unless it has expired.
pub fn placeable(registry: &Path, id: &str) -> Result<Canary, CanaryError> {
    let registry = read(registry)?;
    let Some(canary) = registry.canaries().iter().find(|canary| canary.id == id) else {
        return Err(CanaryError::Unknown(id.to_owned()));
    };
    if !canary.is_current(clock::now()) {
        return Err(CanaryError::Expired { id: canary.id.clone(), expires: canary.expires.clone() });
    }
    Ok(canary.clone())
}

/// Looks for all canaries of a registry in a corpus.
#[derive(Clone, Debug, Default)]
pub struct Check {
    pub corpus: Corpus,
    pub registry: PathBuf,
    /// Without it, one a processor.
    pub threads: Option<std::num::NonZeroUsize>,
}

/// Where a canary was found.
#[derive(Clone, Debug)]
pub struct Sighted<'a> {
    pub file: &'a str,
    pub row: u64,
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    pub canary: String,
    pub campaign: String,
}

/// What was looked through.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    pub canaries: u64,
    /// Places of words at which a canary could have begun.
    pub positions: u64,
    pub found: u64,
    /// The probability that any was found by chance, at most.
    pub chance: f64,
    /// A file could not be read, or more rows were rejected than allowed, or all of them.
    pub is_partial: bool,
}

impl Check {
    /// Each find is given to `found`, in the order of the corpus.
    pub fn run<E: From<CanaryError> + From<CorpusError> + Send>(
        &self,
        context: &Context,
        mut found: impl FnMut(&Sighted<'_>) -> Result<(), E>,
    ) -> Result<Checked, E> {
        let _span = info_span!("canary_check", inputs = self.corpus.paths.len()).entered();
        let registry = read(&self.registry)?;
        let files = Files::find(&self.corpus, &[self.registry.as_path()], context)?;
        let names = files.names();
        let checker = Checker::new(&registry);
        let (mut count, mut positions, mut tally) = (0_u64, 0, CorpusTally::default());
        let pipeline = Pipeline::new(&files, self.threads, context);
        pipeline.run(
            || Ok::<_, E>((CorpusParser::new(&files.plan), checker.clone())),
            |(parser, checker), job, tally| {
                let before = checker.positions();
                let mut sightings = Vec::new();
                parser
                    .documents(&job.block, tally, &mut |place, document| {
                        sightings.extend(checker.find(document.text).into_iter().map(|sighting| (place.row, sighting)));
                    })
                    .map_err(|source| CorpusError::Block { name: job.block.source().to_string(), source })?;
                Ok((sightings, checker.positions() - before))
            },
            |outcome: Outcome<_>| {
                let (sightings, looked_at) = outcome.result;
                positions += looked_at;
                tally.merge(&outcome.tally);
                for (row, sighting) in sightings {
                    count += 1;
                    found(&Sighted {
                        file: &names[outcome.file],
                        row,
                        start: sighting.start,
                        end: sighting.end,
                        canary: sighting.id,
                        campaign: sighting.campaign,
                    })?;
                }
                Ok(())
            },
        )?;
        let is_partial = notify_of_rows(&tally, self.corpus.max_rejected, context) || pipeline.failed() > 0;
        let canaries = registry.canaries().len() as u64;
        Ok(Checked { canaries, positions, found: count, chance: checker.chance(positions), is_partial })
    }
}

/// Reads a registry that its owner alone can read.
pub(crate) fn read(path: &Path) -> Result<Registry, CanaryError> {
    let file = files::open(path)?;
    key::check_owner(&file).map_err(|mode| CanaryError::Open { path: path.into(), mode })?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|source| CanaryError::Unreadable { path: path.into(), source })?;
    Registry::read(&bytes).map_err(|source| CanaryError::Unusable { path: path.into(), source })
}

fn write(path: &Path, registry: &Registry, context: &Context) -> Result<(), CanaryError> {
    let text = registry.to_json().map_err(CanaryError::Json)?;
    atomic::write_with(path, &context.temporaries, |file: &mut File| {
        platform::set_mode(file, REGISTRY_MODE)?;
        file.write_all(text.expose().as_bytes())
    })
    .map_err(|source| CanaryError::NotWritten { path: path.into(), source })
}
