use rustc_hash::FxHashMap;
use stillwatch_json::Value as Node;

use super::context::{Context, words};

/// Sub-fields within sub-fields.
const MOST_DEPTH: usize = 16;

/// Which edition of the format a document says it keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Version {
    V0_8,
    V1_0,
    V1_1,
}

impl Version {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::V0_8 => "0.8",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    FileObject,
    FileSet,
    RecordSet,
    Field,
}

/// A file, file set, record set or field.
pub(super) struct Item<'d> {
    pub(super) kind: Kind,
    pub(super) node: Node<'d>,
    /// `@id`; before 1.0 the names on the way to it.
    pub(super) id: String,
    /// The record set of a field.
    pub(super) parent: Option<usize>,
    pub(super) sub_fields: usize,
    /// A field of a field.
    pub(super) nested: bool,
}

/// Everything that has an identifier.
pub(super) struct Items<'d> {
    pub(super) version: Version,
    pub(super) all: Vec<Item<'d>>,
    by_id: FxHashMap<String, usize>,
}

impl<'d> Items<'d> {
    pub(super) fn read(context: &Context, root: Node<'d>, version: Version) -> Self {
        let mut items = Self { version, all: Vec::new(), by_id: FxHashMap::default() };
        for node in context.own(root, "distribution").into_iter().flat_map(Node::each) {
            let set = context.own(node, "includes").is_some() && context.own(node, "contentUrl").is_none();
            let typed = context.is_a(node, &super::CORE, "FileSet");
            let object = context.is_a(node, &super::CORE, "FileObject");
            let kind = if typed || (set && !object) { Kind::FileSet } else { Kind::FileObject };
            items.push(context, kind, node, None, "", false);
        }
        for node in context.own(root, "recordSet").into_iter().flat_map(Node::each) {
            let at = items.push(context, Kind::RecordSet, node, None, "", false);
            let mut open: Vec<(Node<'d>, String, usize)> = vec![(node, items.all[at].id.clone(), 0)];
            while let Some((holder, prefix, depth)) = open.pop() {
                let name = if depth == 0 { "field" } else { "subField" };
                for field in context.own(holder, name).into_iter().flat_map(Node::each) {
                    let own = items.push(context, Kind::Field, field, Some(at), &prefix, depth > 0);
                    items.all[own].sub_fields = context.own(field, "subField").map_or(0, |sub| sub.each().count());
                    if items.all[own].sub_fields > 0 && depth < MOST_DEPTH {
                        open.push((field, items.all[own].id.clone(), depth + 1));
                    }
                }
            }
        }
        items
    }

    fn push(
        &mut self,
        context: &Context,
        kind: Kind,
        node: Node<'d>,
        parent: Option<usize>,
        prefix: &str,
        nested: bool,
    ) -> usize {
        let id = if self.version == Version::V0_8 {
            let name = context.own(node, "name").and_then(words).unwrap_or_default();
            if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
        } else {
            node.text_of("@id").map(std::borrow::Cow::into_owned).unwrap_or_default()
        };
        let at = self.all.len();
        if !id.is_empty() {
            self.by_id.entry(id.clone()).or_insert(at);
        }
        self.all.push(Item { kind, node, id, parent, sub_fields: 0, nested });
        at
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// What a `source`, `references` or `containedIn` refers to.
    pub(super) fn references(&self, context: &Context, value: Node<'_>) -> Vec<String> {
        let names: &[&str] = if self.version == Version::V0_8 {
            &["field", "distribution"]
        } else {
            &["field", "fileObject", "fileSet"]
        };
        value
            .each()
            .filter_map(|one| {
                let inner = names.iter().find_map(|name| context.own(one, name));
                inner.and_then(words).or_else(|| if inner.is_none() { words(one) } else { None })
            })
            .collect()
    }
}
