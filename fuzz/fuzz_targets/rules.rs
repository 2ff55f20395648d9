#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_lineage::{GatePolicy, Profile};
use stillwatch_questionnaire::Questionnaire;

// Profiles, policies and questionnaires are written by the reader's own people, who make mistakes.
fuzz_target!(|text: &str| {
    let _ = Profile::parse(text);
    let _ = GatePolicy::parse(text);
    let _ = Questionnaire::parse(text);
});
