#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::hugging_face;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(hugging_face::read, "README.md", bytes));
