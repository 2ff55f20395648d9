//! The audit report for programs.

use stillwatch_audit::AuditReport;

use crate::json::indented;
use crate::render::{Render, Terminal};

pub(super) struct Json;

impl Render<AuditReport> for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn purpose(&self) -> &'static str {
        ""
    }

    fn render(&self, report: &AuditReport, _: Terminal) -> Result<String, serde_json::Error> {
        json(report)
    }
}

/// The report as indented JSON in a stable order, with a newline at its end.
pub fn json(report: &AuditReport) -> Result<String, serde_json::Error> {
    indented(report)
}
