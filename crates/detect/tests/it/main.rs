//! What detection promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cancel;
mod category;
mod continuation;
mod determinism;
mod exhibit;
mod fair;
mod fitting;
mod found;
mod intelligence;
mod kinds;
mod null_worlds;
mod traffic;
