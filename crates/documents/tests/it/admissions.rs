//! What counts as an admission, and what is only said.

use serde_json::{Value as Json, json};
use stillwatch_documents::importers::admissions;
use stillwatch_lineage::{EvidenceKind, Graph, Import, Origin, Question, Verdict};

use crate::made::ledger;

fn admission() -> Json {
    json!({
        "subject": {"kind": "model", "name": "tiny-7b", "owner": "Example Lab"}, "predicate": "distilled-from",
        "object": {"kind": "model", "name": "big-70b"},
        "speaker": {"organisation": "Example Lab", "role": "counsel"}, "forum": "court filing",
        "scope": "the release of March 2026", "date": "2026-04-14", "quote": "The first release was distilled from big-70b.",
    })
}

fn read(each: &[Json]) -> Import {
    let text = json!({"schema": "stillwatch.admissions/1", "admissions": each}).to_string();
    admissions::read(text.as_bytes(), &Origin::named("hearing.json"))
}

#[test]
fn an_admission_is_evidence_with_forum_scope_role_and_day() {
    let import = read(&[admission()]);
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);
    let said = &import.statements[0];
    assert_eq!(said.kind, EvidenceKind::Admission);
    for (key, value) in [("forum", "court filing"), ("scope", "the release of March 2026"), ("role", "counsel")] {
        assert_eq!(said.qualifiers[key].to_string(), value);
    }
    assert_eq!(said.said_on.map(|day| day.to_string()).as_deref(), Some("2026-04-14"));
    assert_eq!(said.said_by.as_ref().map(|by| by.name.as_str()), Some("Example Lab"));
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(graph.ask(graph.find("tiny-7b")[0], Question::VendorOutputs).verdict, Verdict::Evidenced);
}

#[test]
fn what_favours_the_speaker_or_concerns_another_is_only_said() {
    let with = |key: &str, value: Json| {
        let mut own = admission();
        own[key] = value;
        own
    };
    for own in [
        with("denied", json!(true)),
        with("predicate", json!("licensed-under")),
        with("subject", json!({"kind": "model", "name": "tiny-7b", "owner": "Another Lab"})),
        with("subject", json!({"kind": "model", "name": "tiny-7b"})),
    ] {
        let import = read(std::slice::from_ref(&own));
        assert_eq!(import.statements[0].kind, EvidenceKind::SelfClaim, "{own}");
        assert!(import.diagnostics.iter().any(|told| told.code == "no-admission"), "{own}");
    }
}

#[test]
fn an_admission_without_forum_day_words_or_role_is_refused() {
    for key in ["forum", "date", "quote", "speaker", "subject", "predicate"] {
        let mut own = admission();
        own.as_object_mut().unwrap().remove(key);
        let import = read(&[own, admission()]);
        assert_eq!(import.statements.len(), 1, "{key}");
        let told = import.diagnostics.iter().find(|told| told.code == "missing").unwrap();
        assert!(told.message.contains(key), "{key}: {}", told.message);
    }
    let mut own = admission();
    own["date"] = json!("last spring");
    assert!(read(&[own]).statements.is_empty());
}

#[test]
fn a_person_is_not_named() {
    let mut own = admission();
    own["speaker"]["name"] = json!("J. Doe");
    let import = read(&[own]);
    assert!(!serde_json::to_string(&import).unwrap().contains("Doe"));
}
