use stillwatch_lineage::{Change, EdgeKind, Graph, NodeKind, NodeRef, Object, Statement, Value, concentration, diff};

use crate::made::{data, document, find, laundered, ledger, model};

fn copy(place: &str, tested: Option<&str>) -> Statement {
    let place = NodeRef::new(NodeKind::Compute, place);
    let mut copy = Statement::new(data("corpus"), EdgeKind::HeldAt, Object::Node(place), "/copies/0");
    copy.qualifiers.insert("copy".into(), Value::Flag(true));
    if let Some(tested) = tested {
        copy.qualifiers.insert("restore-tested".into(), tested.into());
    }
    copy
}

#[test]
fn deleting_a_data_set_lists_the_models_that_cannot_be_made_again_unless_a_copy_was_restored() {
    let lineage = document("a", |draft| {
        draft.node(model("first"), EdgeKind::TrainedOn, data("corpus"), "/0");
        draft.node(model("second"), EdgeKind::FineTunedFrom, model("first"), "/1");
    });
    let untested = document("b", |draft| draft.push(copy("bucket", None)));
    let tested = document("c", |draft| draft.push(copy("vault", Some("2026-10-01"))));
    let lost = |imports: &[&stillwatch_lineage::Import]| {
        let ledger = ledger(imports.iter().copied());
        let graph = Graph::of(&ledger, None);
        let told = graph.what_if(Change::Delete(find(&graph, "corpus"))).present(&graph);
        assert!(told.unavailable.is_empty(), "a finished model runs on");
        told.irreproducible.into_iter().map(|affected| (affected.name, affected.path.len())).collect::<Vec<_>>()
    };
    let both = vec![("first".to_owned(), 1), ("second".to_owned(), 2)];
    assert_eq!(lost(&[&lineage]), both);
    assert_eq!(lost(&[&lineage, &untested]), both);
    assert!(lost(&[&lineage, &untested, &tested]).is_empty());
}

#[test]
fn a_supplier_that_goes_leaves_switch_options_and_concentration_is_an_interval() {
    let rent = |from: &str, share: Option<&str>| {
        let mut runs =
            Statement::new(model("m"), EdgeKind::RunsOn, Object::Node(NodeRef::new(NodeKind::Compute, from)), "");
        if let Some(share) = share {
            runs.qualifiers.insert("share".into(), Value::Number(share.into()));
        }
        runs
    };
    let import = document("a", |draft| {
        draft.push(rent("north", Some("0.5")));
        draft.push(rent("south", None));
        draft.node(
            NodeRef::new(NodeKind::Compute, "north"),
            EdgeKind::SuppliedBy,
            NodeRef::organisation("Landlord"),
            "",
        );
    });
    let ledger = ledger([&import]);
    let graph = Graph::of(&ledger, None);
    let told = graph.what_if(Change::Remove(find(&graph, "Landlord"))).present(&graph);
    assert_eq!(told.unavailable.len(), 1, "the compute, and not the model");
    assert_eq!((told.weakened[0].name.as_str(), told.weakened[0].left[0].name.as_str()), ("m", "south"));
    let supplied = &told.concentration[0];
    assert_eq!((supplied.edge, supplied.holdings[0].name.as_str()), (EdgeKind::SuppliedBy, "Landlord"));
    let held = concentration(&graph, &[find(&graph, "m")], EdgeKind::RunsOn);
    assert!((held.low - 2_500.0).abs() < 1e-9 && (held.high - 10_000.0).abs() < 1e-9, "{held:?}");
    assert_eq!(held.holdings[0].name, "north");
}

#[test]
fn new_terms_reach_what_they_bind_and_no_more() {
    let ledger = ledger([&laundered()]);
    let graph = Graph::of(&ledger, None);
    let bound = |name: &str| {
        let told = graph.what_if(Change::NewTerms(find(&graph, name))).present(&graph);
        assert!(told.irreproducible.is_empty() && told.unavailable.is_empty());
        told.unlawful.into_iter().map(|affected| affected.name).collect::<Vec<_>>()
    };
    assert_eq!(bound("LLaMA 2"), ["Llama-2-7b", "tiny-7b"]);
    assert_eq!(bound("MIT"), ["tiny-7b"]);
}

#[test]
fn changes_of_upstream_terms_come_first() {
    let later = document("later", |draft| {
        draft.text(model("tiny-7b"), "description", "new words", "/0");
        draft.node(model("tiny-7b"), EdgeKind::TrainedOn, data("more"), "/1");
        draft.node(data("alpaca"), EdgeKind::LicensedUnder, NodeRef::licence("CC-BY-NC-4.0"), "/2");
    });
    let first = laundered();
    let (old, new) = (ledger([&first]), ledger([&first, &later]));
    let difference = diff(&Graph::of(&old, None), &Graph::of(&new, None));
    let told: Vec<(String, String)> =
        difference.changes.iter().map(|change| (change.kind.to_string(), change.predicate.clone())).collect();
    assert_eq!(told[0], ("upstream-terms".into(), "licensed-under".into()));
    assert_eq!(told.last().unwrap(), &("attribute".into(), "description".into()));
    assert_eq!(difference.appeared.len(), 2);
}
