use std::collections::BTreeMap;
use std::sync::LazyLock;

use stillwatch_core::{Limits, shown};
use stillwatch_json::Value;

use super::{identifier, type_of};

const TEXT: &str = include_str!("../../../schemas/spdx/model-3.0.1.txt");
pub(super) const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

static MODEL: LazyLock<BTreeMap<&'static str, Class>> = LazyLock::new(|| parse(TEXT));

struct Class {
    parent: Option<&'static str>,
    is_abstract: bool,
    properties: BTreeMap<&'static str, Property>,
}

#[derive(Clone, Copy)]
struct Property {
    kind: &'static str,
    /// The words of an enumeration, the class of an object.
    detail: &'static str,
    required: bool,
    many: bool,
}

/// What the model refuses: place and why. References are held against the model too, which the reference bindings do not
/// do: a text that is no IRI is refused here and read there.
///
/// At most as many as the limits allow.
pub(super) fn refusals(root: Value<'_>, limits: &Limits) -> Vec<(String, String)> {
    let mut judge = Judge { refusals: Vec::new(), most: limits.diagnostics, types: BTreeMap::new() };
    judge.context(root);
    let elements: Vec<Value<'_>> = match root.get("@graph") {
        Some(graph) if graph.is_array() => graph.items().collect(),
        Some(graph) => {
            judge.refuse(graph, "an array is expected");
            Vec::new()
        }
        None => vec![root],
    };
    for element in &elements {
        if let (Some(id), Some(kind)) = (identifier(*element), type_of(*element)) {
            judge.types.insert(id.into_owned(), kind);
        }
    }
    for element in elements {
        judge.object(element, None);
    }
    judge.refusals
}

/// Whether the model has a class of this name.
pub(super) fn is_known(class: &str) -> bool {
    MODEL.contains_key(class)
}

/// Whether a class is another one or inherits from it.
pub(super) fn is_a(class: &str, wanted: &str) -> bool {
    chain(class).any(|(own, _)| own == wanted)
}

struct Judge {
    refusals: Vec<(String, String)>,
    most: usize,
    types: BTreeMap<String, String>,
}

impl Judge {
    fn refuse(&mut self, at: Value<'_>, why: impl Into<String>) {
        if self.refusals.len() < self.most {
            self.refusals.push((at.path(), why.into()));
        }
    }

    fn context(&mut self, root: Value<'_>) {
        match root.get("@context") {
            Some(context) if context.each().any(|own| own.text().as_deref() == Some(CONTEXT)) => {}
            Some(context) => self.refuse(context, "the context is not the one of SPDX 3.0.1"),
            None => self.refuse(root, "`@context` is missing"),
        }
    }

    fn object(&mut self, value: Value<'_>, wanted: Option<&str>) {
        if !value.is_object() {
            self.refuse(value, format!("{} where an object is expected", value.kind_name()));
            return;
        }
        let Some(class) = type_of(value) else {
            self.refuse(value, "`type` is missing");
            return;
        };
        // Classes of others stand in extensions.
        if wanted == Some("extension_Extension") && !MODEL.contains_key(class.as_str()) {
            return;
        }
        let at = value.get("type").or_else(|| value.get("@type")).unwrap_or(value);
        if at.text().is_none() {
            self.refuse(at, "one class is expected");
        }
        match MODEL.get(class.as_str()) {
            None => return self.refuse(at, format!("`{}` is no class of SPDX 3.0.1", shown(&class))),
            Some(own) if own.is_abstract => self.refuse(at, format!("`{class}` has no instances of its own")),
            Some(_) => {}
        }
        if let Some(wanted) = wanted
            && !is_a(&class, wanted)
        {
            self.refuse(at, format!("`{class}` where `{wanted}` is expected"));
        }
        if is_a(&class, "Element") {
            match value.get("spdxId").or_else(|| value.get("@id")) {
                None => self.refuse(value, "`spdxId` is missing"),
                Some(id) if !id.text().is_some_and(|id| id.contains(':') && !id.starts_with("_:")) => {
                    self.refuse(id, "an IRI is expected");
                }
                Some(_) => {}
            }
        }
        if let Some(id) = value.get("@id").filter(|id| !id.text().is_some_and(|id| id.contains(':'))) {
            self.refuse(id, "a blank node or an IRI is expected");
        }
        for (key, member) in value.entries() {
            if key.starts_with('@') || key == "type" || key == "spdxId" {
                continue;
            }
            match chain(&class).find_map(|(_, class)| class.properties.get(key.as_ref())) {
                Some(property) => self.property(member, property),
                None => self.refuse(member, format!("`{class}` has no property of this name")),
            }
        }
        for (_, own) in chain(&class) {
            for (name, property) in &own.properties {
                if property.required && value.get(name).is_none() {
                    self.refuse(value, format!("`{name}` is missing"));
                }
            }
        }
    }

