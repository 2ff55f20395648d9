//! What this crate promises, over its public interface.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compression;
mod corpus;
mod faults;
mod fields;
mod fixtures;
mod formats;
mod golden;
mod hostile;
mod policy;
mod rejects;
mod shared;
mod sources;
mod tables;
mod watchlist;
mod windows;
