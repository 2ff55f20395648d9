use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the author is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimSort {
    /// "I am NAME".
    Identity,
    /// "I was made by NAME".
    Maker,
    /// A phrase of machines that names nobody.
    Machine,
}

/// Whether a claim is the author's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Said by the author, of itself, unprompted.
    Plain,
    /// The prompt or the system prompt names the maker, so the answer may only repeat it.
    Elicited,
    /// "I am not NAME".
    Denied,
    /// "If I were NAME", "it says that I am NAME".
    Supposed,
    /// Within quotation marks or code.
    Quoted,
    /// In a person's turn of a conversation.
    Person,
}

impl Standing {
    pub const ALL: [Self; 6] = [Self::Plain, Self::Elicited, Self::Denied, Self::Supposed, Self::Quoted, Self::Person];
}
