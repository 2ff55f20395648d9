//! SPDX 3.0.1 JSON-LD: a lineage as packages and relationships of the AI and Dataset profiles.
//!
//! A relation that SPDX has no word for is a relationship of the nearest type, or `other`, whose `comment` names it as
//! `stillwatch:lineage:<edge>`; an attribute without a property is an annotation. Our importer reads both back.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use stillwatch_lineage::{Attribute, Edge, EdgeKind, EntityId, Graph, NodeKind, Scheme};

use super::Export;
use super::part::Part;
use crate::importers::cyclonedx::PREFIX;

const CREATION: &str = "_:creation";

/// Properties of packages that hold one text, by attribute; `many` ones hold a list.
const TEXTS: &[(&str, &str, NodeKind, bool)] = &[
    (Attribute::TRAINING_DATA, "ai_informationAboutTraining", NodeKind::Model, false),
    (Attribute::INTENDED_USE, "ai_informationAboutApplication", NodeKind::Model, false),
    (Attribute::LIMITATIONS, "ai_limitation", NodeKind::Model, false),
    (Attribute::DATA_PROCESSING, "ai_modelDataPreprocessing", NodeKind::Model, true),
    (Attribute::DATA_COLLECTION, "dataset_dataCollectionProcess", NodeKind::DataSet, false),
    (Attribute::INTENDED_USE, "dataset_intendedUse", NodeKind::DataSet, false),
    (Attribute::DATA_PROCESSING, "dataset_dataPreprocessing", NodeKind::DataSet, true),
    (Attribute::LIMITATIONS, "dataset_knownBias", NodeKind::DataSet, true),
];

/// The subject and everything upstream of it.
pub fn write(graph: &Graph<'_>, subject: EntityId, export: &Export) -> String {
    let part = Part::of(graph, subject);
    let digest = Sha256::digest(graph.key(subject).as_str().as_bytes());
    let namespace = format!("urn:stillwatch:lineage:{}:", &stillwatch_core::hexadecimal(&digest)[..16]);
    let mut writer = Writer { part: &part, namespace, elements: Vec::new(), relations: BTreeMap::new() };
    let author = export.author.as_deref().unwrap_or("Stillwatch");
    let class = if export.author.is_some() { "Agent" } else { "SoftwareAgent" };
    let by = writer.id("author");
    let mut elements = vec![
        json!({
            "@id": CREATION,
            "type": "CreationInfo",
            "specVersion": "3.0.1",
            "created": export.timestamp(),
            "createdBy": [by],
        }),
        json!({ "spdxId": by, "type": class, "creationInfo": CREATION, "name": author }),
    ];
    for &entity in &part.entities {
        writer.element(entity);
    }
    for &entity in &part.entities {
        for edge in part.edges(entity) {
            writer.relationship(edge);
        }
    }
    let root = writer.id(part.reference(subject));
    let all: Vec<String> =
        writer.elements.iter().filter_map(|element| Some(element["spdxId"].as_str()?.to_owned())).collect();
    elements.push(json!({
        "spdxId": writer.id("document"),
        "type": "SpdxDocument",
        "creationInfo": CREATION,
        "name": format!("Lineage of {}", part.name(subject)),
        "profileConformance": ["core", "software", "simpleLicensing", "ai", "dataset"],
        "rootElement": [root],
        "element": all,
    }));
    elements.extend(writer.elements);
    let document = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": elements });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

struct Writer<'p, 'g, 'l> {
    part: &'p Part<'g, 'l>,
    namespace: String,
    elements: Vec<Json>,
    /// How many relationships and annotations a subject has, for their names.
    relations: BTreeMap<String, usize>,
}

