//! What the reader promises of any bytes.

use proptest::prelude::*;
use stillwatch_core::Limits;
use stillwatch_json::Json;

proptest! {
    #[test]
    fn no_bytes_stop_the_reader(bytes in prop::collection::vec(prop::sample::select(&b"{}[]\",:\\u0aet1-. \n\xc3\xa9\xff"[..]), 0..200)) {
        let json = Json::read(&bytes, &Limits { depth: 4, ..Limits::default() });
        if let Some(root) = json.root() {
            let mut open = vec![root];
            while let Some(value) = open.pop() {
                prop_assert!(value.raw().len() <= bytes.len() * 3);
                let _ = (value.path(), value.text(), value.to_serde());
                open.extend(value.items());
                open.extend(value.entries().map(|(_, value)| value));
            }
        }
    }

    #[test]
    fn what_is_sound_is_what_another_reader_reads(text in r#"[\[\]{}",:0-9a-z\\ .eE+-]{0,40}"#) {
        let json = Json::read(text.as_bytes(), &Limits::default());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        if json.is_sound() {
            prop_assert_eq!(json.root().unwrap().to_serde(), theirs.unwrap());
        } else if theirs.is_ok() {
            prop_assert!(json.diagnostics().iter().all(|found| found.code == "duplicate-key"), "{:?}", json.diagnostics());
        }
    }
}
