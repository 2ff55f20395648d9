//! What waits for a reviewer as a table, and the decisions that come back in it.
//!
//! ```
//! use stillwatch_core::Limits;
//! use stillwatch_questionnaire::review::{Choice, decisions};
//!
//! let table = b"document,statement,decision,why\ncard-0f,3,confirm,read on page 2\ncard-0f,4,,\n";
//! let (rows, diagnostics) = decisions(table, &Limits::default());
//! assert_eq!((rows.len(), diagnostics.len(), rows[0].choice), (1, 0, Choice::Confirm));
//! ```

use csv::ReaderBuilder;
use stillwatch_core::{Diagnostic, Limits, Severity, shown};
use stillwatch_lineage::{DocumentId, DocumentKind, Draft, Origin, ReviewGroup, StrictVerdict};

use crate::request::table_row;
use crate::table::cell;

/// What a reviewer says of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Confirm,
    Reject,
}

/// A decision in a row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDecision {
    /// `line 3`
    pub path: String,
    pub document: DocumentId,
    pub statement: u32,
    pub choice: Choice,
    pub why: String,
}

/// The table, one statement a row, in the order of the groups (RFC 4180). `decision` is to be filled in with `confirm` or
/// `reject`; a row without one stays as it is.
pub fn csv(groups: &[ReviewGroup]) -> String {
    let mut text = String::new();
    let header = [
        "document",
        "statement",
        "subject",
        "predicate",
        "object",
        "denied",
        "quote",
        "place",
        "would change",
        "decision",
        "why",
    ];
    table_row(&mut text, &header);
    for group in groups {
        let changes: Vec<String> =
            group.changes.iter().map(|own| format!("{}: {} to {}", own.question, own.before, own.after)).collect();
        let changes = if changes.is_empty() { "no answer".to_owned() } else { changes.join("; ") };
        for cited in &group.statements {
            let (number, denied) = (cited.statement.to_string(), if cited.denied { "denied" } else { "" });
            let quote = cited.quote.as_deref().unwrap_or_default();
            let place = format!("{} {}", cited.name, cited.path);
            let (document, object) = (cited.document.as_str(), cited.object.as_str());
            let row =
                [document, &number, &cited.subject, &cited.predicate, object, denied, quote, &place, &changes, "", ""];
            table_row(&mut text, &row);
        }
    }
    text
}

/// The decisions in a table; rows that cannot be read are told and left out, and are no loss to the others.
pub fn decisions(bytes: &[u8], limits: &Limits) -> (Vec<RowDecision>, Vec<Diagnostic>) {
    let origin = Origin { limits: *limits, ..Origin::named("review") };
    let mut draft = Draft::new(bytes, &origin, DocumentKind::Other);
    let text = draft.words(bytes);
    let first = text.lines().next().unwrap_or_default();
    let count = |byte: u8| first.bytes().filter(|own| *own == byte).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let find = |name: &str| header.iter().position(|own| own.trim().eq_ignore_ascii_case(name));
    let mut found = Vec::new();
    let columns = (find("document"), find("statement"), find("decision"));
    let (Some(document), Some(statement), Some(decision)) = columns else {
        let message = "columns `document`, `statement` and `decision` are needed";
        draft.tell(Severity::Error, "line 1", "columns", message);
        return (found, finished(draft));
    };
    for row in reader.records().take(limits.values) {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                draft.tell(Severity::Error, "", "csv", shown(&error.to_string()));
                continue;
            }
        };
        let path = format!("line {}", row.position().map_or(0, csv::Position::line));
        let Some(word) = cell(&row, Some(decision)) else { continue };
        let choice = match word.to_lowercase().as_str() {
            "confirm" | "confirmed" | "c" | "yes" | "y" | "true" => Choice::Confirm,
            "reject" | "rejected" | "r" | "no" | "n" | "false" => Choice::Reject,
            "skip" | "s" | "-" => continue,
            _ => {
                let message = format!("`{}` is no decision: expected confirm or reject", shown(word));
                draft.tell(Severity::Error, path, "decision", message);
                continue;
            }
        };
        let number = cell(&row, Some(statement)).and_then(|own| own.parse().ok());
        match (cell(&row, Some(document)), number) {
            (Some(document), Some(statement)) => found.push(RowDecision {
                path,
                document: document.into(),
                statement,
                choice,
                why: cell(&row, find("why")).unwrap_or_default().to_owned(),
            }),
            _ => draft.tell(Severity::Error, path, "statement", "the row does not name a document and a statement"),
        }
    }
    (found, finished(draft))
}

fn finished(draft: Draft) -> Vec<Diagnostic> {
    draft.finish(StrictVerdict::NotChecked { why: String::new() }).diagnostics
}
