//! `stillwatch schema`

use std::fmt::Write;

use stillwatch_core::{ACCOUNT_COLUMNS, Column, EXCHANGE_COLUMNS};
use stillwatch_ingest::EDGE_COLUMNS;

use crate::cli::{Schema, SchemaOf};
use crate::error::{Code, Failure};
use crate::output;

pub(crate) fn run(arguments: &Schema) -> Result<Code, Failure> {
    let text = match arguments.what {
        Some(SchemaOf::Exchanges) => columns("Request log: table [exchange] of a field map", EXCHANGE_COLUMNS),
        Some(SchemaOf::Accounts) => columns("Account table: table [account] of a field map", ACCOUNT_COLUMNS),
        Some(SchemaOf::Edge) => columns("Edge log: table [edge] of a field map", EDGE_COLUMNS),
        Some(SchemaOf::Report) => json(&stillwatch_detect::json_schema())?,
        Some(SchemaOf::Audit) => json(&stillwatch_audit::AuditReport::json_schema())?,
        Some(SchemaOf::Lineage) => json(&stillwatch_report::lineage::Report::json_schema())?,
        None => [
            columns("Request log: table [exchange] of a field map", EXCHANGE_COLUMNS),
            columns("Account table: table [account] of a field map", ACCOUNT_COLUMNS),
            columns("Edge log: table [edge] of a field map", EDGE_COLUMNS),
        ]
        .join("\n"),
    };
    output::print(&text)?;
    Ok(Code::Done)
}

fn json(schema: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(schema);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::runtime("the schema cannot be written as JSON").because(error))
}

fn columns(title: &str, columns: &[Column]) -> String {
    let width = |of: fn(&Column) -> usize| columns.iter().map(of).max().unwrap_or(0);
    let names = width(|column| column.name.len());
    let kinds = width(|column| column.kind.name().chars().count());
    let mut text = format!("{title}\n");
    for column in columns {
        let required = if column.required { "required; " } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {:names$}  {:kinds$}  {required}{}", column.name, column.kind.name(), column.meaning);
    }
    text
}
