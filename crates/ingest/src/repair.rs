//! JSON in which single values are bad: each is set right or dropped by itself, so that its record is not lost.
//!
//! Writers cut emoji in two, Python writes `NaN` bare, loggers pass control characters on, clients nest without end. A
//! strict parser refuses the whole record for it, and whoever wants to stay unseen needs one such value in each request.

use std::collections::BTreeMap;

/// What was set right, by what it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repairs {
    /// Escapes of half a surrogate pair, read as U+FFFD.
    pub(crate) surrogates: u64,
    /// Escapes that JSON does not have, read as their letters.
    pub(crate) escapes: u64,
    /// Control characters written bare within a text.
    pub(crate) controls: u64,
    /// Numbers and words that JSON does not have (`NaN`, `Infinity`, `1e999`, `None`), read as null.
    pub(crate) scalars: u64,
    /// Values nested deeper than is read, read as null.
    pub(crate) deep: u64,
    /// Runs of bytes that are not UTF-8, read as U+FFFD.
    pub(crate) bytes: u64,
    /// Whole numbers of ids written as fractions.
    pub(crate) fractions: u64,
}

impl Repairs {
    pub(crate) fn add(&mut self, other: Self) {
        self.surrogates += other.surrogates;
        self.escapes += other.escapes;
        self.controls += other.controls;
        self.scalars += other.scalars;
        self.deep += other.deep;
        self.bytes += other.bytes;
        self.fractions += other.fractions;
    }

    pub(crate) fn total(&self) -> u64 {
        self.named().iter().map(|(_, count)| count).sum()
    }

    /// Adds each count under its name.
    pub(crate) fn count(&self, counts: &mut BTreeMap<String, u64>) {
        for (name, count) in self.named().into_iter().filter(|(_, count)| *count > 0) {
            *counts.entry(name.to_owned()).or_default() += count;
        }
    }

    fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("half of a surrogate pair", self.surrogates),
            ("invalid escape", self.escapes),
            ("bare control character", self.controls),
            ("number or word that is not JSON", self.scalars),
            ("value nested too deeply", self.deep),
            ("bytes that are not UTF-8", self.bytes),
            ("id written as a fraction", self.fractions),
        ]
    }
}

/// Levels of lists and objects that are read; serde_json refuses more than 127.
pub(crate) const DEEPEST: usize = 120;

/// The text with its bad values set right, and how many there were. `None` when every value is good: then it is the
/// structure that is broken, or nothing is.
pub(crate) fn mend(json: &str) -> Option<(String, Repairs)> {
    let mut mender = Mender { json, at: 0, out: String::new(), copied: 0, repairs: Repairs::default() };
    mender.run();
    if mender.repairs == Repairs::default() {
        return None;
    }
    mender.out.push_str(&json[mender.copied..]);
    Some((mender.out, mender.repairs))
}

/// The bytes as text; what is not UTF-8 is replaced and counted.
pub(crate) fn lossy(bytes: &[u8]) -> (String, Repairs) {
    let mut text = String::with_capacity(bytes.len());
    let mut repairs = Repairs::default();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            repairs.bytes += 1;
        }
    }
    (text, repairs)
}

struct Mender<'j> {
    json: &'j str,
    at: usize,
    out: String,
    /// Up to here the text is in `out`.
    copied: usize,
    repairs: Repairs,
}

