//! Runs of Weights & Biases: `wandb-metadata.json`, which the client writes beside each run (accelerators, commit), and a run
//! as exported from the public API (`id`, `project`, `config`, `usedArtifacts`).

use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::{
    Attribute, DocumentKind, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Scheme, Statement, StrictVerdict,
};

use super::{Recorded, day_of, plain, run};
use crate::importers::accelerator::accelerated;
use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer = Importer { format: "run of Weights & Biases", sign: Sign::Json(recognises), import };

fn recognises(root: Node<'_>, input: &Input<'_>) -> bool {
    let has = |keys: &[&str]| keys.iter().all(|key| root.get(key).is_some());
    input.ends_with(&["wandb-metadata.json"])
        || has(&["startedAt", "python", "program"]) && root.get("os").is_some()
        || has(&["id", "project", "config"]) && (has(&["entity"]) || used(root).is_some())
}

fn used(root: Node<'_>) -> Option<Node<'_>> {
    ["usedArtifacts", "used_artifacts"].iter().find_map(|key| root.get(key))
}

/// Reads the record of a run.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let (mut draft, json) = input.json_draft(DocumentKind::TrainingRun);
    match json.root().filter(|root| root.is_object()) {
        Some(root) => whole(&mut Recorded::new(&mut draft, input.origin, "Weights & Biases", named(root)), root),
        None => draft.tell(Severity::Error, "", "wrong-type", "the record of a run is an object"),
    }
    draft.finish(StrictVerdict::NotChecked { why: "records of Weights & Biases have no schema".into() })
}

fn named(root: Node<'_>) -> NodeRef {
    let text = |key: &str| root.get(key).and_then(plain).unwrap_or_default();
    let (project, id) = (text("project"), text("id"));
    let within = if project.is_empty() || id.is_empty() { id } else { format!("{project}/{id}") };
    let name = ["displayName", "display_name", "name"].iter().find_map(|key| root.get(key).and_then(plain));
    run("Weights and Biases", &name.unwrap_or_default(), &within)
}

fn whole(record: &mut Recorded<'_>, root: Node<'_>) {
    if matches!(root.text_of("state").as_deref(), Some("crashed" | "failed" | "killed" | "running")) {
        let message = "the run did not finish: what it would have made was not made";
        return record.draft.tell(Severity::Note, "/state", "unfinished", message);
    }
    let day = ["heartbeatAt", "createdAt", "created_at", "startedAt"].iter().find_map(|key| root.get(key));
    if let Some(day) = day.filter(|day| day.text().is_some()) {
        let day = day_of(record.draft, &day.text().unwrap_or_default(), &day.path());
        record.ended(day);
    }
    if record.run.identifiers.is_empty() && record.model.is_some() {
        // The metadata of a run do not name it.
        record.run.name = record.model.as_ref().map_or_else(String::new, |model| format!("run of {}", model.name));
    }
    record.produced("");
    // Metadata are a file of their own, or under `metadata` in an export.
    for at in [Some(root), root.get("metadata")].into_iter().flatten() {
        accelerators(record, at);
        if let Some(commit) = at.at(&["git", "commit"])
            && let Some(text) = commit.text()
        {
            record.text(Attribute::TRAINING_PROCESS, &format!("from commit {text}"), &commit.path());
        }
    }
    for (key, value) in root.get("config").into_iter().flat_map(Node::entries).take(MOST_SETTINGS) {
        // `config.yaml` and older exports wrap each value.
        let value = value.get("value").unwrap_or(value);
        if let Some(text) = plain(value) {
            record.setting(&key, &text, &value.path());
        }
    }
    for artifact in used(root).into_iter().flat_map(Node::items) {
        self::artifact(record, artifact);
    }
}

fn accelerators(record: &mut Recorded<'_>, at: Node<'_>) {
    let Some(kind) = at.get("gpu") else { return };
    let Some(words) = kind.text() else { return };
    let count = at.get("gpu_count").or_else(|| at.get("gpuCount")).and_then(plain);
    record.text(Attribute::HARDWARE, &words, &kind.path());
    let run = record.run.clone();
    for mut said in accelerated(&run, &words, count.as_deref(), &kind.path()) {
        // The record shows the type; whose type it is stands in no record.
        if said.predicate == EdgeKind::AcceleratedBy.into() {
            said.kind = record.kind;
            said.said_on = record.on;
        }
        record.draft.push(said);
    }
}

/// An artifact that the run used: a data set was trained on, a model was begun from as far as the record tells.
fn artifact(record: &mut Recorded<'_>, artifact: Node<'_>) {
    let path = artifact.path();
    let Some(name) = artifact.text_of("name").filter(|name| !name.trim().is_empty()) else { return };
    // "pairs:v3" is a version of "pairs".
    let (plain, version) = name.split_once(':').unwrap_or((&name, ""));
    let digest = artifact.text_of("digest").unwrap_or_default().into_owned();
    let local = if digest.is_empty() { String::new() } else { format!("wandb:{digest}") };
    let made = record.made();
    match artifact.text_of("type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "dataset" | "data" | "raw_data" | "training_data" => {
            let node = NodeRef::data_set(plain).with(Scheme::Other, local);
            let mut said = Statement::new(made, EdgeKind::TrainedOn, Object::Node(node), path);
            said.kind = record.kind;
            said.said_on = record.on;
            said.said_by = (record.kind > stillwatch_lineage::EvidenceKind::SelfClaim).then(|| record.program.clone());
            if !version.is_empty() {
                said.qualifiers.insert("version".into(), version.into());
            }
            record.draft.push(said);
        }
        "model" => {
            let node = NodeRef::new(NodeKind::Model, plain).with(Scheme::Other, local);
            let quote = format!("used artifact {name}");
            record.propose(made, EdgeKind::FineTunedFrom, node, &path, quote);
        }
        _ => {}
    }
}

const MOST_SETTINGS: usize = 5_000;
