//! Kinds of documents that were once read wrong, each in several forms.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use stillwatch_documents::importers::recognise;
use stillwatch_lineage::{
    EdgeKind, Graph, Import, Ledger, NodeKind, NodeRef, Object, Origin, Question, StrictVerdict, Verdict,
};

use crate::made::find;

fn read(bytes: &[u8], name: &str) -> Import {
    recognise::read(bytes, &Origin::named(name)).unwrap()
}

fn about(bytes: &[u8], name: &str, subject: NodeRef) -> Import {
    recognise::read(bytes, &Origin { subject: Some(subject), ..Origin::named(name) }).unwrap()
}

/// `edge object`, of what is not proposed.
fn edges(import: &Import) -> Vec<String> {
    let told = import.statements.iter().filter(|own| !own.proposed);
    let edges = told.filter_map(|own| match &own.object {
        Object::Node(node) => Some(format!("{} {} {}", own.subject.name, own.predicate, node.name)),
        _ => None,
    });
    edges.filter(|own| EdgeKind::ALL.iter().any(|kind| own.contains(kind.as_str()))).collect()
}

fn ledger(imports: &[Import]) -> Ledger {
    let mut ledger = Ledger::default();
    for import in imports {
        assert!(ledger.add(import));
    }
    ledger
}

#[test]
fn licences_that_stand_on_one_page_are_two() {
    let page = "https://example.org/licences";
    let dpi = json!({"demo": {"Unique Dataset Identifier": "demo", "Licenses": [
        {"License": "MIT License", "License URL": page}, {"License": "Example Terms", "License URL": page}]}});
    let bom = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
        {"type": "data", "name": "demo", "licenses": [{"license": {"name": "MIT License", "url": page}}]},
        {"type": "data", "name": "other", "licenses": [{"license": {"name": "Example Terms", "url": page}}]}]});
    let card = format!("---\nlicense: other\nlicense_name: mit-license\nlicense_link: {page}\n---\n");
    for (import, name) in
        [(read(dpi.to_string().as_bytes(), "c.json"), "c"), (read(bom.to_string().as_bytes(), "b.json"), "b")]
    {
        let card = about(card.as_bytes(), "README.md", NodeRef::model("m"));
        let ledger = ledger(&[import, card]);
        let graph = Graph::of(&ledger, None);
        let licences = graph.ids().filter(|&id| graph.kind(id) == NodeKind::Licence).count();
        assert_eq!(licences, 3, "{name}");
    }
}

#[test]
fn what_a_model_was_measured_on_is_no_part_of_it() {
    let model = |inside: serde_json::Value| {
        json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
            {"type": "machine-learning-model", "bom-ref": "m", "name": "tiny", "licenses": [{"license": {"id": "Apache-2.0"}}],
             "components": [inside]}]})
    };
    let share = json!([{"license": {"id": "CC-BY-SA-4.0"}}]);
    let measured = [
        json!({"type": "data", "name": "q", "licenses": share, "properties": [{"name": "usage", "value": "benchmarking"}]}),
        json!({"type": "data", "name": "q", "licenses": share, "description": "Used for 5-shot evaluation."}),
        json!({"type": "data", "name": "q", "licenses": share, "properties": [{"name": "ml:purpose", "value": "test set"}]}),
        json!({"type": "data", "name": "q", "licenses": share, "data": [{"type": "dataset", "description": "validation split"}]}),
    ];
    for inside in measured {
        let import = read(model(inside.clone()).to_string().as_bytes(), "bom.json");
        assert!(edges(&import).contains(&"tiny evaluated-on q".to_owned()), "{inside}: {:?}", edges(&import));
        let ledger = ledger(&[import]);
        let graph = Graph::of(&ledger, None);
        let answer = graph.ask(find(&graph, "tiny"), Question::ThirdParty);
        assert!(answer.verdict != Verdict::Contradicted && answer.statement.contains("no part of it"), "{answer:?}");
    }
    for trained in [
        json!({"type": "data", "name": "q", "description": "Used for training and evaluation."}),
        json!({"type": "data", "name": "q"}),
    ] {
        let import = read(model(trained.clone()).to_string().as_bytes(), "bom.json");
        assert!(edges(&import).contains(&"q part-of tiny".to_owned()), "{trained}: {:?}", edges(&import));
    }
}

