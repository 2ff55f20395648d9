#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::spdx;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(spdx::read, "bom.spdx.json", bytes));
