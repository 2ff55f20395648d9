//! Conformance to CycloneDX 1.5, 1.6 and 1.7: the official test resources.

use stillwatch_core::Limits;
use stillwatch_documents::exporters::{Export, cyclonedx as export};
use stillwatch_documents::importers::cyclonedx;
use stillwatch_json::{Json, Value};
use stillwatch_lineage::{Graph, NodeRef, Origin};

use crate::made::{find, laundered, ledger};
use crate::shared::{files_of, shared};

const VERSIONS: [&str; 3] = ["1.5", "1.6", "1.7"];

fn corpus(kind: &str) -> Vec<(String, Vec<u8>)> {
    let root = shared("provenance/cyclonedx");
    VERSIONS.iter().flat_map(|version| files_of(&root.join(version).join(kind))).collect()
}

/// Every scalar and empty container with its path, ascending.
pub(crate) fn leaves(root: Value<'_>) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        let before = open.len();
        open.extend(value.items());
        open.extend(value.entries().map(|(_, value)| value));
        if open.len() == before {
            let raw = if value.is_array() || value.is_object() { value.kind_name() } else { value.raw() };
            leaves.push((value.path(), raw.to_owned()));
        }
    }
    leaves.sort();
    leaves
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn every_valid_document_is_accepted() {
    let files = corpus("valid");
    for (name, bytes) in &files {
        let import = cyclonedx::read(bytes, &Origin::named(name.as_str()));
        assert!(import.strict.is_valid(), "{name}: {:?} {:#?}", import.strict, import.diagnostics);
    }
    assert_eq!(files.len(), 142);
}

/// Where each document is wrong, found by reading it. What is missing is told at the object that lacks it.
const WRONG: &[(&str, &[&str])] = &[
    ("bomformat", &["/bomFormat"]),
    ("citations", &["/citations/0", "/citations/1"]),
    ("component-external-version-and-range", &["/components/0"]),
    ("component-ref-1.5", &["/components", "/components/2/bom-ref"]),
    ("component-ref", &["/components/1/bom-ref"]),
    ("component-swid", &["/components/0/swid"]),
    ("component-type", &["/components/0/type"]),
    ("component-versionRange", &["/components/0"]),
    ("dependency", &["/dependencies/0", "/dependencies/1/ref"]),
    ("empty-component", &["/components/0"]),
    ("hash-alg", &["/components/0/hashes/0/alg"]),
    ("hash-md5", &["/components/0/hashes/0/content"]),
    ("hash-sha1", &["/components/0/hashes/1/content"]),
    ("hash-sha256", &["/components/0/hashes/2/content"]),
    ("hash-sha512", &["/components/0/hashes/3/content"]),
    ("issue-type", &["/components/0/pedigree/patches/0/resolves/0/type"]),
    ("license-choice", &["/components/0/licenses/0/license"]),
    ("license-declared-concluded-mix", &["/components/0/licenses/3", "/components/1/licenses/0"]),
    ("license-encoding", &["/components/0/licenses/0/license/text/encoding"]),
    ("license-id", &["/components/0/licenses/0/license/id"]),
    ("license-missing-id-and-name", &["/components/0/licenses/0/license"]),
    ("metadata-distribution", &["/metadata/distribution"]),
    ("metadata-license", &["/metadata/licenses/0/license/id"]),
    ("metadata-timestamp", &["/metadata/timestamp"]),
    ("missing-component-type", &["/components/0"]),
    ("patch-type", &["/components/0/pedigree/patches/0/type"]),
    ("properties", &["/components/0/properties/0", "/metadata/properties/0", "/metadata/properties/2"]),
    ("scope", &["/components/0/scope"]),
    ("serialnumber", &["/serialNumber"]),
    ("service-data", &["/services/0/data/0/flow"]),
];

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn every_invalid_document_is_refused_at_the_right_place() {
    let files = corpus("invalid");
    for (name, bytes) in &files {
        let import = cyclonedx::check(bytes, &Origin::named(name.as_str()));
        assert!(!import.strict.is_valid(), "{name}");
        let told: Vec<&str> =
            import.diagnostics.iter().filter(|d| d.code == "schema").map(|d| d.path.as_str()).collect();
        let stem = name.trim_start_matches("invalid-");
        let (_, wrong) = WRONG.iter().find(|(start, _)| stem.starts_with(start)).unwrap();
        for path in *wrong {
            assert!(told.contains(path), "{name}: {path} is not among {told:?}");
        }
    }
    assert_eq!(files.len(), 76);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn what_is_rewritten_has_every_leaf() {
    let files = corpus("valid");
    for (name, bytes) in &files {
        let document = Json::read(bytes, &Limits::default());
        let again = export::rewrite(&document).unwrap();
        let reread = Json::read(again.as_bytes(), &Limits::default());
        assert_eq!(leaves(document.root().unwrap()), leaves(reread.root().unwrap()), "{name}");
        let theirs: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        assert_eq!(theirs, serde_json::from_str::<serde_json::Value>(&again).unwrap(), "{name}");
    }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn declarations_can_be_added_to_every_document_and_nothing_is_lost() {
    let files = corpus("valid");
    let ledger = ledger([&laundered()]);
    let graph = Graph::of(&ledger, None);
    let answers = graph.ask_all(find(&graph, "tiny-7b"));
    let subject = NodeRef::model("tiny-7b");
    let mut declared = 0;
    for (name, bytes) in &files {
        let document = Json::read(bytes, &Limits::default());
        let root = document.root().unwrap();
        let added = export::declare(bytes, &subject, &answers, &Export::default());
        if root.text_of("specVersion").unwrap() == "1.5" {
            assert!(added.is_err());
            continue;
        }
        let added = added.unwrap();
        declared += 1;
        let import = cyclonedx::read(added.as_bytes(), &Origin::named(name.as_str()));
        assert!(import.strict.is_valid(), "{name}: {:#?}", import.diagnostics);
        let reread = Json::read(added.as_bytes(), &Limits::default());
        let now = leaves(reread.root().unwrap());
        for leaf in leaves(root) {
            assert!(
                now.binary_search(&leaf).is_ok() || leaf.1 == "an array" || leaf.1 == "an object",
                "{name} lost {leaf:?}"
            );
        }
    }
    assert_eq!(declared, 106);
}