#[test]
fn one_thing_named_twice_in_one_document_without_references_is_one() {
    let bom = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
        {"type": "machine-learning-model", "name": "tiny",
         "modelCard": {"modelParameters": {"datasets": [{"ref": "web"}]}}},
        {"type": "data", "name": "web"}, {"type": "data", "name": "web"}],
        "dependencies": [{"ref": "tiny", "dependsOn": ["web"]}]});
    let ledger = ledger(&[read(bom.to_string().as_bytes(), "bom.json")]);
    let graph = Graph::of(&ledger, None);
    assert_eq!((find(&graph, "web"), find(&graph, "tiny")), (graph.find("web")[0], graph.find("tiny")[0]));
    assert_eq!(graph.entities(), 2);
}

#[test]
fn front_matter_is_yaml_at_the_very_beginning_and_a_rule_is_a_rule() {
    let yaml = "license: apache-2.0\nbase_model: lab/base\n";
    for card in [
        format!("---\n{yaml}---\n# A\n"),
        format!("\n\n---\n{yaml}---\n# A\n"),
        format!("\u{feff}\n ---\n{yaml}---\n# A\n"),
        format!("<!-- made by hand -->\n---\n{yaml}---  \n# A\n"),
        format!("---\r\n{}---\r\n# A\r\n", yaml.replace('\n', "\r\n")),
        format!("---\n# for the Hub\n{yaml}---\n"),
    ] {
        let import = about(card.as_bytes(), "README.md", NodeRef::model("m"));
        assert!(
            import.strict.is_valid() && edges(&import).len() == 2,
            "{card:?}: {:?} {:?}",
            import.strict,
            edges(&import)
        );
    }
    for card in [
        "---\n# Tiny\n\nThe model was fine-tuned from Llama-2-7b on data generated by GPT-4.\n",
        "---\n\n# Tiny\n\n---\n\nThe model was fine-tuned from Llama-2-7b on data generated by GPT-4.\n",
        "---\nTiny is small.\n---\nThe model was fine-tuned from Llama-2-7b on data generated by GPT-4.\n",
    ] {
        let import = about(card.as_bytes(), "README.md", NodeRef::model("m"));
        assert!(import.statements.len() >= 2, "{card:?}: {:?}", import.statements);
        assert_eq!(import.strict, StrictVerdict::NotChecked { why: "the card has no front matter".into() });
    }
}

/// A statement of provenance about a model.
fn statement(name: &str, predicate_type: &str, predicate: &serde_json::Value) -> String {
    json!({"_type": "https://in-toto.io/Statement/v1", "predicateType": predicate_type, "predicate": predicate,
           "subject": [{"name": name, "digest": {"sha256": "11".repeat(32)}}]})
    .to_string()
}

#[test]
fn every_line_of_attestations_is_read_in_either_alphabet() {
    let predicate = json!({"runDetails": {"builder": {"id": "https://example.org/builder?>>"}}});
    let line = |name: &str, payload: &dyn Fn(&str) -> String| {
        let statement = statement(name, "https://slsa.dev/provenance/v1", &predicate);
        json!({"payloadType": "application/vnd.in-toto+json", "payload": payload(&statement), "signatures": [{"sig": "c2ln"}]})
            .to_string()
    };
    let standard = |text: &str| STANDARD.encode(text);
    let of_urls = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let lines =
        [line("one", &standard), line("two", &of_urls), statement("three", "https://example.org/x", &json!({}))];
    let import = read(lines.join("\n").as_bytes(), "all.intoto.jsonl");
    let told = edges(&import);
    let builds = told.iter().filter(|own| own.contains("produced-by")).count();
    assert_eq!(builds, 2, "{told:?} {:?}", import.diagnostics);
    assert!(import.statements.iter().any(|own| own.path.starts_with("line 3") && own.subject.name == "three"));
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);

    let old = json!({"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://slsa.dev/provenance/v0.2",
        "subject": [{"name": "m", "digest": {"sha256": "11".repeat(32)}}],
        "predicate": {"builder": {"id": "https://example.org/b"}, "materials": [{"uri": "https://huggingface.co/lab/base"}]}});
    let import = read(old.to_string().as_bytes(), "old.json");
    assert!(import.statements.iter().any(|own| own.proposed && own.predicate == EdgeKind::FineTunedFrom.into()));
}

