#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::dpi;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(dpi::read, "collection.json", bytes));
