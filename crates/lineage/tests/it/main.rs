//! What lineage promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod given;
mod made;
mod shared;

mod answers;
mod bom;
mod croissant;
mod custody;
mod cyclonedx;
mod evidence;
mod headers;
mod hostile;
mod hostile_bom;
mod ledger;
mod mutate;
mod order;
mod permits;
mod questionnaire;
mod resolve;
mod score;
mod seal;
mod spdx;
