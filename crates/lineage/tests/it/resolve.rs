use stillwatch_lineage::resolve::Reason;
use stillwatch_lineage::{Action, Decision, EdgeKind, Graph, Import, Ledger, NodeKey, NodeRef, Scheme, Verdict};

use crate::contents::{day, told};
use crate::made::{data, document, ledger, model};

fn decide(ledger: &mut Ledger, id: &str, action: Action) {
    let decision = Decision { id: id.into(), action, by: "reviewer".into(), on: day("2026-11-21"), why: String::new() };
    assert!(ledger.decide(decision));
}

fn two_spellings() -> [Import; 2] {
    [
        document("a", |draft| draft.node(model("x"), EdgeKind::TrainedOn, data("Common Crawl"), "")),
        document("b", |draft| {
            draft.node(model("y"), EdgeKind::TrainedOn, data("CommonCrawl"), "");
            draft.node(model("y"), EdgeKind::FineTunedFrom, model("LLaMA 2"), "");
            draft.node(model("z"), EdgeKind::FineTunedFrom, model("Llama-2"), "");
            draft.node(model("z"), EdgeKind::FineTunedFrom, model("Llama-3"), "");
        }),
    ]
}

#[test]
fn near_names_are_proposed_and_not_merged() {
    let ledger = ledger(&two_spellings());
    let graph = Graph::of(&ledger, None);
    let found = graph.propose().proposals;
    let pairs: Vec<(&str, &str, Reason)> = found
        .iter()
        .map(|proposal| (proposal.left_name.as_str(), proposal.right_name.as_str(), proposal.reason))
        .collect();
    assert_eq!(pairs, [("LLaMA 2", "Llama-2", Reason::Spelling), ("Common Crawl", "CommonCrawl", Reason::Spelling)]);
    assert_eq!(graph.dangling().len(), 5);
}

#[test]
fn an_undo_restores_the_graph_exactly() {
    let mut ledger = ledger(&two_spellings());
    let before = told(&Graph::of(&ledger, None));
    let entities = Graph::of(&ledger, None).entities();
    let uses = |ledger: &Ledger| {
        let graph = Graph::of(ledger, None);
        let found = graph.find("Common Crawl")[0];
        (graph.entities(), graph.incoming(found).count())
    };
    let same = Action::Same { left: "data-set/name:Common Crawl".into(), right: "data-set/name:CommonCrawl".into() };
    decide(&mut ledger, "d-1", same);
    assert_eq!(uses(&ledger), (entities - 1, 2));
    decide(&mut ledger, "d-2", Action::Undo { decision: "d-1".into() });
    assert_eq!(told(&Graph::of(&ledger, None)), before);
    decide(&mut ledger, "d-3", Action::Undo { decision: "d-2".into() });
    assert_eq!(uses(&ledger), (entities - 1, 2));
}

#[test]
fn equal_names_join_unless_identifiers_tell_them_apart_and_a_decision_parts_them() {
    let plain = document("a", |draft| draft.node(model("m"), EdgeKind::TrainedOn, data("web"), ""));
    let first = document("b", |draft| draft.text(model("m").with(Scheme::HuggingFace, "lab/m"), "task", "chat", ""));
    let second = document("c", |draft| draft.text(model("m").with(Scheme::HuggingFace, "other/m"), "task", "code", ""));
    let mut one = ledger([&plain, &first]);
    assert_eq!(Graph::of(&one, None).find("m").len(), 1);
    let two = ledger([&plain, &first, &second]);
    let graph = Graph::of(&two, None);
    assert_eq!(graph.find("lab/m").len() + graph.find("other/m").len(), 2);
    assert!(graph.propose().proposals.iter().any(|proposal| proposal.reason == Reason::EqualName));
    decide(&mut one, "d", Action::Different { left: "model/hf:lab/m".into(), right: "model/name:m".into() });
    let graph = Graph::of(&one, None);
    assert_eq!(graph.entities(), 3);
    assert!(graph.diagnostics().is_empty() && graph.propose().proposals.is_empty());
}

#[test]
fn identifiers_of_one_thing_in_other_forms_are_one() {
    let import = document("a", |draft| {
        draft.text(NodeRef::model("").with(Scheme::Purl, "pkg:huggingface/lab/m@abc"), "task", "chat", "");
        draft.text(model("called m").with(Scheme::HuggingFace, "lab/m"), "task", "chat", "");
        draft.text(NodeRef::model("").with(Scheme::Url, "https://huggingface.co/lab/m"), "task", "chat", "");
        draft.node(model("called m"), EdgeKind::LicensedUnder, NodeRef::licence("").with(Scheme::Spdx, "mit"), "");
        draft.node(model("called m"), EdgeKind::LicensedUnder, NodeRef::licence("").with(Scheme::Spdx, "MIT"), "");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(graph.entities(), 2, "{:?}", told(&graph));
    assert_eq!(graph.edges().len(), 1);
}

#[test]
fn identifiers_that_look_alike_are_told_and_never_joined() {
    let import = document("a", |draft| {
        for id in ["meta-llama/Llama-2", "meta-llаma/Llama-2", "Meta-Llama/Llama-2"] {
            draft.text(NodeRef::model("").with(Scheme::HuggingFace, id), "task", "chat", "");
        }
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(graph.entities(), 3);
    assert_eq!(graph.propose().look_alikes.len(), 3);
}

#[test]
fn a_decision_on_names_that_nobody_uses_is_told() {
    let mut ledger = ledger(&two_spellings());
    let same = Action::Same { left: NodeKey::from("model/name:nobody"), right: "model/name:x".into() };
    decide(&mut ledger, "d", same);
    assert_eq!(Graph::of(&ledger, None).diagnostics().len(), 1);
}

#[test]
fn what_a_rule_read_from_words_counts_once_it_is_confirmed() {
    let import = document("prose.md", |draft| {
        let object = stillwatch_lineage::Object::Node(data("web"));
        let mut read = stillwatch_lineage::Statement::new(model("m"), EdgeKind::TrainedOn, object, "line 7");
        read.proposed = true;
        draft.push(read);
    });
    let mut ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!((graph.edges().len(), graph.proposed().len()), (0, 1));
    let document = import.document.id.clone();
    decide(&mut ledger, "d-1", Action::Confirm { document: document.clone(), statement: 0 });
    assert_eq!(Graph::of(&ledger, None).edges()[0].verdict, Verdict::Disclosed);
    decide(&mut ledger, "d-2", Action::Reject { document, statement: 0 });
    let graph = Graph::of(&ledger, None);
    assert_eq!((graph.edges().len(), graph.proposed().len()), (0, 0));
}
