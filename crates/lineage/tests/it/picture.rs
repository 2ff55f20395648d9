//! What is drawn, and what is said of the rest.

use stillwatch_lineage::{EdgeKind, Graph, Verdict};

use crate::made::{data, document, find, ledger, model};

#[test]
fn all_that_is_left_out_is_counted() {
    let chain = document("chain", |draft| {
        for number in 0..120 {
            let (own, base) = (format!("m{number}"), format!("m{}", number + 1));
            draft.node(model(&own), EdgeKind::FineTunedFrom, model(&base), "/0");
        }
    });
    let ledger = ledger([&chain]);
    let graph = Graph::of(&ledger, None);
    let picture = graph.picture(find(&graph, "m0"), 60);
    assert_eq!((picture.nodes.len(), picture.edges.len()), (60, 59));
    assert_eq!((picture.omitted, picture.uncounted), (61, false));
}

#[test]
fn what_is_contradicted_among_many_is_drawn_with_its_edge() {
    let name = |number: usize| format!("ds{number:05}");
    let card = document("card", |draft| {
        for number in 0..10_000 {
            draft.node(model("m"), EdgeKind::TrainedOn, data(&name(number)), "/0");
        }
    });
    let denial = document("denial", |draft| {
        let mut statement = stillwatch_lineage::Statement::new(
            model("m"),
            EdgeKind::TrainedOn,
            stillwatch_lineage::Object::Node(data(&name(7_777))),
            "/0",
        );
        statement.denied = true;
        draft.push(statement);
    });
    let ledger = ledger([&card, &denial]);
    let graph = Graph::of(&ledger, None);
    let picture = graph.picture(find(&graph, "m"), 60);
    assert_eq!(picture.nodes[1].name, name(7_777));
    let edge = picture.edges.iter().find(|edge| edge.to == 1).unwrap();
    assert_eq!(edge.step.verdict, Verdict::Contradicted);
    assert_eq!((picture.edges.len(), picture.omitted), (59, 9_941));
}
