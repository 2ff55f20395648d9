#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::permits;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(permits::read, "permits.json", bytes));
