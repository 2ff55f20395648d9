//! Single files that are named on the command line.

use std::fs::File;
use std::path::Path;

use stillwatch_run::files;

use crate::error::Failure;

/// Reads a small configuration file.
pub(crate) fn configuration(path: &Path) -> Result<String, Failure> {
    Ok(files::read_text(path)?)
}

pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    Ok(files::open(path)?)
}
