use proptest::prelude::*;
use stillwatch_lineage::json::Json;
use stillwatch_lineage::{DocumentKind, Draft, EdgeKind, Graph, Limits, NodeRef, Origin, StrictVerdict, importers};

use crate::made::{document, ledger, model};

proptest! {
    #[test]
    fn no_bytes_stop_the_reader(bytes in prop::collection::vec(prop::sample::select(&b"{}[]\",:\\u0aet1-. \n\xc3\xa9\xff"[..]), 0..200)) {
        let json = Json::read(&bytes, &Limits { depth: 4, ..Limits::default() });
        if let Some(root) = json.root() {
            let mut open = vec![root];
            while let Some(value) = open.pop() {
                prop_assert!(value.raw().len() <= bytes.len() * 3);
                let _ = (value.path(), value.text(), value.to_serde());
                open.extend(value.items());
                open.extend(value.entries().map(|(_, value)| value));
            }
        }
        importers::stillwatch::read(&bytes, &Origin::named("x"));
    }

    #[test]
    fn what_is_sound_is_what_another_reader_reads(text in r#"[\[\]{}",:0-9a-z\\ .eE+-]{0,40}"#) {
        let json = Json::read(text.as_bytes(), &Limits::default());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        if json.is_sound() {
            prop_assert_eq!(json.root().unwrap().to_serde(), theirs.unwrap());
        } else if theirs.is_ok() {
            prop_assert!(json.diagnostics().iter().all(|found| found.code == "duplicate-key"), "{:?}", json.diagnostics());
        }
    }
}

#[test]
fn huge_texts_and_many_statements_are_cut_and_told() {
    let limits = Limits { text: 100, statements: 10, diagnostics: 3, ..Limits::default() };
    let origin = Origin { limits, ..Origin::named("../../etc/passwd") };
    let mut draft = Draft::new(b"", &origin, DocumentKind::Other);
    for _ in 0..20 {
        draft.node(model(&"é".repeat(1_000)), EdgeKind::TrainedOn, NodeRef::data_set("d"), "/0");
    }
    let import = draft.finish(StrictVerdict::NotChecked { why: String::new() });
    assert_eq!((import.statements.len(), import.document.name.as_str()), (10, "passwd"));
    assert_eq!(import.statements[0].subject.name.len(), 100);
    let codes: Vec<&str> = import.diagnostics.iter().map(|found| found.code.as_ref()).collect();
    assert_eq!(codes, ["long-text", "long-text", "long-text", "too-many", "too-many"]);
}

#[test]
fn a_long_chain_and_a_wide_star_need_no_stack() {
    let long = document("chain", |draft| {
        for at in 0..100_000 {
            draft.node(model(&format!("m{at}")), EdgeKind::FineTunedFrom, model(&format!("m{}", at + 1)), "");
        }
        draft.node(model("m100000"), EdgeKind::FineTunedFrom, model("m0"), "");
    });
    let ledger = ledger([&long]);
    let graph = Graph::of(&ledger, None);
    let condensed = stillwatch_lineage::Condensation::of(&graph, stillwatch_lineage::Aspect::Taint);
    assert_eq!((condensed.components, condensed.cycles()[0].len()), (1, 100_001));
    let start = graph.find("m0")[0];
    assert_eq!(graph.taint(&[start]).reached.len(), 100_000);
}
