//! One file a format: `pub fn read(bytes: &[u8], origin: &Origin) -> Import`, as [`crate::import`] describes it.

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
pub mod model_signing;
pub mod permits;
pub mod prose;
pub mod recognise;
pub mod spdx;
pub mod stillwatch;
pub mod weights;

mod sink;
mod yaml;
