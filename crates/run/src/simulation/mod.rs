//! Simulated traffic as files, and how a report compares with the truth about it.

mod files;
mod score;
mod tables;
mod worlds;

pub use files::{ACCOUNTS, EXCHANGES, PERMITS, Simulate, SimulateError, TRUTH, WorldCrowd, traffic, write};
pub use score::{Score, score};
pub use worlds::Worlds;
