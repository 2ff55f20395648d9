//! Imports as lines that a test can be read by.

use std::fmt::Write;

use stillwatch_lineage::{Import, Object};

/// `path: subject predicate object`, with marks for what is denied, proposed or more than a self-claim, and with
/// qualifiers.
pub(crate) fn statements(import: &Import) -> Vec<String> {
    let all = import.statements.iter().map(|statement| {
        let object = match &statement.object {
            Object::Node(node) => {
                let ids: Vec<String> = node.identifiers.iter().map(ToString::to_string).collect();
                let ids = if ids.is_empty() { String::new() } else { format!(" <{}>", ids.join(" ")) };
                format!("{} `{}`{ids}", node.kind, node.name)
            }
            Object::Value(value) => format!("\"{value}\""),
            Object::Any => "any".into(),
        };
        let mut line =
            format!("{}: {} {} {object}", statement.path, statement.subject.name, statement.predicate.as_str());
        for (is, mark) in [(statement.denied, " (denied)"), (statement.proposed, " (proposed)")] {
            line.push_str(if is { mark } else { "" });
        }
        if statement.kind.as_str() != "self-claim" {
            write!(line, " ({})", statement.kind).unwrap();
        }
        for (key, value) in &statement.qualifiers {
            write!(line, " {key}={value}").unwrap();
        }
        line
    });
    all.collect()
}

/// `severity path code`.
pub(crate) fn diagnostics(import: &Import) -> Vec<String> {
    import.diagnostics.iter().map(|found| format!("{} {} {}", found.severity, found.path, found.code)).collect()
}
