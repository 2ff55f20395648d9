//! Day digests of request logs, as a folder.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use stillwatch_core::Cancelled;
use stillwatch_engine::{DigestWriter, EngineError};
use tracing::info_span;

use crate::atomic::Folder;
use crate::context::Context;
use crate::error::{Fault, RunError};
use crate::inputs::{COUNTS, MANIFEST};
use crate::reading::{Days, LogOptions, ReadError, Reading, Shard};

/// Digests of one file, before compression: several files are read in parallel.
const FILE_BYTES: usize = 256 << 20;

/// Reads logs or day digests and writes a folder of day digests.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    pub logs: LogOptions,
    /// The folder to write. It must not exist or be empty.
    pub output: PathBuf,
    /// Which part of the logs to read; without it, all.
    pub shard: Option<Shard>,
}

/// What a folder was made of.
#[derive(Clone, Copy, Debug)]
pub struct Digested {
    /// More rows were rejected than allowed, or all of them.
    pub is_partial: bool,
}

/// Why there are no digests.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the folder {} is not empty", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    #[error("the digests cannot be written to {}", .path.display())]
    Output { path: PathBuf, source: io::Error },
    #[error("the digests cannot be written")]
    Write(#[source] io::Error),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<EngineError> for DigestError {
    fn from(error: EngineError) -> Self {
        Self::Read(error.into())
    }
}

impl RunError for DigestError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read(error) => error.fault(),
            Self::NotEmpty(_) | Self::NotAFolder(_) => Fault::Request,
            Self::Output { .. } | Self::Write(_) => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.help(),
            Self::NotEmpty(_) => Some("choose another folder with -o, or remove this one".into()),
            Self::Output { .. } => {
                Some("free some space or choose another place with -o; nothing half-written was left".into())
            }
            Self::NotAFolder(_) | Self::Write(_) | Self::Cancelled(_) => None,
        }
    }
}

impl Digest {
    /// The folder appears whole or not at all.
    pub fn run(&self, context: &Context) -> Result<Digested, DigestError> {
        let _span = info_span!("digest_folder", inputs = self.logs.logs.len()).entered();
        let refuse = |error: io::Error| refusal(&self.output, error);
        let folder = Folder::new(&self.output, &context.temporaries).map_err(refuse)?;
        let others: Vec<&Path> = self.logs.edge.as_deref().into_iter().collect();
        let reading = Reading::of_shard(&self.logs, &others, self.shard, context)?;
        let files = write(reading.days()?, &folder, &reading, context)?;
        let counts = reading.counts()?;
        let mut manifest = reading.manifest()?;
        manifest.files = files;
        manifest.rows = counts.rows;
        manifest.rejected = counts.rejected();
        let json = |value: serde_json::Result<String>| value.map(|text| text + "\n").map_err(io::Error::from);
        let is_partial = reading.finish(&counts);
        json(serde_json::to_string_pretty(&counts))
            .and_then(|text| folder.write(COUNTS, text.as_bytes()))
            .and_then(|()| json(serde_json::to_string_pretty(&manifest)))
            .and_then(|text| folder.write(MANIFEST, text.as_bytes()))
            .map_err(refuse)?;
        context.cancel.check()?;
        folder.commit().map_err(refuse)?;
        Ok(Digested { is_partial })
    }
}

fn refusal(path: &Path, source: io::Error) -> DigestError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::DirectoryNotEmpty => DigestError::NotEmpty(path),
        io::ErrorKind::NotADirectory => DigestError::NotAFolder(path),
        _ => DigestError::Output { path, source },
    }
}

/// Writes the digests to as many files as they need; the names of these.
fn write(days: Days, folder: &Folder, reading: &Reading, context: &Context) -> Result<Vec<String>, DigestError> {
    let mut files: Vec<String> = Vec::new();
    let mut open: Option<(DigestWriter<File>, usize)> = None;
    for day in days {
        let day = day?;
        context.cancel.check()?;
        let (mut writer, bytes) = if let Some(open) = open.take() {
            open
        } else {
            let name = format!("digests-{:04}.parquet", files.len());
            let file = File::create_new(folder.path().join(&name)).map_err(DigestError::Write)?;
            files.push(name);
            (DigestWriter::new(file, reading.key.id())?, 0)
        };
        writer.write(&day)?;
        let bytes = bytes + day.digest.len();
        if bytes < FILE_BYTES {
            open = Some((writer, bytes));
        } else {
            writer.finish()?.sync_all().map_err(DigestError::Write)?;
        }
    }
    if let Some((writer, _)) = open {
        writer.finish()?.sync_all().map_err(DigestError::Write)?;
    }
    Ok(files)
}
