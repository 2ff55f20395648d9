#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::config;

fuzz_target!(|bytes: &[u8]| stillwatch_fuzz::hold(config::read, "config.json", bytes));
