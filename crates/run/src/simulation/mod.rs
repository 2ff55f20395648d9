//! Simulated traffic as files, and how a report compares with the truth about it.

mod files;
mod score;
mod tables;

pub use files::{ACCOUNTS, EXCHANGES, PERMITS, Simulate, SimulateError, TRUTH, traffic, write};
pub use score::{Score, score};
