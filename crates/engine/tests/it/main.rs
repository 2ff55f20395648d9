//! What the engine promises.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::pedantic, reason = "tests are read as promises; taste is for the code they test")]

mod cancel;
mod equal;
mod file;
mod plan;
mod privacy;
mod traffic;
