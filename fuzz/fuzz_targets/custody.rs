#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::custody;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(custody::read, "data.custody.jsonl", bytes));
