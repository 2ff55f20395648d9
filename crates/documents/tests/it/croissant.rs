//! Croissant: verdicts equal to those that the reference validator gave on its own graphs.

use std::fs;
use std::path::{Path, PathBuf};

use stillwatch_documents::importers::croissant;
use stillwatch_lineage::{EdgeKind, NodeKind, Object, Origin, Predicate};

use crate::shared::shared;

fn graphs(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name == "metadata.json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn valid_graphs_are_accepted_and_wrong_ones_refused() {
    let root = shared("provenance/croissant");
    let mut differ = Vec::new();
    for (folder, valid, count) in [("datasets", true, 46), ("negative", false, 30)] {
        let all = graphs(&root.join(folder));
        assert_eq!(all.len(), count);
        for path in all {
            let import = croissant::read(&fs::read(&path).unwrap(), &Origin::named("metadata.json"));
            if import.strict.is_valid() != valid {
                differ.push((path, import.diagnostics));
            }
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn provenance_names_what_filtered_the_data() {
    let root = shared("provenance/croissant/datasets/1.1/huggingface-wildchat/metadata.json");
    let import = croissant::read(&fs::read(root).unwrap(), &Origin::named("metadata.json"));
    let objects = |edge: EdgeKind| -> Vec<(NodeKind, String)> {
        let with = import.statements.iter().filter(|statement| statement.predicate == Predicate::Edge(edge));
        with.filter_map(|statement| match &statement.object {
            Object::Node(node) => Some((node.kind, node.name.clone())),
            _ => None,
        })
        .collect()
    };
    assert_eq!(objects(EdgeKind::DerivedFrom), [(NodeKind::DataSet, "WildChat-1M-Full".to_owned())]);
    assert!(objects(EdgeKind::FilteredBy).contains(&(NodeKind::Filter, "OpenAI Moderation API".to_owned())));
    assert!(objects(EdgeKind::FilteredBy).contains(&(NodeKind::Filter, "Microsoft Presidio".to_owned())));
    assert_eq!(objects(EdgeKind::LicensedUnder), [(NodeKind::Licence, "ODC-By-1.0".to_owned())]);
}
