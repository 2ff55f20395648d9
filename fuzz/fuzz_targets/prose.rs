#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::prose;

// The first byte says in which format the rest is.
fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    stillwatch_fuzz::hold(prose::read, if first % 2 == 0 { "vendor.md" } else { "vendor.html" }, rest);
});
