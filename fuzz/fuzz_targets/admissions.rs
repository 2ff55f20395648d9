#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::admissions;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(admissions::read, "admissions.json", bytes));
