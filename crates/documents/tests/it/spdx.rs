//! Conformance to SPDX 3.0.1: the published examples, and what the model refuses.

use stillwatch_documents::importers::spdx;
use stillwatch_lineage::{Import, NodeKind, Object, Origin};

use crate::shared::{files_of, shared};

fn read(bytes: &[u8]) -> Import {
    spdx::read(bytes, &Origin::named("x.json"))
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn every_example_is_accepted_and_read() {
    let folder = shared("provenance/spdx3");
    let files = files_of(&folder);
    for (name, bytes) in &files {
        let import = read(bytes);
        assert!(import.strict.is_valid(), "{name}: {:#?}", import.diagnostics);
        assert!(!import.statements.is_empty(), "{name}");
        assert!(import.document.said_by.is_some() && import.document.said_on.is_some(), "{name}");
    }
    assert_eq!(files.len(), 25);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn models_and_data_sets_of_the_examples_say_what_they_are_made_of() {
    let folder = shared("provenance/spdx3");
    let says = |file: &str| {
        let import = read(&std::fs::read(folder.join(file)).unwrap());
        import
            .statements
            .iter()
            .map(|statement| {
                let object = match &statement.object {
                    Object::Node(node) => node.name.clone(),
                    Object::Value(value) => value.to_string(),
                    Object::Any => "*".into(),
                };
                format!("{} {} {object}", statement.subject.name, statement.predicate)
            })
            .collect::<Vec<_>>()
    };
    let expect = |said: &[String], wanted: &[&str]| {
        for wanted in wanted {
            assert!(said.iter().any(|own| own == wanted), "{wanted}: {said:#?}");
        }
    };
    expect(
        &says("ai__example01__simplehtr-example.json"),
        &["word-model trained-on IAMdataset", "word-model evaluated-on IAMdataset", "line-model trained-on IAMdataset"],
    );
    expect(
        &says("ai__example02__sbom.spdx3.json"),
        &["model.bin trained-on train.txt", "model.bin evaluated-on test.txt", "predict.py uses model.bin"],
    );
    expect(
        &says("dataset__example01__example01.spdx3.json"),
        &[
            "Our World in Data CO2 and Greenhouse Gas Emissions dataset licensed-under CC-BY-4.0",
            "Our World in Data CO2 and Greenhouse Gas Emissions dataset owned-by Our World in Data",
            "Our World in Data CO2 and Greenhouse Gas Emissions dataset data-size 2689",
            "Our World in Data CO2 and Greenhouse Gas Emissions dataset personal-data no",
        ],
    );
}

const DOCUMENT: &str = r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
  {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-02T00:00:00Z", "createdBy": ["https://e.org/p"]},
  {"type": "Person", "spdxId": "https://e.org/p", "creationInfo": "_:c", "name": "P"},
  {"type": "ai_AIPackage", "spdxId": "https://e.org/m", "creationInfo": "_:c", "name": "m", "ai_domain": ["chat"],
   "ai_energyConsumption": {"type": "ai_EnergyConsumption", "ai_trainingEnergyConsumption": [
     {"type": "ai_EnergyConsumptionDescription", "ai_energyQuantity": "12.5", "ai_energyUnit": "kilowattHour"}]}},
  {"type": "ai_AIPackage", "spdxId": "https://e.org/base", "creationInfo": "_:c", "name": "base"},
  {"type": "Relationship", "spdxId": "https://e.org/r1", "creationInfo": "_:c", "relationshipType": "descendantOf",
   "from": "https://e.org/m", "to": ["https://e.org/base"]},
  {"type": "Relationship", "spdxId": "https://e.org/r2", "creationInfo": "_:c", "relationshipType": "trainedOn",
   "from": "https://e.org/m", "to": ["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"]},
  {"type": "Annotation", "spdxId": "https://e.org/a1", "creationInfo": "_:c", "annotationType": "other",
   "subject": "https://e.org/m", "statement": "stillwatch:lineage:synthetic-share 0.25"}
]}"#;

#[test]
fn what_the_model_refuses_is_told_and_the_rest_is_read() {
    let whole = read(DOCUMENT.as_bytes());
    assert!(whole.strict.is_valid(), "{:#?}", whole.diagnostics);
    assert!(
        whole.statements.iter().any(|s| s.predicate.as_str() == "fine-tuned-from" && s.subject.kind == NodeKind::Model)
    );
    assert!(
        whole.statements.iter().any(|s| s.predicate.as_str() == "trained-on" && s.denied && s.object == Object::Any)
    );
    assert!(whole.statements.iter().any(|s| s.predicate.as_str() == "synthetic-share"));
    for (from, to, path) in [
        ("\"ai_domain\": [\"chat\"]", "\"ai_domain\": \"chat\"", "/@graph/2/ai_domain"),
        ("kilowattHour", "joule", "/@graph/2/ai_energyConsumption/ai_trainingEnergyConsumption/0/ai_energyUnit"),
        ("\"12.5\"", "\"much\"", "/@graph/2/ai_energyConsumption/ai_trainingEnergyConsumption/0/ai_energyQuantity"),
        ("\"descendantOf\"", "\"distilledFrom\"", "/@graph/4/relationshipType"),
        ("\"type\": \"Person\"", "\"type\": \"Robot\"", "/@graph/1/type"),
        ("\"type\": \"Person\"", "\"type\": \"Element\"", "/@graph/1/type"),
        ("2026-01-02T00:00:00Z", "2026-01-02", "/@graph/0/created"),
        ("\"createdBy\": [\"https://e.org/p\"]", "\"createdBy\": [\"https://e.org/m\"]", "/@graph/0/createdBy/0"),
        (", \"name\": \"base\"", ", \"title\": \"base\"", "/@graph/3/title"),
        ("\"spdxId\": \"https://e.org/r1\", ", "", "/@graph/4"),
        ("spdx-context.jsonld", "context", "/@context"),
    ] {
        let changed = DOCUMENT.replacen(from, to, 1);
        assert_ne!(changed, DOCUMENT);
        let import = read(changed.as_bytes());
        assert!(!import.strict.is_valid(), "{to}");
        assert!(import.diagnostics.iter().any(|d| d.path == path), "{to}: {:#?}", import.diagnostics);
        assert!(import.statements.len() + 2 >= whole.statements.len(), "{to}");
    }
}

#[test]
fn a_reference_that_differs_by_case_is_taken_and_told() {
    let changed = DOCUMENT.replace(r#""to": ["https://e.org/base"]"#, r#""to": ["https://E.org/BASE"]"#);
    let import = read(changed.as_bytes());
    assert!(import.diagnostics.iter().any(|d| d.code == "look-alike" && d.path == "/@graph/4/to/0"));
    let descends = import.statements.iter().find(|s| s.predicate.as_str() == "fine-tuned-from").unwrap();
    assert!(matches!(&descends.object, Object::Node(node) if node.name == "base"));
}
