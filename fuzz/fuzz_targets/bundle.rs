#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::model_signing;
use stillwatch_seal::{PrivateKey, Trust, verify_signature};

static KEY: LazyLock<Trust> = LazyLock::new(|| Trust::Key(PrivateKey::generate().expect("random numbers").public()));

fuzz_target!(|bytes: &[u8]| {
    assert!(verify_signature(bytes, &KEY, &stillwatch_fuzz::LIMITS).is_err(), "forged");
    let _ = Trust::read(bytes);
    stillwatch_fuzz::hold(model_signing::read, "model.sig", bytes);
});
