//! The rules of the format (Croissant 1.0 and 1.1, "Format specification"; for 0.8 the rules that its validator keeps
//! to). Held against the verdicts of `mlcroissant` on its own valid and wrong graphs.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::Draft;

use super::CORE;
use super::context::{Context, Space, words};
use super::nodes::{Item, Items, Kind, Version};

/// Steps from a field to the field that gives its type.
const MOST_STEPS: usize = 64;

pub(super) struct Check<'c, 'd> {
    pub(super) context: &'c Context,
    pub(super) items: &'c Items<'d>,
    pub(super) draft: &'c mut Draft,
    pub(super) live: bool,
}

impl Check<'_, '_> {
    pub(super) fn run(&mut self, root: Node<'_>) {
        self.root(root);
        let mut first: BTreeSet<&str> = BTreeSet::new();
        for item in &self.items.all {
            if !item.id.is_empty() && !first.insert(&item.id) {
                self.error(item.node, "duplicate-id", format!("`{}` is the identifier of two nodes", shown(&item.id)));
            }
            if item.id.chars().any(char::is_whitespace) && self.items.version > Version::V0_8 {
                self.error(item.node, "id", format!("`{}` has a space in it", shown(&item.id)));
            }
            self.common(item);
            match item.kind {
                Kind::FileObject | Kind::FileSet => self.file(item),
                Kind::RecordSet => self.of_type(item.node, &["RecordSet"]),
                Kind::Field => self.field(item),
            }
        }
        for (at, item) in self.items.all.iter().enumerate() {
            if item.kind == Kind::RecordSet {
                self.record_set(at, item);
            }
        }
    }

    fn error(&mut self, node: Node<'_>, code: &'static str, message: impl Into<String>) {
        self.draft.tell(Severity::Error, node.path(), code, message);
    }

    fn root(&mut self, root: Node<'_>) {
        if self.items.version == Version::V0_8 && self.context.own(root, "name").and_then(words).is_none() {
            self.error(root, "missing", "`name` is mandatory");
        }
        for name in ["name", "description"] {
            self.text(root, name, self.items.version >= Version::V1_1);
        }
        for name in ["license", "citeAs", "datePublished", "version"] {
            if self.context.get(root, name, &[Space::Croissant, Space::Schema, Space::Terms]).is_none() {
                let message = format!("`{name}` is recommended, and missing");
                self.draft.tell(Severity::Note, root.path(), "recommended", message);
            }
        }
        for licence in self.context.own(root, "license").into_iter().flat_map(Node::each) {
            let work = licence.is_object()
                && (licence.get("@type").is_none() || self.context.is_a(licence, &[Space::Schema], "CreativeWork"));
            if licence.text().is_none() && !work {
                self.error(licence, "wrong-type", format!("a licence is {}", licence.kind_name()));
            }
        }
    }

    /// A text, or several by language where the edition has that.
    fn text(&mut self, node: Node<'_>, name: &str, languages: bool) {
        let Some(value) = self.context.own(node, name) else { return };
        let tagged = |one: Node<'_>| one.text_of("@value").is_some() || one.text().is_some();
        let map = |one: Node<'_>| one.is_object() && one.entries().all(|(_, value)| value.text().is_some());
        let good = match (value.is_array(), languages) {
            (false, true) => tagged(value) || map(value),
            (false, false) => tagged(value),
            (true, true) => value.items().all(|one| tagged(one) || map(one)),
            (true, false) => value.items().count() == 1 && value.items().all(tagged),
        };
        if !good {
            let message = format!("`{name}` should be a text and is {}", value.kind_name());
            self.error(value, "wrong-type", message);
        }
    }

    fn common(&mut self, item: &Item<'_>) {
        let languages = self.items.version >= Version::V1_1 && matches!(item.kind, Kind::Field | Kind::RecordSet);
        self.text(item.node, "name", languages);
        self.text(item.node, "description", self.items.version >= Version::V1_1);
        if self.items.version == Version::V0_8
            && self.context.own(item.node, "name").and_then(words).is_none_or(|name| name.is_empty())
        {
            self.error(item.node, "missing", "`name` is mandatory");
        }
    }

