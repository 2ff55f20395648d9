use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::KeyId;
use thiserror::Error;

use crate::Kind;
use crate::digest::DAY_RECORDS;

/// The version of the rules by which text is normalised and winnowed. Digests of different versions do not compare.
pub const NORMALISER_VERSION: u32 = 1;
const SCHEMA: &str = "stillwatch.digest/1";

/// What a folder of day digests was made of and by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    pub normaliser: u32,
    /// Name of the key, 16 hexadecimal digits.
    pub key: String,
    pub capacity: Capacity,
    pub sources: Vec<SourceFile>,
    /// Digest files in the folder.
    pub files: Vec<String>,
    /// Rows that were read, rejected rows included.
    pub rows: u64,
    pub rejected: u64,
}

/// How many fingerprints and exchanges are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    pub passages_a_day: usize,
    pub exchanges_a_day: usize,
}

/// One input of a folder of digests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// BLAKE3 of the content, in hexadecimal.
    pub hash: String,
    pub bytes: u64,
}

impl Manifest {
    pub fn new(key: KeyId) -> Self {
        Self {
            schema: SCHEMA.into(),
            normaliser: NORMALISER_VERSION,
            key: key.to_string(),
            capacity: Capacity { passages_a_day: Kind::Passage.day_capacity(), exchanges_a_day: DAY_RECORDS },
            sources: Vec::new(),
            files: Vec::new(),
            rows: 0,
            rejected: 0,
        }
    }

    /// Whether digests of both manifests may be united: the same rules, the same key, no input in both.
    pub fn check_merge(&self, other: &Self) -> Result<(), ManifestError> {
        let differ = |field, ours: String, theirs: String| {
            if ours == theirs { Ok(()) } else { Err(ManifestError::Differ { field, ours, theirs }) }
        };
        differ("schema", self.schema.clone(), other.schema.clone())?;
        differ("normaliser", self.normaliser.to_string(), other.normaliser.to_string())?;
        differ("key", self.key.clone(), other.key.clone())?;
        differ("capacity", format!("{:?}", self.capacity), format!("{:?}", other.capacity))?;
        match self.sources.iter().find(|source| other.sources.contains(source)) {
            Some(source) => Err(ManifestError::Overlap { hash: source.hash.clone() }),
            None => Ok(()),
        }
    }
}

/// Why two folders of digests cannot be united.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    #[error("the digests differ in {field}: {ours} and {theirs}")]
    Differ { field: &'static str, ours: String, theirs: String },
    #[error("the same input (BLAKE3 {hash}) is part of both digests")]
    Overlap { hash: String },
}
