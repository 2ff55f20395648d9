use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stillwatch_core::{Date, Limits, hexadecimal};

use super::NodeRef;
use crate::EvidenceKind;
use crate::vocabulary::words;

/// The name of a document in a graph: its kind and the first 16 hexadecimal digits of its SHA-256. The same bytes read
/// twice are one document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DocumentId(#[schemars(with = "String")] Arc<str>);

impl DocumentId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for DocumentId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for DocumentId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// What sort of document it is.
    DocumentKind {
        CycloneDx = "cyclonedx",
        Spdx = "spdx",
        /// A model or data-set card.
        Card = "card",
        Gguf = "gguf",
        Safetensors = "safetensors",
        /// A model's `config.json`.
        Config = "config",
        Croissant = "croissant",
        /// The Data Provenance Standard of the Data & Trust Alliance.
        Dps = "dps",
        ModelSigning = "model-signing",
        InToto = "in-toto",
        /// A vendor's answers.
        Answers = "answers",
        /// Words for people: Markdown, HTML, PDF, plain text.
        Prose = "prose",
        /// A report or evidence list of Stillwatch.
        Stillwatch = "stillwatch",
        /// Custody records: manifests, copies, restore tests.
        Custody = "custody",
        /// Permits to distil.
        Permits = "permits",
        /// The record of a training run, as a program kept it.
        TrainingRun = "training-run",
        /// What a maker admitted, with forum and scope.
        Admissions = "admissions",
        /// Rules of law or terms, dated.
        Law = "law",
        Other = "other",
    }
}

/// A document and who speaks in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    pub id: DocumentId,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    pub kind: DocumentKind,
    /// What it was called when it was read: a file name without its folder.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<NodeRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<Date>,
}

impl Document {
    /// Names a document after its bytes.
    pub fn of(bytes: &[u8], kind: DocumentKind, name: &str) -> Self {
        let digest = hexadecimal(&Sha256::digest(bytes));
        Self {
            id: format!("{kind}-{}", &digest[..16]).into(),
            digest: format!("sha256:{digest}"),
            kind,
            name: name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned(),
            title: None,
            said_by: None,
            said_on: None,
        }
    }
}

/// Where bytes came from, as far as the bytes do not say it, and how much of them to read.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// What to call the document: a file name.
    pub name: String,
    /// `application/vnd.cyclonedx+json`, where a server or an envelope said so.
    pub media_type: Option<String>,
    /// What the document is about, where it does not name it itself (`config.json`, a safetensors header).
    pub subject: Option<NodeRef>,
    /// Who speaks, where the document does not say.
    pub said_by: Option<NodeRef>,
    pub said_on: Option<Date>,
    /// What its statements count as at least, where whoever imports it knows better.
    pub kind: Option<EvidenceKind>,
    pub limits: Limits,
}

impl Origin {
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}
