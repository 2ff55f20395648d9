//! Where an audit stands, so that one that was interrupted goes on from there. No text is in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use stillwatch_audit::Collector;
use stillwatch_ingest::CorpusTally;

use crate::atomic;
use crate::error::Failure;
use crate::message::note;

const FILE: &str = "checkpoint.json";
const SCHEMA: &str = "stillwatch.audit-checkpoint/1";
const BETWEEN: Duration = Duration::from_secs(10);

/// What has been looked at so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) schema: String,
    /// Names the corpus and all means, so that nothing goes on with others.
    pub(crate) run: String,
    /// The file, by number, and its last row that was looked at.
    pub(crate) file: usize,
    pub(crate) row: u64,
    /// Number of the next block.
    pub(crate) block: u64,
    pub(crate) tally: CorpusTally,
    pub(crate) collector: Collector,
    pub(crate) ledger_parts: u32,
}

/// The folder in which a run keeps its place.
pub(crate) struct Checkpoint {
    folder: PathBuf,
    run: String,
    last: Instant,
}

impl Checkpoint {
    /// Opens the folder and finds the place of an earlier run that was the same.
    pub(crate) fn open(folder: &Path, run: String) -> Result<(Self, Option<Place>), Failure> {
        let refuse = |error: std::io::Error| {
            Failure::usage(format!("the checkpoints of {} cannot be used", folder.display())).because(error)
        };
        std::fs::create_dir_all(folder).map_err(refuse)?;
        let checkpoint = Self { folder: folder.into(), run, last: Instant::now() };
        let text = match std::fs::read(folder.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((checkpoint, None)),
            Err(error) => return Err(refuse(error)),
        };
        let place: Place = serde_json::from_slice(&text).map_err(|error| {
            Failure::usage(format!("the checkpoint in {} cannot be read", folder.display()))
                .because(error)
                .help("remove the folder to begin anew")
        })?;
        if place.schema != SCHEMA || place.run != checkpoint.run {
            return Err(Failure::usage(format!("{} holds the place of another audit", folder.display()))
                .help("give the same corpus and the same options as before, or another folder"));
        }
        note(&format!("going on after row {} of file {}", place.row, place.file + 1));
        Ok((checkpoint, Some(place)))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn is_due(&self) -> bool {
        self.last.elapsed() >= BETWEEN
    }

    /// Writes the place down; it is there whole or not at all.
    pub(crate) fn write(&mut self, mut place: Place) -> Result<(), Failure> {
        self.last = Instant::now();
        place.schema = SCHEMA.into();
        place.run.clone_from(&self.run);
        let refuse = |error: std::io::Error| {
            Failure::runtime(format!("no checkpoint can be written to {}", self.folder.display())).because(error)
        };
        let text = serde_json::to_vec(&place).map_err(|error| refuse(error.into()))?;
        atomic::write(&self.folder.join(FILE), &text).map_err(refuse)
    }

    /// Removes what is no longer needed.
    pub(crate) fn finish(self, ledger_parts: u32) {
        let parts = (0..ledger_parts).map(|number| format!("ledger-{number:06}.parquet"));
        for name in parts.chain([FILE.to_owned()]) {
            // What cannot be removed is not in the way of the result.
            let _ = std::fs::remove_file(self.folder.join(name));
        }
        let _ = std::fs::remove_dir(&self.folder);
    }
}
