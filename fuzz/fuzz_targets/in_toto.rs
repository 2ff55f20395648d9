#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::in_toto;
use stillwatch_lineage::{EvidenceKind, Import, Origin};
use stillwatch_seal::{PrivateKey, Trust};

// Nobody has its private half.
static KEY: LazyLock<Trust> = LazyLock::new(|| Trust::Key(PrivateKey::generate().expect("random numbers").public()));

fn verified(bytes: &[u8], origin: &Origin) -> Import {
    let import = in_toto::read_signed(bytes, origin, std::slice::from_ref(&KEY));
    assert!(import.statements.iter().all(|own| own.kind == EvidenceKind::SelfClaim), "forged");
    import
}

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(verified, "build.intoto.json", bytes));
