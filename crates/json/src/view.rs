use std::borrow::Cow;

use super::string::unescape;
use super::{Json, Kind, NONE, Node};

/// A value of a document, with its place.
#[derive(Clone, Copy, Debug)]
pub struct Value<'d> {
    json: &'d Json<'d>,
    at: u32,
}

impl<'d> Value<'d> {
    pub(super) fn new(json: &'d Json<'_>, at: u32) -> Self {
        Self { json, at }
    }

    /// The member of this key; of two equal keys the last, as most readers have it. `None` for what is no object.
    pub fn get(self, key: &str) -> Option<Self> {
        self.entries().filter(|(own, _)| own == key).map(|(_, value)| value).last()
    }

    /// The member at the end of a way of keys.
    pub fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Every member in the order of the document, equal keys included. None for what is no object.
    pub fn entries(self) -> impl Iterator<Item = (Cow<'d, str>, Self)> {
        let json = self.json;
        self.children(Kind::Object).map(move |value| {
            let (start, end) = value.node().key;
            (unescape(inside(&json.text[start as usize..end as usize])), value)
        })
    }

    /// Every element of an array. None for what is no array.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.children(Kind::Array)
    }

    /// The elements of an array, or the value itself if it is none: for fields that are "one or many".
    pub fn each(self) -> impl Iterator<Item = Self> {
        let single = (!self.is_array()).then_some(self);
        single.into_iter().chain(self.items())
    }

    /// The text of a string.
    pub fn text(self) -> Option<Cow<'d, str>> {
        (self.node().kind == Kind::String).then(|| unescape(inside(self.raw())))
    }

    /// The text of a member that is a string.
    pub fn text_of(self, key: &str) -> Option<Cow<'d, str>> {
        self.get(key)?.text()
    }

    /// A number, with the digits that the document has.
    pub fn number(self) -> Option<&'d str> {
        (self.node().kind == Kind::Number).then(|| self.raw())
    }

    pub fn flag(self) -> Option<bool> {
        match self.node().kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    pub fn is_null(self) -> bool {
        self.node().kind == Kind::Null
    }

    pub fn is_object(self) -> bool {
        self.node().kind == Kind::Object
    }

    pub fn is_array(self) -> bool {
        self.node().kind == Kind::Array
    }

    /// What it is, for a message: `a string`.
    pub fn kind_name(self) -> &'static str {
        match self.node().kind {
            Kind::Null => "null",
            Kind::True | Kind::False => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Skipped => "a value nested too deep",
        }
    }

    /// The bytes of the value as they stand in the document.
    pub fn raw(self) -> &'d str {
        let node = self.node();
        &self.json.text[node.start as usize..node.end as usize]
    }

    /// The key of a member with its quotes, as it stands in the document; empty for what is no member.
    pub fn raw_key(self) -> &'d str {
        let (start, end) = self.node().key;
        &self.json.text[start as usize..end as usize]
    }

    /// Where its bytes begin.
    pub fn offset(self) -> usize {
        self.node().start as usize
    }

    /// JSON Pointer (RFC 6901); empty for the outermost value.
    pub fn path(self) -> String {
        path(&self.json.text, &self.json.nodes, self.at)
    }

    /// The same value for a schema validator. Numbers beyond 64 bits are rounded there; of equal keys the last stays.
    pub fn to_serde(self) -> serde_json::Value {
        // Depth is bounded by the limits with which the document was read.
        match self.node().kind {
            Kind::Null | Kind::Skipped => serde_json::Value::Null,
            Kind::True => true.into(),
            Kind::False => false.into(),
            Kind::Number => serde_json::from_str(self.raw()).unwrap_or(serde_json::Value::Null),
            Kind::String => self.text().unwrap_or_default().into_owned().into(),
            Kind::Array => self.items().map(Self::to_serde).collect(),
            Kind::Object => self.entries().map(|(key, value)| (key.into_owned(), value.to_serde())).collect(),
        }
    }

    fn node(self) -> &'d Node {
        &self.json.nodes[self.at as usize]
    }

    fn children(self, kind: Kind) -> impl Iterator<Item = Self> {
        let json = self.json;
        let mut next = if self.node().kind == kind { self.node().first } else { NONE };
        std::iter::from_fn(move || {
            let at = (next != NONE).then_some(next)?;
            next = json.nodes[at as usize].next;
            Some(Self { json, at })
        })
    }
}

/// The place of a node as JSON Pointer.
pub(super) fn path(text: &str, nodes: &[Node], mut at: u32) -> String {
    let mut steps = Vec::new();
    while at != NONE {
        let node = &nodes[at as usize];
        if node.parent != NONE {
            let (start, end) = node.key;
            steps.push(if start == end {
                node.index.to_string()
            } else {
                unescape(inside(&text[start as usize..end as usize])).replace('~', "~0").replace('/', "~1")
            });
        }
        at = node.parent;
    }
    steps.iter().rev().flat_map(|step| ["/", step.as_str()]).collect()
}

/// What stands between quotes; a string that the document's end cut off has none behind.
pub(super) fn inside(quoted: &str) -> &str {
    let open = quoted.strip_prefix('"').unwrap_or(quoted);
    let escapes = open.strip_suffix('"').map_or(0, |body| body.bytes().rev().take_while(|&byte| byte == b'\\').count());
    if escapes % 2 == 1 { open } else { open.strip_suffix('"').unwrap_or(open) }
}
