use serde_json::{Value as Json, json};
use stillwatch_lineage::{Attribute, EdgeKind, EntityId, NodeKind, Scheme};

use crate::exporters::part::Part;
use crate::importers::cyclonedx::PREFIX;

/// Attributes that have a member of their own, so that they are not properties too.
const MEMBERS: &[&str] = &[Attribute::VERSION, Attribute::DESCRIPTION, Attribute::COPYRIGHT, Attribute::DIGEST];

/// The type of a component (CycloneDX 1.6, `component.type`).
pub(super) fn type_of(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Model => "machine-learning-model",
        NodeKind::DataSet | NodeKind::Outputs => "data",
        NodeKind::Compute => "platform",
        NodeKind::Document | NodeKind::Permit => "file",
        _ => "application",
    }
}

/// Parties, licences and countries are told where they are meant.
pub(super) fn is_component(part: &Part<'_, '_>, entity: EntityId) -> bool {
    !part.is_party(entity)
        && !matches!(part.graph.kind(entity), NodeKind::Licence | NodeKind::Jurisdiction | NodeKind::Document)
}

pub(super) fn component(part: &Part<'_, '_>, entity: EntityId) -> Json {
    let kind = part.graph.kind(entity);
    let mut component = json!({
        "bom-ref": part.reference(entity),
        "type": type_of(kind),
        "name": part.name(entity),
    });
    if let Some(purl) = part.identifiers(entity, Scheme::Purl).first() {
        component["purl"] = purl.as_str().into();
    }
    let hashes = hashes(part, entity);
    if !hashes.is_empty() {
        component["hashes"] = hashes.into();
    }
    let mut properties = Vec::new();
    let mut property = |word: &str, value: String| {
        properties.push(json!({ "name": format!("{PREFIX}{word}"), "value": value }));
    };
    let urls: Vec<Json> = part
        .identifiers(entity, Scheme::Url)
        .into_iter()
        .chain(part.identifiers(entity, Scheme::HuggingFace).into_iter().map(|id| {
            let datasets = if kind == NodeKind::DataSet { "datasets/" } else { "" };
            format!("https://huggingface.co/{datasets}{id}")
        }))
        .filter(|url| url.is_ascii() && !url.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']))
        .map(|url| json!({ "type": "distribution", "url": url }))
        .collect();
    if !urls.is_empty() {
        component["externalReferences"] = urls.into();
    }
    for (predicate, fact) in part.facts(entity) {
        let values = part.values(fact);
        if MEMBERS.contains(&predicate) {
            if let Some((value, _)) = values.first().filter(|_| predicate != Attribute::DIGEST) {
                component[predicate] = value.as_str().into();
            }
            continue;
        }
        for (value, _) in values {
            property(predicate, value);
        }
    }
    let mut licences = Vec::new();
    let mut data = Vec::new();
    let mut ancestors = Vec::new();
    for edge in part.edges(entity) {
        if edge.denied {
            property(edge.kind.as_str(), "none".into());
            continue;
        }
        let name = part.name(edge.object);
        match edge.kind {
            EdgeKind::LicensedUnder => licences.push(licence(part, edge.object)),
            EdgeKind::SuppliedBy if component.get("supplier").is_none() => {
                component["supplier"] = party(part, edge.object);
            }
            EdgeKind::OwnedBy if component.get("manufacturer").is_none() => {
                component["manufacturer"] = party(part, edge.object);
            }
            EdgeKind::TrainedOn if kind == NodeKind::Model => {
                data.push(json!({ "ref": part.reference(edge.object) }));
            }
            EdgeKind::FineTunedFrom | EdgeKind::QuantisedFrom | EdgeKind::MergedFrom | EdgeKind::AdapterOf
                if kind == NodeKind::Model =>
            {
                ancestors.push(ancestor(part, edge.object, edge.kind));
            }
            EdgeKind::Uses => {}
            _ if is_component(part, edge.object) => {
                property(edge.kind.as_str(), part.reference(edge.object).to_owned());
            }
            _ => property(edge.kind.as_str(), name),
        }
    }
    if !licences.is_empty() {
        component["licenses"] = licences.into();
    }
    if !ancestors.is_empty() {
        component["pedigree"] = json!({ "ancestors": ancestors });
    }
    if kind == NodeKind::Model && !data.is_empty() {
        component["modelCard"] = json!({ "modelParameters": { "datasets": data } });
    }
    if matches!(kind, NodeKind::DataSet | NodeKind::Outputs) {
        component["data"] = json!([{ "type": "dataset" }]);
    }
    if !properties.is_empty() {
        component["properties"] = properties.into();
    }
    component
}

/// `dependencies`: what a component uses.
pub(super) fn dependencies(part: &Part<'_, '_>) -> Vec<Json> {
    let mut dependencies = Vec::new();
    for &entity in &part.entities {
        let uses: Vec<&str> = part
            .edges(entity)
            .filter(|edge| edge.kind == EdgeKind::Uses && !edge.denied && is_component(part, edge.object))
            .map(|edge| part.reference(edge.object))
            .collect();
        if !uses.is_empty() && is_component(part, entity) {
            dependencies.push(json!({ "ref": part.reference(entity), "dependsOn": uses }));
        }
    }
    dependencies
}

/// A parent in short: its own component stands in full elsewhere, so that a cycle of parents has an end. It is the same by
/// name and identifiers.
fn ancestor(part: &Part<'_, '_>, entity: EntityId, edge: EdgeKind) -> Json {
    let mut ancestor = json!({
        "type": type_of(part.graph.kind(entity)),
        "name": part.name(entity),
        "properties": [{ "name": format!("{PREFIX}relation"), "value": edge.as_str() }],
    });
    if let Some(purl) = part.identifiers(entity, Scheme::Purl).first() {
        ancestor["purl"] = purl.as_str().into();
    }
    let hashes = hashes(part, entity);
    if !hashes.is_empty() {
        ancestor["hashes"] = hashes.into();
    }
    ancestor
}

/// An organisation with its country.
fn party(part: &Part<'_, '_>, entity: EntityId) -> Json {
    let mut party = json!({ "name": part.name(entity) });
    if let Some(country) = part.graph.objects(entity, EdgeKind::LocatedIn).next() {
        party["address"] = json!({ "country": part.name(country.object) });
    }
    party
}

fn licence(part: &Part<'_, '_>, entity: EntityId) -> Json {
    let name = part.name(entity);
    match part.licence(entity) {
        Some(id) => json!({ "license": { "id": id } }),
        None => json!({ "license": { "name": name } }),
    }
}

fn hashes(part: &Part<'_, '_>, entity: EntityId) -> Vec<Json> {
    let schemes = [
        (Scheme::Sha256, "SHA-256", 64),
        (Scheme::Sha384, "SHA-384", 96),
        (Scheme::Sha512, "SHA-512", 128),
        (Scheme::Blake3, "BLAKE3", 64),
        (Scheme::Sha1, "SHA-1", 40),
        (Scheme::Md5, "MD5", 32),
    ];
    let mut hashes = Vec::new();
    for (scheme, name, length) in schemes {
        for digest in part.identifiers(entity, scheme) {
            if digest.len() == length && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                hashes.push(json!({ "alg": name, "content": digest }));
            }
        }
    }
    hashes
}
