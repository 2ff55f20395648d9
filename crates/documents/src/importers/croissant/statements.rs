use stillwatch_core::{Date, Severity};
use stillwatch_json::Value as Node;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{Attribute, Draft, EdgeKind, NodeKind, NodeRef, Object, Scheme, Statement, Value};

use super::context::{Context, Space, words};
use super::nodes::{Items, Kind};
use crate::importers::prose;

/// Fields for responsible AI (Croissant RAI 1.0) and what they say.
const RAI: &[(&str, &str)] = &[
    ("dataCollection", Attribute::DATA_COLLECTION),
    ("dataCollectionType", Attribute::DATA_COLLECTION),
    ("dataCollectionRawData", Attribute::DATA_COLLECTION),
    ("dataCollectionMissingData", Attribute::DATA_COLLECTION),
    ("dataCollectionTimeframe", Attribute::DATA_COLLECTION),
    ("dataImputationProtocol", Attribute::DATA_PROCESSING),
    ("dataPreprocessingProtocol", Attribute::DATA_PROCESSING),
    ("dataManipulationProtocol", Attribute::DATA_PROCESSING),
    ("dataAnnotationProtocol", Attribute::DATA_PROCESSING),
    ("dataAnnotationPlatform", Attribute::VENDOR_DATA),
    ("dataAnnotationAnalysis", Attribute::DATA_PROCESSING),
    ("annotationsPerItem", Attribute::DATA_PROCESSING),
    ("annotatorDemographics", Attribute::DATA_COLLECTION),
    ("dataBiases", Attribute::LIMITATIONS),
    ("dataLimitations", Attribute::LIMITATIONS),
    ("dataUseCases", Attribute::INTENDED_USE),
    ("dataSocialImpact", Attribute::SAFETY),
    ("personalSensitiveInformation", Attribute::PERSONAL_DATA),
    ("dataReleaseMaintenancePlan", Attribute::RETENTION),
];

pub(super) fn state(draft: &mut Draft, context: &Context, root: Node<'_>, items: &Items<'_>, subject: &NodeRef) {
    draft.title(&subject.name);
    for (name, attribute) in [
        ("description", Attribute::DESCRIPTION),
        ("version", Attribute::VERSION),
        ("inLanguage", Attribute::LANGUAGE),
        ("datePublished", Attribute::RELEASED),
        ("temporalCoverage", Attribute::DATA_COLLECTION),
        ("usageInfo", "usage-terms"),
    ] {
        for value in context.own(root, name).into_iter().flat_map(Node::each) {
            if let Some(text) = words(value) {
                draft.text(subject.clone(), attribute, &text, value.path());
            } else if let Some(number) = value.number() {
                draft.value(subject.clone(), attribute, Value::Number(number.to_owned()), value.path());
            }
        }
    }
    if let Some(live) = context.own(root, "isLiveDataset")
        && let Some(flag) = live.flag()
    {
        draft.value(subject.clone(), "live", Value::Flag(flag), live.path());
    }
    for value in context.own(root, "license").into_iter().flat_map(Node::each) {
        licence(draft, context, subject, value);
    }
    for (name, edge) in [("creator", EdgeKind::OwnedBy), ("publisher", EdgeKind::SuppliedBy)] {
        for value in context.own(root, name).into_iter().flat_map(Node::each) {
            if let Some(agent) = agent(context, value, NodeKind::Organisation) {
                draft.node(subject.clone(), edge, agent, value.path());
            }
        }
    }
    for (name, attribute) in RAI {
        for value in context.get(root, name, &[Space::Rai]).into_iter().flat_map(Node::each) {
            if let Some(text) = words(value).or_else(|| value.number().map(str::to_owned)) {
                draft.text(subject.clone(), *attribute, &text, value.path());
            }
        }
    }
    for value in context.get(root, "machineAnnotationTools", &[Space::Rai]).into_iter().flat_map(Node::each) {
        if let Some(tool) = words(value).filter(|tool| placeholder(tool).is_none()) {
            draft.node(subject.clone(), EdgeKind::LabelledBy, NodeRef::model(tool), value.path());
        }
    }
    for value in context.get(root, "hasSyntheticData", &[Space::Rai]).into_iter().flat_map(Node::each) {
        if let Some(flag) = value.flag() {
            draft.value(subject.clone(), Attribute::SYNTHETIC, Value::Flag(flag), value.path());
        } else if let Some(text) = words(value) {
            draft.text(subject.clone(), Attribute::SYNTHETIC, &text, value.path());
        }
    }
    provenance(draft, context, root, root, subject);
    files(draft, context, items, subject);
}

