//! What lineage promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod given;
mod lines;
mod made;
mod made_pdf;
mod shared;

mod answers;
mod attested;
mod bom;
mod change;
mod croissant;
mod cross;
mod custody;
mod cyclonedx;
mod disclosure;
mod dpi;
mod evidence;
mod headers;
mod hostile;
mod hostile_bom;
mod kinship;
mod ledger;
mod meaning;
mod mutate;
mod order;
mod pdf;
mod permits;
mod picture;
mod questionnaire;
mod resolve;
mod score;
mod seal;
mod spdx;
mod vendors;
