//! A lineage as linked data, written and read back.

use serde_json::Value as Json;
use stillwatch_core::Limits;
use stillwatch_documents::exporters::Export;
use stillwatch_documents::exporters::prov::{self, Published, PublishedError};
use stillwatch_lineage::{EdgeKind, Graph, NodeKind, NodeRef, Object, Statement};

use crate::made::{document, ledger};

fn written(report: &[u8]) -> String {
    let card = document("card", |draft| {
        let tiny = || NodeRef::model("tiny");
        draft.node(tiny(), EdgeKind::FineTunedFrom, NodeRef::model("base"), "1");
        draft.node(tiny(), EdgeKind::OwnedBy, NodeRef::organisation("Lab"), "2");
        draft.node(tiny(), EdgeKind::ProducedBy, NodeRef::new(NodeKind::Run, "run 7"), "3");
        draft.node(NodeRef::new(NodeKind::Run, "run 7"), EdgeKind::TrainedOn, NodeRef::data_set("web"), "4");
        draft.node(NodeRef::data_set("web"), EdgeKind::LabelledBy, NodeRef::new(NodeKind::Person, "J. Doe"), "5");
        draft.node(tiny(), EdgeKind::DistilledFrom, NodeRef::model("teacher"), "6");
        let mut denied = Statement::new(tiny(), EdgeKind::DistilledFrom, Object::Node(NodeRef::model("teacher")), "7");
        denied.denied = true;
        draft.push(denied);
    });
    let ledger = ledger([&card]);
    let graph = Graph::of(&ledger, None);
    let write = || prov::write(&graph, graph.find("tiny")[0], report, &Export::default());
    assert_eq!(write(), write(), "the same graph gives the same bytes");
    write()
}

fn thing<'j>(document: &'j Json, label: &str) -> &'j Json {
    document["@graph"].as_array().unwrap().iter().find(|own| own["rdfs:label"] == label).unwrap()
}

#[test]
fn what_is_known_is_a_relation_and_everything_is_a_statement() {
    let text = written(b"report");
    let document: Json = serde_json::from_str(&text).unwrap();
    let tiny = thing(&document, "tiny");
    let id = |label: &str| thing(&document, label)["@id"].clone();
    assert_eq!(
        tiny["prov:wasDerivedFrom"],
        serde_json::json!([{ "@id": id("base") }]),
        "a contradiction is not asserted"
    );
    assert_eq!(tiny["prov:wasAttributedTo"][0]["@id"], id("Lab"));
    assert_eq!(tiny["prov:wasGeneratedBy"][0]["@id"], id("run 7"));
    assert_eq!(thing(&document, "run 7")["prov:used"][0]["@id"], id("web"));
    let verdicts: Vec<&str> = tiny["sw:statement"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|own| own["sw:edge"] == "distilled-from")
        .filter_map(|own| own["sw:verdict"].as_str())
        .collect();
    assert_eq!(verdicts, ["contradicted"]);
    assert!(!text.contains("Doe"), "persons are left out");
}

#[test]
fn what_is_published_is_of_one_report() {
    let limits = Limits::default();
    let published = Published::read(written(b"report").as_bytes(), &limits).unwrap();
    assert_eq!(published.subject, "model/name:tiny");
    assert!(published.is_of(b"report") && !published.is_of(b"another"));
    let twice = written(b"report").replacen("\"@graph\"", "\"sw:subject\": \"model/name:other\", \"@graph\"", 1);
    assert_eq!(Published::read(twice.as_bytes(), &limits), Err(PublishedError::Json));
    let other = written(b"report").replace("urn:stillwatch:lineage#", "urn:another#");
    assert_eq!(Published::read(other.as_bytes(), &limits), Err(PublishedError::Vocabulary));
    for text in ["", "[]", "{}", "{\"@context\":{\"sw\":7}}"] {
        assert!(Published::read(text.as_bytes(), &limits).is_err(), "{text}");
    }
}
