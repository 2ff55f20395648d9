#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::weights;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(weights::gguf::read, "model.gguf", bytes));
