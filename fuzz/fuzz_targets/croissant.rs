#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::croissant;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(croissant::read, "croissant.json", bytes));
