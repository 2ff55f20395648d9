//! Reports that detect wrote.

use std::path::Path;

use serde::Deserialize;
use serde_json::error::Category;
use stillwatch_detect::{DetectionReport, SCHEMA};

use crate::error::Failure;
use crate::inputs;

/// What every report of any version says about itself.
#[derive(Deserialize)]
struct Header {
    schema: String,
}

/// Reads a report, or says whether it is cut off, of another version, or none at all.
pub(crate) fn read(path: &Path) -> Result<DetectionReport, Failure> {
    let name = path.display();
    let refuse = || {
        Failure::usage(format!("{name} is not a report of detect"))
            .help(format!("give a file that `stillwatch detect --format json` wrote ({SCHEMA})"))
    };
    let text = inputs::configuration(path)?;
    let header: Header = serde_json::from_str(&text).map_err(|error| match error.classify() {
        Category::Eof if !text.trim().is_empty() => Failure::usage(format!("{name} is cut off")).because(error).help(
            "copy it again, or write it with `stillwatch detect --format json -o FILE`, which leaves nothing half-written",
        ),
        _ => refuse().because(error),
    })?;
    if header.schema == SCHEMA {
        return serde_json::from_str(&text).map_err(|error| refuse().because(error));
    }
    let (kind, version) = SCHEMA.rsplit_once('/').unwrap_or((SCHEMA, ""));
    Err(match header.schema.rsplit_once('/') {
        Some((other, theirs)) if other == kind => Failure::usage(format!("{name} is a report of another version"))
            .because(format!("its schema is {other}/{theirs}, and this program reads version {version}"))
            .help("run detect again with this version, or read it with the version that wrote it"),
        _ => refuse().because(format!("its schema is {}", header.schema)),
    })
}
