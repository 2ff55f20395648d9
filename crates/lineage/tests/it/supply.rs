//! Accelerators, hosting, teachers of many models, and marks that taint.

use stillwatch_lineage::{
    Attribute, Change, EdgeKind, GateOutcome, GatePolicy, Graph, Import, NodeKind, NodeRef, Object, Profile, Question,
    Statement, Value, Verdict, hosting, teacher_concentration,
};

use crate::made::{data, document, find, ledger, model};

fn compute(name: &str) -> NodeRef {
    NodeRef::new(NodeKind::Compute, name)
}

fn accelerator(name: &str) -> NodeRef {
    NodeRef::new(NodeKind::Accelerator, name)
}

fn country(name: &str) -> NodeRef {
    NodeRef::new(NodeKind::Jurisdiction, name)
}

/// A model on two clusters, one of which has two types of accelerator.
fn two_clusters() -> Import {
    document("bill", |draft| {
        draft.node(model("m"), EdgeKind::RunsOn, compute("north"), "1");
        draft.node(model("m"), EdgeKind::RunsOn, compute("south"), "2");
        draft.node(compute("north"), EdgeKind::AcceleratedBy, accelerator("A1"), "3");
        draft.node(compute("south"), EdgeKind::AcceleratedBy, accelerator("A1"), "4");
        draft.node(compute("south"), EdgeKind::AcceleratedBy, accelerator("B2"), "5");
        draft.node(accelerator("A1"), EdgeKind::SuppliedBy, NodeRef::organisation("Chipmaker"), "6");
        draft.node(compute("south"), EdgeKind::LocatedIn, country("NO"), "7");
    })
}

#[test]
fn an_accelerator_that_goes_takes_what_has_no_other_type() {
    let ledger = ledger([&two_clusters()]);
    let graph = Graph::of(&ledger, None);
    for gone in ["A1", "Chipmaker"] {
        let told = graph.what_if(Change::Remove(find(&graph, gone))).present(&graph);
        let lost: Vec<&str> = told.unavailable.iter().map(|own| own.name.as_str()).collect();
        assert!(lost.contains(&"north") && !lost.contains(&"m") && !lost.contains(&"south"), "{gone}: {lost:?}");
        let switch = told.weakened.iter().find(|own| own.name == "m").expect("the model has another cluster");
        assert_eq!(
            (switch.left[0].name.as_str(), &switch.left[0].jurisdictions[..]),
            ("south", &["NO".to_owned()][..])
        );
        assert!(
            told.concentration.iter().any(|own| matches!(own.edge, EdgeKind::AcceleratedBy | EdgeKind::SuppliedBy))
        );
    }
    let kept = graph.what_if(Change::Remove(find(&graph, "B2"))).present(&graph);
    assert!(kept.unavailable.is_empty(), "{:?}", kept.unavailable);
}

#[test]
fn a_type_of_accelerator_does_not_say_whose_compute_it_is() {
    let card = document("run", |draft| {
        draft.node(model("m"), EdgeKind::AcceleratedBy, accelerator("A1"), "1");
    });
    let ledger = ledger([&card]);
    let graph = Graph::of(&ledger, None);
    let answer = graph.ask(find(&graph, "m"), Question::Compute);
    assert!(answer.statement.contains("A1"), "{}", answer.statement);
    assert!(answer.ask_next.iter().any(|ask| ask.starts_with("On whose compute")), "{:?}", answer.ask_next);
}

#[test]
fn a_host_is_where_the_thing_runs_and_not_where_its_owner_sits() {
    let bill = document("bill", |draft| {
        draft.node(model("m"), EdgeKind::OwnedBy, NodeRef::organisation("Lab"), "1");
        draft.node(NodeRef::organisation("Lab"), EdgeKind::LocatedIn, country("CA"), "2");
        draft.node(model("m"), EdgeKind::RunsOn, compute("region"), "3");
        draft.node(compute("region"), EdgeKind::RentsFrom, compute("hall"), "4");
        draft.node(compute("hall"), EdgeKind::LocatedIn, country("FI"), "5");
        let mut denied = Statement::new(compute("hall"), EdgeKind::LocatedIn, Object::Node(country("US")), "6");
        denied.denied = true;
        draft.push(denied);
    });
    let ledger = ledger([&bill]);
    let graph = Graph::of(&ledger, None);
    let names = |name| -> Vec<String> {
        hosting(&graph, find(&graph, name)).into_iter().map(|id| graph.name(id).to_owned()).collect()
    };
    assert_eq!(names("m"), ["FI"]);
    assert!(hosting(&graph, find(&graph, "CA")).is_empty());
}

#[test]
fn hosts_in_a_circle_end() {
    let bill = document("bill", |draft| {
        draft.node(compute("a"), EdgeKind::RentsFrom, compute("b"), "1");
        draft.node(compute("b"), EdgeKind::RentsFrom, compute("a"), "2");
    });
    let ledger = ledger([&bill]);
    let graph = Graph::of(&ledger, None);
    assert!(hosting(&graph, find(&graph, "a")).is_empty());
}

