//! The detection report for programs.

use stillwatch_detect::DetectionReport;

use crate::json::indented;
use crate::render::{Render, Terminal};

pub(super) struct Json;

impl Render<DetectionReport> for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn purpose(&self) -> &'static str {
        "The whole report, for programs; explain and diff read it"
    }

    fn render(&self, report: &DetectionReport, _: Terminal) -> Result<String, serde_json::Error> {
        json(report)
    }
}

/// The report as indented JSON in a stable order, with a newline at its end. Lists of numbers, and lists of small objects
/// of numbers, take a line each.
pub fn json(report: &DetectionReport) -> Result<String, serde_json::Error> {
    indented(report)
}
