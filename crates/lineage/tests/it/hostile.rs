use stillwatch_core::Limits;
use stillwatch_lineage::{DocumentKind, Draft, EdgeKind, Graph, NodeRef, Origin, StrictVerdict};

use crate::made::{document, ledger, model};

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
