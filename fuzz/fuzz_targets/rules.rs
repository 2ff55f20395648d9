#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_lineage::{GatePolicy, Profile};

// Profiles and policies are written by the reader's own people, who make mistakes.
fuzz_target!(|text: &str| {
    let _ = Profile::parse(text);
    let _ = GatePolicy::parse(text);
});
