//! What seals promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod seal;
mod shared;
