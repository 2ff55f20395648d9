//! One file a format: an [`Importer`] says how a document of the format is told from others, and reads it into an
//! [`Import`](stillwatch_lineage::Import). [`IMPORTERS`] lists them, and [`recognise`] picks the one for a document.
//!
//! An importer is a pure function of an [`Input`]: the bytes and where they came from. It never fails: what cannot be read
//! is a diagnostic with a path, and everything else is kept.

pub mod admissions;
pub mod answers;
pub mod config;
pub mod croissant;
pub mod cross_check;
pub mod custody;
pub mod cyclonedx;
pub mod dpi;
pub mod dps;
pub mod hugging_face;
pub mod in_toto;
pub mod model_openness;
pub mod model_signing;
pub mod permits;
pub mod prose;
pub mod recognise;
pub mod refused;
pub mod spdx;
pub mod spdx2;
pub mod stillwatch;
pub mod training_run;
pub mod weights;

mod accelerator;
mod input;
mod records;
mod registry;
mod sink;
mod yaml;

pub use input::{Importer, Input, Sign};
pub use registry::IMPORTERS;
