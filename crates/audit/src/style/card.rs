//! What a model says of itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a model is from and what it knows. Names and numbers, no text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub feature_version: u16,
    pub languages: Vec<String>,
    /// Vendors by name, then `human`, then `other`: the order of scores.
    pub families: Vec<FamilyCard>,
    pub domains: Vec<NamedCount>,
    /// Texts beyond what one maker may bring.
    pub left_out: usize,
    /// Strength of the penalty, chosen on makers and prompts left out.
    pub lambda: f32,
    pub temperature: f32,
    /// Mean loss on what was left out, in nats a document.
    pub held_out_loss: f32,
    /// Shares of the families among the texts trained on.
    pub prior: Vec<f32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyCard {
    pub name: String,
    pub makers: Vec<MakerCard>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakerCard {
    pub name: String,
    pub date: Option<String>,
    pub documents: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedCount {
    pub name: String,
    pub documents: usize,
}
