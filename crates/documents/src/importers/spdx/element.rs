use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, EvidenceKind, NodeKind, NodeRef, Object, Scheme, Statement};

use super::{Creation, SpdxReader, identifier, is_a, property, property_text};
use crate::importers::sink::{Sink, licence_expression};

/// Properties that are texts or lists of texts, by the attribute that they become.
const TEXTS: &[(&str, &str)] = &[
    ("software_packageVersion", Attribute::VERSION),
    ("description", Attribute::DESCRIPTION),
    ("summary", Attribute::DESCRIPTION),
    ("comment", "comment"),
    ("software_copyrightText", Attribute::COPYRIGHT),
    ("releaseTime", Attribute::RELEASED),
    ("software_downloadLocation", "download-location"),
    ("ai_typeOfModel", "model-type"),
    ("ai_domain", Attribute::TASK),
    ("ai_informationAboutTraining", Attribute::TRAINING_DATA),
    ("ai_informationAboutApplication", Attribute::INTENDED_USE),
    ("ai_limitation", Attribute::LIMITATIONS),
    ("ai_modelDataPreprocessing", Attribute::DATA_PROCESSING),
    ("ai_modelExplainability", "explainability"),
    ("ai_safetyRiskAssessment", Attribute::SAFETY),
    ("ai_standardCompliance", "standard-compliance"),
    ("ai_autonomyType", "autonomy"),
    ("ai_useSensitivePersonalInformation", Attribute::PERSONAL_DATA),
    ("dataset_anonymizationMethodUsed", Attribute::GOVERNANCE),
    ("dataset_confidentialityLevel", "confidentiality"),
    ("dataset_dataCollectionProcess", Attribute::DATA_COLLECTION),
    ("dataset_dataPreprocessing", Attribute::DATA_PROCESSING),
    ("dataset_datasetAvailability", "availability"),
    ("dataset_datasetNoise", Attribute::LIMITATIONS),
    ("dataset_datasetType", "dataset-type"),
    ("dataset_datasetUpdateMechanism", "update-mechanism"),
    ("dataset_hasSensitivePersonalInformation", Attribute::PERSONAL_DATA),
    ("dataset_intendedUse", Attribute::INTENDED_USE),
    ("dataset_knownBias", Attribute::LIMITATIONS),
];

/// Lists of key and value.
const PAIRS: &[(&str, &str)] = &[
    ("ai_metric", Attribute::EVALUATION),
    ("ai_metricDecisionThreshold", "decision-threshold"),
    ("ai_hyperparameter", "hyperparameter"),
    ("dataset_sensor", "sensor"),
];

const ENERGY: &[(&str, &str)] = &[
    ("ai_trainingEnergyConsumption", "training"),
    ("ai_finetuningEnergyConsumption", "fine-tuning"),
    ("ai_inferenceEnergyConsumption", "inference"),
];

/// What an element is; `None` for what only says something of others. `told` is what relationships say of its kind.
pub(super) fn identity(class: &str, value: Value<'_>, told: Option<NodeKind>, sink: &mut Sink<'_>) -> Option<NodeRef> {
    let kind = match class {
        "ai_AIPackage" => NodeKind::Model,
        "dataset_DatasetPackage" => NodeKind::DataSet,
        "Person" => NodeKind::Person,
        "Organization" | "Agent" => NodeKind::Organisation,
        "Tool" | "SoftwareAgent" => NodeKind::Software,
        "build_Build" => NodeKind::Run,
        "simplelicensing_LicenseExpression" | "simplelicensing_SimpleLicensingText" => NodeKind::Licence,
        _ if class.starts_with("expandedlicensing_") => NodeKind::Licence,
        _ if is_a(class, "ElementCollection") => NodeKind::Document,
        _ if is_a(class, "Artifact") => match property_text(value, "software_primaryPurpose").as_deref() {
            Some("model") => told.unwrap_or(NodeKind::Model),
            Some("data") => told.unwrap_or(NodeKind::DataSet),
            _ => told.unwrap_or(NodeKind::Software),
        },
        _ if class.starts_with("extension_") || is_a(class, "Relationship") || class == "Annotation" => return None,
        _ if is_a(class, "Element") => NodeKind::Software,
        _ => return None,
    };
    let path = value.path();
    let name = match kind {
        // A reference to a text of one's own says less than the name beside it.
        NodeKind::Licence => match property_text(value, "simplelicensing_licenseExpression") {
            Some(own) if own.starts_with("LicenseRef-") && value.text_of("name").is_some() => value.text_of("name"),
            Some(own) => Some(own),
            None => value.text_of("name"),
        },
        _ => value.text_of("name"),
    };
    let node = NodeRef::new(kind, sink.name(&name.unwrap_or_default(), &format!("{path}/name")));
    let id = identifier(value)?;
    let mut node = named_by_iri(node, &id, &format!("{path}/spdxId"), sink);
    if let Some(purl) = property_text(value, "software_packageUrl") {
        node = sink.identified(node, Scheme::Purl, &purl, &format!("{path}/software_packageUrl"));
    }
    for external in value.get("externalIdentifier").into_iter().flat_map(Value::each) {
        let scheme = match external.text_of("externalIdentifierType").as_deref() {
            Some("packageUrl") => Scheme::Purl,
            Some("cpe22" | "cpe23") => Scheme::Cpe,
            Some("swid") => Scheme::Swid,
            Some("urlScheme") => Scheme::Url,
            _ => continue,
        };
        if let Some(id) = external.text_of("identifier") {
            node = sink.identified(node, scheme, &id, &format!("{}/identifier", external.path()));
        }
    }
    for hash in value.get("verifiedUsing").into_iter().flat_map(Value::each) {
        if let (Some(algorithm), Some(digest)) = (hash.text_of("algorithm"), hash.text_of("hashValue")) {
            node = sink.digest(node, &algorithm, &digest, &format!("{}/hashValue", hash.path()));
        }
    }
    Some(node)
}

