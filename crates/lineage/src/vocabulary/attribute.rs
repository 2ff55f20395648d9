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
    // What forms and laws ask for (`questionnaires/`) and no name above says.
    /// What the vendor forbids or allows its customers to do.
    ACCEPTABLE_USE = "acceptable-use", false;
    /// Attacks by red teams, from inside or outside.
    ADVERSARIAL_TESTING = "adversarial-testing", false;
    /// `supervised`, `self-supervised`, …
    APPROACH = "approach", false;
    /// What is given out beside the weights: data, code, recipes.
    ASSETS = "assets", false;
    /// Who acts in a jurisdiction for a vendor from outside it.
    AUTHORISED_REPRESENTATIVE = "authorised-representative", false;
    /// Measures to find and lessen biases in data.
    BIAS = "bias", false;
    CONFIDENTIALITY = "confidentiality", false;
    /// How opt-outs and other rights in what was trained on are respected.
    COPYRIGHT_POLICY = "copyright-policy", false;
    /// How the amount of computation was measured or estimated.
    COMPUTE_METHOD = "compute-method", false;
    /// Sites, kinds of content and months that were crawled.
    CRAWLED_DATA = "crawled-data", false;
    /// Crawlers by name, with their purpose and what they obey.
    CRAWLER = "crawler", false;
    DATA_CLASSIFICATION = "data-classification", false;
    /// The last month from which data were taken.
    DATA_CUTOFF = "data-cutoff", false;
    /// How data move into, through and out of a system.
    DATA_FLOW = "data-flow", false;
    /// Measures against unlawful or unsuitable data.
    DATA_SCREENING = "data-screening", false;
    /// Counts, distributions and noise of a data set.
    DATA_STATISTICS = "data-statistics", false;
    /// Text, images, sound, … of what was trained on.
    DATA_TYPE = "data-type", false;
    DATASET_TYPE = "dataset-type", false;
    /// Choices in the design of a model, with their reasons.
    DESIGN = "design", false;
    /// Channels through which it can be had, with the access that each gives.
    DISTRIBUTION = "distribution", false;
    DOWNLOAD_LOCATION = "download-location", false;
    ENERGY_METHOD = "energy-method", false;
    HYPERPARAMETER = "hyperparameter", false;
    /// Computation that a named task takes at run time.
    INFERENCE_COMPUTE = "inference-compute", false;
    INFERENCE_METHOD = "inference-method", false;
    INPUT_FORMAT = "input-format", false;
    /// What is needed to build it into a system.
    INTEGRATION = "integration", false;
    /// Works licensed for training by those who hold the rights.
    LICENSED_DATA = "licensed-data", false;
    /// The day on which it was placed on a market, with the market.
    MARKET_DATE = "market-date", false;
    OUTPUT_FORMAT = "output-format", false;
    /// The most that it puts out at once.
    OUTPUT_LIMIT = "output-limit", false;
    /// How what it writes or draws is marked as machine-made.
    OUTPUT_MARKING = "output-marking", false;
    REQUIRED_HARDWARE = "required-hardware", false;
    REQUIRED_SOFTWARE = "required-software", false;
    /// Controls against intrusion, theft and misuse, and how to report a weakness.
    SECURITY = "security", false;
    /// Standards, codes and laws that it is said to meet.
    STANDARD_COMPLIANCE = "standard-compliance", false;
    /// Parts of a system and how they feed each other.
    SYSTEM_ARCHITECTURE = "system-architecture", false;
    /// Kinds of systems that it may or may not be built into.
    SYSTEM_TYPES = "system-types", false;
    /// Documentation kept for an authority: which, by which annex, and of which day.
    TECHNICAL_DOCUMENTATION = "technical-documentation", false;
    /// Operations of training, in all.
    TRAINING_COMPUTE = "training-compute", false;
    /// Stages and methods of training.
    TRAINING_PROCESS = "training-process", false;
    /// Why training was done so.
    TRAINING_RATIONALE = "training-rationale", false;
    /// Where a public summary of what was trained on stands, with its day.
    TRAINING_SUMMARY = "training-summary", false;
    TRAINING_TIME = "training-time", false;
    /// What customers typed, uploaded or did that was trained on.
    USER_DATA = "user-data", false;
    /// Customers' data were trained on: `true` or words that say which, `false` where that is denied. What customers typed
    /// into a service is [`USER_DATA`](Self::USER_DATA) too.
    CUSTOMER_DATA = "customer-data", false;
    /// Its source is restricted: of dual use under export control, classified, or closed to whom it is served. `true` or
    /// words that say by which rule, `false` where that is denied.
    RESTRICTED_SOURCE = "restricted-source", false;
    /// Known weaknesses and their state.
    VULNERABILITIES = "vulnerabilities", false;
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