    fn of_type(&mut self, node: Node<'_>, names: &[&str]) {
        if !names.iter().any(|name| self.context.is_a(node, &CORE, name)) {
            self.error(node, "node-type", format!("`@type` should be {}", names.join(" or ")));
        }
    }

    fn file(&mut self, item: &Item<'_>) {
        let node = item.node;
        self.of_type(node, &["FileObject", "FileSet"]);
        let missing = |name: &str| {
            self.context.own(node, name).is_none_or(|value| value.text().is_some_and(|text| text.is_empty()))
        };
        let mut wanted = vec!["encodingFormat"];
        let contained = self.context.own(node, "containedIn");
        if item.kind == Kind::FileSet {
            wanted.push("includes");
        } else if contained.is_none() {
            wanted.push("contentUrl");
        }
        let absent: Vec<&str> = wanted.into_iter().filter(|name| missing(name)).collect();
        let digests =
            item.kind == Kind::FileSet || contained.is_some() || self.live || !missing("md5") || !missing("sha256");
        for name in absent {
            self.error(node, "missing", format!("`{name}` is mandatory"));
        }
        if !digests {
            self.error(node, "missing", "one of `md5` and `sha256` is mandatory where the data set is not live");
        }
        for id in contained.into_iter().flat_map(|value| self.items.references(self.context, value)) {
            self.known(node, &id);
        }
    }

    fn known(&mut self, node: Node<'_>, id: &str) -> Option<usize> {
        let found = self.items.find(id);
        if found.is_none() {
            self.error(node, "dangling", format!("`{}` is the identifier of no node", shown(id)));
        }
        found
    }

    /// What `source` or `references` of a field names, if anything.
    fn named(&self, field: Node<'_>, property: &str) -> Option<String> {
        let value = self.context.own(field, property)?;
        self.items.references(self.context, value).into_iter().next()
    }

    fn field(&mut self, item: &Item<'_>) {
        let node = item.node;
        self.of_type(node, &["Field"]);
        let value = self.context.own(node, "value").filter(|value| !value.is_null());
        if let Some(source) = self.context.own(node, "source") {
            if value.is_some() {
                self.error(node, "source-and-value", "a field has either `source` or `value`");
            }
            self.source(source);
        }
        let shape = self.context.own(node, "arrayShape");
        let array = self
            .context
            .own(node, "isArray")
            .and_then(|value| value.flag().or_else(|| Some(value.text()?.eq_ignore_ascii_case("true"))));
        if let Some(shape) = shape {
            let text = shape.text().unwrap_or_default();
            if array != Some(true) {
                self.error(shape, "array-shape", "`arrayShape` without `isArray`");
            }
            let sides = text.trim_matches(['(', ')']).split(',').map(str::trim);
            if !sides.filter(|side| !side.is_empty()).all(|side| side.parse::<i64>().is_ok()) || text.is_empty() {
                self.error(shape, "array-shape", format!("`{}` is no list of numbers", shown(&text)));
            }
        }
        if !self.typed(item) {
            self.error(node, "data-type", "neither the field nor what it is made from has a known `dataType`");
        }
    }

    /// One transformation does one thing.
    fn source(&mut self, source: Node<'_>) {
        const TEXTS: [&str; 5] = ["format", "jsonPath", "regex", "replace", "separator"];
        for transform in self.context.own(source, "transform").into_iter().flat_map(Node::each) {
            let count = TEXTS.iter().filter(|name| self.context.own(transform, name).is_some()).count();
            let other = ["readLines", "unArchive"].iter().any(|name| self.context.own(transform, name).is_some());
            if count > 1 || (count == 0 && !other) {
                self.error(transform, "transform", "a transformation has one of its properties, not none or several");
            }
        }
    }

    /// Whether a field has a type of its own or through the fields that it is made from.
    fn typed(&self, item: &Item<'_>) -> bool {
        let mut at = item;
        for _ in 0..MOST_STEPS {
            if at.sub_fields > 0 {
                return true;
            }
            let types = self.context.own(at.node, "dataType").into_iter().flat_map(Node::each).filter_map(words);
            if types.map(|kind| self.context.address(&kind)).any(|kind| Self::is_data_type(&kind)) {
                return true;
            }
            let source = self.named(at.node, "source").and_then(|id| self.items.find(&id));
            match source.map(|source| &self.items.all[source]) {
                Some(source) if source.kind == Kind::Field => at = source,
                _ => return false,
            }
        }
        false
    }

