//! What a digest promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lattice;
mod privacy;
