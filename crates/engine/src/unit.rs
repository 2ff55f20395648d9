//! What is to be read, as data: any process that has the files and the key can read a unit.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use stillwatch_core::KeyId;
use stillwatch_digest::Part;

/// A piece of the input that one partition reads from its beginning to its end. It names files and holds neither their
/// content nor a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// What is read, one file after the other. Several files are halves of the same exchanges and stay together.
    pub files: Vec<UnitFile>,
    pub content: Content,
    /// Bytes of the files that are read, about; zero where that is not known.
    pub bytes: u64,
}

/// One file of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFile {
    pub location: Location,
    /// What it is called in messages.
    pub name: String,
    /// Columns that the names of its folders give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<(String, String)>,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// A path that every process which reads the unit can open. One that is not UTF-8 cannot leave the process.
    Path(PathBuf),
    /// An object of a store.
    Url(String),
    /// The standard input of the process that made the unit; no other can read it.
    StandardInput,
}

/// What the files of a unit hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// Exchanges.
    Log(LogContent),
    /// Day digests under the key of this id.
    Digests { key: String },
}

/// How exchanges are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogContent {
    pub encoding: Encoding,
    /// The part of the file that is read; absent for the whole of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// What wrote it, where that is known.
    pub origin: Origin,
    /// A field map in TOML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Arc<str>>,
    /// Microseconds since 1970: exchanges before are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Microseconds since 1970: exchanges from here on are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// Microseconds since 1970: no record can be later, however its time is written.
    pub latest: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Parquet,
    /// NDJSON, JSON arrays or CSV, also compressed; the first bytes tell.
    Text,
}

/// What wrote a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The first records tell when it is read.
    Unknown,
    /// It has canonical columns, or a field map leads to them.
    Canonical,
    /// A gateway, provider or engine by its name, and which of its parts the files are, one bit each.
    Source { name: String, parts: u8 },
}

impl Unit {
    /// Day digests in one file.
    pub fn digests(path: impl Into<PathBuf>, key: KeyId) -> Self {
        let path = path.into();
        let name = path.display().to_string();
        let file = UnitFile { location: Location::Path(path), name, columns: Vec::new() };
        Self { files: vec![file], content: Content::Digests { key: key.to_string() }, bytes: 0 }
    }

    /// What it is called in messages.
    pub fn name(&self) -> String {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        names.join(" + ")
    }
}
