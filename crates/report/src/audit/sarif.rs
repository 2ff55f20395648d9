//! Findings for code scanning: SARIF 2.1.0 (OASIS standard, 27 March 2020). Every result names the row it is in.

use serde_json::{Value, json};
use stillwatch_audit::{AuditReport, Class, Finding, RowName, Verdict};

use super::sentences::chance;
use crate::render::{Render, Terminal};

pub(super) struct Sarif;

impl Render<AuditReport> for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn purpose(&self) -> &'static str {
        ""
    }

    fn render(&self, report: &AuditReport, _: Terminal) -> Result<String, serde_json::Error> {
        sarif(report)
    }
}

/// The version of SARIF that is written.
pub const SARIF_VERSION: &str = "2.1.0";

/// The report as SARIF. Violations of the policy are errors, rows shown to hold outputs are warnings, the rest notes.
pub fn sarif(report: &AuditReport) -> Result<String, serde_json::Error> {
    let mut results: Vec<Value> = Vec::new();
    for violation in report.gate.iter().flat_map(|gate| &gate.violations) {
        let message = format!("{}: {}", violation.rule, violation.statement);
        results.extend(located("policy", "error", &message, &violation.rows));
    }
    for finding in &report.findings {
        let level = if finding.verdict == Verdict::Contains { "warning" } else { "note" };
        results.extend(located(&finding.rule, level, &message(finding), &finding.rows));
    }
    let mut rules: Vec<(&str, Class)> =
        report.findings.iter().map(|finding| (finding.rule.as_str(), finding.class)).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut rules: Vec<Value> = rules
        .into_iter()
        .map(|(rule, class)| {
            json!({"id": rule, "shortDescription": {"text": class.to_string()}, "properties": {"class": class.letter().to_string()}})
        })
        .collect();
    if report.gate.is_some() {
        rules.push(json!({"id": "policy", "shortDescription": {"text": "rules of what may be trained on"}}));
    }
    let driver = json!({
        "name": "stillwatch",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://github.com/stillwatch/stillwatch",
        "rules": rules,
    });
    let notifications: Vec<Value> = report
        .not_evaluated
        .iter()
        .map(|gap| json!({"level": "note", "message": {"text": format!("not evaluated: {}: {}", gap.what, gap.why)}}))
        .chain(report.limits.iter().map(|limit| json!({"level": "note", "message": {"text": limit}})))
        .collect();
    let corpus = &report.corpus;
    let whole = corpus.documents > 0 && corpus.failed_files == 0 && corpus.broken_off == 0;
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": SARIF_VERSION,
        "runs": [{
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": whole, "toolExecutionNotifications": notifications}],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&sarif)? + "\n")
}

fn message(finding: &Finding) -> String {
    let mut text = format!("{}, {}: {}.", finding.class, finding.verdict.name(), finding.statement);
    for part in chance(finding).into_iter().chain(finding.cautions.iter().map(|caution| format!("But: {caution}"))) {
        text.push(' ');
        text.push_str(&part);
        text.push('.');
    }
    text
}

/// One result a row; one without a place where no row is named.
fn located(rule: &str, level: &str, message: &str, rows: &[RowName]) -> Vec<Value> {
    let result = |locations: Value| json!({"ruleId": rule, "level": level, "message": {"text": message}, "locations": locations});
    if rows.is_empty() {
        return vec![result(json!([]))];
    }
    let place = |row: &RowName| {
        let mut physical = json!({"artifactLocation": {"uri": uri(&row.file)}});
        if rows_are_lines(&row.file) {
            physical["region"] = json!({"startLine": row.row});
        }
        json!([{
            "physicalLocation": physical,
            "logicalLocations": [{"name": format!("row {}", row.row), "kind": "element"}],
        }])
    };
    rows.iter().map(|row| result(place(row))).collect()
}

/// Whether the number of a row is that of its line: of JSON lines. A row of a table or an array may be several lines, a
/// row of Parquet is none, and a viewer would point at another place.
fn rows_are_lines(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    [".jsonl", ".ndjson", ".jsonlines"].iter().any(|ending| lower.ends_with(ending))
}

/// A path as a URI reference (RFC 3986): what is not unreserved or a slash is written in per cent.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
