use std::borrow::Cow;
use std::io::{self, Write};

use rustc_hash::FxHashMap;

use super::record::{FORMAT, Header, NodeRecord, ObjectRecord, Record, StatementRecord};
use super::{Decision, ReadDocument};
use crate::import::{Import, NodeRef, Object};

/// Begins a ledger's file.
pub fn write_header(writer: &mut impl Write) -> io::Result<()> {
    line(writer, &Record::Lineage(Header { format: FORMAT.into() }))
}

/// Appends a document and what it says. The lines depend on the import alone.
pub fn write_import(writer: &mut impl Write, import: &Import) -> io::Result<()> {
    let read = ReadDocument {
        document: import.document.clone(),
        strict: import.strict.clone(),
        diagnostics: import.diagnostics.clone(),
    };
    line(writer, &Record::Document(Box::new(read)))?;
    let mut numbers = FxHashMap::default();
    for (n, statement) in (0_u32..).zip(&import.statements) {
        let mut node = |node| number(writer, &mut numbers, node);
        let s = node(&statement.subject)?;
        let o = match &statement.object {
            Object::Node(object) => ObjectRecord::Node(node(object)?),
            Object::Value(value) => ObjectRecord::Value(value.clone()),
            Object::Any => ObjectRecord::Any,
        };
        let by = statement.said_by.as_ref().map(node).transpose()?;
        let record = StatementRecord {
            n,
            s,
            p: Cow::Borrowed(statement.predicate.as_str()),
            o,
            denied: statement.denied,
            path: Cow::Borrowed(&statement.path),
            e: statement.kind,
            by,
            on: statement.said_on,
            expires: statement.expires,
            quote: statement.quote.clone(),
            proposed: statement.proposed,
            with: statement.qualifiers.clone(),
        };
        line(writer, &Record::Statement(record))?;
    }
    Ok(())
}

/// Appends a decision.
pub fn write_decision(writer: &mut impl Write, decision: &Decision) -> io::Result<()> {
    line(writer, &Record::Decision(decision.clone()))
}

/// A node's number in its document; a node that is new is written first.
fn number<'n>(
    writer: &mut impl Write,
    numbers: &mut FxHashMap<&'n NodeRef, u32>,
    node: &'n NodeRef,
) -> io::Result<u32> {
    if let Some(&known) = numbers.get(node) {
        return Ok(known);
    }
    let ids = node.identifiers.iter().map(|id| (id.scheme, id.value.clone())).collect();
    let n = super::position(numbers.len());
    line(writer, &Record::Node(NodeRecord { n, kind: node.kind, name: Cow::Borrowed(&node.name), ids }))?;
    numbers.insert(node, n);
    Ok(n)
}

fn line(writer: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, record)?;
    writer.write_all(b"\n")
}
