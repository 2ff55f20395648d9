//! What a bill of materials of a model says, in CycloneDX.

use serde_json::json;
use stillwatch_documents::exporters::{Export, cyclonedx as export, spdx as spdx_export};
use stillwatch_documents::importers::{cyclonedx, spdx};
use stillwatch_lineage::{EdgeKind, EvidenceKind, Graph, Import, NodeKind, Object, Origin, Question, Scheme, Verdict};

use crate::made::{find, laundered, ledger};

fn read(bom: &serde_json::Value) -> Import {
    cyclonedx::read(bom.to_string().as_bytes(), &Origin::named("bom.json"))
}

fn codes(import: &Import) -> Vec<String> {
    import.diagnostics.iter().map(|found| format!("{} {}", found.code, found.path)).collect()
}

/// `subject edge object`, `!` before what is denied.
fn edges(import: &Import) -> Vec<String> {
    let mut edges: Vec<String> = import
        .statements
        .iter()
        .filter(|statement| EdgeKind::parse(statement.predicate.as_str()).is_some())
        .map(|statement| {
            let object = match &statement.object {
                Object::Node(node) if node.name.is_empty() => node.identifiers[0].to_string(),
                Object::Node(node) => node.name.clone(),
                Object::Value(value) => format!("“{value}”"),
                Object::Any => "*".into(),
            };
            let not = if statement.denied { "!" } else { "" };
            format!("{} {not}{} {object}", statement.subject.name, statement.predicate)
        })
        .collect();
    edges.sort();
    edges
}

fn vendor() -> serde_json::Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.7", "version": 1,
        "metadata": {
            "timestamp": "2026-03-02T10:00:00Z", "manufacturer": {"name": "Example AI", "address": {"country": "FR"}},
            "component": {
                "bom-ref": "tiny", "type": "machine-learning-model", "group": "example", "name": "tiny-7b", "version": "2",
                "supplier": {"name": "Example AI", "address": {"country": "FR"}},
                "hashes": [{"alg": "SHA-256", "content": "AB".repeat(32)}],
                "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
                "pedigree": {"ancestors": [
                    {"type": "machine-learning-model", "name": "Llama-2-7b", "licenses": [{"license": {"name": "LLaMA 2"}}],
                     "externalReferences": [{"type": "distribution", "url": "https://huggingface.co/meta-llama/Llama-2-7b"}]},
                    {"type": "machine-learning-model", "name": "other-7b",
                     "properties": [{"name": "base_model_relation", "value": "merge"}]}],
                    "commits": [{"uid": "0f3a"}]},
                "modelCard": {
                    "modelParameters": {
                        "task": "text-generation", "modelArchitecture": "LlamaForCausalLM", "architectureFamily": "llama",
                        "datasets": [{"ref": "alpaca"}, {"type": "dataset", "name": "C4", "sensitiveData": ["names"]},
                                     {"type": "dataset", "name": "unknown"}],
                        "inputs": [{"format": "text"}]},
                    "considerations": {"technicalLimitations": ["short contexts"], "useCases": ["N/A"]}},
                "properties": [
                    {"name": "stillwatch:lineage:teacher", "value": "pkg:huggingface/openai/gpt-4"},
                    {"name": "relationship:trainedOn", "value": "ALPACA"},
                    {"name": "stillwatch:lineage:syntheticShare", "value": "0.4"},
                    {"name": "stillwatch:lineage:runs-on", "value": "Colossus 1"},
                    {"name": "stillwatch:lineage:located-in", "value": "FR"},
                    {"name": "stillwatch:lineage:merged-from", "value": "none"},
                    {"name": "acme:batch", "value": "17"}]
            }
        },
        "components": [{
            "bom-ref": "alpaca", "type": "data", "name": "alpaca",
            "data": [{"type": "dataset", "governance": {"owners": [{"organization": {"name": "Stanford"}}],
                                                         "custodians": [{"contact": {"name": "data office"}}]}}],
            "properties": [{"name": "stillwatch:lineage:generated-by", "value": "text-davinci-003"},
                           {"name": "stillwatch:lineage:synthetic", "value": "true"}]
        }],
        "dependencies": [{"ref": "tiny", "dependsOn": ["alpaca", "gone"]}],
        "citations": [{"timestamp": "2026-03-03T00:00:00Z", "attributedTo": "alpaca", "pointers": ["/components/0/data"]}]
    })
}

