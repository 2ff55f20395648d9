//! `datasetcard.md`: who wrote and labelled the examples, where they come from, how many there are.

use stillwatch_core::{Severity, shown};
use stillwatch_lineage::{Attribute, Draft, EdgeKind, NodeKind, NodeRef, Object, Statement, Value};

use super::card::{attribute, licences, path, repository, texts};
use crate::importers::yaml::Yaml;

/// Who annotated (hub-docs, `datasetcard.md`, and the values that its tagging tool offers).
const CREATORS: &[&str] = &["crowdsourced", "found", "expert-generated", "machine-generated", "no-annotation", "other"];

pub(super) fn read(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    if let Some(title) = front.get("pretty_name").and_then(Yaml::text) {
        draft.title(title);
    }
    licences(draft, subject, front);
    creators(draft, subject, front, "language_creators");
    creators(draft, subject, front, "annotations_creators");
    sources(draft, subject, front);
    attribute(draft, subject, front, "language", Attribute::LANGUAGE);
    attribute(draft, subject, front, "task_categories", Attribute::TASK);
    attribute(draft, subject, front, "size_categories", Attribute::DATA_SIZE);
    attribute(draft, subject, front, "paperswithcode_id", "paperswithcode-id");
    for (tag, path) in texts(draft, front, "tags") {
        if matches!(tag, "synthetic" | "synthetic-data" | "distilabel" | "machine-generated") {
            synthetic(draft, subject, path, tag);
        }
    }
    let infos = front.get("dataset_info").into_iter().flat_map(Yaml::each);
    for info in infos.filter_map(|info| info.get("splits")).flat_map(Yaml::each) {
        let read = |key: &str| info.get(key).and_then(Yaml::text);
        if let (Some(name), Some(examples)) = (read("name"), read("num_examples")) {
            let words = format!("{examples} examples in split {name}");
            draft.text(subject.clone(), Attribute::DATA_SIZE, &words, path("dataset_info", info));
        }
    }
}

/// `machine-generated` language is synthetic text; `machine-generated` annotations are labels of a model.
fn creators(draft: &mut Draft, subject: &NodeRef, front: &Yaml, key: &str) {
    for (word, path) in texts(draft, front, key) {
        if !CREATORS.contains(&word) {
            let message = format!("`{}` is not one of the values of `{key}`", shown(word));
            draft.tell(Severity::Warning, path.clone(), "creator", message);
        }
        draft.text(subject.clone(), Attribute::DATA_COLLECTION, &format!("{key}: {word}"), path.clone());
        if word != "machine-generated" {
            continue;
        }
        if key == "language_creators" {
            synthetic(draft, subject, path, word);
        } else {
            let mut statement = Statement::new(subject.clone(), EdgeKind::LabelledBy, Object::Any, path);
            statement.quote = Some(word.to_owned());
            draft.push(statement);
        }
    }
}

/// `original`, `extended`, `extended|squad`, or the id of a data set.
fn sources(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    for (word, path) in texts(draft, front, "source_datasets") {
        let id = match word.split_once('|') {
            Some(("extended", id)) => id,
            _ => word,
        };
        match id {
            "original" => draft.text(subject.clone(), Attribute::DATA_COLLECTION, "original", path),
            "extended" => draft.push(Statement::new(subject.clone(), EdgeKind::DerivedFrom, Object::Any, path)),
            _ => {
                if let Some(source) = repository(draft, NodeKind::DataSet, id, &path, false) {
                    draft.node(subject.clone(), EdgeKind::DerivedFrom, source, path);
                }
            }
        }
    }
}

fn synthetic(draft: &mut Draft, subject: &NodeRef, path: String, quote: &str) {
    let mut statement = Statement::new(subject.clone(), Attribute::SYNTHETIC, Object::Value(Value::Flag(true)), path);
    statement.quote = Some(quote.to_owned());
    draft.push(statement);
}
