//! What an audit promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod canary;
mod claims;
mod index;
mod shared;
mod style;
mod watermark;
