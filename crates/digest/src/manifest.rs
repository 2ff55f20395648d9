use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::KeyId;
use thiserror::Error;

use crate::digest::DAY_RECORDS;
use crate::{Kind, READING_VERSION, SERVED_WINDOW, SERVED_WORDS};

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
    /// By what rules responses were fingerprinted; absent when they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served: Option<ServedRules>,
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

/// How k-grams of responses were made and how many are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServedRules {
    /// Version of the reading ([`READING_VERSION`]).
    pub normaliser: u32,
    /// Words in a k-gram.
    pub k: usize,
    /// Consecutive k-grams of which one is kept.
    pub window: usize,
    /// K-grams kept for each account and day.
    pub a_day: usize,
}

impl Default for ServedRules {
    fn default() -> Self {
        Self { normaliser: READING_VERSION, k: SERVED_WORDS, window: SERVED_WINDOW, a_day: Kind::Served.day_capacity() }
    }
}

/// One input of a folder of digests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// BLAKE3 of the content, in hexadecimal.
    pub hash: String,
    pub bytes: u64,
    /// What of it was read; absent for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// A part of a file that can be read by itself: from `first`, before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// Row groups of a Parquet file, by number.
    RowGroups { first: u64, end: u64 },
    /// Bytes of a file of lines; both ends lie at the beginning of a line or at the end of the file.
    Bytes { first: u64, end: u64 },
}

impl Part {
    /// Parts of different kinds are taken to have something in common.
    fn overlaps(self, other: Self) -> bool {
        match (self, other) {
            (Self::RowGroups { first, end }, Self::RowGroups { first: other, end: other_end })
            | (Self::Bytes { first, end }, Self::Bytes { first: other, end: other_end }) => {
                first < other_end && other < end
            }
            _ => true,
        }
    }

    /// Whether the file begins with it.
    pub fn is_first(self) -> bool {
        let (Self::RowGroups { first, .. } | Self::Bytes { first, .. }) = self;
        first == 0
    }
}

impl SourceFile {
    /// A file that was read as a whole.
    pub fn whole(hash: String, bytes: u64) -> Self {
        Self { hash, bytes, part: None }
    }

    /// Whether something of the same file was read for both.
    fn overlaps(&self, other: &Self) -> bool {
        let apart = self.part.zip(other.part).is_some_and(|(own, other)| !own.overlaps(other));
        self.hash == other.hash && self.bytes == other.bytes && !apart
    }
}

impl Manifest {
    pub fn new(key: KeyId) -> Self {
        Self {
            schema: SCHEMA.into(),
            normaliser: NORMALISER_VERSION,
            key: key.to_string(),
            capacity: Capacity { passages_a_day: Kind::Passage.day_capacity(), exchanges_a_day: DAY_RECORDS },
            served: None,
            sources: Vec::new(),
            files: Vec::new(),
            rows: 0,
            rejected: 0,
        }
    }

    /// Of digests made by a [`Fingerprinter`](crate::Fingerprinter) with served k-grams.
    pub fn with_served(self) -> Self {
        Self { served: Some(ServedRules::default()), ..self }
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
        differ("served k-grams", format!("{:?}", self.served), format!("{:?}", other.served))?;
        let is_other = |source: &&SourceFile| other.sources.iter().any(|other| source.overlaps(other));
        match self.sources.iter().find(is_other) {
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
