//! Field cases of lineage that are no part of the repository: each has its kind tested with documents of our own elsewhere.

use stillwatch_documents::importers::recognise;
use stillwatch_lineage::{
    EntityId, GateOutcome, GatePolicy, Graph, Import, Ledger, NodeRef, Origin, Profile, Question, Verdict,
    licence_conflicts, unsettled_licences,
};
use stillwatch_questionnaire::{Questionnaire, Request};

use crate::made::ledger;
use crate::shared::shared;

fn read(case: &str, about: Option<&str>) -> Import {
    let path = shared(&format!("field-cases/{case}"));
    let bytes = std::fs::read(&path).unwrap();
    let origin = Origin { subject: about.map(NodeRef::model), ..Origin::named(path.display().to_string()) };
    let read = recognise::read(&bytes, &origin);
    assert!(read.is_some(), "{case} is of no known format");
    read.unwrap()
}

fn only(graph: &Graph<'_>, name: &str) -> EntityId {
    let found = graph.find(name);
    assert!(!found.is_empty(), "nothing is called {name}");
    found[0]
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn licences_of_one_page_are_two() {
    let verdict = |file: &str| {
        let import = read(&format!("L01-licences-merged-by-url/{file}"), None);
        let ledger = ledger([&import]);
        let graph = Graph::of(&ledger, None);
        graph.ask(only(&graph, "demo"), Question::ThirdParty).verdict
    };
    assert_eq!(verdict("collection.json"), verdict("control.json"));
    assert_ne!(verdict("collection.json"), Verdict::Contradicted);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn share_alike_data_are_to_be_looked_at() {
    let model = read("L03-sharealike-data/model.md", Some("tiny"));
    let text = std::fs::read(shared("field-cases/L03-sharealike-data/wikipedia.md")).unwrap();
    let about =
        NodeRef::data_set("wikimedia/wikipedia").with(stillwatch_lineage::Scheme::HuggingFace, "wikimedia/wikipedia");
    let data = recognise::read(&text, &Origin { subject: Some(about), ..Origin::named("wikipedia.md") }).unwrap();
    let ledger = ledger([&model, &data]);
    let graph = Graph::of(&ledger, None);
    let tiny = only(&graph, "tiny");
    assert!(licence_conflicts(&graph, tiny).is_empty());
    assert!(!unsettled_licences(&graph, tiny).is_empty());
    assert_ne!(graph.ask(tiny, Question::ThirdParty).verdict, Verdict::Contradicted);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn independence_in_words_is_a_denial() {
    let import = read("L05-independence-claim-not-a-denial/only11.csv", None);
    assert!(import.statements.iter().any(|own| own.denied), "{:?}", import.statements);
    let card = read("L05-independence-claim-not-a-denial/card.md", Some("tiny"));
    let ledger = ledger([&card]);
    let graph = Graph::of(&ledger, None);
    assert!(graph.proposed().iter().any(|own| own.denied), "{:?}", graph.proposed());
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn a_benchmark_is_no_part() {
    let import = read("L06-benchmark-as-part/bom.json", None);
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert!(licence_conflicts(&graph, only(&graph, "example/tiny")).is_empty());
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn a_rule_at_the_top_is_no_front_matter() {
    let count = |file: &str| {
        let import = read(&format!("L07-card-with-rule-but-no-front-matter/{file}"), Some("alpaca-7b"));
        import.statements.len()
    };
    assert_eq!(count("card.md"), count("control.md"));
    assert!(count("card.md") > 2);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn a_hostile_name_is_escaped_in_tables() {
    let import = read("L09-csv-controls/bom.json", None);
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let form = Questionnaire::built_in("buyer").unwrap().unwrap();
    let subject = graph.ids().next().unwrap();
    let table = Request::of(&graph, subject, &[form], false).csv();
    assert!(!table.chars().any(|own| own.is_control() && !matches!(own, '\r' | '\n')), "{table:?}");
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn a_gate_keeps_nothing_while_a_proposal_waits() {
    let import = read("L10-gate-kept-while-proposal-waits/min.md", Some("M"));
    let ledger: Ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let text = std::fs::read_to_string(shared("field-cases/L10-gate-kept-while-proposal-waits/min.toml")).unwrap();
    let policy = GatePolicy::parse(&text).unwrap();
    let result = policy.judge(&graph, only(&graph, "M"), "bank", &Profile::standard().unwrap()).unwrap();
    assert_eq!(result.outcome(), GateOutcome::Undecided);
    assert!(!result.undecided[0].waiting.is_empty());
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn both_forms_of_spdx_are_read() {
    for file in ["spdx23.json", "unprefixed.json"] {
        let import = read(&format!("L15-spdx/{file}"), None);
        assert_eq!(import.document.kind, stillwatch_lineage::DocumentKind::Spdx, "{file}");
        assert!(!import.statements.is_empty(), "{file}: {:?}", import.diagnostics);
    }
}