    fn is_data_type(address: &str) -> bool {
        const SCHEMA: [&str; 10] =
            ["Boolean", "Date", "DateTime", "Float", "Integer", "Text", "Time", "URL", "AudioObject", "ImageObject"];
        const CROISSANT: [&str; 12] = [
            "Float16",
            "Float32",
            "Float64",
            "Int8",
            "Int16",
            "Int32",
            "Int64",
            "UInt8",
            "UInt16",
            "UInt32",
            "UInt64",
            "BoundingBox",
        ];
        match Context::short(address) {
            Some((Space::Schema, name)) => SCHEMA.contains(&name) || matches!(name, "VideoObject" | "Number"),
            Some((Space::Croissant, name)) => CROISSANT.contains(&name),
            _ => false,
        }
    }

    fn record_set(&mut self, at: usize, item: &Item<'_>) {
        let data = self.context.own(item.node, "data");
        let fields: Vec<&Item<'_>> = self.items.all.iter().filter(|field| field.parent == Some(at)).collect();
        let mut fed = false;
        for field in &fields {
            for property in ["source", "references"] {
                if let Some(id) = self.named(field.node, property)
                    && self.known(field.node, &id).is_some()
                {
                    fed = true;
                }
            }
        }
        if !fed && data.is_none() {
            for field in fields.iter().filter(|field| !field.nested && field.sub_fields == 0) {
                let value = self.context.own(field.node, "value").filter(|value| !value.is_null());
                if self.named(field.node, "source").is_none() && value.is_none() {
                    self.error(field.node, "missing", "one of `source` and `value` is mandatory");
                } else if value.is_some() && self.context.own(field.node, "dataType").is_none() {
                    self.error(field.node, "missing", "a constant `value` needs a `dataType`");
                }
            }
        }
        if let Some(data) = data {
            self.rows(data, &fields);
        }
        self.joins(item, &fields);
    }

    /// Rows that stand in the document have the columns that the record set has.
    fn rows(&mut self, data: Node<'_>, fields: &[&Item<'_>]) {
        // One row may stand without its list.
        if data.each().next().is_none() {
            self.error(data, "data", "`data` should not be empty");
            return;
        }
        let last = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
        let columns: BTreeSet<String> = fields
            .iter()
            .filter(|field| !field.nested)
            .map(|field| if self.items.version == Version::V0_8 { last(&field.id) } else { field.id.clone() })
            .collect();
        for row in data.each() {
            let own: BTreeSet<String> = row.entries().map(|(key, _)| key.into_owned()).collect();
            if !row.is_object() || own != columns {
                self.error(row, "data", "a row should have the fields of the record set and no others");
            }
        }
    }

    /// Two sources in one record set are joined by a reference between them.
    fn joins(&mut self, set: &Item<'_>, fields: &[&Item<'_>]) {
        let holder = |items: &Items<'_>, id: &str| {
            let found = &items.all[items.find(id)?];
            Some(found.parent.map_or_else(|| found.id.clone(), |parent| items.all[parent].id.clone()))
        };
        let mut sources: BTreeSet<String> = BTreeSet::new();
        let mut joined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for field in fields.iter().filter(|field| !field.nested) {
            let Some(source) = self.named(field.node, "source").and_then(|id| holder(self.items, &id)) else {
                continue;
            };
            sources.insert(source.clone());
            if let Some(other) = self.named(field.node, "references").and_then(|id| holder(self.items, &id)) {
                joined.entry(source.clone()).or_default().insert(other.clone());
                joined.entry(other).or_default().insert(source);
            }
        }
        // As many pairs as a record set could have columns from; beyond, the first ones tell it.
        let list: Vec<&String> = sources.iter().take(256).collect();
        for (at, left) in list.iter().enumerate() {
            for right in &list[at + 1..] {
                if !joined.get(*left).is_some_and(|others| others.contains(*right)) {
                    let message = format!("`{}` and `{}` are both sources and not joined", shown(left), shown(right));
                    self.error(set.node, "join", message);
                }
            }
        }
    }
}
