//! What runs promise as a library.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod cancellation;
mod runtime;
mod shards;
mod spans;
mod traffic;
