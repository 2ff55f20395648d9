#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_questionnaire::disclosure::{Asked, assess};

// The first line is the question, the rest the answer.
fuzz_target!(|text: &str| {
    let (question, answer) = text.split_once('\n').unwrap_or(("", text));
    let asked = Asked { question, ..Asked::default() };
    let judged = assess(&asked, answer);
    assert!((0.0..=1.0).contains(&judged.probability) && !judged.why.is_empty());
    assert_eq!(judged, assess(&asked, answer));
});
