//! Descriptions of the Model Openness Framework (LF AI & Data, Model Openness Tool): YAML with `framework` and `release`.
//!
//! A component is something that is given out beside the model: its licence is that component's. The model's own licence is
//! that of its final parameters, or the one that the release names for all of it.

use stillwatch_core::{Severity, shown};
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Scheme, Statement,
    StrictVerdict,
};

use super::yaml::{self, Kind, Yaml};
use super::{Importer, Input, Sign, prose};

pub const IMPORTER: Importer = Importer {
    format: "Model Openness Framework",
    sign: Sign::Bytes(|input| input.ends_with(&[".yml", ".yaml"]) && recognises(input)),
    import: |input| read(input.bytes, input.origin),
};

/// The framework's own name, near the beginning.
fn recognises(input: &Input<'_>) -> bool {
    let head = String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(4096)]);
    head.contains("Model Openness Framework") || head.contains("framework:") && head.contains("release:")
}

/// Components that are the model itself, that are data, and that were measured with.
const PARAMETERS: &[&str] = &["final", "model parameters"];
const DATA: &[&str] = &["datasets", "dataset"];

/// Reads a description.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let mut draft = Draft::new(bytes, origin, DocumentKind::Card);
    let text = draft.words(bytes);
    let root = yaml::read(&text, 1, &mut draft);
    let release = root.as_ref().and_then(|root| root.get("release")).filter(|own| matches!(own.value, Kind::Map(_)));
    match release {
        Some(release) => whole(&mut draft, release, origin),
        None => draft.tell(Severity::Error, "line 1", "missing", "there is no `release`"),
    }
    let strict = match draft.errors() {
        0 => StrictVerdict::NotChecked { why: "the framework's schema is not held against it".into() },
        errors => StrictVerdict::Invalid { against: "Model Openness Framework".into(), errors },
    };
    draft.finish(strict)
}

fn whole(draft: &mut Draft, release: &Yaml, origin: &Origin) {
    let text = |key: &str| release.get(key).and_then(|own| Some((own.text()?, format!("line {} {key}", own.line))));
    let known = |key: &str| text(key).filter(|(text, _)| placeholder(text).is_none());
    let name = known("name").map_or_else(|| prose::stem(&origin.name).to_owned(), |(name, _)| name.to_owned());
    draft.title(&name);
    let subject = origin.subject.clone().unwrap_or_else(|| {
        let hub = known("huggingface").map(|(address, _)| prose::reference(NodeKind::Model, &name, Some(address)));
        // An address without a repository names nothing.
        let is_page = |node: &NodeRef| node.identifiers.iter().any(|id| id.scheme == Scheme::HuggingFace);
        hub.filter(is_page).unwrap_or_else(|| prose::reference(NodeKind::Model, &name, None))
    });
    if let Some((day, path)) = known("date") {
        draft.said_on(day, &path);
        draft.text(subject.clone(), Attribute::RELEASED, day, path);
    }
    for (key, attribute) in [
        ("version", Attribute::VERSION),
        ("type", Attribute::TASK),
        ("architecture", Attribute::ARCHITECTURE),
        ("treatment", Attribute::TRAINING_PROCESS),
        ("contact", Attribute::CONTACT),
        ("repository", "repository"),
    ] {
        if let Some((text, path)) = known(key) {
            draft.text(subject.clone(), attribute, text, path);
        }
    }
    if let Some((producer, path)) = known("producer") {
        draft.node(subject.clone(), EdgeKind::OwnedBy, NodeRef::organisation(producer), path);
    }
    // "Base" and "pre-trained" are kinds, and no parents.
    if let Some((origin, path)) =
        known("origin").filter(|(text, _)| text.contains(['/', '-']) && text.chars().any(|own| own.is_ascii_digit()))
    {
        let parent = prose::reference(NodeKind::Model, origin, None);
        let mut statement = Statement::new(subject.clone(), EdgeKind::FineTunedFrom, Object::Node(parent), path);
        statement.proposed = true;
        statement.quote = Some(format!("origin: {origin}"));
        draft.push(statement);
    }
    let of_all = release.get("license").and_then(licence_of);
    let components = release.get("components").into_iter().flat_map(Yaml::each);
    let mut own = None;
    for component in components.filter(|own| matches!(own.value, Kind::Map(_))) {
        own = own.or(self::component(draft, &subject, component));
    }
    if let Some((licence, line)) = own.or(of_all) {
        licensed(draft, &subject, &licence, format!("line {line} license"));
    }
}

/// What a component says; the licence of the model itself, if it is that.
fn component(draft: &mut Draft, subject: &NodeRef, component: &Yaml) -> Option<(String, usize)> {
    let named = component.get("name").and_then(Yaml::text)?;
    let lower = named.to_lowercase();
    let path = format!("line {} components", component.line);
    let licence = component.get("license").and_then(licence_of);
    let is_for_evaluation = lower.starts_with("evaluation");
    let is_data = DATA.contains(&lower.as_str()) || lower.ends_with("dataset");
    draft.text(subject.clone(), Attribute::ASSETS, named, path.clone());
    if lower.contains("parameters")
        && PARAMETERS.iter().any(|part| lower.contains(part))
        && !lower.contains("intermediate")
    {
        return licence;
    }
    if is_data && !is_for_evaluation {
        let location = component.get("component_path").and_then(Yaml::text).filter(|own| own.starts_with("http"));
        let node = prose::reference(
            NodeKind::DataSet,
            &format!("{} of {}", named.to_lowercase(), shown(&subject.name)),
            location,
        );
        draft.node(subject.clone(), EdgeKind::TrainedOn, node.clone(), path.clone());
        if let Some((licence, line)) = licence {
            licensed(draft, &node, &licence, format!("line {line} license"));
        }
    }
    None
}

/// The licence of a field: its text, or the name within `distribution`, of several the first.
fn licence_of(field: &Yaml) -> Option<(String, usize)> {
    let named = |own: &Yaml| Some((own.text()?.to_owned(), own.line));
    let nested = |own: &Yaml| own.get("name").and_then(named);
    named(field).or_else(|| field.get("distribution").and_then(nested)).or_else(|| nested(field))
}

fn licensed(draft: &mut Draft, subject: &NodeRef, licence: &str, path: String) {
    // "unlicensed" says that there is none.
    if placeholder(licence).is_some()
        || matches!(licence.to_lowercase().as_str(), "unlicensed" | "none" | "license not specified")
    {
        draft.tell(Severity::Note, path, "placeholder", format!("`{}` is no licence", shown(licence)));
        return;
    }
    let id = if licence.contains(char::is_whitespace) { "" } else { licence };
    draft.node(subject.clone(), EdgeKind::LicensedUnder, NodeRef::licence(licence).with(Scheme::Spdx, id), path);
}
