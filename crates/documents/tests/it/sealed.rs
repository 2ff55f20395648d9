//! What a seal says in a graph.

use std::fs;

use stillwatch_documents::importers::model_signing::statements;
use stillwatch_lineage::{EvidenceKind, Origin};
use stillwatch_seal::{Options, PrivateKey, Trust, seal, verify};

#[test]
fn a_seal_that_is_broken_denies_the_digest_that_was_signed() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("weights.bin");
    fs::write(&weights, "weights").unwrap();
    let key = PrivateKey::generate().unwrap();
    let bundle = seal(folder.path(), &key, &Options::default(), &mut |_| {}).unwrap();
    let denied = || {
        let trust = Trust::Key(key.public());
        let found = verify(folder.path(), bundle.as_bytes(), &trust, &Options::default(), &mut |_| {}).unwrap();
        let import = statements(bundle.as_bytes(), &found, true, &Origin::named("model.sig"));
        import.statements.iter().any(|statement| statement.denied && statement.kind == EvidenceKind::Recomputed)
    };
    assert!(!denied());
    fs::write(weights, "Weights").unwrap();
    assert!(denied());
}
