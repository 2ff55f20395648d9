//! Which accounts act as one, how sure that is, and on what evidence.
mod benign;
mod campaign;
mod candidate;
mod channel;
mod community;
mod content;
mod coverage;
mod detector;
mod evidence;
mod finding;
mod graph;
mod null;
mod parameters;
mod population;
mod profile;
mod report;
mod single;
mod timing;

pub use detector::{Detector, Options};
pub use report::*;
