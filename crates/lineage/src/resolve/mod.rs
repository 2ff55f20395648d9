//! Which names mean the same thing, as a step that can be seen, reviewed and taken back.
//!
//! - **Equal identifiers** of the same kind are one thing: the same repository id, package URL, digest. Byte for byte;
//!   SPDX licence ids without case, as SPDX matches them.
//! - **Equal names** of the same kind are one thing unless two different identifiers go by that name, one document tells
//!   two things of that name apart, or the name says nothing ("model").
//! - **Near names** are proposals, each with its reason and a confidence; nothing is merged before somebody decides.
//! - **Look-alikes**, identifiers that differ only by case, Unicode form or letters of another script, are told as such.
//!
//! The outcome depends on what was imported and decided, not on the order of either import.

mod fold;
mod key;
mod propose;
mod resolution;

pub(crate) use fold::{are_spellings, is_legal_form, without_legal_form};
pub use fold::{fold, skeleton};
pub(crate) use key::{Key, keys_of};
pub use propose::{LookAlike, Proposal, Proposals, Reason};
pub use resolution::EntityId;
pub(crate) use resolution::Resolution;
