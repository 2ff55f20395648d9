//! What runs promise as a library.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(clippy::format_push_string, reason = "plainer, and fast enough for a test")]

mod cancellation;
mod runtime;
mod shards;
mod spans;
mod traffic;
