//! PROV-O as JSON-LD: a lineage for whoever reads the web of data, published beside a report (W3C PROV-O of 2013, JSON-LD
//! 1.1).
//!
//! What is known well enough to be asserted is a relation of PROV (`prov:wasDerivedFrom`, `prov:used`, `prov:wasGeneratedBy`,
//! `prov:wasAttributedTo`); every edge, those that documents contradict or deny too, is a statement with its verdict and
//! evidence in the vocabulary `urn:stillwatch:lineage#`. Persons are left out. The document names the digest of the report
//! that it was published with, and [`Published::read`] reads that back.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use stillwatch_core::{Limits, hexadecimal};
use stillwatch_json::{Json as Read, Value as Node};
use stillwatch_lineage::{Aspect, Edge, EdgeKind, EntityId, Flow, Graph, NodeKind, Rule, Verdict};

use super::Export;
use super::part::Part;

const VOCABULARY: &str = "urn:stillwatch:lineage#";

/// The subject and everything that its edges lead to. `report` is the report in whose company it is published.
pub fn write(graph: &Graph<'_>, subject: EntityId, report: &[u8], export: &Export) -> String {
    let part = Part::of(graph, subject);
    let told: Vec<Json> = part
        .entities
        .iter()
        .filter(|&&entity| graph.kind(entity) != NodeKind::Person)
        .map(|&entity| thing(&part, entity))
        .collect();
    let document = json!({
        "@context": {
            "@version": 1.1,
            "prov": "http://www.w3.org/ns/prov#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "sw": VOCABULARY,
        },
        "@id": "",
        "@type": "prov:Bundle",
        "prov:generatedAtTime": export.timestamp(),
        "sw:subject": graph.key(subject).as_str(),
        "sw:report": { "sw:name": "report.json", "sw:sha256": digest(report) },
        "@graph": told,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// A thing and what is said of it.
fn thing(part: &Part<'_, '_>, entity: EntityId) -> Json {
    let graph = part.graph;
    let class = match graph.kind(entity) {
        NodeKind::Organisation | NodeKind::Software | NodeKind::Person => "prov:Agent",
        NodeKind::Run => "prov:Activity",
        NodeKind::Jurisdiction => "prov:Location",
        _ => "prov:Entity",
    };
    let mut told = Map::new();
    told.insert("@id".into(), id(part, entity).into());
    told.insert("@type".into(), class.into());
    told.insert("rdfs:label".into(), part.name(entity).into());
    told.insert("sw:kind".into(), graph.kind(entity).as_str().into());
    told.insert("sw:key".into(), graph.key(entity).as_str().into());
    let edges = || part.edges(entity).filter(|edge| graph.kind(edge.object) != NodeKind::Person);
    for relation in
        ["prov:wasDerivedFrom", "prov:used", "prov:wasGeneratedBy", "prov:wasAttributedTo", "prov:atLocation"]
    {
        let objects: Vec<Json> = edges()
            .filter(|edge| asserted(graph, edge) == Some(relation))
            .map(|edge| json!({ "@id": id(part, edge.object) }))
            .collect();
        if !objects.is_empty() {
            told.insert(relation.into(), objects.into());
        }
    }
    let statements: Vec<Json> = edges()
        .map(|edge| {
            json!({
                "sw:edge": edge.kind.as_str(),
                "sw:object": { "@id": id(part, edge.object) },
                "sw:denied": edge.denied,
                "sw:verdict": edge.verdict.as_str(),
                "sw:evidence": edge.best.as_str(),
            })
        })
        .collect();
    if !statements.is_empty() {
        told.insert("sw:statement".into(), statements.into());
    }
    Json::Object(told)
}

/// A node of this document alone.
fn id(part: &Part<'_, '_>, entity: EntityId) -> String {
    format!("_:{}", part.reference(entity))
}

/// The relation of PROV that an edge is, where documents support it and nothing speaks against it.
fn asserted(graph: &Graph<'_>, edge: &Edge) -> Option<&'static str> {
    if edge.denied || !matches!(edge.verdict, Verdict::Disclosed | Verdict::Evidenced) {
        return None;
    }
    match edge.kind {
        EdgeKind::ProducedBy => Some("prov:wasGeneratedBy"),
        EdgeKind::OwnedBy => Some("prov:wasAttributedTo"),
        EdgeKind::LocatedIn => Some("prov:atLocation"),
        kind if Rule::of(kind).flow(Aspect::Taint) == Flow::ToSubject => {
            let of_run = graph.kind(edge.subject) == NodeKind::Run;
            Some(if of_run { "prov:used" } else { "prov:wasDerivedFrom" })
        }
        _ => None,
    }
}

fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// What a published lineage says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The key of what it is about.
    pub subject: String,
    /// SHA-256 of the report that it was published with, in lower-case hexadecimal.
    pub report: String,
    /// Things that it describes.
    pub things: usize,
}

/// Why bytes are no published lineage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishedError {
    #[error("it is no JSON object, or holds a key twice")]
    Json,
    #[error("`{0}` is missing or of the wrong type")]
    Field(&'static str),
    #[error("the prefix `sw` does not stand for `urn:stillwatch:lineage#`")]
    Vocabulary,
}

impl Published {
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, PublishedError> {
        let json = Read::read(bytes, limits);
        // With two equal keys, two readers could see two lineages.
        let root = json.root().filter(|root| root.is_object() && json.is_sound()).ok_or(PublishedError::Json)?;
        let text = |way: &[&str], name| {
            root.at(way).and_then(Node::text).map(std::borrow::Cow::into_owned).ok_or(PublishedError::Field(name))
        };
        if text(&["@context", "sw"], "@context")? != VOCABULARY {
            return Err(PublishedError::Vocabulary);
        }
        let subject = text(&["sw:subject"], "sw:subject")?;
        let report = text(&["sw:report", "sw:sha256"], "sw:report")?;
        let graph = root.get("@graph").filter(|graph| graph.is_array()).ok_or(PublishedError::Field("@graph"))?;
        Ok(Self { subject, report, things: graph.items().count() })
    }

    /// Whether these bytes are the report that it was published with.
    pub fn is_of(&self, report: &[u8]) -> bool {
        self.report == digest(report)
    }
}
