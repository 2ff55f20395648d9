//! Runs of MLflow as its REST API and `mlflow runs describe` give them: `{"info": …, "data": …, "inputs": …}`, also under
//! `run` or in a list under `runs` (MLflow REST API 2.0, "Run", "DatasetInput").

use stillwatch_core::Severity;
use stillwatch_json::{Json, Value as Node};
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Origin, Scheme, StrictVerdict,
};

use super::{Recorded, day_of_milliseconds, named, plain, run};
use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "run of MLflow", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    runs(root).next().is_some_and(|run| run.at(&["info", "run_id"]).is_some() && run.get("data").is_some())
}

fn runs(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let within = root.get("runs").or_else(|| root.get("run")).unwrap_or(root);
    within.each()
}

/// Reads a run, or a list of runs.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let (mut draft, json) = input.json_draft(DocumentKind::TrainingRun);
    let mut read = 0;
    for own in json.root().into_iter().flat_map(runs) {
        if own.get("info").is_some() {
            read += 1;
            one(&mut draft, input.origin, own);
        }
    }
    if read == 0 {
        draft.tell(Severity::Error, "", "missing", "there is no run with `info` and `data`");
    }
    draft.finish(StrictVerdict::NotChecked { why: "exports of MLflow have no schema".into() })
}

fn one(draft: &mut Draft, origin: &Origin, own: Node<'_>) {
    let info = |key: &str| own.at(&["info", key]).and_then(plain).unwrap_or_default();
    let (name, id, status) = (info("run_name"), info("run_id"), info("status"));
    let path = own.path();
    if !matches!(status.as_str(), "FINISHED" | "") {
        let message = format!("the run is {}: what it would have made was not made", stillwatch_core::shown(&status));
        return draft.tell(Severity::Note, format!("{path}/info/status"), "unfinished", message);
    }
    let mut record = Recorded::new(draft, origin, "MLflow", run("MLflow", &name, &id));
    record.ended(day_of_milliseconds(&info("end_time")));
    record.produced(&format!("{path}/info"));
    for input in own.at(&["inputs", "dataset_inputs"]).into_iter().flat_map(Node::items) {
        data(&mut record, input);
    }
    for parameter in own.at(&["data", "params"]).into_iter().flat_map(Node::each) {
        // A list of `key` and `value`, or an object of settings.
        match (parameter.text_of("key"), parameter.get("value").and_then(plain)) {
            (Some(key), Some(value)) => record.setting(&key, &value, &parameter.path()),
            _ => parameter.entries().for_each(|(key, value)| {
                if let Some(text) = plain(value) {
                    record.setting(&key, &text, &value.path());
                }
            }),
        }
    }
    for tag in own.at(&["data", "tags"]).into_iter().flat_map(Node::items) {
        if tag.text_of("key").as_deref() == Some("mlflow.source.git.commit")
            && let Some(commit) = tag.text_of("value")
        {
            record.text(Attribute::TRAINING_PROCESS, &format!("from commit {commit}"), &tag.path());
        }
    }
}

fn data(record: &mut Recorded<'_>, input: Node<'_>) {
    let Some(set) = input.get("dataset") else { return };
    let path = set.path();
    let Some(name) = set.text_of("name").filter(|name| !name.trim().is_empty()) else {
        record.draft.tell(Severity::Warning, path, "missing", "a data set has a `name`");
        return;
    };
    let source = set.text_of("source").unwrap_or_default().into_owned();
    let mut node = match address(&source, record) {
        Some(address) if set.text_of("source_type").as_deref() == Some("hugging_face") => {
            named(NodeKind::DataSet, &address)
        }
        Some(address) => NodeRef::data_set(name.as_ref()).with(Scheme::Url, address),
        None => NodeRef::data_set(name.as_ref()),
    };
    // MLflow's digest is a short hash by its own rule and names a version within the name.
    if let Some(digest) = set.text_of("digest") {
        node = node.with(Scheme::Other, format!("mlflow-digest:{name}:{digest}"));
    }
    let context = input.get("tags").into_iter().flat_map(Node::items);
    let mut context = context.filter(|tag| tag.text_of("key").as_deref() == Some("mlflow.data.context"));
    let context = context.find_map(|tag| tag.text_of("value")).unwrap_or_default().to_ascii_lowercase();
    let made = record.made();
    match context.as_str() {
        "training" | "train" | "" => record.edge(made, EdgeKind::TrainedOn, node, &path),
        "evaluation" | "eval" | "test" | "testing" | "validation" => {
            record.edge(made, EdgeKind::EvaluatedOn, node, &path);
        }
        other => {
            let message =
                format!("the context `{}` does not say whether it was trained on", stillwatch_core::shown(other));
            record.draft.tell(Severity::Note, path.clone(), "context", message);
            let quote = format!("{name}: {other}");
            record.propose(made, EdgeKind::TrainedOn, node, &path, quote);
        }
    }
}

/// The address in a source, which is JSON in text: `{"path": "org/name"}`, `{"uri": "s3://…"}`, `{"url": "https://…"}`.
fn address(source: &str, record: &Recorded<'_>) -> Option<String> {
    if source.len() > MOST_SOURCE {
        return None;
    }
    let json = Json::read(source.as_bytes(), record.draft.limits());
    let root = json.root().filter(|root| root.is_object())?;
    ["path", "url", "uri"].iter().find_map(|key| root.text_of(key)).map(std::borrow::Cow::into_owned)
}

const MOST_SOURCE: usize = 64 << 10;
