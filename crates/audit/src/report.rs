//! The audit report: the contract with everything that reads findings.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use stillwatch_core::{Evidence, NotEvaluated};

use crate::finding::Finding;
use crate::gate::GateOutcome;
use crate::interval::Interval;
use crate::recycling::Uniformity;
use crate::sketch::{Kept, Sketch};
use crate::style::{FamilyShare, VendorTest};
use crate::{ClaimSort, Standing};

/// The schema id that a report carries.
pub const SCHEMA: &str = "stillwatch.audit/1";

/// What was found in a corpus, with what means, and what could not be looked at. Lists are in a stable order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    /// Always `stillwatch.audit/1`.
    pub schema: String,
    pub tool: String,
    pub corpus: CorpusFacts,
    /// What the corpus was looked at with.
    pub means: Vec<Means>,
    /// What could not be evaluated for want of a means or of data. It is not evidence of absence.
    pub not_evaluated: Vec<NotEvaluated>,
    /// By class, then by verdict and documents.
    pub findings: Vec<Finding>,
    /// Claims that are not the author's own, and so count for nothing.
    pub set_aside: Vec<SetAside>,
    /// Shares by style, where a model was given.
    pub style: Option<StyleResult>,
    pub recycling: Recycling,
    /// For comparison with a later corpus.
    pub sketch: Sketch,
    /// What became of the policy, where one was given.
    pub gate: Option<GateOutcome>,
    /// The findings in the shape that lineage reads.
    pub evidence: Vec<Evidence>,
    /// What no audit of this kind can show.
    pub limits: Vec<String>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CorpusFacts {
    /// Names as given.
    pub files: Vec<String>,
    /// BLAKE3 over the contents of all files in their order, in hexadecimal.
    pub input: String,
    pub rows: u64,
    /// Texts that were looked at; a conversation has one for each answer.
    pub documents: u64,
    /// Bytes of these texts in UTF-8.
    pub text_bytes: u64,
    pub rejected: u64,
    /// Rejected rows by reason.
    pub rejected_by: BTreeMap<String, u64>,
    /// Rows in which no text was found.
    pub without_text: u64,
    /// Streams, arrays and archives that broke off: what would have followed is not known. Each is one of the rejected rows.
    #[serde(default)]
    pub broken_off: u64,
    /// Files that could not be read, or not to their end.
    #[serde(default)]
    pub failed_files: u64,
    /// Documents in which invisible characters or look-alike letters were set right before looking.
    pub disguised: u64,
    /// Invisible characters set aside.
    pub invisible_characters: u64,
    /// Look-alike letters read as the letters that they look like.
    pub lookalike_letters: u64,
    /// Bytes and escapes that are no characters and were replaced.
    pub replaced_characters: u64,
    /// Names of fields that hold text of several words and were not read: the first 100 in order.
    #[serde(default)]
    pub unread_fields: Vec<String>,
}

/// A set of rules, an index, a key or a model that was used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Means {
    pub name: String,
    pub version: u32,
    /// What it holds: sizes, dates, keys by their public names.
    pub what: String,
}

/// Claims that were not counted, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SetAside {
    pub vendor: Option<String>,
    pub sort: ClaimSort,
    pub standing: Standing,
    pub documents: u64,
}

/// What the wording of the corpus as a whole says; evidence of class D.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StyleResult {
    /// Documents that were scored.
    pub documents: u64,
    /// Of each family, people and others among them.
    pub shares: Vec<FamilyShare>,
    pub tests: Vec<VendorTest>,
}

/// Inputs for judging what repeated training on this corpus would do; they are not added up to a score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recycling {
    /// Share of generated documents, 0 to 1: lower bound from hits, upper bound from style or 1.
    pub synthetic_share: Interval,
    /// Which evidence gives the lower bound, and which the upper.
    pub synthetic_by: [String; 2],
    pub corpus: Option<Uniformity>,
    /// The same measures of the human reference.
    pub human: Option<Uniformity>,
    /// How much of an earlier corpus is still there.
    pub kept: Option<Kept>,
}

impl AuditReport {
    /// Its JSON Schema.
    pub fn json_schema() -> Schema {
        schema_for!(AuditReport)
    }
}

/// The sentences that every report ends with.
pub fn limits() -> Vec<String> {
    [
        "Absence of hits is not absence of use.",
        "Paraphrase is out of reach of matching, and so are passages of fewer than 20 words, or of fewer than 13 where the index \
         was built with --short-passages. Text rewritten by another model is mostly invisible: of outputs rewritten by small \
         models, 76 to 89 % were missed at 20-word runs, and of mixtures of several models' outputs all.",
        "A verified passage shows that these rows hold text that was served, not who put it there, nor why, nor what the \
         other rows are; the served text may itself repeat a public source.",
        "What a text says of its own author is copied from the web, repeated by models that learned it from others, and can \
         be planted.",
        "Style is confounded by shared teachers, topic and era, and human text can score as any vendor; it is evidence of \
         the corpus as a whole at most.",
        "Watermarks need the provider's key, and a student of watermarked text needs about 100,000 generated tokens.",
        "What a text says of its own author is read in 21 languages, sentence by sentence, and a wording that the rules do not \
         know is missed; style is English unless the model says otherwise.",
    ]
    .map(str::to_owned)
    .into()
}
