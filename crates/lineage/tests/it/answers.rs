use stillwatch_lineage::{
    EdgeKind, EvidenceKind, GatePolicy, Graph, NodeRef, Object, Profile, Question, Statement, Value, Verdict,
    licence_conflicts, unsettled_licences,
};

use crate::made::{data, document, find, laundered, ledger, model};

#[test]
fn a_permissive_licence_over_bound_ancestors_is_contradicted_with_the_path() {
    let ledger = ledger([&laundered()]);
    let graph = Graph::of(&ledger, None);
    let tiny = find(&graph, "tiny-7b");
    let conflicts = licence_conflicts(&graph, tiny);
    let found: Vec<(&str, &str)> =
        conflicts.iter().map(|conflict| (conflict.ancestor.as_str(), conflict.terms.as_str())).collect();
    assert!(
        found.contains(&("Llama-2-7b", "LLaMA-2")) && found.contains(&("text-davinci-003", "OpenAI-Terms")),
        "{found:?}"
    );
    let answer = graph.ask(tiny, Question::ThirdParty);
    assert_eq!(answer.verdict, Verdict::Contradicted);
    let steps: Vec<EdgeKind> =
        answer.paths.iter().find(|path| path.len() == 2).unwrap().iter().map(|step| step.edge).collect();
    assert_eq!(steps, [EdgeKind::TrainedOn, EdgeKind::GeneratedBy]);
    assert!(answer.ask_next[0].contains("MIT"), "{:?}", answer.ask_next);
}

