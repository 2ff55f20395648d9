#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::cyclonedx;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(cyclonedx::read, "bom.cdx.json", bytes));
