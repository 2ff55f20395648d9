//! What an importer gives: a document, what it states, and what is wrong with it.
//!
//! An importer is a pure function `fn read(bytes: &[u8], origin: &Origin) -> Import`. It never fails: what cannot be
//! read is a [`Diagnostic`] with a path, and everything else is kept. Whether the document keeps to its own standard
//! is the [`StrictVerdict`], told beside what was recovered.
//!
//! ```
//! use stillwatch_core::Severity;
//! use stillwatch_lineage::{
//!     DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Origin, Scheme, StrictVerdict,
//! };
//!
//! fn read(bytes: &[u8], origin: &Origin) -> Import {
//!     let mut draft = Draft::new(bytes, origin, DocumentKind::Card);
//!     let model = NodeRef::new(NodeKind::Model, "tiny-7b").with(Scheme::HuggingFace, "example/tiny-7b");
//!     draft.node(model.clone(), EdgeKind::TrainedOn, NodeRef::new(NodeKind::DataSet, "C4"), "/datasets/0");
//!     draft.text(model, "architecture", "LlamaForCausalLM", "/architectures/0");
//!     draft.tell(Severity::Warning, "/license", "license-unknown", "`MIT-ish` is no SPDX identifier");
//!     draft.finish(StrictVerdict::NotChecked { why: "the format has no schema".into() })
//! }
//!
//! let import = read(b"---", &Origin::named("README.md"));
//! assert_eq!(import.statements.len(), 2);
//! ```

mod document;
mod draft;
mod reference;
mod statement;
mod strict;

pub use document::{Document, DocumentId, DocumentKind, Origin};
pub use draft::Draft;
pub use reference::{Identifier, NodeRef, Scheme};
pub use statement::{Object, Statement, Value};
pub use strict::StrictVerdict;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Diagnostic;

/// One document as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    pub document: Document,
    pub statements: Vec<Statement>,
    pub diagnostics: Vec<Diagnostic>,
    pub strict: StrictVerdict,
}
