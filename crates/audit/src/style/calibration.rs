//! Scores of documents by models that did not know their maker, family, domain or prompt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Held-out documents of one maker in one domain that are kept.
pub(crate) const MOST_ROWS: usize = 512;
/// Units of a nat that log-probabilities are kept in.
const STEPS: f32 = 1024.0;

/// What the model that scored a document had not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// Its prompt.
    Prompt,
    /// Its maker.
    Maker,
    /// All of its family.
    Family,
    /// Anything of its domain.
    Domain,
}

/// Documents of one maker in one domain, scored under one regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) regime: Regime,
    pub(crate) family: u8,
    pub(crate) maker: String,
    pub(crate) domain: String,
    /// Log-probabilities, a row of classes a document, [packed](pack).
    pub(crate) rows: Vec<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Calibration {
    pub(crate) classes: usize,
    pub(crate) units: Vec<Unit>,
}

/// A log-probability in 1/1024 of a nat below zero; 64 nats at most.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from float saturate")]
pub(crate) fn pack(log_probability: f32) -> u16 {
    (-log_probability * STEPS + 0.5) as u16
}

pub(crate) fn unpack(packed: u16) -> f32 {
    -f32::from(packed) / STEPS
}
