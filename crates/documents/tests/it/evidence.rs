use stillwatch_core::{Evidence, Family, Measure, Millibits, Source, Unit};
use stillwatch_documents::importers;
use stillwatch_lineage::{EvidenceKind, Graph, Origin, Question, Verdict};

use crate::made::{find, laundered, ledger};

fn evidence(family: Family, bits: f64) -> serde_json::Value {
    let evidence = Evidence {
        family,
        kind: "served_outputs".into(),
        statement: "31 spans of 120 words stand in the index of served outputs".into(),
        measures: vec![Measure::count("spans", 31_u64, Unit::Texts)],
        bits: Millibits::from_bits(bits),
        p_value: None,
        subjects: vec!["tiny.jsonl".into()],
        source: Source::current("0f", ""),
        observed: Some("2026-11-01T00:00:00Z".into()),
        expires: None,
    };
    serde_json::to_value(evidence).unwrap()
}

#[test]
fn our_own_evidence_supports_an_edge() {
    let mut piece = evidence(Family::Exact, 20.0);
    piece["about"] = serde_json::json!({
        "subject": {"kind": "data-set", "name": "alpaca"}, "predicate": "generated-by",
        "object": {"kind": "model", "name": "text-davinci-003"},
    });
    let report = serde_json::json!({"schema": "stillwatch.audit/1", "evidence": [piece, evidence(Family::SelfClaim, 1.0), {"kind": 3}]});
    let import = importers::stillwatch::read(report.to_string().as_bytes(), &Origin::named("audit.json"));
    assert_eq!(import.statements.len(), 3);
    assert_eq!(import.diagnostics[0].path, "/evidence/2");
    assert!(!import.strict.is_valid());
    assert_eq!(import.statements[0].kind, EvidenceKind::Recomputed);
    assert_eq!(import.statements[2].kind, EvidenceKind::SelfClaim);
    let ledger = ledger([&laundered(), &import]);
    let graph = Graph::of(&ledger, None);
    let generated = graph.out(find(&graph, "alpaca")).iter().find(|edge| edge.kind.is_learning()).unwrap();
    assert_eq!((generated.verdict, generated.best), (Verdict::Evidenced, EvidenceKind::Recomputed));
    // The training on it is still the vendor's word only: the weakest link decides.
    assert_eq!(graph.ask(find(&graph, "tiny-7b"), Question::VendorOutputs).verdict, Verdict::Disclosed);
}

#[test]
fn a_detection_report_is_read_and_a_report_handed_over_is_a_third_party() {
    let report = serde_json::json!({"schema": "stillwatch.detect/2", "campaigns": [{"id": "c-1", "evidence": [evidence(Family::Content, 9.0)], "counter_evidence": []}]});
    let bytes = report.to_string();
    let import = importers::stillwatch::read(bytes.as_bytes(), &Origin::named("detect.json"));
    assert!(import.strict.is_valid() && import.statements[0].path == "/campaigns/0/evidence/0");
    let theirs =
        Origin { said_by: Some(stillwatch_lineage::NodeRef::organisation("Vendor")), ..Origin::named("detect.json") };
    let import = importers::stillwatch::read(bytes.as_bytes(), &theirs);
    assert_eq!(import.statements[0].kind, EvidenceKind::ThirdParty);
}
