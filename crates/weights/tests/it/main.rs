//! What weight files and comparisons of them promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kinship;