#[test]
fn teachers_of_many_models_are_counted_by_maker() {
    let cards = document("cards", |draft| {
        for name in ["one", "two", "three"] {
            draft.node(model(name), EdgeKind::TrainedOn, data(&format!("{name}-pairs")), "1");
            draft.node(data(&format!("{name}-pairs")), EdgeKind::GeneratedBy, model("teacher-large"), "2");
        }
        draft.node(model("teacher-large"), EdgeKind::OwnedBy, NodeRef::organisation("Alpha"), "3");
        draft.node(model("three"), EdgeKind::DistilledFrom, model("other-large"), "4");
        draft.node(model("other-large"), EdgeKind::OwnedBy, NodeRef::organisation("Beta"), "5");
        draft.node(model("teacher-small"), EdgeKind::DistilledFrom, model("teacher-large"), "6");
        draft.node(model("teacher-small"), EdgeKind::OwnedBy, NodeRef::organisation("Alpha"), "7");
        draft.value(model("clean"), Attribute::SYNTHETIC, Value::Flag(false), "8");
    });
    let ledger = ledger([&cards]);
    let told = teacher_concentration(&Graph::of(&ledger, None));
    assert_eq!(told.taught, 3, "a maker's own model is no pupil of another's: {told:?}");
    let vendors: Vec<(&str, u32, u32)> =
        told.vendors.iter().map(|own| (own.name.as_str(), own.models, own.alone)).collect();
    assert_eq!(vendors, [("Alpha", 3, 2), ("Beta", 1, 0)]);
    // Shares 2.5 and 0.5 of 3.
    assert!((told.index - (83.333_f64.powi(2) + 16.667_f64.powi(2))).abs() < 0.1, "{}", told.index);
    assert_eq!(told.silent, 3, "three models of which nothing is said, and one of which it is denied");
}

const POLICY: &str = "[[class]]\nid = \"public\"\n[[class.rule]]\nid = \"marks\"\ndeny_attributes = [\"customer-data\", \"restricted-source\"]\n";

fn judged(write: impl FnOnce(&mut stillwatch_lineage::Draft)) -> (GateOutcome, String) {
    let card = document("card", write);
    let ledger = ledger([&card]);
    let graph = Graph::of(&ledger, None);
    let policy = GatePolicy::parse(POLICY).unwrap();
    let result = policy.judge(&graph, find(&graph, "m"), "public", &Profile::standard().unwrap()).unwrap();
    let first = result.violations.first().map(|own| own.statement.clone());
    let told = first.or_else(|| result.undecided.first().map(|own| own.statement.clone())).unwrap_or_default();
    (result.outcome(), told)
}

#[test]
fn customers_data_and_restricted_sources_taint_what_is_made_from_them() {
    let (outcome, told) = judged(|draft| {
        draft.node(model("m"), EdgeKind::FineTunedFrom, model("parent"), "1");
        draft.node(model("parent"), EdgeKind::TrainedOn, data("tickets"), "2");
        draft.text(data("tickets"), Attribute::CUSTOMER_DATA, "support tickets of 2024", "3");
    });
    assert_eq!(outcome, GateOutcome::Denied);
    assert!(told.contains("tickets") && told.contains("customer-data"), "{told}");
    let (outcome, _) = judged(|draft| {
        draft.node(model("m"), EdgeKind::TrainedOn, data("designs"), "1");
        draft.value(data("designs"), Attribute::RESTRICTED_SOURCE, Value::Flag(true), "2");
    });
    assert_eq!(outcome, GateOutcome::Denied);
}

#[test]
fn a_mark_that_nobody_speaks_of_is_undecided_and_one_that_is_denied_is_kept() {
    let (outcome, told) = judged(|draft| draft.node(model("m"), EdgeKind::TrainedOn, data("d"), "1"));
    assert_eq!(outcome, GateOutcome::Undecided);
    assert!(told.contains("customer-data") && told.contains('d'), "{told}");
    let (outcome, told) = judged(|draft| {
        draft.node(model("m"), EdgeKind::TrainedOn, data("d"), "1");
        draft.text(data("d"), Attribute::CUSTOMER_DATA, "unknown", "2");
        draft.value(data("d"), Attribute::RESTRICTED_SOURCE, Value::Flag(false), "3");
    });
    assert_eq!(outcome, GateOutcome::Undecided, "{told}");
    let (outcome, told) = judged(|draft| {
        draft.node(model("m"), EdgeKind::TrainedOn, data("d"), "1");
        draft.value(model("m"), Attribute::CUSTOMER_DATA, Value::Flag(false), "2");
        draft.text(data("d"), Attribute::RESTRICTED_SOURCE, "No. All of it is public.", "3");
    });
    assert_eq!(outcome, GateOutcome::Allowed, "{told}");
}

#[test]
fn what_a_maker_admits_is_evidence_and_what_it_says_for_itself_is_not() {
    for (kind, verdict) in [
        (stillwatch_lineage::EvidenceKind::Admission, Verdict::Evidenced),
        (stillwatch_lineage::EvidenceKind::SelfClaim, Verdict::Disclosed),
    ] {
        let record = document("hearing", |draft| {
            let mut said = Statement::new(model("m"), EdgeKind::DistilledFrom, Object::Node(model("t")), "1");
            said.kind = kind;
            draft.push(said);
        });
        let ledger = ledger([&record]);
        let graph = Graph::of(&ledger, None);
        assert_eq!(graph.ask(find(&graph, "m"), Question::VendorOutputs).verdict, verdict);
    }
}
