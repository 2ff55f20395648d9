//! Collections of the Data Provenance Initiative, against the counts that the given data state.

use std::collections::BTreeMap;

use stillwatch_documents::importers::{dpi, recognise};
use stillwatch_lineage::{EdgeKind, EvidenceKind, Graph, Import, Object, Origin, Predicate, licence_conflicts};

use crate::lines::statements;
use crate::made::ledger;
use crate::shared::shared;

/// The names at the other ends of an edge.
fn ends(import: &Import, edge: EdgeKind) -> Vec<(&str, &str)> {
    let with = import.statements.iter().filter(|own| own.predicate == Predicate::Edge(edge));
    with.filter_map(|own| match &own.object {
        Object::Node(node) => Some((own.subject.name.as_str(), node.name.as_str())),
        _ => None,
    })
    .collect()
}

#[test]
fn a_data_set_names_the_models_that_wrote_it() {
    let collection = br#"{"a": {"Unique Dataset Identifier": "set-a", "Collection": "Sets", "Collection URL": "https://huggingface.co/datasets/example/sets",
        "Model Generated": ["OpenAI GPT-4", "templates"], "Derived from Datasets": ["C4"], "Creators": [],
        "Licenses": [{"License": "MIT License", "License URL": "https://example.org/mit"}]}, "b": 1}"#;
    let import = recognise::read(collection, &Origin::named("sets.json")).unwrap();
    assert_eq!(
        statements(&import),
        [
            "/a/Model Generated/0: set-a generated-by model `OpenAI GPT-4` (third-party)",
            "/a/Model Generated/0: set-a synthetic \"true\" (third-party)",
            "/a/Derived from Datasets/0: set-a derived-from data-set `C4` (third-party)",
            "/a/Licenses/0: set-a licensed-under licence `MIT License` <url:https://example.org/mit> (third-party)",
            "/a/Collection: set-a part-of data-set `Sets` <hf:example/sets> (third-party)",
        ]
    );
    assert_eq!(import.diagnostics[0].path, "/b");
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let conflicts = licence_conflicts(&graph, graph.find("set-a")[0]);
    let found: Vec<&str> = conflicts.iter().map(|own| own.terms.as_str()).collect();
    assert_eq!(found, ["OpenAI-Terms"], "MIT over what GPT-4 wrote");
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn counts_are_those_that_are_stated() {
    let root = shared("provenance/dpi");
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root.join("expected_counts.json")).unwrap()).unwrap();
    let mut files: Vec<_> =
        std::fs::read_dir(root.join("collections")).unwrap().map(|own| own.unwrap().path()).collect();
    files.sort();
    let (mut sets, mut written, mut by_openai, mut without, mut derived) = (0, 0, 0, Vec::new(), 0);
    for file in &files {
        let import = dpi::read(&std::fs::read(file).unwrap(), &Origin::named("collection.json"));
        assert!(import.statements.iter().all(|own| own.kind == EvidenceKind::ThirdParty));
        let mut models: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (set, model) in ends(&import, EdgeKind::GeneratedBy) {
            models.entry(set).or_default().push(model);
        }
        let mut sources: Vec<&str> = ends(&import, EdgeKind::DerivedFrom).into_iter().map(|(set, _)| set).collect();
        sources.dedup();
        let licences = ends(&import, EdgeKind::LicensedUnder);
        let mut names: Vec<&str> = import.statements.iter().map(|own| own.subject.name.as_str()).collect();
        names.dedup();
        sets += names.len();
        written += models.len();
        derived += sources.len();
        for (set, models) in &models {
            if models.iter().any(|model| model.starts_with("OpenAI")) {
                by_openai += 1;
                let terms = |(own, licence): &(&str, &str)| own == set && licence.to_lowercase().contains("openai");
                if !licences.iter().any(terms) {
                    without.push((*set).to_owned());
                }
            }
        }
    }
    let count = |key: &str| expected[key].as_u64().unwrap();
    let listed = |key: &str| expected[key].as_array().unwrap();
    assert_eq!(files.len() as u64, count("collections"));
    assert_eq!(
        (sets as u64, written as u64, derived as u64),
        (count("datasets"), count("model_generated"), count("derived"))
    );
    assert_eq!(by_openai, listed("openai_generated").len());
    let mut stated: Vec<String> =
        listed("openai_without_terms").iter().map(|own| own.as_str().unwrap().to_owned()).collect();
    stated.sort();
    without.sort();
    assert_eq!(without, stated);
}
