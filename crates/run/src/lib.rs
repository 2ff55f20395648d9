//! One run of anything, as a library: from inputs to a report, with progress and cancellation.
//!
//! What the command does, a server, a watcher or a wheel can do through this crate. It reads files and starts threads;
//! it knows no exit codes, no terminal and no signals, and keeps nothing outside the values it returns.

pub mod atomic;
pub mod files;
pub mod inputs;
pub mod key;
pub mod lineage;
pub mod memory;
pub mod saved_report;
pub mod simulation;

mod context;
mod counts;
mod error;
mod notice;
mod platform;

pub use context::Context;
pub use counts::Counts;
pub use error::{Fault, InputError, RunError, help};
pub use notice::{Level, Notice, Notices, Rejection};
