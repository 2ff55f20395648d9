//! `modelcard.md`: base models, data sets, licence, tags, results.

use stillwatch_core::{Severity, shown};
use stillwatch_lineage::{Attribute, Draft, EdgeKind, NodeKind, NodeRef, Object, Scheme, Statement};

use super::card::{attribute, inferred, licences, path, repository, texts};
use crate::importers::accelerator::accelerated;
use crate::importers::yaml::{Kind, Yaml};

/// Results of one card that are read.
const MOST_RESULTS: usize = 2_000;

pub(super) fn read(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    licences(draft, subject, front);
    base_models(draft, subject, front);
    for (id, path) in texts(draft, front, "datasets") {
        if let Some(data) = repository(draft, NodeKind::DataSet, id, &path, false) {
            draft.node(subject.clone(), EdgeKind::TrainedOn, data, path);
        }
    }
    for key in ["distilled_from", "teacher_model"] {
        for (id, path) in texts(draft, front, key) {
            draft.tell(Severity::Note, path.clone(), "not-standard", format!("`{key}` is no field of the Hub"));
            if let Some(teacher) = repository(draft, NodeKind::Model, id, &path, false) {
                draft.node(subject.clone(), EdgeKind::DistilledFrom, teacher, path);
            }
        }
    }
    attribute(draft, subject, front, "language", Attribute::LANGUAGE);
    attribute(draft, subject, front, "pipeline_tag", Attribute::TASK);
    attribute(draft, subject, front, "quantized_by", "quantised-by");
    for (library, path) in texts(draft, front, "library_name") {
        draft.node(subject.clone(), EdgeKind::Uses, NodeRef::new(NodeKind::Software, library), path);
    }
    energy(draft, subject, front);
    tags(draft, subject, front);
    results(draft, subject, front);
}

/// The relation that the card names, or the one that the Hub would infer (hub-docs, `model-cards.md`, "Specifying a
/// base model").
fn base_models(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    let said = texts(draft, front, "base_model_relation");
    let mut relation = None;
    for (word, path) in &said {
        relation = match *word {
            "finetune" => Some(EdgeKind::FineTunedFrom),
            "quantized" => Some(EdgeKind::QuantisedFrom),
            "adapter" => Some(EdgeKind::AdapterOf),
            "merge" => Some(EdgeKind::MergedFrom),
            _ => {
                let message = format!("`{}` is not one of adapter, finetune, merge, quantized", shown(word));
                draft.tell(Severity::Error, path.clone(), "base-model-relation", message);
                relation
            }
        };
    }
    let bases = texts(draft, front, "base_model");
    let many = bases.len() > 1;
    for (id, path) in bases {
        let Some(base) = repository(draft, NodeKind::Model, id, &path, true) else { continue };
        if base.identifiers.iter().any(|id| subject.identifiers.contains(id)) {
            draft.tell(Severity::Warning, path.clone(), "self-reference", "the model names itself as its base model");
        }
        if let Some(edge) = relation {
            draft.node(subject.clone(), edge, base, path);
        } else {
            let (edge, because) = infer(front, many);
            draft.push(inferred(subject, edge, base, path, because));
        }
    }
}

fn infer(front: &Yaml, many: bool) -> (EdgeKind, &'static str) {
    let tags: Vec<String> = front
        .get("tags")
        .into_iter()
        .flat_map(Yaml::each)
        .filter_map(Yaml::text)
        .chain(front.get("library_name").and_then(Yaml::text))
        .map(str::to_lowercase)
        .collect();
    let tagged = |words: &[&str]| tags.iter().any(|tag| words.contains(&tag.as_str()));
    if tagged(&["peft", "lora", "adapter", "qlora"]) {
        (EdgeKind::AdapterOf, "a tag or library of adapters")
    } else if tagged(&["gguf", "gptq", "awq", "exl2", "mlx", "4-bit", "8-bit", "bitsandbytes", "quantized"])
        || front.get("quantized_by").is_some()
    {
        (EdgeKind::QuantisedFrom, "a tag of quantised weights")
    } else if many || tagged(&["merge", "mergekit", "mergedkit"]) {
        (EdgeKind::MergedFrom, "several base models or a tag of merges")
    } else {
        (EdgeKind::FineTunedFrom, "a base model without a relation")
    }
}

