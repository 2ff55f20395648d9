//! Where an audit stands, so that one that was interrupted goes on from there. No text is in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use stillwatch_audit::Collector;
use stillwatch_ingest::CorpusTally;

use super::AuditError;
use crate::atomic;
use crate::context::Context;
use crate::notice::Notice;

const FILE: &str = "checkpoint.json";
const SCHEMA: &str = "stillwatch.audit-checkpoint/1";

/// What has been looked at so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Position {
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

/// The folder in which a run keeps its position.
pub(crate) struct Checkpoint {
    folder: PathBuf,
    run: String,
    last: Instant,
    /// Time between two positions.
    every: Duration,
    context: Context,
}

impl Checkpoint {
    /// Opens the folder and finds the position of an earlier run that was the same.
    pub(crate) fn open(
        folder: &Path,
        run: String,
        every: Duration,
        context: &Context,
    ) -> Result<(Self, Option<Position>), AuditError> {
        let refuse = |source: std::io::Error| AuditError::Checkpoints { path: folder.into(), source };
        std::fs::create_dir_all(folder).map_err(refuse)?;
        let checkpoint = Self { folder: folder.into(), run, last: Instant::now(), every, context: context.clone() };
        let text = match std::fs::read(folder.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((checkpoint, None)),
            Err(error) => return Err(refuse(error)),
        };
        let position: Position = serde_json::from_slice(&text)
            .map_err(|source| AuditError::CheckpointUnreadable { path: folder.into(), source })?;
        if position.schema != SCHEMA || position.run != checkpoint.run {
            return Err(AuditError::OtherAudit(folder.into()));
        }
        context.notify(&Notice::Resumed { row: position.row, file: position.file as u64 + 1 });
        Ok((checkpoint, Some(position)))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn is_due(&self) -> bool {
        self.last.elapsed() >= self.every
    }

    /// Writes the position down; it is there whole or not at all.
    pub(crate) fn write(&mut self, mut position: Position) -> Result<(), AuditError> {
        self.last = Instant::now();
        position.schema = SCHEMA.into();
        position.run.clone_from(&self.run);
        let refuse = |source: std::io::Error| AuditError::CheckpointNotWritten { path: self.folder.clone(), source };
        let text = serde_json::to_vec(&position).map_err(|error| refuse(error.into()))?;
        atomic::write(&self.folder.join(FILE), &text, &self.context.temporaries).map_err(refuse)
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
