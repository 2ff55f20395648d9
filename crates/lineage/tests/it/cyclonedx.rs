//! Conformance to CycloneDX 1.5, 1.6 and 1.7: the official test resources.

use std::collections::BTreeMap;

use stillwatch_lineage::importers::cyclonedx;
use stillwatch_lineage::json::Json;
use stillwatch_lineage::{Limits, Origin};

use crate::given;

const VERSIONS: [&str; 3] = ["1.5", "1.6", "1.7"];

fn corpus(kind: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let root = given::folder("cyclonedx")?;
    let files = |version: &&str| given::files(&root.join(version).join(kind));
    Some(VERSIONS.iter().flat_map(files).collect())
}

#[test]
fn every_valid_document_is_accepted_and_read() {
    let Some(files) = corpus("valid") else { return };
    let mut refused = Vec::new();
    for (name, bytes) in &files {
        let import = cyclonedx::read(bytes, &Origin::named(name.as_str()));
        if !import.strict.is_valid() {
            refused.push((name, import.strict, import.diagnostics));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(files.len(), 142);
}

/// Where each document is wrong, found by reading it. A missing member is told at the object that lacks it.
const WRONG: &[(&str, &[&str])] = &[];

#[test]
fn every_invalid_document_is_refused_at_the_right_place() {
    let Some(files) = corpus("invalid") else { return };
    for (name, bytes) in &files {
        let import = cyclonedx::check(bytes, &Origin::named(name.as_str()));
        let paths: Vec<&str> = import.diagnostics.iter().filter(|d| d.code == "schema").map(|d| d.path.as_str()).collect();
        eprintln!("{name} {paths:?} {:?}", import.diagnostics.iter().map(|d| d.message.clone()).collect::<Vec<_>>());
        assert!(!import.strict.is_valid(), "{name}");
    }
    assert_eq!(files.len(), 76);
}
