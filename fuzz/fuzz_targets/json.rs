#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_json::{Json, Value};

// Every value has a place from which it is found again, and a sound document is one that others read too.
fuzz_target!(|bytes: &[u8]| {
    let json = Json::read(bytes, &stillwatch_fuzz::LIMITS);
    assert!(json.diagnostics().len() <= stillwatch_fuzz::LIMITS.diagnostics + 2);
    let mut open: Vec<Value<'_>> = json.root().into_iter().collect();
    let mut seen = 0;
    while let Some(value) = open.pop() {
        seen += 1;
        assert!(seen <= stillwatch_fuzz::LIMITS.values + 1, "more values than may be read");
        assert!(value.path().is_empty() || value.path().starts_with('/'), "{}", value.path());
        let _ = (value.text(), value.number(), value.flag(), value.raw());
        open.extend(value.items());
        open.extend(value.entries().map(|(_, value)| value));
    }
});