/// A model under Apache-2.0 that learnt from what a model under these terms wrote, and one fine-tuned from it.
fn taught(name: &str, terms: &str) -> usize {
    let card = document("card", |draft| {
        draft.node(model(name), EdgeKind::LicensedUnder, NodeRef::licence("Apache-2.0"), "line 1");
        draft.node(model(name), EdgeKind::TrainedOn, data("answers"), "line 2");
        draft.node(data("answers"), EdgeKind::GeneratedBy, model("teacher"), "line 3");
        draft.node(model("teacher"), EdgeKind::LicensedUnder, NodeRef::licence(terms), "line 4");
        draft.node(model("child"), EdgeKind::FineTunedFrom, model(name), "line 5");
        draft.node(model("child"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 6");
    });
    let ledger = ledger([&card]);
    let graph = Graph::of(&ledger, None);
    let conflicts = licence_conflicts(&graph, find(&graph, name));
    assert!(conflicts.iter().all(|conflict| conflict.why.contains("1.b")), "{conflicts:?}");
    // The duty to name binds whoever trained on the outputs; a bar on outputs goes on to the child.
    let of_child = licence_conflicts(&graph, find(&graph, "child")).len();
    assert_eq!(of_child, usize::from(terms == "llama3"), "{name} {terms}");
    conflicts.len()
}

#[test]
fn outputs_of_llama_may_be_learnt_from_since_3_1_by_models_named_after_it() {
    assert_eq!(taught("tiny-7b", "llama3"), 1);
    assert_eq!(taught("Llama-tiny-7b", "llama3"), 1);
    for since in ["llama3.1", "llama3.2", "llama3.3", "llama4"] {
        assert_eq!(taught("tiny-7b", since), 1, "{since}");
        assert_eq!(taught("Llama-tiny-7b", since), 0, "{since}");
    }
    assert_eq!(taught("tiny-7b", "qwen"), 0);
}

#[test]
fn licences_of_data_over_training_are_to_be_looked_at_and_no_contradiction() {
    for (terms, open) in [
        ("CC-BY-SA-4.0", 1),
        ("CC-BY-SA-3.0", 1),
        ("GFDL", 1),
        ("GPL-3.0-only", 1),
        ("CC-BY-NC-4.0", 1),
        ("CDLA-Sharing-1.0", 0),
        ("ODbL-1.0", 0),
        ("ODC-BY-1.0", 0),
    ] {
        let card = document("card", |draft| {
            draft.node(model("m"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 1");
            draft.node(model("m"), EdgeKind::TrainedOn, data("d"), "line 2");
            draft.node(data("d"), EdgeKind::LicensedUnder, NodeRef::licence(terms), "line 3");
        });
        let ledger = ledger([&card]);
        let graph = Graph::of(&ledger, None);
        let m = find(&graph, "m");
        assert_eq!((licence_conflicts(&graph, m).len(), unsettled_licences(&graph, m).len()), (0, open), "{terms}");
        let answer = graph.ask(m, Question::ThirdParty);
        assert_ne!(answer.verdict, Verdict::Contradicted, "{terms}");
        // Both readings are told, each with where it stands.
        let told = ["unsettled", "42 O 14139/24", "EWHC 2863"].iter().all(|own| answer.statement.contains(own));
        assert_eq!(told, open == 1, "{terms}: {}", answer.statement);
    }
}

#[test]
fn outputs_of_another_vendor_are_found_directly_and_in_the_second_order() {
    let second =
        document("card.md", |draft| draft.node(model("child"), EdgeKind::FineTunedFrom, model("tiny-7b"), "line 1"));
    let ledger = ledger([&laundered(), &second]);
    let graph = Graph::of(&ledger, None);
    let direct = graph.ask(find(&graph, "tiny-7b"), Question::VendorOutputs);
    assert_eq!(direct.verdict, Verdict::Disclosed);
    assert!(direct.statement.contains("1 way directly"), "{}", direct.statement);
    let child = graph.ask(find(&graph, "child"), Question::VendorOutputs);
    assert!(child.statement.contains("0 ways directly, 1 way through another model"), "{}", child.statement);
    assert_eq!(child.paths[0].len(), 3);
    let taint = graph.taint(&graph.assets(find(&graph, "OpenAI")));
    assert_eq!(taint.get(find(&graph, "tiny-7b")).unwrap().order, 1);
    assert_eq!(taint.get(find(&graph, "child")).unwrap().order, 2);
}

#[test]
fn silence_is_unknown_and_a_denial_against_evidence_is_contradicted() {
    let silent = document("a", |draft| draft.node(model("quiet"), EdgeKind::TrainedOn, data("web"), ""));
    let denial = document("b", |draft| {
        let mut none = Statement::new(model("loud"), EdgeKind::TrainedOnOutputsOf, Object::Any, "line 4");
        none.denied = true;
        draft.push(none);
    });
    let ours = document("c", |draft| {
        let mut found =
            Statement::new(model("loud"), EdgeKind::TrainedOnOutputsOf, Object::Node(model("Other LM")), "/0");
        found.kind = EvidenceKind::Recomputed;
        draft.push(found);
    });
    let said = ledger([&silent, &denial]);
    let graph = Graph::of(&said, None);
    let ask = |graph: &Graph<'_>, name| graph.ask(find(graph, name), Question::VendorOutputs).verdict;
    assert_eq!((ask(&graph, "quiet"), ask(&graph, "loud")), (Verdict::Unknown, Verdict::Disclosed));
    let all = ledger([&silent, &denial, &ours]);
    let graph = Graph::of(&all, None);
    assert_eq!(ask(&graph, "loud"), Verdict::Contradicted);
}

#[test]
fn a_card_against_its_weight_header_is_a_contradiction() {
    let card = document("README.md", |draft| {
        draft.text(model("m"), "architecture", "LlamaForCausalLM", "line 2");
        draft.value(model("m"), "parameters", Value::Text("7B".into()), "line 3");
        draft.node(model("m"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 4");
    });
    let agrees = document("same.gguf", |draft| {
        draft.text(model("m"), "architecture", "llama", "general.architecture");
        draft.value(model("m"), "parameters", Value::Number("6738415616".into()), "general.parameter_count");
    });
    let differs = document("other.gguf", |draft| {
        draft.text(model("m"), "architecture", "qwen2", "general.architecture");
        draft.value(model("m"), "parameters", Value::Number("1543714304".into()), "general.parameter_count");
        draft.node(model("m"), EdgeKind::LicensedUnder, NodeRef::licence("llama2"), "general.license");
    });
    let verdicts = |ledger: &stillwatch_lineage::Ledger| {
        let graph = Graph::of(ledger, None);
        let m = find(&graph, "m");
        let fact = |name| graph.fact(m, name).unwrap().verdict;
        (
            fact("architecture"),
            fact("parameters"),
            graph.objects(m, EdgeKind::LicensedUnder).map(|e| e.verdict).min().unwrap(),
        )
    };
    assert_eq!(verdicts(&ledger([&card, &agrees])), (Verdict::Disclosed, Verdict::Disclosed, Verdict::Disclosed));
    assert_eq!(
        verdicts(&ledger([&card, &differs])),
        (Verdict::Contradicted, Verdict::Contradicted, Verdict::Contradicted)
    );
}

#[test]
fn the_gate_names_the_rule_and_the_path() {
    let ledger = ledger([&laundered()]);
    let graph = Graph::of(&ledger, None);
    let policy = GatePolicy::parse(
        "[[class]]\nid = \"regulated\"\n[[class.rule]]\nid = \"outputs\"\ndeny_outputs_of = [\"openai\"]\n\
         [[class.rule]]\nid = \"licences\"\ndeny_licences = [\"conflict\"]\n[[class.rule]]\nid = \"upstream\"\ndeny_upstream = [\"C4\"]\n\
         [[class.rule]]\nid = \"governance\"\nquestion = \"governance\"\n",
    )
    .unwrap();
    let profile = Profile::standard().unwrap();
    let result = policy.judge(&graph, find(&graph, "tiny-7b"), "regulated", &profile).unwrap();
    let mut rules: Vec<&str> = result.violations.iter().map(|violation| violation.rule.as_str()).collect();
    rules.dedup();
    assert_eq!((rules, result.passed), (vec!["outputs", "licences", "governance"], vec!["upstream".to_owned()]));
    assert_eq!(result.violations[0].path.len(), 2);
    assert!(policy.judge(&graph, find(&graph, "tiny-7b"), "other", &profile).is_err());
    assert!(GatePolicy::parse("[[class]]\nid = \"a\"\n[[class.rule]]\nid = \"b\"\n").is_err());
}