fn licence(draft: &mut Draft, context: &Context, subject: &NodeRef, value: Node<'_>) {
    let name = context.own(value, "name").and_then(words);
    let address = words(value).or_else(|| context.own(value, "url").and_then(words));
    let Some(text) = name.or_else(|| address.clone()) else { return };
    if placeholder(&text).is_some() {
        draft.tell(Severity::Warning, value.path(), "placeholder", "the licence is a placeholder");
        return;
    }
    // `https://choosealicense.com/licenses/odc-by/`, `https://spdx.org/licenses/MIT.html`, …
    let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or(&text).trim_end_matches(".html");
    let spdx = crate::importers::hugging_face::spdx(&last.to_ascii_lowercase()).flatten();
    let mut node = NodeRef::licence(spdx.unwrap_or(&text)).with(Scheme::Spdx, spdx.unwrap_or_default());
    if let Some(address) = address.filter(|address| address.starts_with("http")) {
        node = node.with(Scheme::Url, address);
    }
    draft.node(subject.clone(), EdgeKind::LicensedUnder, node, value.path());
}

/// A person, organisation or software agent by name.
fn agent(context: &Context, value: Node<'_>, default: NodeKind) -> Option<NodeRef> {
    let all = [Space::Schema, Space::Croissant, Space::Prov];
    let name = context.get(value, "name", &all).or_else(|| context.get(value, "label", &all)).and_then(words);
    let id = words(value);
    let is = |name: &str| context.is_a(value, &all, name);
    let kind = if is("Person") {
        NodeKind::Person
    } else if is("SoftwareAgent") || is("SoftwareApplication") {
        NodeKind::Software
    } else {
        default
    };
    let text = name.or_else(|| id.clone()).filter(|text| placeholder(text).is_none())?;
    let address = context.own(value, "url").and_then(words).unwrap_or_default();
    Some(NodeRef::new(kind, text).with(Scheme::Url, address))
}

