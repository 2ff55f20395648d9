//! What holds for every importer, whatever it is given.

use stillwatch_core::Limits;
use stillwatch_lineage::{Import, NodeRef, Object, Origin, StrictVerdict, Value};

/// Limits that a fuzzer reaches.
pub const LIMITS: Limits =
    Limits { bytes: 1 << 20, depth: 32, text: 200, values: 5_000, statements: 300, diagnostics: 40 };

/// Reads a document twice and holds the importer to its word: it gives the same both times, keeps within the limits,
/// says of each mistake what it is, and shows a reviewer the words of what it proposes.
pub fn hold(read: fn(&[u8], &Origin) -> Import, name: &str, bytes: &[u8]) {
    let origin = Origin { limits: LIMITS, subject: Some(NodeRef::model("subject")), ..Origin::named(name) };
    let import = read(bytes, &origin);
    assert_eq!(import, read(bytes, &origin), "two readings differ");
    check(&import);
    // Without a subject the importer has to find one.
    let alone = Origin { limits: LIMITS, ..Origin::named(name) };
    check(&read(bytes, &alone));
}

fn check(import: &Import) {
    assert!(import.statements.len() <= LIMITS.statements, "{} statements", import.statements.len());
    // What was left out is told beyond the limit: statements and diagnostics.
    assert!(import.diagnostics.len() <= LIMITS.diagnostics + 2, "{} diagnostics", import.diagnostics.len());
    for found in &import.diagnostics {
        assert!(!found.code.is_empty() && !found.message.is_empty(), "a mistake without words: {found:?}");
        assert!(!found.message.ends_with('.'), "a trailing stop: {found:?}");
    }
    for statement in &import.statements {
        assert!(statement.subject.name.len() <= LIMITS.text, "a long name");
        match &statement.object {
            Object::Value(Value::Text(text) | Value::Number(text)) => assert!(text.len() <= LIMITS.text, "a long text"),
            Object::Node(node) => assert!(node.name.len() <= LIMITS.text, "a long name"),
            _ => {}
        }
        if statement.proposed {
            assert!(statement.quote.is_some(), "a proposal without a quote: {statement:?}");
        }
    }
    if let StrictVerdict::Invalid { errors, .. } = import.strict {
        assert!(errors > 0 && !import.diagnostics.is_empty(), "invalid, and nothing is said of why");
    }
}
