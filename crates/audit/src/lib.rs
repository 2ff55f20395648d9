//! Whose model wrote parts of a training corpus, and how sure that is.
//!
//! The crate is handed [`Document`](stillwatch_core::Document)s and never opens a file. Each kind of evidence is a room of its own, and
//! they are never added up: [`Class`] says what each may support.
//!
//! - `claim`: what texts say of their own author (class C).
//! - `index`: served outputs as keyed k-gram fingerprints, and spans found in them (class A).
//! - `canary`: exact marks of a campaign (class A).
//! - `watermark`: keyed statistical marks (class B).
//! - `style`: shares of families by wording (class D).
//! - `recycling`: how uniform the texts are.

pub mod canary;
mod claim;
mod class;
mod collector;
mod conclude;
mod finding;
mod gate;
mod hit;
pub mod index;
mod interval;
mod judge;
pub mod recycling;
mod report;
mod scan;
mod sketch;
pub mod style;
pub mod watermark;

pub use claim::{CLAIM_RULES_VERSION, Claim, ClaimSort, Claims, Standing};
pub use class::Class;
pub use collector::{BlockFindings, Collector, Group, GroupName};
pub use conclude::{IndexUse, hold_watermarks};
pub use finding::{Finding, RowName, Verdict};
pub use gate::{
    AtLeast, DeclaredSource, Deny, GateOutcome, Passed, PolicyError, Separation, SyntheticLimit, TrainingPolicy,
    Undecided, Violation,
};
pub use hit::{CANARY_RULE, FRAGMENT_RULE, Hit, Rule, SELF_CLAIM_RULE, SERVED_RULE, Spot, WATERMARK_RULE};
pub use interval::Interval;
pub use judge::{Case, LookedFor};
pub use report::{AuditReport, CorpusFacts, Means, Recycling, SCHEMA, SetAside, StyleResult, limits};
pub use scan::{Instruments, NamedIndex, NamedWatermark, ScanError, Scanner};
pub use sketch::{Kept, SKETCH, Sketch};
