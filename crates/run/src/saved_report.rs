//! Reports that detect wrote.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::error::Category;
use stillwatch_detect::{DetectionReport, SCHEMA};

use crate::error::{Fault, RunError};
use crate::files::{self, FileError};

/// Why a file is not a report that can be used.
#[derive(Debug, thiserror::Error)]
pub enum SavedReportError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is not a report of detect", .path.display())]
    NotAReport { path: PathBuf, source: serde_json::Error },
    #[error("{} is not a report of detect", .path.display())]
    OtherKind { path: PathBuf, source: OtherSchema },
    #[error("{} is cut off", .path.display())]
    CutOff { path: PathBuf, source: serde_json::Error },
    #[error("{} is a report of another version", .path.display())]
    OtherVersion { path: PathBuf, source: OtherSchema },
}

/// The schema that a file names in place of the expected one.
#[derive(Debug, thiserror::Error)]
pub enum OtherSchema {
    #[error("its schema is {0}")]
    Kind(String),
    #[error("its schema is {found}, and this program reads version {expected}")]
    Version { found: String, expected: &'static str },
}

impl RunError for SavedReportError {
    fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            _ => Fault::Request,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.help(),
            Self::NotAReport { .. } | Self::OtherKind { .. } => {
                format!("give a file that `stillwatch detect --format json` wrote ({SCHEMA})")
            }
            Self::CutOff { .. } => "copy it again, or write it with `stillwatch detect --format json -o FILE`, which \
                                    leaves nothing half-written"
                .into(),
            Self::OtherVersion { .. } => {
                "run detect again with this version, or read it with the version that wrote it".into()
            }
        })
    }
}

/// What every report of any version says about itself.
#[derive(Deserialize)]
struct Header {
    schema: String,
}

/// Earlier versions that are read too: what they lack has a default, and no answer is made up for it.
const EARLIER: [&str; 1] = ["stillwatch.detect/1"];

/// Reads a report, or says whether it is cut off, of another version, or none at all.
pub fn read(path: &Path) -> Result<DetectionReport, SavedReportError> {
    let not_a_report = |source| SavedReportError::NotAReport { path: path.into(), source };
    let text = files::read_text(path)?;
    let header: Header = serde_json::from_str(&text).map_err(|source| match source.classify() {
        Category::Eof if !text.trim().is_empty() => SavedReportError::CutOff { path: path.into(), source },
        _ => not_a_report(source),
    })?;
    if header.schema == SCHEMA || EARLIER.contains(&header.schema.as_str()) {
        return serde_json::from_str(&text).map_err(not_a_report);
    }
    let (kind, version) = SCHEMA.rsplit_once('/').unwrap_or((SCHEMA, ""));
    let path = path.into();
    Err(match header.schema.rsplit_once('/') {
        Some((other, _)) if other == kind => {
            let source = OtherSchema::Version { found: header.schema, expected: version };
            SavedReportError::OtherVersion { path, source }
        }
        _ => SavedReportError::OtherKind { path, source: OtherSchema::Kind(header.schema) },
    })
}
