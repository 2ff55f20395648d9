#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::answers;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(answers::read, "answers.csv", bytes));
