//! One file a format: `pub fn read(bytes: &[u8], origin: &Origin) -> Import`, as [`crate::import`] describes it.

pub mod config;
pub mod croissant;
pub mod cross_check;
pub mod hugging_face;
pub mod prose;
pub mod stillwatch;
pub mod weights;

mod yaml;
