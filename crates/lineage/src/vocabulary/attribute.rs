use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EdgeKind;

/// What a statement says of a subject that is no edge: a number, a text, a flag. The set is open; the names below are
/// those that other parts of the crate read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Attribute(#[schemars(with = "String")] Arc<str>);

macro_rules! attributes {
    ($($(#[$doc:meta])* $constant:ident = $word:literal, $one:literal;)*) => {
        impl Attribute {
            $($(#[$doc])* pub const $constant: &'static str = $word;)*

            /// Names that other parts of the crate read.
            pub const KNOWN: &'static [&'static str] = &[$($word,)*];

            /// Whether a subject has only one value of it, so that two values contradict each other.
            pub fn is_single(name: &str) -> bool {
                match name { $($word => $one,)* _ => false }
            }
        }
    };
}

attributes! {
    /// `LlamaForCausalLM`, `llama`, …
    ARCHITECTURE = "architecture", true;
    /// A count of weights, as a number.
    PARAMETERS = "parameters", true;
    CONTEXT_LENGTH = "context-length", true;
    VOCABULARY_SIZE = "vocabulary-size", true;
    LAYERS = "layers", true;
    HIDDEN_SIZE = "hidden-size", true;
    /// `Q4_K_M`, `BF16`, …
    QUANTISATION = "quantisation", true;
    TOKENIZER = "tokenizer", true;
    VERSION = "version", true;
    /// A digest of the bytes, as `sha256:…`.
    DIGEST = "digest", true;
    SIZE = "size", true;
    RELEASED = "released", true;
    /// `true` where the subject is known to hold machine-written examples, `false` where that is denied.
    SYNTHETIC = "synthetic", true;
    /// 0 to 1.
    SYNTHETIC_SHARE = "synthetic-share", true;
    /// `true` where machine-written examples are kept apart or marked.
    SYNTHETIC_SEPARATED = "synthetic-separated", true;
    /// A description in words of what was trained on.
    TRAINING_DATA = "training-data", false;
    /// A description in words of how it was collected.
    DATA_COLLECTION = "data-collection", false;
    DATA_PROCESSING = "data-processing", false;
    DATA_SIZE = "data-size", false;
    /// Data bought, licensed or received from others, in words.
    VENDOR_DATA = "vendor-data", false;
    PERSONAL_DATA = "personal-data", false;
    /// Measures against harm, in words.
    SAFETY = "safety", false;
    GOVERNANCE = "governance", false;
    LIMITATIONS = "limitations", false;
    INTENDED_USE = "intended-use", false;
    EVALUATION = "evaluation", false;
    ENERGY = "energy", false;
    HARDWARE = "hardware", false;
    /// Where data are kept or processed, in words.
    RESIDENCY = "residency", false;
    EXPORT = "export", false;
    CONSENT = "consent", false;
    COPYRIGHT = "copyright", false;
    RETENTION = "retention", false;
    LANGUAGE = "language", false;
    TASK = "task", false;
    /// A licence expression as it stands in the document.
    LICENCE_TEXT = "licence-text", false;
    /// A finding of detection, audit or a probe, as a sentence.
    EVIDENCE = "evidence", false;
    DESCRIPTION = "description", false;
    CONTACT = "contact", false;
    /// A claim or an answer that no other name fits.
    CLAIM = "claim", false;
}

impl Attribute {
    /// Lower case, words joined by `-`, at most 64 bytes.
    pub fn new(name: &str) -> Self {
        let mut clean = String::with_capacity(name.len().min(64));
        for character in name.chars() {
            if clean.len() >= 64 {
                break;
            }
            if character.is_ascii_alphanumeric() || character == '.' || character == ':' {
                clean.push(character.to_ascii_lowercase());
            } else if !clean.is_empty() && !clean.ends_with('-') {
                clean.push('-');
            }
        }
        Self(clean.trim_end_matches('-').into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a statement says: an edge or an attribute. In files it is one word; the words of edges are reserved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Predicate {
    Edge(EdgeKind),
    Attribute(Attribute),
}

impl Predicate {
    pub fn parse(word: &str) -> Self {
        let attribute = Attribute::new(word);
        EdgeKind::parse(attribute.as_str()).map_or(Self::Attribute(attribute), Self::Edge)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Edge(edge) => edge.as_str(),
            Self::Attribute(attribute) => attribute.as_str(),
        }
    }
}

impl From<EdgeKind> for Predicate {
    fn from(edge: EdgeKind) -> Self {
        Self::Edge(edge)
    }
}

impl From<&str> for Predicate {
    fn from(word: &str) -> Self {
        Self::parse(word)
    }
}

impl From<String> for Predicate {
    fn from(word: String) -> Self {
        Self::parse(&word)
    }
}

impl From<Predicate> for String {
    fn from(predicate: Predicate) -> Self {
        predicate.as_str().to_owned()
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