    fn property(&mut self, value: Value<'_>, property: &Property) {
        if property.many != value.is_array() && (property.many || value.is_array()) {
            // JSON-LD reads a single value as a list of one, the schema of SPDX does not.
            let wanted = if property.many { "a list" } else { "one value" };
            self.refuse(value, format!("{} where {wanted} is expected", value.kind_name()));
        }
        if property.required && value.is_array() && value.items().next().is_none() {
            self.refuse(value, "at least one value is expected");
        }
        for item in value.each() {
            self.value(item, property);
        }
    }

    fn value(&mut self, value: Value<'_>, property: &Property) {
        let text = value.text();
        let sound = match property.kind {
            // `xsd:anyURI` takes relative references, and the published examples have them.
            "string" => text.is_some(),
            "uri" => text.as_deref().is_some_and(|text| !text.contains(char::is_whitespace)),
            "time" => text.as_deref().is_some_and(is_time),
            "boolean" => value.flag().is_some(),
            "positive" => value.number().is_some_and(|number| number.parse::<u64>().is_ok_and(|number| number > 0)),
            "count" => value.number().is_some_and(|number| number.parse::<u64>().is_ok()),
            "integer" => value.number().is_some_and(|number| number.parse::<i64>().is_ok()),
            // A decimal may stand as text (SPDX 3.0.1, serialisation).
            "decimal" => value.number().is_some() || text.as_deref().is_some_and(|text| text.parse::<f64>().is_ok()),
            "enum" => text.as_deref().is_some_and(|text| {
                let word = text.rsplit('/').next().unwrap_or(text);
                property.detail.split(',').any(|own| own == word)
            }),
            "object" => return self.reference(value, property.detail),
            _ => true,
        };
        if !sound {
            let wanted = match property.kind {
                "enum" => format!("one of {}", property.detail.replace(',', ", ")),
                kind => format!("a value of kind `{kind}`"),
            };
            self.refuse(value, format!("{wanted} is expected"));
        }
    }

    fn reference(&mut self, value: Value<'_>, wanted: &str) {
        let Some(text) = value.text() else { return self.object(value, Some(wanted)) };
        if let Some(class) = self.types.get(text.as_ref()).cloned() {
            if MODEL.contains_key(class.as_str()) && !is_a(&class, wanted) {
                self.refuse(value, format!("a `{class}` where `{wanted}` is expected"));
            }
        } else if !text.contains(':') && super::Special::of(&text).is_none() {
            self.refuse(value, "an IRI is expected");
        }
    }
}

fn is_time(text: &str) -> bool {
    let shape = b"dddd-dd-ddTdd:dd:ddZ";
    text.len() == shape.len()
        && text.bytes().zip(shape).all(|(byte, &form)| if form == b'd' { byte.is_ascii_digit() } else { byte == form })
        && stillwatch_core::Date::parse(text).is_some()
}

/// A class and what it inherits from. The file is a tree, so this ends.
fn chain(class: &str) -> impl Iterator<Item = (&'static str, &'static Class)> {
    let find = |name: &str| MODEL.get_key_value(name).map(|(name, class)| (*name, class));
    std::iter::successors(find(class), move |(_, class)| class.parent.and_then(find))
}

fn parse(text: &'static str) -> BTreeMap<&'static str, Class> {
    let mut model: BTreeMap<&'static str, Class> = BTreeMap::new();
    let mut open = "";
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if let Some(property) = line.strip_prefix("  ") {
            let mut parts = property.split(' ');
            let (Some(name), Some(kind), Some(count)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let (kind, detail) = kind.split_once('(').unwrap_or((kind, ""));
            let detail = detail.trim_end_matches(')');
            let property = Property { kind, detail, required: count.starts_with('1'), many: count.ends_with('*') };
            if let Some(class) = model.get_mut(open) {
                class.properties.insert(name, property);
            }
            continue;
        }
        let (is_abstract, line) = line.strip_prefix("abstract ").map_or((false, line), |rest| (true, rest));
        let line = line.trim_end_matches(" extensible");
        let (name, parent) = line.split_once(" < ").map_or((line, None), |(name, parent)| (name, Some(parent)));
        open = name;
        model.insert(name, Class { parent, is_abstract, properties: BTreeMap::new() });
    }
    model
}
