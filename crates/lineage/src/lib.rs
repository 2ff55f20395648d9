//! What a model is really made of: claims from many documents in one graph, each beside its evidence.

pub mod custody;
pub mod import;
pub mod importers;
pub mod json;
pub mod resolve;

mod ask;
mod claim;
mod date;
mod diff;
mod gate;
mod graph;
mod ledger;
mod score;
mod terms;
mod vocabulary;
mod whatif;

pub use ask::{Answer, LicenceConflict, Question, licence_conflicts};
pub use claim::{EvidenceKind, Verdict};
pub use date::Date;
pub use diff::{ChangeKind, Difference, GraphDiff, diff};
pub use gate::{GateError, GatePolicy, GateResult, GateRule, GateViolation, WorkClass};
pub use graph::{Cited, Condensation, Edge, Fact, Graph, Loss, Lost, Reached, Step, Taint, Weakened};
pub use import::{
    Diagnostic, Document, DocumentId, DocumentKind, Draft, Identifier, Import, Limits, NodeRef, Object, Origin, Scheme,
    Severity, Statement, StrictVerdict, Value,
};
pub use ledger::{
    Action, Decision, FORMAT, Ledger, LedgerError, LedgerLimits, NodeKey, ReadDocument, write_decision, write_header,
    write_import,
};
pub use resolve::{EntityId, LookAlike, Proposal, Proposals};
pub use score::{
    Counts, Credit, Grade, Grades, Judged, Layer, LayerScore, Of, Profile, ProfileError, Requirement, Score,
};
pub use terms::{TERMS, Terms};
pub use vocabulary::{Aspect, Attribute, EdgeKind, Flow, Need, NodeKind, Predicate, RULES, Rule};
pub use whatif::{
    Affected, Change, Concentration, Consequences, Copy, Custody, Holding, Switch, WhatIf, concentration, custody,
};
