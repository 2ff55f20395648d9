#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::dps;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(dps::read, "data.provenance.json", bytes));
