//! What this crate promises, over its public interface.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compression;
mod containers;
mod corpus;
mod exports;
mod faults;
mod fields;
mod fixtures;
mod formats;
mod golden;
mod hostile;
mod mutations;
mod policy;
mod rejects;
mod shared;
mod sources;
mod spellings;
mod tables;
mod watchlist;
mod windows;
mod wrappers;
