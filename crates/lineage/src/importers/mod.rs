//! One file a format: `pub fn read(bytes: &[u8], origin: &Origin) -> Import`, as [`crate::import`] describes it.

pub mod cyclonedx;
pub mod spdx;
pub mod stillwatch;

mod sink;
