//! What records of training runs say, and what they do not.

use serde_json::json;
use stillwatch_documents::importers::{recognise, training_run};
use stillwatch_lineage::{
    Attribute, EdgeKind, EvidenceKind, Graph, Import, NodeKind, NodeRef, Object, Origin, Predicate, Statement, Verdict,
};

use crate::made::ledger;

fn about(name: &str) -> Origin {
    Origin { subject: Some(NodeRef::model("tiny-7b")), ..Origin::named(name) }
}

fn read(text: &str, name: &str) -> Import {
    recognise::read(text.as_bytes(), &about(name)).expect("a known format")
}

/// `subject edge object`, ascending, without what waits for a reviewer.
fn edges(import: &Import) -> Vec<String> {
    told(import, |own| !own.proposed)
}

fn told(import: &Import, is_wanted: impl Fn(&Statement) -> bool) -> Vec<String> {
    let mut edges: Vec<String> = import
        .statements
        .iter()
        .filter(|own| is_wanted(own))
        .filter_map(|own| match (&own.predicate, &own.object) {
            (Predicate::Edge(edge), Object::Node(node)) => Some(format!("{} {edge} {}", own.subject.name, node.name)),
            _ => None,
        })
        .collect();
    edges.sort();
    edges
}

#[test]
fn the_state_of_a_trainer_says_how_long_and_not_on_what() {
    let state = json!({
        "best_metric": null, "epoch": 3.0, "global_step": 1200, "is_world_process_zero": true, "log_history": [],
        "max_steps": 1500, "num_train_epochs": 3, "total_flos": 4.2e18, "train_batch_size": 8,
        "trial_params": {"learning_rate": 2e-5, "anything": "/home/somebody"},
    });
    let import = read(&state.to_string(), "trainer_state.json");
    assert_eq!(edges(&import), ["tiny-7b produced-by run of tiny-7b, 1200 steps"]);
    let texts: Vec<String> = import
        .statements
        .iter()
        .filter_map(|own| match &own.object {
            Object::Value(value) => Some(format!("{} {value}", own.predicate)),
            _ => None,
        })
        .collect();
    assert!(texts.contains(&"training-process 1200 steps of 1500, 3.0 epochs".to_owned()), "{texts:?}");
    assert!(texts.contains(&"training-compute 4.2e+18".to_owned()), "{texts:?}");
    assert!(texts.contains(&"hyperparameter learning_rate 0.00002".to_owned()), "{texts:?}");
    assert!(texts.iter().all(|text| !text.contains("somebody")), "{texts:?}");
}

#[test]
fn a_run_without_a_model_says_so() {
    let state = json!({"global_step": 1, "is_world_process_zero": true, "log_history": []}).to_string();
    let import = recognise::read(state.as_bytes(), &Origin::named("trainer_state.json")).unwrap();
    assert!(import.diagnostics.iter().any(|own| own.code == "subject"), "{:?}", import.diagnostics);
    assert!(import.statements.iter().all(|own| own.subject.kind == NodeKind::Run));
}

fn mlflow(status: &str) -> String {
    json!({"run": {
        "info": {"run_id": "8f0c", "run_name": "sft-3", "status": status, "end_time": 1_767_225_600_000_i64, "user_id": "jdoe"},
        "data": {
            "params": [
                {"key": "model_name_or_path", "value": "example/base-7b"},
                {"key": "teacher_model", "value": "big-70b"},
                {"key": "learning_rate", "value": "2e-5"},
                {"key": "dataset_name", "value": "/mnt/somewhere/pairs.jsonl"},
            ],
            "tags": [{"key": "mlflow.user", "value": "jdoe"}, {"key": "mlflow.source.git.commit", "value": "a91f"}],
        },
        "inputs": {"dataset_inputs": [
            {"dataset": {"name": "web", "digest": "77ab", "source_type": "hugging_face", "source": "{\"path\": \"example/web\"}"},
             "tags": [{"key": "mlflow.data.context", "value": "training"}]},
            {"dataset": {"name": "held-out", "digest": "90ef"}, "tags": [{"key": "mlflow.data.context", "value": "evaluation"}]},
            {"dataset": {"name": "unclear", "digest": "11"}, "tags": [{"key": "mlflow.data.context", "value": "phase two"}]},
        ]},
    }})
    .to_string()
}

#[test]
fn a_run_of_mlflow_is_evidence_of_its_inputs() {
    let import = read(&mlflow("FINISHED"), "run.json");
    assert_eq!(
        edges(&import),
        [
            "tiny-7b distilled-from big-70b",
            "tiny-7b evaluated-on held-out",
            "tiny-7b fine-tuned-from example/base-7b",
            "tiny-7b produced-by sft-3",
            "tiny-7b trained-on example/web",
            "tiny-7b trained-on pairs.jsonl",
        ]
    );
    assert_eq!(told(&import, |own| own.proposed), ["tiny-7b trained-on unclear"]);
    let day = import.statements[0].said_on.map(|day| day.to_string());
    assert_eq!(day.as_deref(), Some("2026-01-01"));
    let all = serde_json::to_string(&import.statements).unwrap();
    assert!(!all.contains("jdoe") && !all.contains("/mnt"), "{all}");
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let tiny = graph.find("tiny-7b")[0];
    assert!(graph.objects(tiny, EdgeKind::TrainedOn).all(|edge| edge.verdict == Verdict::Evidenced));
}