/// An `spdxId` is unique wherever it stands (SPDX 3.0.1, Core/Element); a blank node is so in its document only.
pub(super) fn named_by_iri(node: NodeRef, id: &str, path: &str, sink: &mut Sink<'_>) -> NodeRef {
    if node.kind == NodeKind::Licence {
        let licence = id.strip_prefix("https://spdx.org/licenses/").filter(|licence| licence.len() <= 128);
        // The examples name an expression's element after the licence; the expression itself is what counts.
        return match licence {
            Some(licence) if !licence.contains(' ') => node.with(Scheme::Spdx, licence),
            _ => node,
        };
    }
    let is_global = id.starts_with("https://") || id.starts_with("http://");
    sink.identified(node, if is_global { Scheme::Url } else { Scheme::Local }, id, path)
}

impl SpdxReader<'_, '_, '_> {
    /// What an element says of itself.
    pub(super) fn element(&mut self, class: &str, node: &NodeRef, value: Value<'_>, creation: &Creation) {
        for (key, attribute) in TEXTS {
            let Some(member) = property(value, key) else { continue };
            for item in member.each() {
                if let Some(text) = self.sink.words(item) {
                    self.say(node, *attribute, Object::Value(text.as_ref().into()), item, creation);
                }
            }
        }
        for (key, attribute) in PAIRS {
            for pair in property(value, key).into_iter().flat_map(Value::each) {
                let Some(name) = self.sink.text_of(pair, "key") else { continue };
                let text = pair.text_of("value").unwrap_or_default();
                let words = Object::Value(format!("{name}: {text}").as_str().into());
                self.say(node, *attribute, words, pair, creation);
            }
        }
        if let Some(size) = property(value, "dataset_datasetSize") {
            match size.number() {
                Some(number) => {
                    let number = Object::Value(stillwatch_lineage::Value::Number(number.to_owned()));
                    self.say(node, Attribute::DATA_SIZE, number, size, creation);
                }
                None => self.sink.wrong_type(size, "a number"),
            }
        }
        if let Some(energy) = property(value, "ai_energyConsumption") {
            self.energy(node, energy, creation);
        }
        for (key, edge) in [("suppliedBy", EdgeKind::SuppliedBy), ("originatedBy", EdgeKind::OwnedBy)] {
            for party in value.get(key).into_iter().flat_map(Value::each) {
                if let Some(Ok(target)) = self.target(party, NodeKind::Organisation) {
                    self.say(node, edge, crate::importers::sink::end(target), party, creation);
                }
            }
        }
        let digest = node.identifiers.iter().find(|id| matches!(id.scheme, Scheme::Sha256 | Scheme::Sha512));
        if let (Some(digest), Some(hashes)) = (digest, value.get("verifiedUsing")) {
            let words = Object::Value(format!("{}:{}", digest.scheme, digest.value).as_str().into());
            self.say(node, Attribute::DIGEST, words, hashes, creation);
        }
        if class == "simplelicensing_SimpleLicensingText" {
            self.sink.member(node, Attribute::LICENCE_TEXT, value, "simplelicensing_licenseText");
        }
    }

    fn energy(&mut self, node: &NodeRef, energy: Value<'_>, creation: &Creation) {
        for (key, stage) in ENERGY {
            for use_ in property(energy, key).into_iter().flat_map(Value::each) {
                let quantity = property(use_, "ai_energyQuantity");
                let quantity = quantity.and_then(|own| own.text().or_else(|| own.number().map(Into::into)));
                let Some(quantity) = quantity else { continue };
                let unit = property_text(use_, "ai_energyUnit").unwrap_or_default();
                let words = Object::Value(format!("{stage}: {quantity} {unit}").trim_end().into());
                self.say(node, Attribute::ENERGY, words, use_, creation);
            }
        }
    }

    /// A statement of an element, by whoever made that element.
    pub(super) fn say(
        &mut self,
        subject: &NodeRef,
        predicate: impl Into<stillwatch_lineage::Predicate>,
        object: Object,
        at: Value<'_>,
        creation: &Creation,
    ) {
        let mut statement = Statement::new(subject.clone(), predicate, object, at.path());
        statement.said_by.clone_from(&creation.by);
        statement.said_on = creation.on;
        self.sink.push(statement);
    }

    pub(super) fn licence(&mut self, subject: &NodeRef, licence: NodeRef, how: &str, path: &str) {
        let expression = if licence.name.is_empty() {
            licence.identifiers.iter().find(|id| id.scheme == Scheme::Spdx).map(|id| id.value.clone())
        } else {
            Some(licence.name.clone())
        };
        match expression {
            Some(expression) => {
                licence_expression(self.sink, subject, &expression, EvidenceKind::SelfClaim, Some(how), path);
            }
            None => self.sink.edge(subject, EdgeKind::LicensedUnder, licence, path),
        }
    }
}
