//! What lineage promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod made;
mod shared;

mod answers;
mod croissant;
mod custody;
mod evidence;
mod headers;
mod hostile;
mod ledger;
mod mutate;
mod order;
mod resolve;
mod score;
mod seal;