#[test]
fn what_the_maker_hands_over_is_the_makers_word() {
    let origin = Origin { said_by: Some(NodeRef::organisation("Example Lab")), ..about("run.json") };
    let import = training_run::read_mlflow(mlflow("FINISHED").as_bytes(), &origin);
    assert!(import.statements.iter().all(|own| own.kind == EvidenceKind::SelfClaim));
    let recorded = read(&mlflow("FINISHED"), "run.json");
    let kinds: Vec<EvidenceKind> = recorded.statements.iter().filter(|own| !own.proposed).map(|own| own.kind).collect();
    assert!(kinds.iter().all(|kind| *kind == EvidenceKind::ThirdParty), "{kinds:?}");
}

#[test]
fn a_run_that_did_not_finish_made_nothing() {
    let import = read(&mlflow("FAILED"), "run.json");
    assert!(import.statements.is_empty() && import.diagnostics.iter().any(|own| own.code == "unfinished"));
    let crashed =
        json!({"id": "x1", "project": "p", "entity": "e", "state": "crashed", "config": {"base_model": "a/b"}});
    let import = read(&crashed.to_string(), "run.json");
    assert!(import.statements.is_empty() && import.diagnostics.iter().any(|own| own.code == "unfinished"));
}

#[test]
fn weights_and_biases_tell_accelerators_and_artifacts() {
    let metadata = json!({
        "os": "Linux", "python": "3.11", "program": "train.py", "startedAt": "2026-03-02T08:00:00Z", "host": "node-17",
        "username": "jdoe", "gpu": "NVIDIA H100 80GB HBM3", "gpu_count": 64, "git": {"commit": "c0ffee"},
    });
    let import = read(&metadata.to_string(), "wandb-metadata.json");
    assert_eq!(
        edges(&import),
        [
            "NVIDIA H100 supplied-by NVIDIA",
            "run of tiny-7b accelerated-by NVIDIA H100",
            "tiny-7b produced-by run of tiny-7b",
        ]
    );
    let count = import.statements.iter().find(|own| own.predicate == EdgeKind::AcceleratedBy.into()).unwrap();
    assert_eq!(count.qualifiers["count"].to_string(), "64");
    let all = serde_json::to_string(&import.statements).unwrap();
    assert!(!all.contains("jdoe") && !all.contains("node-17"), "{all}");

    let run = json!({
        "id": "3kd9", "project": "heron", "entity": "lab", "state": "finished", "displayName": "dpo-022",
        "createdAt": "2026-03-02T08:00:00", "config": {"base_model": {"value": "heron/base"}, "seed": {"value": 7}},
        "usedArtifacts": [
            {"name": "pairs:v3", "type": "dataset", "digest": "77ab"},
            {"name": "start:v1", "type": "model"},
            {"name": "code:v9", "type": "code"},
        ],
    });
    let import = read(&run.to_string(), "run.json");
    assert_eq!(
        edges(&import),
        ["tiny-7b fine-tuned-from heron/base", "tiny-7b produced-by dpo-022", "tiny-7b trained-on pairs"]
    );
    assert_eq!(told(&import, |own| own.proposed), ["tiny-7b fine-tuned-from start"]);
    let seed = import.statements.iter().any(|own| {
        own.predicate == Attribute::HYPERPARAMETER.into()
            && matches!(&own.object, Object::Value(own) if own.to_string() == "seed 7")
    });
    assert!(seed, "{:?}", import.statements);
}

fn event(kind: &str, output: &str) -> String {
    json!({
        "eventType": kind, "eventTime": "2026-05-01T10:00:00Z", "producer": "https://example.org/scheduler",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "3b452093-782c-4ef2-9c0c-aafe2aa6f34d"}, "job": {"namespace": "train", "name": "filter"},
        "inputs": [{"namespace": "s3://lake", "name": "raw/web"}, {"namespace": "s3://lake", "name": "raw/books"}],
        "outputs": [{"namespace": "s3://lake", "name": output}],
    })
    .to_string()
}

#[test]
fn completed_events_make_outputs_from_inputs() {
    let lines = [event("START", "clean"), event("COMPLETE", "clean"), event("FAIL", "broken")].join("\n");
    let import = read(&lines, "events.ndjson");
    assert_eq!(
        edges(&import),
        ["clean derived-from raw/books", "clean derived-from raw/web", "clean produced-by filter"]
    );
    assert!(import.diagnostics.iter().any(|own| own.code == "unfinished" && own.path.starts_with("line 3")));
    let trained = read(&event("COMPLETE", "models/tiny-7b"), "events.json");
    assert_eq!(
        edges(&trained),
        ["tiny-7b produced-by filter", "tiny-7b trained-on raw/books", "tiny-7b trained-on raw/web"]
    );
}

#[test]
fn one_broken_line_is_no_loss_to_the_others() {
    let lines = [event("COMPLETE", "one"), "{\"eventType\": ".to_owned(), event("COMPLETE", "two")].join("\n");
    let import = training_run::read_open_lineage(lines.as_bytes(), &about("events.ndjson"));
    let made = edges(&import);
    assert!(
        made.iter().any(|own| own.starts_with("one ")) && made.iter().any(|own| own.starts_with("two ")),
        "{made:?}"
    );
    assert!(import.diagnostics.iter().any(|own| own.path.starts_with("line 2")), "{:?}", import.diagnostics);
    let odd = event("COMPLETE", "one").replace("COMPLETE", "DONE");
    let import = training_run::read_open_lineage(odd.as_bytes(), &about("events.json"));
    assert!(import.statements.is_empty() && import.diagnostics.iter().any(|own| own.code == "event-type"));
}
