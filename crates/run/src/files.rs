//! Single files that are named by whoever starts a run.

use std::fs::{File, read_to_string};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use stillwatch_ingest::{Appearance, Format, ParquetSource, ReadOptions, TextReader};

use crate::error::{Fault, RunError};

/// Why a file cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    #[error("{} is a folder, not a file", .0.display())]
    Folder(PathBuf),
    #[error("{} cannot be read", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

impl FileError {
    pub(crate) fn of(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.into()),
            _ => Self::Unreadable { path: path.into(), source },
        }
    }
}

impl RunError for FileError {
    fn fault(&self) -> Fault {
        match self {
            Self::Missing(_) | Self::Folder(_) => Fault::Request,
            Self::Unreadable { .. } => Fault::Run,
        }
    }
}

/// Reads a small configuration file.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    read_to_string(path).map_err(|error| FileError::of(path, error))
}

/// What a file is that cannot be used as what it was given as, where that can be told.
pub(crate) fn appearance(path: &Path) -> Option<Appearance> {
    let mut first = Vec::new();
    File::open(path).ok()?.take(FIRST_BYTES).read_to_end(&mut first).ok()?;
    if Format::detect(&first) == Some(Format::Parquet) {
        let role = ParquetSource::open(File::open(path).ok()?, "").ok().and_then(|file| file.role());
        return Some(role.unwrap_or(Appearance::Parquet));
    }
    let role = || TextReader::role(File::open(path).ok()?, &ReadOptions::default()).ok()?;
    Appearance::container(&first).or_else(role)
}

const FIRST_BYTES: u64 = 4096;

/// Opens a file, and says so where it is a folder.
pub fn open(path: &Path) -> Result<File, FileError> {
    let refuse = |error| FileError::of(path, error);
    let file = File::open(path).map_err(refuse)?;
    if file.metadata().map_err(refuse)?.is_dir() {
        return Err(FileError::Folder(path.into()));
    }
    Ok(file)
}
