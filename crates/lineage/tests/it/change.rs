//! What a later day or a change alters, and what it leaves alone.

use stillwatch_lineage::{
    Action, Change, ChangeKind, Decision, EdgeKind, Graph, NodeKey, NodeKind, NodeRef, Verdict, diff,
};

use crate::contents::day;
use crate::made::{data, document, find, ledger, model};

#[test]
fn what_becomes_contradicted_is_one_change_with_its_values() {
    let first = document("card", |draft| draft.text(model("m"), "architecture", "llama", "/0"));
    let second = document("config", |draft| draft.text(model("m"), "architecture", "mamba", "/0"));
    let (old, new) = (ledger([&first]), ledger([&first, &second]));
    let changes = diff(&Graph::of(&old, None), &Graph::of(&new, None)).changes;
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change.kind, ChangeKind::Contradiction);
    assert_eq!(change.object, "llama -> llama; mamba");
    assert_eq!((change.before, change.after), (Some(Verdict::Disclosed), Some(Verdict::Contradicted)));
    assert_eq!(change.cited.len(), 2);
}

fn decision(id: &str, on: &str, action: Action) -> Decision {
    Decision { id: id.into(), action, by: "A. Reviewer".into(), on: day(on), why: String::new() }
}

#[test]
fn a_day_knows_no_decision_that_was_taken_later() {
    let key = |name: &str| NodeKey::name(NodeKind::Model, name);
    let import = document("card", |draft| {
        draft.node(model("LLaMA 2"), EdgeKind::TrainedOn, data("web"), "/0");
        draft.node(model("tiny"), EdgeKind::FineTunedFrom, model("Llama-2"), "/1");
    });
    let mut ledger = ledger([&import]);
    let same = Action::Same { left: key("LLaMA 2"), right: key("Llama-2") };
    let reject = Action::Reject { document: import.document.id.clone(), statement: 1 };
    assert!(ledger.decide(decision("d-1", "2026-03-01", same)));
    assert!(ledger.decide(decision("d-2", "2026-03-01", reject)));
    assert!(ledger.decide(decision("d-3", "2026-05-01", Action::Undo { decision: "d-1".into() })));
    assert!(ledger.decide(decision("d-4", "2026-05-01", Action::Undo { decision: "d-2".into() })));
    let seen = |on: Option<&str>| {
        let graph = Graph::of(&ledger, on.map(day));
        (find(&graph, "LLaMA 2") == find(&graph, "Llama-2"), graph.edges().len())
    };
    assert_eq!(seen(Some("2026-02-01")), (false, 2), "before both were taken");
    assert_eq!(seen(Some("2026-03-01")), (true, 1), "on their day");
    assert_eq!(seen(Some("2026-04-30")), (true, 1), "before they were undone");
    assert_eq!(seen(Some("2026-05-01")), (false, 2));
    assert_eq!(seen(None), (false, 2));

    let on = |text: &str| Graph::of(&ledger, Some(day(text)));
    let joined = diff(&on("2026-02-01"), &on("2026-04-30"));
    assert_eq!((joined.appeared.len(), joined.disappeared.len()), (0, 1), "{joined:#?}");
    let told: Vec<(&str, &str)> =
        joined.changes.iter().map(|change| (change.subject.as_str(), change.predicate.as_str())).collect();
    assert_eq!(told, [("tiny", "fine-tuned-from")], "joining two names changes no edge of theirs");
}

#[test]
fn every_affected_thing_has_the_verdict_of_its_way() {
    let import = document("many", |draft| {
        for number in 0..1_100 {
            draft.node(model(&format!("m{number}")), EdgeKind::TrainedOn, data("corpus"), "/0");
        }
        draft.node(data("corpus"), EdgeKind::OwnedBy, NodeRef::organisation("Lab"), "/1");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let told = graph.what_if(Change::Remove(find(&graph, "corpus"))).present(&graph);
    for affected in [&told.irreproducible, &told.unlawful] {
        assert_eq!(affected.len(), 1_100);
        assert!(affected.iter().all(|own| own.worst == Some(Verdict::Disclosed)), "beyond the paths written out");
    }
    let told = graph.what_if(Change::Remove(find(&graph, "Lab"))).present(&graph);
    let corpus = told.irreproducible.iter().find(|own| own.name == "corpus").unwrap();
    assert_eq!((corpus.depth, corpus.worst), (0, None));
}

#[test]
fn a_switch_is_told_once() {
    let organisation = NodeRef::organisation;
    let import = document("suppliers", |draft| {
        for name in ["a", "b"] {
            for kind in [EdgeKind::SuppliedBy, EdgeKind::RunsOn] {
                draft.node(model(name), kind, organisation("north"), "/0");
                draft.node(model(name), kind, organisation("south"), "/1");
            }
            draft.node(data(name), EdgeKind::HeldAt, organisation("north"), "/2");
            draft.node(data(name), EdgeKind::HeldAt, organisation("south"), "/3");
        }
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let told = graph.what_if(Change::Remove(find(&graph, "north"))).present(&graph);
    let all: Vec<String> = told.weakened.iter().map(|switch| format!("{} {}", switch.node, switch.edge)).collect();
    let once: std::collections::BTreeSet<&String> = all.iter().collect();
    assert!(!all.is_empty() && once.len() == all.len(), "{all:#?}");
}
