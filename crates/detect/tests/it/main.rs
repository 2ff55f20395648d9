//! What detection promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod exhibit;
mod fair;
mod found;
mod same;
mod traffic;
