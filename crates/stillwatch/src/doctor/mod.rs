//! What logs are worth: `stillwatch doctor`.
//!
//! A `Survey` goes through the batches of one log and keeps numbers alone; `clock` compares times, `detectors` says
//! which tests the columns are enough for, and `table` prints it all.

mod clock;
mod detectors;
mod survey;
mod table;

use serde::Serialize;

pub(crate) use detectors::{Detector, detectors};
pub(crate) use survey::{LogReport, Survey};
pub(crate) use table::table;

/// The identifier of the JSON form.
pub(crate) const SCHEMA: &str = "stillwatch.doctor/1";

/// The examination of all logs of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Examination {
    pub(crate) schema: &'static str,
    pub(crate) logs: Vec<LogReport>,
    /// Accounts in the account table, where one was given.
    pub(crate) accounts: Option<u64>,
    /// Requests in the edge log, where one was given.
    pub(crate) edge_requests: Option<u64>,
    pub(crate) detectors: Vec<Detector>,
}
