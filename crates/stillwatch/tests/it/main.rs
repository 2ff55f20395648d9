//! What the command promises, checked by running it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(clippy::format_push_string, reason = "plainer, and fast enough for a test")]

mod audit;
mod bad_input;
mod circles;
mod command_line;
mod doctor;
mod exit_codes;
mod explain;
mod field_cases;
mod floors;
mod interrupt;
mod lineage;
mod lineage_codes;
mod lineage_publication;
mod output;
mod policies_and_watchlists;
mod privacy;
mod readme;
mod reproducibility;
mod sandbox;
mod unread;
