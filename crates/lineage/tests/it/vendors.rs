//! Whose model is whose, and under which terms: where a mistake accuses somebody.

use stillwatch_lineage::{
    Attribute, EdgeKind, GatePolicy, Graph, NodeRef, Profile, Question, Scheme, Value, Verdict, licence_conflicts,
};

use crate::made::{data, document, find, ledger, model};

/// A model under a licence, made from data that another model wrote.
fn conflicts(licence: &str, teacher: NodeRef) -> Vec<String> {
    let import = document("card", |draft| {
        draft.node(model("tiny"), EdgeKind::LicensedUnder, NodeRef::licence(licence), "line 1");
        draft.node(model("tiny"), EdgeKind::TrainedOn, data("answers"), "line 2");
        draft.node(data("answers"), EdgeKind::GeneratedBy, teacher, "line 3");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    licence_conflicts(&graph, find(&graph, "tiny")).into_iter().map(|conflict| conflict.why).collect()
}

#[test]
fn weights_that_are_given_out_are_not_under_the_terms_of_a_service() {
    for id in ["google/flan-t5-xxl", "openai/gpt-oss-120b", "google/gemma-2-27b-it"] {
        let (_, name) = id.split_once('/').unwrap();
        assert!(conflicts("MIT", model(name).with(Scheme::HuggingFace, id)).is_empty(), "{id}");
    }
    assert!(conflicts("MIT", model("gpt4all-j")).is_empty());
    assert!(conflicts("MIT", model("gpt-oss-120b")).is_empty());
}

#[test]
fn a_vendor_that_only_a_name_tells_is_said_to_be_a_guess() {
    let found = conflicts("MIT", model("gpt-4-turbo"));
    assert!(found.len() == 1 && found[0].contains("told by its name and by no document"), "{found:?}");
}

#[test]
fn a_limit_that_the_declaration_does_not_have_is_lifted_by_it() {
    let over = |declared: &str, bound: &str| {
        let import = document("card", |draft| {
            draft.node(model("tiny"), EdgeKind::LicensedUnder, NodeRef::licence(declared), "line 1");
            draft.node(model("tiny"), EdgeKind::FineTunedFrom, model("base"), "line 2");
            draft.node(model("base"), EdgeKind::LicensedUnder, NodeRef::licence(bound), "line 3");
        });
        let ledger = ledger([&import]);
        let graph = Graph::of(&ledger, None);
        licence_conflicts(&graph, find(&graph, "tiny")).len()
    };
    assert_eq!(over("CC-BY-SA-4.0", "CC-BY-NC-4.0"), 1, "commercial use is opened");
    assert_eq!(over("GPL-3.0-only", "LLaMA 2"), 1, "learning from outputs is opened");
    assert_eq!(over("CC-BY-NC-4.0", "CC-BY-NC-4.0"), 0);
    assert_eq!(over("LLaMA 2", "CC-BY-NC-4.0"), 0, "both limit commercial use");
}

#[test]
fn a_vendors_own_teacher_is_not_anothers() {
    let import = document("card", |draft| {
        let small = model("Llama-3.2-1B").with(Scheme::HuggingFace, "meta-llama/Llama-3.2-1B");
        let large = model("Llama-3.1-405B").with(Scheme::HuggingFace, "meta-llama/Llama-3.1-405B");
        draft.node(small.clone(), EdgeKind::OwnedBy, NodeRef::organisation("Meta Platforms, Inc."), "line 1");
        draft.node(small, EdgeKind::DistilledFrom, large, "line 2");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let small = find(&graph, "Llama-3.2-1B");
    let answer = graph.ask(small, Question::VendorOutputs);
    assert!(answer.verdict == Verdict::Unknown && answer.statement.contains("vendor's own"), "{}", answer.statement);
    let policy = "[[class]]\nid = \"c\"\n[[class.rule]]\nid = \"r\"\ndeny_outputs_of = [\"*\"]\n";
    let judged = GatePolicy::parse(policy).unwrap().judge(&graph, small, "c", &Profile::standard().unwrap()).unwrap();
    assert!(judged.violations.is_empty(), "{judged:?}");
}

#[test]
fn outputs_of_ones_own_models_are_synthetic_too() {
    let import = document("card", |draft| {
        draft.node(model("tiny"), EdgeKind::OwnedBy, NodeRef::organisation("Lab"), "line 1");
        draft.node(model("tiny"), EdgeKind::DistilledFrom, model("large"), "line 2");
        draft.node(model("large"), EdgeKind::OwnedBy, NodeRef::organisation("Lab"), "line 3");
        draft.value(model("tiny"), Attribute::SYNTHETIC, Value::Flag(false), "line 4");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    assert_eq!(graph.ask(find(&graph, "tiny"), Question::Synthetic).verdict, Verdict::Contradicted);
}

#[test]
fn a_data_set_that_was_not_used_names_none_that_was() {
    let import = document("card", |draft| {
        let mut denied = stillwatch_lineage::Statement::new(
            model("tiny"),
            EdgeKind::TrainedOn,
            stillwatch_lineage::Object::Node(data("Books3")),
            "line 1",
        );
        denied.denied = true;
        draft.push(denied);
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let score = graph.score(find(&graph, "tiny"), &Profile::standard().unwrap());
    let named = score.layers[0].requirements.iter().find(|own| own.id == "data-sources").unwrap();
    assert_eq!(named.verdict, Verdict::Unknown);
}

#[test]
fn a_long_chain_is_answered_at_once() {
    let import = document("chain", |draft| {
        for at in 0..3_000 {
            let own = model(&format!("m{at:05}"));
            draft.node(own.clone(), EdgeKind::TrainedOn, data(&format!("d{at:05}")), "");
            draft.node(own.clone(), EdgeKind::LicensedUnder, NodeRef::licence("LLaMA 2"), "");
            draft.node(own, EdgeKind::FineTunedFrom, model(&format!("m{:05}", at + 1)), "");
        }
        draft.node(model("top"), EdgeKind::FineTunedFrom, model("m00000"), "");
        draft.node(model("top"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    for answer in graph.ask_all(find(&graph, "top")) {
        assert!(answer.paths.len() <= stillwatch_lineage::Answer::MOST_PATHS);
    }
}

#[test]
fn a_hub_that_hands_out_both_makes_them_no_vendors_own() {
    let import = document("card", |draft| {
        let hub = NodeRef::organisation("Hugging Face");
        draft.node(model("tiny"), EdgeKind::SuppliedBy, hub.clone(), "line 1");
        draft.node(model("large"), EdgeKind::SuppliedBy, hub, "line 2");
        draft.node(model("tiny"), EdgeKind::DistilledFrom, model("large"), "line 3");
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let answer = graph.ask(find(&graph, "tiny"), Question::VendorOutputs);
    assert_eq!(answer.verdict, Verdict::Disclosed, "{}", answer.statement);
}