#[test]
fn spdx_2_is_read_and_other_forms_are_refused_by_name() {
    let document = json!({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://example.org/x",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Example Lab", "Tool: t"]},
        "packages": [
            {"SPDXID": "SPDXRef-m", "name": "lab/tiny", "downloadLocation": "https://huggingface.co/lab/tiny",
             "licenseDeclared": "MIT", "supplier": "Organization: Example Lab (mail@example.org)"},
            {"SPDXID": "SPDXRef-b", "name": "lab/base", "downloadLocation": "NOASSERTION", "licenseDeclared": "NOASSERTION",
             "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:huggingface/lab/base"}]},
            {"SPDXID": "SPDXRef-d", "name": "web", "downloadLocation": "NONE"},
            {"SPDXID": "SPDXRef-l", "name": "libfoo", "downloadLocation": "NONE"}],
        "relationships": [
            {"spdxElementId": "SPDXRef-m", "relationshipType": "DESCENDANT_OF", "relatedSpdxElement": "SPDXRef-b"},
            {"spdxElementId": "SPDXRef-d", "relationshipType": "DATA_FILE_OF", "relatedSpdxElement": "SPDXRef-m"},
            {"spdxElementId": "SPDXRef-m", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-l"}]});
    let import = read(document.to_string().as_bytes(), "x.spdx.json");
    let told = edges(&import);
    for wanted in [
        "lab/tiny fine-tuned-from lab/base",
        "lab/tiny trained-on web",
        "lab/tiny uses libfoo",
        "lab/tiny licensed-under MIT",
        "lab/tiny supplied-by Example Lab",
    ] {
        assert!(told.contains(&wanted.to_owned()), "{wanted}: {told:?}");
    }
    assert_eq!(import.document.said_by.as_ref().map(|own| own.name.as_str()), Some("Example Lab"));
    for (text, name, format) in [
        ("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n", "x.spdx", "tag-value"),
        ("spdxVersion: SPDX-2.3\nname: x\n", "x.yaml", "YAML"),
        (
            "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>",
            "bom.xml",
            "CycloneDX in XML",
        ),
        ("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components/></bom>", "bom.txt", "CycloneDX in XML"),
    ] {
        let import = read(text.as_bytes(), name);
        assert!(import.statements.is_empty(), "{name}");
        assert!(
            import.diagnostics.iter().any(|own| own.code == "not-read" && own.message.contains(format)),
            "{:?}",
            import.diagnostics
        );
    }
}

#[test]
fn classes_of_spdx_3_are_known_with_and_without_their_profile() {
    let document = |class: &str, purpose: &str| {
        json!({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "type": "SpdxDocument", "spdxId": "SPDXRef-D",
            "element": [
                {"type": class, "spdxId": "SPDXRef-M", "name": "lab/tiny", purpose: "model"},
                {"type": class.replace("AIPackage", "DatasetPackage").replace("ai_", "dataset_"), "spdxId": "SPDXRef-W", "name": "web"},
                {"type": "Relationship", "spdxId": "SPDXRef-R", "from": "SPDXRef-M", "relationshipType": "trainedOn", "to": ["SPDXRef-W"]}]})
    };
    for (class, purpose) in [("AIPackage", "primaryPurpose"), ("ai_AIPackage", "software_primaryPurpose")] {
        let import = read(document(class, purpose).to_string().as_bytes(), "x.json");
        let trained = import.statements.iter().find(|own| own.predicate == EdgeKind::TrainedOn.into());
        let ends = trained.map(|own| (own.subject.kind, own.subject.name.clone()));
        assert_eq!(ends, Some((NodeKind::Model, "lab/tiny".to_owned())), "{class}: {:?}", import.statements);
    }
}

#[test]
fn a_description_of_openness_says_whose_and_under_which_licence() {
    let text = "framework:\n  name: Model Openness Framework\n  version: '1.0'\nrelease:\n  name: tiny\n  version: 7B\n  date: '2026-01-02'\n  producer: Example Lab\n  license:\n    distribution:\n      name: Apache-2.0\n  components:\n  - name: Model parameters (Final)\n    license: MIT\n  - name: Datasets\n    license: CC-BY-4.0\n  - name: Evaluation data\n    license: unlicensed\n";
    let import = read(text.as_bytes(), "tiny.yml");
    let told = edges(&import);
    assert!(
        told.contains(&"tiny owned-by Example Lab".to_owned()) && told.contains(&"tiny licensed-under MIT".to_owned()),
        "{told:?}"
    );
    assert!(told.iter().any(|own| own.starts_with("tiny trained-on datasets of tiny")), "{told:?}");
}

#[test]
fn an_id_that_says_nothing_names_no_licence() {
    for licence in [
        json!({"id": "unknown"}),
        json!({"name": "NOASSERTION"}),
        json!({"id": "NOASSERTION"}),
        json!({"name": "See LICENSE file"}),
    ] {
        let bom = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "components": [{"type": "machine-learning-model", "name": "tiny", "licenses": [{"license": licence}]}]});
        let ledger = ledger(&[read(bom.to_string().as_bytes(), "bom.json")]);
        let graph = Graph::of(&ledger, None);
        let answer = graph.ask(find(&graph, "tiny"), Question::ThirdParty);
        assert!(answer.statement.contains("a licence is named for 0 of 1 model"), "{licence}: {}", answer.statement);
    }
}
