//! Which accounts act as one, how sure that is, and on what evidence.
mod benign;
mod candidate;
mod channel;
mod community;
mod content;
mod detector;
mod finding;
mod graph;
mod null;
mod parameters;
mod population;
mod profile;
mod report;
mod timing;

pub use detector::{Detector, Options};
pub use report::*;
