//! CycloneDX 1.6 and 1.7: a lineage as components, and what was found of it as `declarations`.
//!
//! | verdict | in `declarations` |
//! |---|---|
//! | disclosed | a claim, with the documents that say it |
//! | evidenced | a claim, with its evidence |
//! | contradicted | a claim with `counterEvidence` where a source denies it, and a counter-claim that says what is wrong |
//! | unknown, not applicable | a requirement without a claim; the rationale says which of the two |
//!
//! The questions stand as requirements of a standard in `definitions`. What the format has no member for is in properties
//! that begin with [`PREFIX`](crate::importers::cyclonedx::PREFIX), which our importer reads back.

mod component;
mod declaration;
mod merge;

use serde_json::{Value as Json, json};
use stillwatch_core::{Limits, shown};
use stillwatch_json::Json as Document;
use stillwatch_lineage::{Answer, EntityId, Graph, NodeRef};
use thiserror::Error;

use super::Export;
use super::part::Part;

/// A version with declarations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    V1_6,
    #[default]
    V1_7,
}

impl Version {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

/// Why nothing can be added to a document.
#[derive(Debug, Error)]
pub enum DeclareError {
    #[error("the document is not sound JSON: {0}")]
    Unsound(String),
    #[error("CycloneDX `{0}` has no declarations; 1.6 and 1.7 have")]
    Version(String),
    #[error("the document uses the reference `{0}`, which the declarations need")]
    Reference(String),
    #[error("`{0}` is no list or object in the document, so nothing can be added to it")]
    Shape(String),
}

/// A bill of materials of a subject and everything upstream of it, with the answers as declarations.
pub fn write(graph: &Graph<'_>, subject: EntityId, answers: &[Answer], version: Version, export: &Export) -> String {
    let part = Part::of(graph, subject);
    let mut bom = json!({
        "$schema": format!("http://cyclonedx.org/schema/bom-{}.schema.json", version.as_str()),
        "bomFormat": "CycloneDX",
        "specVersion": version.as_str(),
        "version": 1,
        "metadata": {
            "timestamp": export.timestamp(),
            "component": component::component(&part, subject),
        },
    });
    if let Some(author) = &export.author {
        bom["metadata"]["authors"] = json!([{ "name": author }]);
    }
    let components: Vec<Json> = part.entities[1..]
        .iter()
        .filter(|&&entity| component::is_component(&part, entity))
        .map(|&entity| component::component(&part, entity))
        .collect();
    if !components.is_empty() {
        bom["components"] = components.into();
    }
    let dependencies = component::dependencies(&part);
    if !dependencies.is_empty() {
        bom["dependencies"] = dependencies.into();
    }
    if !answers.is_empty() {
        for (key, value) in declaration::declarations(part.reference(subject), answers, export) {
            bom[key] = value;
        }
    }
    text(&bom)
}

/// The document as it is, every byte of it that is not space between values, with our declarations added. Its own
/// declarations and standards stay before ours.
///
/// A signature over the whole document does not cover what is added; it is left where it is.
pub fn declare(bom: &[u8], subject: &NodeRef, answers: &[Answer], export: &Export) -> Result<String, DeclareError> {
    let document = Document::read(bom, &Limits::default());
    let wrong = document.diagnostics().iter().find(|found| found.severity == stillwatch_core::Severity::Error);
    let root = match (document.root(), wrong) {
        (Some(root), None) if root.is_object() => root,
        (_, wrong) => {
            let why = wrong.map_or_else(|| "no object".to_owned(), |found| found.message.clone());
            return Err(DeclareError::Unsound(why));
        }
    };
    let version = root.text_of("specVersion").unwrap_or_default();
    if !matches!(version.as_ref(), "1.6" | "1.7") {
        return Err(DeclareError::Version(shown(&version)));
    }
    if let Some(taken) = merge::first_reference(root, declaration::REFERENCES) {
        return Err(DeclareError::Reference(shown(&taken)));
    }
    let target = format!("{}subject", declaration::REFERENCES);
    let mut ours = serde_json::Map::new();
    for (key, value) in declaration::declarations(&target, answers, export) {
        ours.insert(key.to_owned(), value);
    }
    if let Some(declarations) = ours.get_mut("declarations") {
        let mut component = json!({ "bom-ref": target, "name": subject.name });
        component["type"] = component::type_of(subject.kind).into();
        declarations["targets"] = json!({ "components": [component] });
    }
    merge::merged(root, Some(&Json::Object(ours))).map_err(DeclareError::Shape)
}

/// The document with every value and key as it is written there, without the space between them.
pub fn rewrite(document: &Document<'_>) -> Option<String> {
    merge::merged(document.root()?, None).ok()
}

fn text(bom: &Json) -> String {
    let mut text = serde_json::to_string_pretty(bom).unwrap_or_default();
    text.push('\n');
    text
}
