//! A JSON reader for documents that somebody else wrote: bounded in bytes, depth and values, without recursion, with a
//! place for every value and its bytes as they stand.
//!
//! [`Json::read`] goes through the text once and keeps one small node a value; a [`Value`] is a view of a node that
//! unescapes a string or spells out a path when it is asked to.
//!
//! Why not `serde_json::Value`: it keeps the last of two equal keys in silence, rounds large numbers, and forgets where
//! a value stood. What is wrong is a diagnostic and the rest is kept, even of a document that ends in the middle.
//!
//! ```
//! use stillwatch_core::Limits;
//! use stillwatch_json::Json;
//!
//! let json = Json::read(br#"{"a": [{"b": 12345678901234567890123}], "a": 1}"#, &Limits::default());
//! let root = json.root().unwrap();
//! let (_, first) = root.entries().next().unwrap();
//! let b = first.items().next().unwrap().get("b").unwrap();
//! assert_eq!(b.number(), Some("12345678901234567890123"));
//! assert_eq!(b.path(), "/a/0/b");
//! assert_eq!(json.diagnostics()[0].code, "duplicate-key");
//! ```

mod reader;
mod string;
mod view;

pub use view::Value;

use std::borrow::Cow;

use stillwatch_core::{Diagnostic, Limits, Severity};

/// "No node."
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
    /// A value beyond the depth limit: its bytes are there, its inside was not read.
    Skipped,
}

/// A value. Children form a list, so that an array of a million needs no table.
#[derive(Clone, Copy, Debug)]
struct Node {
    kind: Kind,
    start: u32,
    end: u32,
    parent: u32,
    /// Place among the parent's children.
    index: u32,
    first: u32,
    next: u32,
    /// The key with its quotes; empty outside objects.
    key: (u32, u32),
}

/// A document as it was read.
#[derive(Debug)]
pub struct Json<'a> {
    text: Cow<'a, str>,
    nodes: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Json<'a> {
    /// Reads as much as the limits allow. Never fails: see [`Json::diagnostics`].
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Self {
        let most = limits.bytes.min(u32::MAX as usize - 1);
        let mut diagnostics = Vec::new();
        let mut tell = |severity, code: &'static str, message: String| {
            diagnostics.push(Diagnostic { path: String::new(), severity, code: code.into(), message });
        };
        let mut kept = &bytes[..bytes.len().min(most)];
        if kept.starts_with(b"\xef\xbb\xbf") {
            kept = &kept[3..];
            tell(Severity::Warning, "byte-order-mark", "the document begins with a byte order mark".into());
        }
        let text = String::from_utf8_lossy(kept);
        if matches!(text, Cow::Owned(_)) {
            tell(Severity::Error, "utf-8", "bytes that are not UTF-8 were replaced".into());
        }
        let (nodes, more) = reader::read(&text, limits);
        diagnostics.extend(more);
        Self { text, nodes, diagnostics }
    }

    /// The outermost value; `None` for an empty or wholly unreadable document.
    pub fn root(&self) -> Option<Value<'_>> {
        (!self.nodes.is_empty()).then(|| Value::new(self, 0))
    }

    /// What is wrong, at most as many as the limits allow. A document of the JSON grammar without duplicate keys has no
    /// error among them.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether it is JSON by RFC 8259, with unique keys and within the limits.
    pub fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity < Severity::Error)
    }
}