#[test]
fn a_model_says_what_it_is_made_of() {
    let import = read(&vendor());
    assert!(import.strict.is_valid(), "{:#?}", import.diagnostics);
    assert_eq!(
        edges(&import),
        [
            "Example AI located-in FR",
            "Llama-2-7b licensed-under LLaMA 2",
            "alpaca generated-by text-davinci-003",
            "alpaca owned-by Stanford",
            "example/tiny-7b !merged-from *",
            "example/tiny-7b distilled-from purl:pkg:huggingface/openai/gpt-4",
            "example/tiny-7b fine-tuned-from Llama-2-7b",
            "example/tiny-7b licensed-under MIT",
            "example/tiny-7b located-in FR",
            "example/tiny-7b merged-from other-7b",
            "example/tiny-7b runs-on Colossus 1",
            "example/tiny-7b supplied-by Example AI",
            "example/tiny-7b trained-on C4",
            "example/tiny-7b trained-on alpaca",
            "example/tiny-7b trained-on alpaca",
            "example/tiny-7b trained-on “unknown”",
            "example/tiny-7b uses alpaca",
            "example/tiny-7b uses gone",
        ]
    );
    assert_eq!(import.document.said_on.unwrap().to_string(), "2026-03-02");
    assert_eq!(import.document.said_by.as_ref().unwrap().name, "Example AI");
    assert_eq!(codes(&import), ["reference /dependencies/0/dependsOn/1"]);
    let says = |word: &str, value: &str| {
        import.statements.iter().any(|s| {
            s.predicate.as_str() == word && matches!(&s.object, Object::Value(own) if own.to_string() == value)
        })
    };
    for (word, value) in [
        ("architecture", "LlamaForCausalLM"),
        ("synthetic-share", "0.4"),
        ("synthetic", "true"),
        ("governance", "custodian: data office"),
        ("personal-data", "names"),
        ("limitations", "short contexts"),
        ("commit", "0f3a"),
        ("property:acme:batch", "17"),
    ] {
        assert!(says(word, value), "{word} {value}");
    }
    let owned = import.statements.iter().find(|s| s.path.contains("/governance/owners")).unwrap();
    assert_eq!(owned.said_by.as_ref().unwrap().name, "alpaca", "a citation says who says it");
    let tiny = &import.statements.iter().find(|s| s.predicate.as_str() == "runs-on").unwrap().subject;
    assert!(tiny.identifiers.iter().any(|id| id.scheme == Scheme::Sha256 && id.value == "ab".repeat(32)));
}

#[test]
fn a_laundered_licence_in_a_bom_is_a_contradiction() {
    let import = read(&vendor());
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let tiny = find(&graph, "example/tiny-7b");
    let answer = graph.ask(tiny, Question::ThirdParty);
    assert_eq!(answer.verdict, Verdict::Contradicted, "{answer:#?}");
    assert_eq!(graph.ask(tiny, Question::VendorOutputs).verdict, Verdict::Disclosed);
}

#[test]
fn invalid_documents_are_read_all_the_same() {
    let mut bom = vendor();
    bom["metadata"]["timestamp"] = "2024-05-1T00:00:00Z".into();
    bom["metadata"]["component"]["licenses"][0]["license"]["id"] = "CC BY-SA 4.0".into();
    bom["metadata"]["component"]["version"] = 2.into();
    bom["dependencies"] = json!({"ref": "Tiny", "dependsOn": "ＡＬＰＡＣＡ"});
    let import = read(&bom);
    assert!(!import.strict.is_valid());
    let codes = codes(&import);
    for wanted in [
        "schema /metadata/timestamp",
        "date /metadata/timestamp",
        "schema /metadata/component/licenses/0/license/id",
        "schema /metadata/component/version",
        "wrong-type /metadata/component/version",
        "wrong-type /dependencies",
        "look-alike /dependencies/ref",
        "look-alike /dependencies/dependsOn",
    ] {
        assert!(codes.iter().any(|code| code == wanted), "{wanted}: {codes:#?}");
    }
    let edges = edges(&import);
    assert!(edges.contains(&"example/tiny-7b licensed-under CC BY-SA 4.0".to_owned()));
    assert!(edges.contains(&"example/tiny-7b uses alpaca".to_owned()), "{edges:#?}");
}

