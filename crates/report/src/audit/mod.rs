//! The audit report as people and programs read it.

mod sentences;

use stillwatch_audit::AuditReport;

use crate::render::forms;

forms! {
    AuditReport:
    table::TextTable,
    json::Json,
    sarif::Sarif,
    markdown::Ticket,
}

pub use json::json;
pub use markdown::markdown;
pub use sarif::{SARIF_VERSION, sarif};
pub use table::table;
