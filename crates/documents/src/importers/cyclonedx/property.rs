use stillwatch_core::{Severity, shown};
use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, NodeRef, Object, Predicate, Scheme, Statement};

use super::{BomReader, PREFIX};
use crate::importers::sink::{end, object_kind};

/// Proposed in CycloneDX issue 135 and in use since.
const RELATIONSHIP: &str = "relationship:";

/// Words that other tools write, by the word that is meant here.
const ALIASES: &[(&str, &str)] = &[
    ("teacher", "distilled-from"),
    ("synthetic-data", "synthetic"),
    ("is-synthetic", "synthetic"),
    ("generator", "generated-by"),
    ("compute-supplier", "runs-on"),
    ("compute", "runs-on"),
    ("jurisdiction", "located-in"),
    ("base-model", "fine-tuned-from"),
    ("finetuned-from", "fine-tuned-from"),
    ("quantized-from", "quantised-from"),
    ("tested-on", "evaluated-on"),
    ("license", "licensed-under"),
];

impl<'v> BomReader<'_, '_> {
    /// `properties` of anything. Those in a namespace that is known say what it says; the rest are kept under their names.
    pub(super) fn properties(&mut self, node: &NodeRef, holder: Value<'v>) {
        for property in self.sink.list(holder, "properties") {
            let Some(name) = property.text_of("name") else { continue };
            let Some(value) = property.get("value") else { continue };
            let Some(text) = self.sink.words(value) else { continue };
            let path = property.path();
            match predicate(&name) {
                Some(Predicate::Edge(edge)) => self.edge_property(node, edge, &text, value),
                Some(Predicate::Attribute(attribute)) => self.attribute_property(node, attribute, &text, &path),
                None if is_relation(&name) => {}
                None => {
                    let attribute = Predicate::Attribute(Attribute::new(&format!("property:{name}")));
                    self.sink.text(node, attribute, &text, &path);
                }
            }
        }
    }

    fn edge_property(&mut self, node: &NodeRef, edge: EdgeKind, text: &str, value: Value<'v>) {
        let path = value.path();
        let denied = matches!(text.trim().to_ascii_lowercase().as_str(), "none" | "no" | "false");
        let object = if denied { Object::Any } else { self.object(edge, node, text, &path) };
        let mut statement = Statement::new(node.clone(), edge, object, path);
        statement.denied = denied;
        self.sink.push(statement);
    }

    fn object(&mut self, edge: EdgeKind, node: &NodeRef, text: &str, path: &str) -> Object {
        let text = text.trim();
        if let Some(known) = self.references.node(text).or_else(|| self.references.like(text).map(|(_, node)| node)) {
            return Object::Node(known.clone());
        }
        let kind = object_kind(edge, node.kind);
        let (scheme, name, id) = if text.starts_with("pkg:") {
            (Scheme::Purl, "", text)
        } else if let Some(id) = text.strip_prefix("hf:") {
            (Scheme::HuggingFace, "", id)
        } else if text.starts_with("https://") || text.starts_with("http://") {
            (Scheme::Url, "", text)
        } else if kind == stillwatch_lineage::NodeKind::Licence && !text.contains(' ') {
            (Scheme::Spdx, text, text)
        } else if kind == stillwatch_lineage::NodeKind::Jurisdiction {
            return Object::Node(super::component::jurisdiction(text));
        } else {
            (Scheme::Other, text, "")
        };
        let name = self.sink.name(name, path);
        let object = NodeRef::new(kind, name);
        end(if id.is_empty() { object } else { self.sink.identified(object, scheme, id, path) })
    }

    fn attribute_property(&mut self, node: &NodeRef, attribute: Attribute, text: &str, path: &str) {
        let value = match (attribute.as_str(), text.trim()) {
            (Attribute::SYNTHETIC | Attribute::SYNTHETIC_SEPARATED, "true" | "yes") => {
                stillwatch_lineage::Value::Flag(true)
            }
            (Attribute::SYNTHETIC | Attribute::SYNTHETIC_SEPARATED, "false" | "no") => {
                stillwatch_lineage::Value::Flag(false)
            }
            (Attribute::SYNTHETIC_SHARE | Attribute::PARAMETERS, number) => match number.parse::<f64>() {
                Ok(read)
                    if read.is_finite()
                        && (attribute.as_str() != Attribute::SYNTHETIC_SHARE || (0.0..=1.0).contains(&read)) =>
                {
                    stillwatch_lineage::Value::Number(number.to_owned())
                }
                _ => {
                    let message = format!("`{}` is no number that can stand here", shown(number));
                    self.sink.draft.tell(Severity::Warning, path, "number", message);
                    text.into()
                }
            },
            _ => text.into(),
        };
        self.sink.value(node, Predicate::Attribute(attribute), value, path);
    }
}

/// The relation of a component to its ancestor, as a property of either may name it.
pub(super) fn relation_of(component: Value<'_>) -> Option<EdgeKind> {
    component.get("properties").into_iter().flat_map(Value::items).find_map(|property| {
        let name = property.text_of("name")?;
        if !is_relation(&name) {
            return None;
        }
        Some(match kebab(property.text_of("value")?.trim()).as_str() {
            "finetune" | "fine-tune" | "finetuned" | "fine-tuned" | "fine-tuned-from" => EdgeKind::FineTunedFrom,
            "quantized" | "quantised" | "quantized-from" | "quantised-from" => EdgeKind::QuantisedFrom,
            "merge" | "merged" | "merged-from" => EdgeKind::MergedFrom,
            "adapter" | "adapter-of" => EdgeKind::AdapterOf,
            "distilled" | "distilled-from" | "distillation" => EdgeKind::DistilledFrom,
            _ => return None,
        })
    })
}

/// Whether a property names the relation to an ancestor. `base_model_relation` is Hugging Face's word (hub-docs).
fn is_relation(name: &str) -> bool {
    let last = name.rsplit(':').next().unwrap_or(name);
    matches!(kebab(last).as_str(), "relation" | "base-model-relation") && (name.contains(':') || name.len() > 8)
}

/// What a property in a known namespace says.
fn predicate(name: &str) -> Option<Predicate> {
    let word = name.strip_prefix(PREFIX).or_else(|| name.strip_prefix(RELATIONSHIP))?;
    let word = kebab(word);
    if word.is_empty() || word == "relation" || word == "base-model-relation" {
        return None;
    }
    let meant = ALIASES.iter().find(|(alias, _)| *alias == word).map_or(word.as_str(), |(_, meant)| meant);
    Some(Predicate::parse(meant))
}

/// `trainedOn`, `trained_on` and `trained-on` are one word.
fn kebab(word: &str) -> String {
    let mut kebab = String::with_capacity(word.len().min(80));
    for character in word.chars().take(80) {
        if character.is_ascii_uppercase() && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        kebab.push(if character == '_' || character == ' ' { '-' } else { character.to_ascii_lowercase() });
    }
    kebab
}
