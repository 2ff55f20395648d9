#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::prose;

// The mark is put in front, so that every input is taken for PDF.
fuzz_target!(|bytes: &[u8]| {
    let file = [b"%PDF-1.7\n", bytes].concat();
    stillwatch_fuzz::hold(prose::read, "vendor.pdf", &file);
});