fn energy(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    let Some(emissions) = front.get("co2_eq_emissions") else { return };
    if let Some(grams) = emissions.text() {
        draft.text(
            subject.clone(),
            Attribute::ENERGY,
            &format!("{grams} g CO2eq"),
            path("co2_eq_emissions", emissions),
        );
    }
    for (key, value) in emissions.entries() {
        let Some(text) = value.text() else { continue };
        let place = path(&format!("co2_eq_emissions.{key}"), value);
        match key.as_str() {
            "emissions" => draft.text(subject.clone(), Attribute::ENERGY, &format!("{text} g CO2eq"), place),
            "hardware_used" => {
                for said in accelerated(subject, text, None, &place) {
                    draft.push(said);
                }
                draft.text(subject.clone(), Attribute::HARDWARE, text, place);
            }
            "geographical_location" => draft.text(subject.clone(), Attribute::RESIDENCY, text, place),
            _ => {}
        }
    }
}

/// Tags that point at something: `arxiv:`, `dataset:`, `base_model:`, `license:` as the Hub writes them.
fn tags(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    for (tag, path) in texts(draft, front, "tags") {
        let (head, rest) = tag.split_once(':').unwrap_or((tag, ""));
        match head {
            "arxiv" if !rest.is_empty() => {
                let paper = NodeRef::new(NodeKind::Document, format!("arXiv {rest}")).with(Scheme::Arxiv, rest);
                draft.node(subject.clone(), EdgeKind::DescribedBy, paper, path);
            }
            "dataset" => {
                if let Some(data) = repository(draft, NodeKind::DataSet, rest, &path, false) {
                    draft.node(subject.clone(), EdgeKind::TrainedOn, data, path);
                }
            }
            "base_model" => {
                let (relation, id) = rest.split_once(':').unwrap_or(("", rest));
                let edge = match relation {
                    "quantized" => EdgeKind::QuantisedFrom,
                    "adapter" => EdgeKind::AdapterOf,
                    "merge" => EdgeKind::MergedFrom,
                    _ => EdgeKind::FineTunedFrom,
                };
                if let Some(base) = repository(draft, NodeKind::Model, id, &path, false) {
                    draft.push(inferred(subject, edge, base, path, "a tag, which the Hub may have inferred"));
                }
            }
            "distillation" | "distilled" | "knowledge-distillation" => {
                let mut statement = Statement::new(subject.clone(), EdgeKind::DistilledFrom, Object::Any, path);
                statement.quote = Some(tag.to_owned());
                draft.push(statement);
            }
            "synthetic" | "synthetic-data" => {
                let mut statement =
                    Statement::new(subject.clone(), Attribute::SYNTHETIC, Object::Value(true.into()), path);
                statement.quote = Some(tag.to_owned());
                draft.push(statement);
            }
            _ => {}
        }
    }
}

/// `model-index`: what was measured on which data set.
fn results(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    let Some(index) = front.get("model-index") else { return };
    if !matches!(index.value, Kind::List(_)) {
        draft.tell(Severity::Error, path("model-index", index), "wrong-type", "`model-index` is no list");
    }
    let results = index.each().filter_map(|model| model.get("results")).flat_map(Yaml::each);
    for (number, result) in results.enumerate() {
        if number == MOST_RESULTS {
            draft.tell(Severity::Warning, path("model-index", result), "too-many", "more results are left out");
            break;
        }
        let place = path("model-index", result);
        let data = result.get("dataset");
        let name = data.and_then(|data| data.get("name")).and_then(Yaml::text);
        let id = data.and_then(|data| data.get("type")).and_then(Yaml::text);
        if let Some(id) = id.or(name)
            && let Some(node) = repository(draft, NodeKind::DataSet, id, &place, false)
        {
            draft.node(subject.clone(), EdgeKind::EvaluatedOn, node, place.clone());
        }
        for metric in result.get("metrics").into_iter().flat_map(Yaml::each) {
            let kind = ["name", "type"].iter().find_map(|key| metric.get(key)?.text());
            let (Some(kind), Some(value)) = (kind, metric.get("value").and_then(Yaml::text)) else { continue };
            let words = format!("{kind} {value} on {}", name.or(id).unwrap_or("a data set without a name"));
            draft.text(subject.clone(), Attribute::EVALUATION, &words, path("model-index", metric));
        }
    }
}
