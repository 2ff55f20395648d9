//! What a comparison of weights says in a graph.

use stillwatch_documents::exporters::kinship::KinshipReport;
use stillwatch_documents::importers;
use stillwatch_lineage::{EdgeKind, EvidenceKind, Import, NodeRef, Object, Origin, Predicate};
use stillwatch_weights::kinship::{ALPHA, HeaderVerdict, Kinship, KinshipVerdict};

fn imported(verdict: KinshipVerdict, p_value: f64, other: &str) -> Import {
    let kinship = Kinship {
        verdict,
        header: HeaderVerdict::CompatibleWithDerivation,
        p_value,
        smallest: 1e-30,
        alpha: ALPHA,
        null: "independent random numbers".into(),
        corrected_for: 4,
        trials: Vec::new(),
        not_tested: Vec::new(),
        statement: "compared".into(),
        limits: vec!["no direction is shown".into()],
        digests: ["00".into(), "01".into()],
    };
    let report = KinshipReport::new(NodeRef::model("tiny"), NodeRef::model(other), kinship);
    let bytes = serde_json::to_vec(&report).unwrap();
    assert_eq!(serde_json::from_slice::<KinshipReport>(&bytes).unwrap(), report);
    let import = importers::stillwatch::read(&bytes, &Origin::named("kinship.json"));
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);
    import
}

#[test]
fn a_result_becomes_an_edge_without_direction_when_it_is_imported() {
    let import = imported(KinshipVerdict::NotIndependent, 1e-20, "base");
    let edges: Vec<_> = import
        .statements
        .iter()
        .filter_map(|statement| match (&statement.predicate, &statement.object) {
            (Predicate::Edge(edge), Object::Node(object)) => {
                Some((*edge, statement.subject.name.as_str(), object.name.as_str(), statement.kind))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        edges,
        [
            (EdgeKind::NotIndependentOf, "tiny", "base", EvidenceKind::Recomputed),
            (EdgeKind::CompatibleWith, "tiny", "base", EvidenceKind::Recomputed)
        ]
    );
    let qualifiers = &import.statements[0].qualifiers;
    assert!(qualifiers.contains_key("p-value") && qualifiers.contains_key("null"));

    let import = imported(KinshipVerdict::NoEvidenceOfDependence, 0.4, "other");
    let is_related = |edge: &Predicate| *edge == Predicate::Edge(EdgeKind::NotIndependentOf);
    let related = import.statements.iter().any(|statement| is_related(&statement.predicate));
    assert!(!related, "silence is no edge, and no denial");
}
