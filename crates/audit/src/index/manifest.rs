use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{Day, Key};
use stillwatch_digest::{
    FINGERPRINT_BITS, READING_VERSION, SERVED_WINDOW, SERVED_WORDS, SHORT_WINDOW, SHORT_WORDS, SourceFile,
};

use super::IndexError;

pub const SCHEMA: &str = "stillwatch.index/1";

/// Whose outputs an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub vendor: String,
    pub models: Vec<String>,
}

/// What an index was made of and by. It holds no date but those of the outputs, so that the same input gives the same
/// bytes at any time and in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    /// Version of the rules by which text is read ([`READING_VERSION`]).
    pub normaliser: u32,
    /// Name of the key, 16 hexadecimal digits.
    pub key: String,
    /// Words in a k-gram.
    pub k: usize,
    /// Consecutive k-grams of which one is kept.
    pub window: usize,
    /// Bits of a fingerprint that differ.
    pub bits: u32,
    pub vendor: String,
    /// In alphabetical order.
    pub models: Vec<String>,
    /// First and last UTC day on which an output was served, as days since 1970-01-01.
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
    /// Outputs that were read, each time they were given.
    pub outputs: u64,
    /// Outputs of fewer than `k` words, which cannot be found.
    pub short: u64,
    /// Words that were read; digests do not say how many.
    pub words: u64,
    /// Digests of an account and day that held a sample of their k-grams: of those, a stretch of 30 words is not found
    /// with certainty.
    pub sampled_days: u64,
    /// Different fingerprints in the table.
    pub fingerprints: u64,
    /// The layer for passages that are short or broken, where one was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shorter: Option<ShorterLayer>,
    /// Logs and digests of the outputs, by content.
    pub sources: Vec<SourceFile>,
    /// Public text whose k-grams were left out, by content.
    pub common: Vec<SourceFile>,
}

/// K-grams of fewer words, in a table of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShorterLayer {
    /// Words in a k-gram.
    pub k: usize,
    /// Consecutive k-grams of which one is kept.
    pub window: usize,
    /// Different fingerprints in the table.
    pub fingerprints: u64,
}

impl ShorterLayer {
    pub(super) fn of(fingerprints: u64) -> Self {
        Self { k: SHORT_WORDS, window: SHORT_WINDOW, fingerprints }
    }
}

impl Manifest {
    pub(super) fn new(key: &Key, about: About) -> Self {
        let mut models = about.models;
        models.sort_unstable();
        models.dedup();
        Self {
            schema: SCHEMA.into(),
            normaliser: READING_VERSION,
            key: key.id().to_string(),
            k: SERVED_WORDS,
            window: SERVED_WINDOW,
            bits: FINGERPRINT_BITS,
            vendor: about.vendor,
            models,
            first_day: None,
            last_day: None,
            outputs: 0,
            short: 0,
            words: 0,
            sampled_days: 0,
            fingerprints: 0,
            shorter: None,
            sources: Vec::new(),
            common: Vec::new(),
        }
    }

    /// Whether this version reads the index at all.
    pub(super) fn check_version(&self) -> Result<(), IndexError> {
        let same = |field, found: &dyn ToString, expected: &dyn ToString| {
            let (found, expected) = (found.to_string(), expected.to_string());
            if found == expected { Ok(()) } else { Err(IndexError::Version { field, found, expected }) }
        };
        same("schema", &self.schema, &SCHEMA)?;
        same("normaliser", &self.normaliser, &READING_VERSION)?;
        same("k", &self.k, &SERVED_WORDS)?;
        same("window", &self.window, &SERVED_WINDOW)?;
        if let Some(shorter) = &self.shorter {
            same("k of the shorter layer", &shorter.k, &SHORT_WORDS)?;
            same("window of the shorter layer", &shorter.window, &SHORT_WINDOW)?;
        }
        same("bits", &self.bits, &FINGERPRINT_BITS)
    }

    pub(super) fn check_key(&self, key: &Key) -> Result<(), IndexError> {
        let given = key.id().to_string();
        if self.key == given { Ok(()) } else { Err(IndexError::Key { found: self.key.clone(), given }) }
    }

    /// Takes in what another index was made of. Refuses other rules, keys, vendors or common text, and an input that is
    /// in both.
    pub(super) fn unite(&mut self, other: &Self) -> Result<(), IndexError> {
        let same = |field, ours: String, theirs: String| {
            if ours == theirs { Ok(()) } else { Err(IndexError::Differ { field, ours, theirs }) }
        };
        same("key", self.key.clone(), other.key.clone())?;
        same("vendor", self.vendor.clone(), other.vendor.clone())?;
        let hashes = |sources: &[SourceFile]| sources.iter().map(|source| &*source.hash).collect::<Vec<_>>().join(" ");
        let layers = |manifest: &Self| if manifest.shorter.is_some() { "two" } else { "one" }.to_owned();
        same("layers", layers(self), layers(other))?;
        same("common text", hashes(&self.common), hashes(&other.common))?;
        if self.sources.is_empty() || other.sources.is_empty() {
            return Err(IndexError::Unsourced);
        }
        if let Some(both) = self.sources.iter().find(|source| other.sources.contains(source)) {
            return Err(IndexError::Overlap { hash: both.hash.clone() });
        }
        self.models.extend(other.models.iter().cloned());
        self.sources.extend(other.sources.iter().cloned());
        self.outputs = self.outputs.saturating_add(other.outputs);
        self.short = self.short.saturating_add(other.short);
        self.words = self.words.saturating_add(other.words);
        self.sampled_days = self.sampled_days.saturating_add(other.sampled_days);
        other.first_day.into_iter().chain(other.last_day).for_each(|day| self.served_on(day));
        self.order();
        Ok(())
    }

    /// Rows of all layers.
    pub(super) fn rows(&self) -> u64 {
        self.fingerprints.saturating_add(self.shorter.map_or(0, |shorter| shorter.fingerprints))
    }

    pub(super) fn served_on(&mut self, day: Day) {
        self.first_day = Some(self.first_day.map_or(day, |first| first.min(day)));
        self.last_day = Some(self.last_day.map_or(day, |last| last.max(day)));
    }

    /// Lists in one order, whatever the order of arrival.
    pub(super) fn order(&mut self) {
        self.models.sort_unstable();
        self.models.dedup();
        for sources in [&mut self.sources, &mut self.common] {
            sources.sort_unstable();
            sources.dedup();
        }
    }
}
