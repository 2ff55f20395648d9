//! What importers and exporters promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lines;
#[path = "../../../lineage/tests/it/made.rs"]
mod made;
#[path = "../../../pdf/tests/it/made.rs"]
mod made_pdf;
mod shared;

mod admissions;
mod answered;
mod attested;
mod bom;
mod cases;
mod croissant;
mod cross;
mod cyclonedx;
mod dpi;
mod evidence;
mod hard;
mod headers;
mod hostile_bom;
mod kinds;
mod kinship;
mod meaning;
mod mutate;
mod pdf;
mod permits;
mod publication;
mod sealed;
mod spdx;
mod training_run;
