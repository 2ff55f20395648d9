//! Promises of the crate, from outside.
