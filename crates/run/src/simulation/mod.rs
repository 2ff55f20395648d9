//! Simulated traffic as files, and how a report compares with the truth about it.

mod score;
mod tables;

pub use score::{Score, score};
pub use tables::{account_schema, accounts, exchange_schema, exchanges};