#[test]
fn claims_are_read_with_their_evidence() {
    let bom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "machine-learning-model", "name": "m", "bom-ref": "m"}],
        "declarations": {
            "assessors": [{"bom-ref": "a", "thirdParty": true, "organization": {"name": "Assessor Ltd"}}],
            "attestations": [{"assessor": "a", "map": [{"requirement": "r", "claims": ["c1"]}]}],
            "claims": [
                {"bom-ref": "c1", "target": "m", "predicate": "no personal data", "evidence": ["e1"], "counterEvidence": ["e2"]},
                {"bom-ref": "c2", "target": "m", "predicate": "trained in France", "evidence": ["gone"]}],
            "evidence": [
                {"bom-ref": "e1", "created": "2026-01-02T00:00:00Z", "expires": "2027-01-02T00:00:00Z", "author": {"name": "A"}},
                {"bom-ref": "e2", "description": "names were found", "author": {"name": "B"}}]
        }
    });
    let import = read(&bom);
    assert!(import.strict.is_valid(), "{:#?}", import.diagnostics);
    assert_eq!(codes(&import), ["reference /declarations/claims/1/evidence/0"]);
    let [first, denial, second] = &import.statements[..] else { panic!("{:#?}", import.statements) };
    assert_eq!((first.kind, first.denied), (EvidenceKind::SelfClaim, false), "anybody can write `thirdParty`");
    assert_eq!(first.qualifiers["told-as"].to_string(), "third-party");
    assert_eq!(first.said_by.as_ref().unwrap().name, "Assessor Ltd");
    assert_eq!(first.expires.unwrap().to_string(), "2027-01-02");
    assert_eq!((denial.denied, denial.path.as_str()), (true, "/declarations/claims/0/counterEvidence"));
    assert_eq!(denial.quote.as_deref(), Some("names were found"));
    assert_eq!((second.kind, second.denied), (EvidenceKind::SelfClaim, false));
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(graph.fact(find(&graph, "m"), "claim").unwrap().verdict, Verdict::Contradicted);
}