/// `prov:wasDerivedFrom` and `prov:wasGeneratedBy` with its agents. An activity that removes or checks is a filter; one
/// that makes or labels says who did it.
fn provenance(draft: &mut Draft, context: &Context, root: Node<'_>, node: Node<'_>, subject: &NodeRef) {
    let all = [Space::Prov, Space::Schema, Space::Croissant];
    for value in context.get(node, "wasDerivedFrom", &all).into_iter().flat_map(Node::each) {
        let label = ["label", "name"].iter().find_map(|name| context.get(value, name, &all).and_then(words));
        let address = ["atLocation", "url"].iter().find_map(|name| context.get(value, name, &all).and_then(words));
        let id = words(value);
        let Some(name) = label.or_else(|| id.clone()).or_else(|| address.clone()) else { continue };
        let name = if name.starts_with("http") { prose::address_name(&name) } else { name };
        let address = address.or_else(|| id.filter(|id| id.starts_with("http")));
        let source = prose::reference(NodeKind::DataSet, &name, address.as_deref());
        draft.node(subject.clone(), EdgeKind::DerivedFrom, source, value.path());
    }
    let named: Vec<(String, NodeRef)> = ["wasAssociatedWith", "wasAttributedTo"]
        .iter()
        .filter_map(|name| context.get(root, name, &all))
        .flat_map(Node::each)
        .filter_map(|value| {
            let id = value.text_of("@id").or_else(|| value.text_of("id"))?.into_owned();
            Some((id, agent(context, value, NodeKind::Organisation)?))
        })
        .collect();
    for activity in context.get(node, "wasGeneratedBy", &all).into_iter().flat_map(Node::each) {
        let text =
            ["description", "label", "name"].iter().find_map(|name| context.get(activity, name, &all).and_then(words));
        let id = words(activity).unwrap_or_default();
        let words_of = format!("{} {id}", text.as_deref().unwrap_or_default()).to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| words_of.contains(part));
        let edge = if has(&["remov", "filter", "moderat", "dedup", "identif", "redact", "clean"]) {
            EdgeKind::FilteredBy
        } else if has(&["annotat", "label", "rating", "rank"]) {
            EdgeKind::LabelledBy
        } else if has(&["generat", "synthe"]) {
            EdgeKind::GeneratedBy
        } else {
            EdgeKind::SuppliedBy
        };
        let day = context.get(activity, "startedAtTime", &all).and_then(words).and_then(|day| Date::parse(&day));
        if let Some(text) = &text {
            draft.text(subject.clone(), Attribute::DATA_PROCESSING, text, activity.path());
        }
        let agents = ["wasAssociatedWith", "wasAttributedTo", "used"];
        for value in agents.iter().filter_map(|name| context.get(activity, name, &all)).flat_map(Node::each) {
            let known = value.text_of("@id").and_then(|id| named.iter().find(|(own, _)| *own == id));
            let own = known.map(|(_, agent)| agent.clone());
            let Some(mut own) = own.or_else(|| agent(context, value, NodeKind::Organisation)) else { continue };
            own.kind = match (edge, own.kind) {
                (EdgeKind::FilteredBy, NodeKind::Software) => NodeKind::Filter,
                (EdgeKind::LabelledBy | EdgeKind::GeneratedBy, NodeKind::Software) => NodeKind::Model,
                (_, kind) => kind,
            };
            let mut statement = Statement::new(subject.clone(), edge, Object::Node(own), value.path());
            statement.quote.clone_from(&text);
            if let Some(day) = day {
                statement.qualifiers.insert("started".into(), Value::Text(day.to_string()));
            }
            draft.push(statement);
        }
    }
}

/// Files with their digests, and data sets that record sets take theirs from.
fn files(draft: &mut Draft, context: &Context, items: &Items<'_>, subject: &NodeRef) {
    for item in items.all.iter().filter(|item| item.kind == Kind::FileObject) {
        let name = context.own(item.node, "name").and_then(words).unwrap_or_else(|| item.id.clone());
        let address = context.own(item.node, "contentUrl").and_then(words).filter(|url| url.starts_with("http"));
        let digest = |name: &str, digits: usize| {
            let text = context.own(item.node, name).and_then(words)?.to_ascii_lowercase();
            (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(text)
        };
        let sha256 = context.own(item.node, "sha256").and_then(words);
        if let (Some(text), None) = (&sha256, digest("sha256", 64)) {
            let message = format!("`{}` is no SHA-256", stillwatch_core::shown(text));
            draft.tell(Severity::Warning, item.node.path(), "digest", message);
        }
        // A file is told by its address and digest; without either it is only a name of this document.
        if address.is_none() && sha256.is_none() {
            continue;
        }
        let file = NodeRef::data_set(name)
            .with(Scheme::Url, address.unwrap_or_default())
            .with(Scheme::Sha256, digest("sha256", 64).unwrap_or_default())
            .with(Scheme::Md5, digest("md5", 32).unwrap_or_default())
            .with(Scheme::Local, item.id.as_str());
        draft.node(file, EdgeKind::PartOf, subject.clone(), item.node.path());
    }
    for item in items.all.iter().filter(|item| item.kind == Kind::FileObject || item.kind == Kind::RecordSet) {
        provenance(draft, context, item.node, item.node, subject);
    }
}
