//! What lineage promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod given;
mod made;

mod answers;
mod bom;
mod custody;
mod cyclonedx;
mod evidence;
mod hostile;
mod hostile_bom;
mod ledger;
mod order;
mod resolve;
mod score;
mod spdx;