#[test]
fn exports_are_valid_and_say_the_same() {
    for made in [laundered(), read(&vendor())] {
        let before = ledger([&made]);
        let graph = Graph::of(&before, None);
        let name = made.statements.iter().find(|s| s.subject.kind == NodeKind::Model).unwrap().subject.name.clone();
        let subject = find(&graph, &name);
        let answers = graph.ask_all(subject);
        let export_as = Export { created: stillwatch_core::Date::parse("2026-11-21"), author: None };
        for version in [export::Version::V1_6, export::Version::V1_7] {
            let bom = export::write(&graph, subject, &answers, version, &export_as);
            assert_eq!(bom, export::write(&graph, subject, &answers, version, &export_as));
            let again = cyclonedx::read(bom.as_bytes(), &Origin::named("export.json"));
            assert!(again.strict.is_valid(), "{bom}\n{:#?}", again.diagnostics);
            let wanted = known(&edges(&made));
            let got = known(&edges(&again));
            assert_eq!(wanted, got, "{bom}");
            assert!(again.statements.iter().any(|s| s.predicate.as_str() == "claim" && !s.denied));
        }
        let document = spdx_export::write(&graph, subject, &export_as);
        let again = spdx::read(document.as_bytes(), &Origin::named("export.spdx.json"));
        assert!(again.strict.is_valid(), "{document}\n{:#?}", again.diagnostics);
        assert_eq!(known(&edges(&made)), known(&edges(&again)), "{document}");
        if let Some(folder) = std::env::var_os("STILLWATCH_EXPORTS") {
            let file = std::path::Path::new(&folder).join(format!("{}.spdx.json", name.replace('/', "-")));
            std::fs::write(file, document).unwrap();
        }
    }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn placeholders_disclose_nothing() {
    let path = crate::shared::shared("provenance/cyclonedx/1.6/valid/valid-machine-learning-1.6.json");
    let text = std::fs::read_to_string(path).unwrap();
    let full: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut filled = full.clone();
    let mut count = 0;
    blank(&mut filled["components"][0]["modelCard"], &mut count);
    for key in ["publisher", "description", "version"] {
        filled["components"][0][key] = "N/A".into();
    }
    let profile = stillwatch_lineage::Profile::standard().unwrap();
    let disclosed = |bom: &serde_json::Value| {
        let import = read(bom);
        assert!(import.strict.is_valid());
        let ledger = ledger([&import]);
        let graph = Graph::of(&ledger, None);
        graph.score(find(&graph, "CompVis/stable-diffusion"), &profile).counts.disclosed
    };
    assert!(count > 20);
    assert!(disclosed(&full) >= 3 && disclosed(&filled) == 0, "{} {}", disclosed(&full), disclosed(&filled));
}

fn blank(value: &mut serde_json::Value, count: &mut usize) {
    match value {
        serde_json::Value::String(text)
            if !["dataset", "supervised", "image/jpeg", "base64"].contains(&text.as_str()) =>
        {
            *count += 1;
            *text = ["unknown", "proprietary", "N/A", "see website"][*count % 4].into();
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| blank(item, count)),
        serde_json::Value::Object(members) => members.values_mut().for_each(|item| blank(item, count)),
        _ => {}
    }
}

#[test]
fn what_cannot_take_declarations_says_why() {
    let made = ledger([&laundered()]);
    let graph = Graph::of(&made, None);
    let answers = graph.ask_all(find(&graph, "tiny-7b"));
    let subject = stillwatch_lineage::NodeRef::model("tiny-7b");
    let declare = |bom: &str| export::declare(bom.as_bytes(), &subject, &answers, &Export::default());
    let once = declare(&vendor().to_string()).unwrap();
    assert!(matches!(declare(&once), Err(export::DeclareError::Reference(_))));
    assert!(matches!(declare("{\"specVersion\": \"1.5\"}"), Err(export::DeclareError::Version(_))));
    assert!(matches!(declare("{\"specVersion\": \"1.7\",}"), Err(export::DeclareError::Unsound(_))));
    let odd = "{\"specVersion\": \"1.7\", \"declarations\": 7}";
    assert!(matches!(declare(odd), Err(export::DeclareError::Shape(path)) if path == "/declarations"));
}

/// Edges whose object has a name, each once; what is denied in general has none.
fn known(edges: &[String]) -> Vec<String> {
    let mut known: Vec<String> = edges
        .iter()
        .filter(|edge| !edge.contains('!') && !edge.contains('“') && !edge.contains("pkg:"))
        .cloned()
        .collect();
    known.dedup();
    known
}

#[test]
fn media_types_and_versions_are_held_against_the_document() {
    let bytes = vendor().to_string();
    let with = |media_type: &str| {
        let origin = Origin { media_type: Some(media_type.into()), ..Origin::named("x") };
        codes(&cyclonedx::read(bytes.as_bytes(), &origin))
    };
    assert!(with("application/vnd.cyclonedx+xml").contains(&"media-type ".to_owned()));
    assert!(with("application/vnd.cyclonedx+json; version=1.6").contains(&"media-type /specVersion".to_owned()));
    assert!(!with("application/vnd.cyclonedx+json; version=1.7").iter().any(|code| code.starts_with("media-type")));
    let mut old = vendor();
    old["specVersion"] = "1.4".into();
    let import = read(&old);
    assert!(matches!(import.strict, stillwatch_lineage::StrictVerdict::NotChecked { .. }));
    assert!(edges(&import).len() > 10);
}
