//! What the engine promises.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cancel;
mod equal;
mod file;
mod plan;
mod privacy;
mod traffic;
