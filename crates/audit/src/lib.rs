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

mod class;
pub mod style;

pub use class::Class;