impl Writer<'_, '_, '_> {
    fn id(&self, reference: &str) -> String {
        format!("{}{reference}", self.namespace)
    }

    fn next(&mut self, what: &str, subject: &str) -> String {
        let number = self.relations.entry(format!("{what}-{subject}")).or_insert(0);
        *number += 1;
        format!("{}{what}-{subject}-{number}", self.namespace)
    }

    fn element(&mut self, entity: EntityId) {
        let part = self.part;
        let kind = part.graph.kind(entity);
        let reference = part.reference(entity).to_owned();
        let name = part.name(entity);
        let mut element = json!({
            "spdxId": self.id(&reference),
            "type": class(kind),
            "creationInfo": CREATION,
            "name": name,
        });
        if kind == NodeKind::Licence {
            let expression = part.licence(entity).map_or_else(|| licence_reference(&name), str::to_owned);
            element["simplelicensing_licenseExpression"] = expression.into();
            self.elements.push(element);
            return;
        }
        if class(kind) == "dataset_DatasetPackage" {
            // Mandatory, and nothing in the graph says it in SPDX's words.
            element["dataset_datasetType"] = json!(["noAssertion"]);
        }
        self.identify(entity, kind, &mut element);
        let mut rest = Vec::new();
        for (predicate, fact) in part.facts(entity) {
            let mut values: Vec<String> = part.values(fact).into_iter().map(|(value, _)| value).collect();
            let own = TEXTS.iter().find(|(own, _, of, _)| *own == predicate && *of == kind);
            match own {
                Some((_, property, _, true)) => element[*property] = std::mem::take(&mut values).into(),
                Some((_, property, ..)) if !values.is_empty() => element[*property] = values.remove(0).into(),
                None if !values.is_empty() && predicate == Attribute::DESCRIPTION => {
                    element["description"] = values.remove(0).into();
                }
                None if !values.is_empty() && predicate == Attribute::VERSION && is_package(kind) => {
                    element["software_packageVersion"] = values.remove(0).into();
                }
                _ => {}
            }
            if predicate != Attribute::DIGEST {
                rest.extend(values.into_iter().map(|value| format!("{PREFIX}{predicate} {value}")));
            }
        }
        self.elements.push(element);
        for statement in rest {
            let annotation = json!({
                "spdxId": self.next("annotation", &reference),
                "type": "Annotation",
                "creationInfo": CREATION,
                "annotationType": "other",
                "subject": self.id(&reference),
                "statement": statement,
            });
            self.elements.push(annotation);
        }
    }

    fn identify(&self, entity: EntityId, kind: NodeKind, element: &mut Json) {
        let part = self.part;
        let mut hashes = Vec::new();
        for (scheme, name) in [
            (Scheme::Sha256, "sha256"),
            (Scheme::Sha384, "sha384"),
            (Scheme::Sha512, "sha512"),
            (Scheme::Blake3, "blake3"),
            (Scheme::Sha1, "sha1"),
            (Scheme::Md5, "md5"),
        ] {
            for digest in part.identifiers(entity, scheme) {
                hashes.push(json!({ "type": "Hash", "algorithm": name, "hashValue": digest }));
            }
        }
        if !hashes.is_empty() {
            element["verifiedUsing"] = hashes.into();
        }
        let mut external = Vec::new();
        let urls = part.identifiers(entity, Scheme::Url).into_iter().chain(
            part.identifiers(entity, Scheme::HuggingFace).into_iter().map(|id| {
                let datasets = if kind == NodeKind::DataSet { "datasets/" } else { "" };
                format!("https://huggingface.co/{datasets}{id}")
            }),
        );
        for url in urls {
            external.push(identifier("urlScheme", &url));
        }
        for purl in part.identifiers(entity, Scheme::Purl) {
            external.push(identifier("packageUrl", &purl));
        }
        if !external.is_empty() {
            element["externalIdentifier"] = external.into();
        }
    }

    fn relationship(&mut self, edge: &Edge) {
        let part = self.part;
        let (from, to) = (part.reference(edge.subject), part.reference(edge.object));
        let is_models = [edge.subject, edge.object].iter().all(|&end| part.graph.kind(end) == NodeKind::Model);
        let plain = match edge.kind {
            EdgeKind::TrainedOn => Some("trainedOn"),
            EdgeKind::EvaluatedOn => Some("testedOn"),
            EdgeKind::FineTunedFrom if is_models => Some("descendantOf"),
            EdgeKind::LicensedUnder => Some("hasDeclaredLicense"),
            EdgeKind::Uses => Some("dependsOn"),
            _ => None,
        };
        // A reader that does not know our words sees at least that one descends from the other.
        let near = match edge.kind {
            kind if kind.is_derivation() || matches!(kind, EdgeKind::DistilledFrom | EdgeKind::DerivedFrom) => {
                "descendantOf"
            }
            _ => "other",
        };
        let mut relationship = json!({
            "spdxId": self.next("relationship", from),
            "type": "Relationship",
            "creationInfo": CREATION,
            "relationshipType": plain.unwrap_or(near),
            "from": self.id(from),
            "to": [self.id(to)],
        });
        if edge.denied {
            // Denied of this one object, not of all: `NoneElement` would say too much.
            relationship["relationshipType"] = "other".into();
            relationship["comment"] = format!("{PREFIX}!{}", edge.kind).into();
        } else if plain.is_none() || edge.kind == EdgeKind::FineTunedFrom {
            relationship["comment"] = format!("{PREFIX}{}", edge.kind).into();
        }
        self.elements.push(relationship);
    }
}

/// `LicenseRef-` and the name in the characters that may follow it (SPDX 3.0.1, Annex B, `idstring`).
fn licence_reference(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    format!("LicenseRef-{}", name.chars().map(word).collect::<String>())
}

fn class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Model => "ai_AIPackage",
        NodeKind::DataSet | NodeKind::Outputs => "dataset_DatasetPackage",
        NodeKind::Organisation => "Organization",
        NodeKind::Person => "Person",
        NodeKind::Licence => "simplelicensing_LicenseExpression",
        _ => "software_Package",
    }
}

fn is_package(kind: NodeKind) -> bool {
    !matches!(kind, NodeKind::Organisation | NodeKind::Person | NodeKind::Licence)
}

fn identifier(kind: &str, value: &str) -> Json {
    json!({ "type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": value })
}
