//! What a report says of the three questions, and of crowds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::AccountId;

use crate::hypothesis::HypothesisName;

/// The three questions that are answered for every campaign. A verdict is made of these and of the innocent explanations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// Do the accounts act as one?
    pub coordination: Answer,
    /// Do they harvest?
    pub extraction: Answer,
    /// Do they hide that they are one?
    pub concealment: Answer,
}

/// The answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub standing: Standing,
    /// What the signs say, in bits: the mean of their `bits`, those with one cause capped together, and of their weights,
    /// each sum cut at six bits.
    pub bits: f64,
    /// In one sentence.
    pub statement: String,
    pub signs: Vec<SeenSign>,
    /// Signs that the log could not show.
    pub not_evaluated: Vec<String>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Yes,
    /// Not enough for tier `act`.
    Perhaps,
    No,
    #[default]
    NotEvaluated,
}

impl Standing {
    /// As a word in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Perhaps => "perhaps",
            Self::No => "no",
            Self::NotEvaluated => "not evaluated",
        }
    }
}

/// Something observed of the whole set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeenSign {
    pub name: String,
    /// The level of the sign that was seen, by a stable name.
    #[serde(default)]
    pub level: String,
    /// What was seen, with the numbers.
    pub statement: String,
    /// log2 of how much more often it is seen on sets of one hidden operator than of unrelated accounts.
    pub bits: f64,
    /// What it adds to the strength of the set, in bits, by the weights that were learnt on random worlds.
    #[serde(default)]
    pub weight: f64,
}

/// Accounts that were found together and are innocent: which crowd they are, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Crowd {
    /// The name of the explanation that fits best.
    pub name: HypothesisName,
    /// What the accounts are, in words, with their number.
    pub statement: String,
    /// By how many bits this explanation makes what was seen more probable than one hidden operator does.
    pub bits: f64,
    /// Why it fits, by the signs that say most.
    pub why: String,
    /// What all signs say for one hidden operator, by the weights that were learnt on random worlds, in bits.
    #[serde(default)]
    pub strength_bits: f64,
    /// The three questions, as for a campaign.
    #[serde(default)]
    pub answers: Answers,
    pub organizations: u64,
    pub exchanges: u64,
    pub accounts: Vec<AccountId>,
}
