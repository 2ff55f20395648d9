use proptest::prelude::*;
use stillwatch_lineage::{
    Aspect, Change, Condensation, EdgeKind, EvidenceKind, Graph, Import, NodeKind, NodeRef, Object, Scheme, Statement,
};

use crate::contents::told;
use crate::made::{document, ledger};

/// A statement between some of a few nodes that have names and identifiers in common.
fn statement() -> impl Strategy<Value = Statement> {
    let node = (0_usize..3, 0_usize..5, prop::option::of(0_usize..4)).prop_map(|(kind, name, id)| {
        let node = NodeRef::new(NodeKind::ALL[kind], ["a", "b", "B", "model", ""][name]);
        match id {
            Some(id) => node.with(Scheme::HuggingFace, ["x/a", "x/b", "y/a", "X/a"][id]),
            None => node.with(Scheme::Local, ["", "1", "2", ""][name % 4]),
        }
    });
    let edge = prop::sample::select(EdgeKind::ALL);
    (node.clone(), edge, node, 0_usize..4, any::<bool>()).prop_map(|(subject, edge, object, kind, denied)| {
        let mut statement = Statement::new(subject, edge, Object::Node(object), "/0");
        statement.kind = EvidenceKind::ALL[kind];
        statement.denied = denied && kind == 0;
        statement
    })
}

fn imports() -> impl Strategy<Value = Vec<Import>> {
    let statements = prop::collection::vec(statement(), 0..12);
    prop::collection::vec(statements, 1..5).prop_map(|documents| {
        documents
            .into_iter()
            .map(|statements| document("d", |draft| statements.into_iter().for_each(|s| draft.push(s))))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_imports_changes_nothing(imports in imports()) {
        let forwards = ledger(&imports);
        let backwards = ledger(imports.iter().rev());
        prop_assert_eq!(told(&Graph::of(&forwards, None)), told(&Graph::of(&backwards, None)));
        let (one, other) = (Graph::of(&forwards, None), Graph::of(&backwards, None));
        prop_assert_eq!(one.propose(), other.propose());
    }

    #[test]
    fn cycles_end_and_every_path_is_a_path(imports in imports()) {
        let ledger = ledger(&imports);
        let graph = Graph::of(&ledger, None);
        let condensed = Condensation::of(&graph, Aspect::Taint);
        prop_assert!(condensed.component.iter().all(|&component| component < condensed.components));
        for id in graph.ids() {
            let (taint, firmest) = (graph.taint(&[id]), graph.firmest(&[id]));
            for reached in &taint.reached {
                let edges = taint.edges(&graph, reached.entity);
                prop_assert_eq!(edges.len(), reached.depth as usize);
                prop_assert_eq!(edges.iter().map(|edge| edge.verdict).min(), Some(reached.worst));
                prop_assert!(firmest.of(reached.entity) >= reached.worst && reached.order <= reached.depth);
                // What it reaches comes back to it from above.
                prop_assert!(graph.upstream(&[reached.entity]).get(id).is_some());
            }
            let told = graph.what_if(Change::Remove(id)).present(&graph);
            prop_assert!(told.irreproducible.iter().all(|affected| affected.path.len() == affected.depth as usize));
            prop_assert!(!graph.ask_all(id).is_empty());
        }
    }
}
