//! Promises of the crate, from outside.

mod given;
mod made;

mod answers;
mod custody;
mod cyclonedx;
mod evidence;
mod hostile;
mod ledger;
mod order;
mod resolve;
mod score;
