//! What a model is really made of: claims from many documents in one graph, each beside its evidence.
//!
//! Data passes through the crate like this:
//!
//! 1. Importers, which live in `stillwatch-documents`, read bytes that somebody else wrote and give an [`Import`]: the
//!    document, its [`Statement`]s with their places, its diagnostics, and whether it conforms to its own standard. They
//!    never fail and never merge. What they put together with a [`Draft`] is all that this crate knows of documents.
//! 2. A [`Ledger`] keeps imports and decisions, append-only, as text that a version-control system can compare.
//! 3. A [`Graph`] is what a ledger says on a day: names resolved in the open ([`resolve`]), each edge and attribute with
//!    all its claims and a [`Verdict`]. What contradicts is kept side by side and called so.
//! 4. Along edges passes what [`RULES`] says, each with its reason: taint, duties, availability, reproducibility.
//! 5. On the graph stand the questions of a buyer ([`Graph::ask`]), what-if ([`Graph::what_if`]), scores
//!    ([`Graph::score`]), the gate ([`GatePolicy`]) and the comparison of two states ([`diff()`]).
//!
//! The crate opens no file, and no result depends on the order of imports. Outputs that were learnt from leave no trace
//! in weights, so silence is `unknown` and never "no".
//!
//! ```
//! use stillwatch_lineage::{
//!     DocumentKind, Draft, EdgeKind, Graph, Ledger, NodeRef, Origin, Question, StrictVerdict, Verdict,
//! };
//!
//! let mut draft = Draft::new(b"the bytes", &Origin::named("card.md"), DocumentKind::Card);
//! draft.node(NodeRef::model("tiny"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 2");
//! draft.node(NodeRef::model("tiny"), EdgeKind::FineTunedFrom, NodeRef::model("Llama-2-7b"), "line 3");
//! draft.node(NodeRef::model("Llama-2-7b"), EdgeKind::LicensedUnder, NodeRef::licence("LLaMA 2"), "line 4");
//! let import = draft.finish(StrictVerdict::NotChecked { why: "cards have no schema".into() });
//!
//! let mut ledger = Ledger::default();
//! ledger.add(&import);
//! let graph = Graph::of(&ledger, None);
//! let tiny = graph.find("tiny")[0];
//! assert_eq!(graph.ask(tiny, Question::ThirdParty).verdict, Verdict::Contradicted);
//! assert_eq!(graph.ask(tiny, Question::VendorOutputs).verdict, Verdict::Unknown);
//! ```

pub mod agree;
pub mod import;
pub mod placeholder;
pub mod resolve;

mod ask;
mod claim;
mod diff;
mod gate;
mod graph;
mod ledger;
mod permitted;
mod quantity;
mod score;
mod terms;
mod vocabulary;
mod whatif;

pub use ask::{
    Answer, AnswerChange, IDENTIFIER, LicenceConflict, Of, Outlook, Question, ReviewGroup, Support, Upstream, Waiting,
    licence_conflicts, open_terms, support, unsettled_licences,
};
pub use claim::{EvidenceKind, Verdict};
pub use diff::{AnswerDifference, ChangeKind, Difference, GraphDiff, diff};
pub use gate::{GateError, GateOutcome, GatePolicy, GateResult, GateRule, GateUndecided, GateViolation, WorkClass};
pub use graph::{
    Cited, Condensation, Edge, Fact, Firmest, Graph, Loss, Lost, Picture, PictureEdge, PictureNode, Reached, Step,
    Taint, Weakened,
};
pub use import::{
    Document, DocumentId, DocumentKind, Draft, Identifier, Import, NodeRef, Object, Origin, Scheme, Statement,
    StrictVerdict, Value,
};
pub use ledger::{
    Action, Decision, FORMAT, Ledger, LedgerError, LedgerLimits, NodeKey, ReadDocument, write_decision, write_header,
    write_import,
};
pub use resolve::{EntityId, LookAlike, Proposal, Proposals};
pub use score::{
    Counts, Credit, Grade, Grades, Judged, Layer, LayerScore, Profile, ProfileError, Requirement, Score, ScoreChange,
    ScoreOutlook,
};
pub use terms::{Results, TERMS, Terms, vendor_by_name};
pub use vocabulary::{Aspect, Attribute, EdgeKind, Flow, Need, NodeKind, Predicate, RULES, Rule};
pub use whatif::{
    Affected, Change, Concentration, Consequences, Copy, Custody, Dependants, Holding, Switch, SwitchOption,
    TeacherConcentration, WhatIf, concentration, custody, hosting, teacher_concentration,
};
