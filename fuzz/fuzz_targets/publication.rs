#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_core::Limits;
use stillwatch_documents::exporters::prov::Published;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(published) = Published::read(bytes, &Limits::default()) {
        let _ = published.is_of(bytes);
    }
});
