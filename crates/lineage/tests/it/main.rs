//! What lineage promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contents;
mod made;

mod agree;
mod answers;
mod change;
mod custody;
mod hostile;
mod ledger;
mod order;
mod picture;
mod resolve;
mod score;
mod supply;
mod vendors;
