//! What the reader of PDF promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod made;