impl Mender<'_> {
    fn run(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => self.string(true),
                b'[' | b'{' if depth == DEEPEST => self.deep(),
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                _ if is_scalar(byte) => self.scalar(),
                _ => self.at += 1,
            }
        }
    }

    /// Passes over a string; what is bad in it is replaced where it is `kept`.
    fn string(&mut self, kept: bool) {
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if kept => self.escape(),
                b'\\' => self.at += 2,
                0..0x20 if kept => {
                    self.repairs.controls += 1;
                    self.replace(1, &format!("\\u{byte:04x}"));
                }
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) {
        match self.byte(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit(self.at) {
                Some(0xd800..0xdc00) if self.unit(self.at + 6).is_some_and(|low| (0xdc00..0xe000).contains(&low)) => {
                    self.at += 12;
                }
                Some(0xd800..0xe000) => {
                    self.repairs.surrogates += 1;
                    self.replace(6, "\\ufffd");
                }
                Some(_) => self.at += 6,
                None => {
                    self.repairs.escapes += 1;
                    self.replace(1, "\\\\");
                }
            },
            Some(_) => {
                self.repairs.escapes += 1;
                self.replace(1, "\\\\");
            }
            None => self.at += 1,
        }
    }

    /// The number of a `\u` escape that begins here.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.json.as_bytes().get(at..)?.strip_prefix(b"\\u")?.get(..4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    /// A number, `true`, `false` or `null`; what is none of them becomes null.
    fn scalar(&mut self) {
        let rest = &self.json.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| !is_scalar(*byte)).unwrap_or(rest.len());
        let token = &self.json[self.at..self.at + length];
        if matches!(token, "true" | "false" | "null") || serde_json::from_str::<f64>(token).is_ok() {
            self.at += length;
        } else {
            self.repairs.scalars += 1;
            self.replace(length, "null");
        }
    }

    /// A list or an object that is not read.
    fn deep(&mut self) {
        let (start, mut depth) = (self.at, 0_usize);
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.string(false);
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let length = self.at.min(self.json.len()) - start;
        self.at = start;
        self.repairs.deep += 1;
        self.replace(length, "null");
    }

    fn replace(&mut self, length: usize, by: &str) {
        self.out.push_str(&self.json[self.copied..self.at]);
        self.out.push_str(by);
        self.at += length;
        self.copied = self.at;
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.json.as_bytes().get(self.at + ahead).copied()
    }
}

fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{DEEPEST, Repairs, lossy, mend};

    fn read(json: &str) -> (Value, Repairs) {
        let (text, repairs) = mend(json).unwrap();
        (serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}")), repairs)
    }

    #[test]
    fn bad_values_are_set_right_one_by_one() {
        let (value, repairs) =
            read(r#"{"a": "x \ud83d y \ud83d\ude00 \\ud83d", "b": [1, NaN, -Infinity, 1e999, 007], "c": 2}"#);
        assert_eq!(value, json!({"a": "x \u{fffd} y \u{1f600} \\ud83d", "b": [1, null, null, null, null], "c": 2}));
        assert_eq!(repairs, Repairs { surrogates: 1, scalars: 4, ..Repairs::default() });
        let (value, repairs) = read("{\"a\\x\": \"tab\tand \\u12 and \\'\", \"b\": None}");
        assert_eq!(value, json!({"a\\x": "tab\tand \\u12 and \\'", "b": null}));
        assert_eq!(repairs, Repairs { escapes: 3, controls: 1, scalars: 1, ..Repairs::default() });
    }

    #[test]
    fn what_is_nested_too_deeply_is_null_and_the_rest_is_read() {
        let deep = format!("{{\"a\": {}\"]\\\"\"{}, \"b\": 1}}", "[".repeat(100_000), "]".repeat(100_000));
        let (value, repairs) = read(&deep);
        assert_eq!((&value["b"], repairs), (&json!(1), Repairs { deep: 1, ..Repairs::default() }));
        let mut inner = &value["a"];
        for _ in 0..DEEPEST - 2 {
            inner = &inner[0];
        }
        assert_eq!(inner, &json!([null]));
    }

    #[test]
    fn good_and_broken_texts_are_left_alone() {
        for json in ["{\"a\": [1.5e-3, true, \"\\u00e9\\n\"]}", "{\"a\": [1", "\"open", "", "{]"] {
            assert_eq!(mend(json), None, "{json}");
        }
        assert_eq!(lossy(b"a\xff\xfeb"), ("a\u{fffd}\u{fffd}b".into(), Repairs { bytes: 2, ..Repairs::default() }));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"[\[\]{}",:\\udNI0-9a-f \n\x00é-]{0,60}"#) {
            if let Some((mended, repairs)) = mend(&text) {
                prop_assert!(repairs.total() > 0);
                prop_assert_eq!(mend(&mended), None);
            }
        }

        #[test]
        fn what_is_json_is_left_alone(text in "\\PC*", number in any::<f64>()) {
            let json = serde_json::to_string(&json!({"a": [text, number]})).unwrap();
            prop_assert_eq!(mend(&json), None);
        }
    }
}
