//! What separates distillation from theft is permission: whose permit lifts whose terms, for whom, and from when.

use stillwatch_core::Severity;
use stillwatch_documents::importers::{permits, recognise};
use stillwatch_lineage::{
    Attribute, Change, EdgeKind, GatePolicy, Graph, Import, NodeRef, Origin, Profile, Question, StrictVerdict, Verdict,
    licence_conflicts,
};

use crate::made::{document, find, ledger, model};

/// Tiny, MIT, of Example Lab, learnt from GPT-4's answers through a parent or by itself.
fn tiny(released: &str) -> Import {
    document("tiny", |draft| {
        draft.node(model("tiny"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 1");
        draft.node(model("tiny"), EdgeKind::OwnedBy, NodeRef::organisation("Example Lab"), "line 2");
        draft.node(model("tiny"), EdgeKind::TrainedOnOutputsOf, model("GPT-4"), "line 3");
        draft.node(model("GPT-4"), EdgeKind::OwnedBy, NodeRef::organisation("OpenAI"), "line 4");
        if !released.is_empty() {
            draft.text(model("tiny"), Attribute::RELEASED, released, "line 5");
        }
    })
}

fn permit(change: impl FnOnce(&mut serde_json::Value)) -> Import {
    let mut permit = serde_json::json!({
        "id": "7", "organization": "org-1", "scope": "distillation", "holder": "Example Lab", "issuer": "OpenAI",
        "valid_from": "2025-01-01", "valid_until": "2026-01-01"
    });
    change(&mut permit);
    let text = serde_json::json!({"permits": [permit]}).to_string();
    recognise::read(text.as_bytes(), &Origin::named("permits.json")).unwrap()
}

fn conflicts(imports: &[&Import]) -> usize {
    let ledger = ledger(imports.iter().copied());
    let graph = Graph::of(&ledger, None);
    licence_conflicts(&graph, find(&graph, "tiny")).len()
}

#[test]
fn a_permit_of_the_vendor_for_the_learner_lifts_its_terms() {
    assert_eq!(conflicts(&[&tiny("")]), 1);
    assert_eq!(conflicts(&[&tiny(""), &permit(|_| {})]), 0);
    let named = |models: &str| permit(|permit| permit["models"] = serde_json::json!([models]));
    assert_eq!(conflicts(&[&tiny(""), &named("gpt-4")]), 0);
}

#[test]
fn another_permit_lifts_nothing() {
    for (why, permit) in [
        ("another issuer", permit(|permit| permit["issuer"] = "Other Lab".into())),
        ("another holder", permit(|permit| permit["holder"] = "Other Lab".into())),
        ("another model", permit(|permit| permit["models"] = serde_json::json!(["gpt-3.5-turbo"]))),
        ("for evaluation only", permit(|permit| permit["scope"] = "evaluation".into())),
        ("of nobody", permit(|permit| drop(permit.as_object_mut().unwrap().remove("issuer")))),
    ] {
        assert_eq!(conflicts(&[&tiny(""), &permit]), 1, "{why}");
    }
}

#[test]
fn a_permit_counts_for_what_was_learnt_while_it_held() {
    assert_eq!(conflicts(&[&tiny("2025-06-01"), &permit(|_| {})]), 0);
    assert_eq!(conflicts(&[&tiny("2024-06-01"), &permit(|_| {})]), 1, "released before it began");
    // It is over on the day of the graph; what was learnt before stays permitted.
    let (tiny, permit) = (tiny("2025-06-01"), permit(|_| {}));
    let ledger = ledger([&tiny, &permit]);
    let graph = Graph::of(&ledger, stillwatch_core::Date::parse("2026-11-21"));
    assert_eq!(licence_conflicts(&graph, find(&graph, "tiny")), []);
}

#[test]
fn a_permit_of_a_child_does_not_cover_what_its_parent_took() {
    let family = document("family", |draft| {
        draft.node(model("child"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 1");
        draft.node(model("child"), EdgeKind::OwnedBy, NodeRef::organisation("Example Lab"), "line 2");
        draft.node(model("child"), EdgeKind::FineTunedFrom, model("parent"), "line 3");
        draft.node(model("parent"), EdgeKind::OwnedBy, NodeRef::organisation("Third Lab"), "line 4");
        draft.node(model("parent"), EdgeKind::DistilledFrom, model("GPT-4"), "line 5");
        draft.node(model("GPT-4"), EdgeKind::OwnedBy, NodeRef::organisation("OpenAI"), "line 6");
    });
    let permit = permit(|_| {});
    let ledger = ledger([&family, &permit]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(licence_conflicts(&graph, find(&graph, "child")).len(), 1);
}

#[test]
fn the_gate_and_the_answer_honour_the_same_permit() {
    let policy = "[[class]]\nid = \"c\"\n[[class.rule]]\nid = \"r\"\ndeny_outputs_of = [\"*\"]\nunless_permit = true\n";
    let policy = GatePolicy::parse(policy).unwrap();
    for (permit, violations) in [(permit(|_| {}), 0), (permit(|permit| permit["issuer"] = "Other Lab".into()), 1)] {
        let tiny = tiny("");
        let ledger = ledger([&tiny, &permit]);
        let graph = Graph::of(&ledger, None);
        let subject = find(&graph, "tiny");
        let result = policy.judge(&graph, subject, "c", &Profile::standard().unwrap()).unwrap();
        assert_eq!(result.violations.len(), violations, "{result:?}");
        let answer = graph.ask(subject, Question::VendorOutputs);
        assert_eq!(answer.verdict, Verdict::Disclosed);
        assert_eq!(answer.statement.contains("under a permit"), violations == 0, "{}", answer.statement);
        assert_eq!(answer.ask_next.iter().any(|ask| ask.contains("permit")), violations > 0, "{:?}", answer.ask_next);
    }
}

#[test]
fn a_permit_that_does_not_hold_up_is_told_and_loses_no_other() {
    let text = r#"{"permits": [{"scope": "distillation", "holder": "x", "valid_from": "2025", "valid_until": "2024"},
        {"organization": "o", "scope": "distillation", "holder": "y", "valid_from": "2025-01-01", "valid_until": "2026-01-01"}]}"#;
    let import = permits::read(text.as_bytes(), &Origin::named("permits.json"));
    assert!(matches!(import.strict, StrictVerdict::Invalid { errors: 1, .. }), "{:?}", import.strict);
    assert_eq!(import.statements.len(), 1);
    let errors: Vec<_> = import.diagnostics.iter().filter(|told| told.severity == Severity::Error).collect();
    assert_eq!(errors[0].path, "/permits/0");
    assert_eq!(import.statements[0].path, "/permits/1");
}

#[test]
fn one_permitted_way_does_not_lift_another() {
    let merged = document("merged", |draft| {
        draft.node(model("tiny"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 1");
        draft.node(model("tiny"), EdgeKind::MergedFrom, model("one"), "line 2");
        draft.node(model("tiny"), EdgeKind::MergedFrom, model("two"), "line 3");
        draft.node(model("one"), EdgeKind::OwnedBy, NodeRef::organisation("Example Lab"), "line 4");
        draft.node(model("one"), EdgeKind::DistilledFrom, model("GPT-4"), "line 5");
        draft.node(model("two"), EdgeKind::DistilledFrom, model("GPT-4"), "line 6");
        draft.node(model("GPT-4"), EdgeKind::LicensedUnder, NodeRef::licence("OpenAI-Terms"), "line 7");
        draft.node(model("GPT-4"), EdgeKind::OwnedBy, NodeRef::organisation("OpenAI OpCo, LLC"), "line 8");
    });
    assert_eq!(conflicts(&[&merged, &permit(|_| {})]), 1);
}

#[test]
fn what_a_permit_is_called_is_no_issuer_and_what_was_revoked_at_once_never_held() {
    let nobody = permit(|permit| {
        permit["id"] = "openai-2025-7".into();
        permit.as_object_mut().unwrap().remove("issuer");
    });
    assert_eq!(conflicts(&[&tiny(""), &nobody]), 1);
    assert_eq!(conflicts(&[&tiny(""), &permit(|permit| permit["revoked_at"] = "2025-01-01".into())]), 1);
}

#[test]
fn a_permit_that_ended_before_the_release_is_asked_about() {
    let (tiny, permit) = (tiny("2026-06-01"), permit(|_| {}));
    let ledger = ledger([&tiny, &permit]);
    let graph = Graph::of(&ledger, None);
    let answer = graph.ask(find(&graph, "tiny"), Question::VendorOutputs);
    assert!(answer.ask_next.iter().any(|ask| ask.contains("ended on 2026-01-01")), "{:?}", answer.ask_next);
}

#[test]
fn what_a_permit_or_a_service_covers_is_touched_when_it_goes() {
    let (tiny, permit) = (tiny(""), permit(|_| {}));
    let child = document("child", |draft| draft.node(model("child"), EdgeKind::FineTunedFrom, model("tiny"), "line 1"));
    let ledger = ledger([&tiny, &permit, &child]);
    let graph = Graph::of(&ledger, None);
    let touched = |change: Change| -> Vec<String> {
        graph.what_if(change).present(&graph).unlawful.into_iter().map(|own| own.name).collect()
    };
    let without = touched(Change::Remove(find(&graph, "permit 7")));
    assert!(without.contains(&"tiny".to_owned()) && without.contains(&"child".to_owned()), "{without:?}");
    let terms = touched(Change::NewTerms(find(&graph, "OpenAI")));
    assert!(terms.contains(&"tiny".to_owned()), "{terms:?}");
}
