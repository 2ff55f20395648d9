use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use stillwatch_core::Cancelled;
use stillwatch_digest::ManifestError;
use stillwatch_engine::EngineError;
use stillwatch_ingest::IngestError;

use crate::error::{Fault, RunError};
use crate::files::FileError;
use crate::inputs::InputsError;
use crate::key::KeyFileError;
use crate::logs::Unreadable;

/// Why logs or digests cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Inputs(#[from] InputsError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error("the field map {} cannot be used", .path.display())]
    Map { path: PathBuf, source: IngestError },
    #[error("--since is not before --until")]
    EmptyWindow,
    #[error("day digests can be cut at midnight UTC only")]
    CutWithinDay,
    #[error("the digests in {} were made under key {theirs}, and this run has key {ours}", .path.display())]
    OtherKey { path: PathBuf, theirs: String, ours: String },
    #[error("{one} and the digests in {} cannot be united", .path.display())]
    Merge { one: String, path: PathBuf, source: ManifestError },
    #[error("the edge log {name} cannot be used")]
    Edge { name: String, source: IngestError },
    #[error("no temporary folder can be created")]
    Scratch(#[source] io::Error),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("{} holds day digests, which hold no answers", .0.display())]
    NoAnswers(PathBuf),
    #[error("{0} cannot be divided")]
    Indivisible(String),
    /// An input tells for itself that it cannot be read.
    #[error(transparent)]
    Input(Arc<dyn Error + Send + Sync>),
    #[error(transparent)]
    Engine(EngineError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<EngineError> for ReadError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled => Self::Cancelled(Cancelled),
            EngineError::Source(input) => Self::Input(input),
            other => Self::Engine(other),
        }
    }
}

impl RunError for ReadError {
    fn fault(&self) -> Fault {
        match self {
            Self::Inputs(error) => error.fault(),
            Self::File(error) => error.fault(),
            Self::Key(error) => error.fault(),
            Self::Map { .. }
            | Self::EmptyWindow
            | Self::CutWithinDay
            | Self::OtherKey { .. }
            | Self::Merge { .. }
            | Self::Edge { .. }
            | Self::NoAnswers(_)
            | Self::Indivisible(_) => Fault::Request,
            Self::Scratch(_) | Self::Unreadable(_) | Self::Input(_) | Self::Engine(_) => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Inputs(error) => return error.help(),
            Self::Key(error) => return error.help(),
            Self::CutWithinDay => {
                "give --since and --until as days, such as 2026-09-07, or read the logs instead".into()
            }
            Self::OtherKey { .. } => "give their key with --key-file, or write the digests again from the logs".into(),
            Self::Merge { .. } => "leave one of the two out, or write the digests again from the logs".into(),
            Self::Scratch(_) => "set TMPDIR to a folder that you can write to".into(),
            Self::NoAnswers(_) => "give the logs that they were made of".into(),
            Self::Indivisible(_) => "--shard divides the files of logs; give files".into(),
            Self::Engine(error) => return error.help().map(str::to_owned),
            _ => return None,
        })
    }
}
