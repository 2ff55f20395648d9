//! What a model is really made of: claims from many documents in one graph, each beside its evidence.

pub mod import;
pub mod importers;
pub mod json;
pub mod resolve;

mod claim;
mod date;
mod vocabulary;

pub use claim::{EvidenceKind, Verdict};
pub use date::Date;
pub use import::{
    Diagnostic, Document, DocumentId, DocumentKind, Draft, Identifier, Import, Limits, NodeRef, Object, Origin, Scheme,
    Severity, Statement, StrictVerdict, Value,
};
pub use vocabulary::{Aspect, Attribute, EdgeKind, Flow, Need, NodeKind, Predicate, RULES, Rule};
