//! Which source a log is of, from the names in its first records.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::envelope::ENVELOPES;
use super::log_source::{LogSource, Sign};
use crate::format::BYTE_ORDER_MARK;
use crate::text_seed::TextSeed;

/// What a log was recognised as.
#[derive(Clone, Copy, Debug)]
pub struct Recognised {
    /// `None` for canonical columns, or for columns that a field map leads to.
    pub source: Option<&'static LogSource>,
    /// Which of [`LogSource::parts`] its first records are: bit 0 for the first.
    pub parts: u8,
}

impl Recognised {
    /// Canonical columns.
    pub const CANONICAL: Self = Self { source: None, parts: 0 };

    /// The first part that the file has, by which the files of a log are put in order.
    pub fn part(&self) -> u32 {
        self.parts.trailing_zeros()
    }
}

/// Looks at the first bytes of a text. `required` are the paths of canonical columns: a record that has all of them is
/// canonical. The sources are looked for in their order; with `only`, just this one is.
pub(crate) fn recognise(
    first: &[u8],
    required: &[String],
    sources: &[&'static LogSource],
    only: Option<&'static LogSource>,
) -> Recognised {
    let sources = only.as_ref().map_or(sources, std::slice::from_ref);
    let first = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first);
    let mut found = Recognised { source: only, parts: 0 };
    for line in first.split(|byte| *byte == b'\n').take(MOST_LINES) {
        look(line, required, sources, &mut found);
        if found.source.is_none() && found.parts == CANONICAL {
            return Recognised::CANONICAL;
        }
    }
    if found.parts == 0 {
        look(first, required, sources, &mut found);
    }
    if found.source.is_none() {
        return Recognised::CANONICAL;
    }
    found
}

/// Marks that canonical columns were found, while looking.
const CANONICAL: u8 = u8::MAX;

fn look(text: &[u8], required: &[String], sources: &[&'static LogSource], found: &mut Recognised) {
    let text = text.trim_ascii();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        let line = text.iter().take(MOST_LINE_BYTES).copied().collect::<Vec<u8>>();
        let line = String::from_utf8_lossy(&line);
        let source = candidates(sources, found).find(|source| source.marks.iter().any(|mark| line.contains(mark)));
        if let Some(source) = source {
            *found = Recognised { source: Some(source), parts: found.parts | 1 };
        }
        return;
    }
    let names = names(text);
    if found.source.is_none() && !required.is_empty() && required.iter().all(|name| names.contains(name)) {
        found.parts = CANONICAL;
        return;
    }
    let told = candidates(sources, found).find_map(|source| {
        let parts = parts(source, &names);
        (parts > 0).then_some(Recognised { source: Some(source), parts })
    });
    if let Some(told) = told {
        *found = Recognised { source: told.source, parts: told.parts | found.parts };
    }
}

fn candidates<'s>(
    sources: &'s [&'static LogSource],
    found: &Recognised,
) -> impl Iterator<Item = &'static LogSource> + use<'s> {
    let only = found.source;
    sources.iter().copied().filter(move |source| only.is_none_or(|only| std::ptr::eq(only, *source)))
}

/// The parts of a source whose signs are among these names, at the root or inside an envelope.
fn parts(source: &LogSource, names: &BTreeSet<String>) -> u8 {
    let has = |prefix: &str, name: &str| names.contains(&format!("{prefix}{name}"));
    let told = |sign: &&Sign| {
        sign.all.iter().all(|name| has("", name))
            || ENVELOPES.iter().any(|envelope| sign.all.iter().all(|name| has(&format!("{envelope}/"), name)))
    };
    source.signs.iter().filter(told).fold(0, |parts, sign| parts | 1 << sign.part)
}

/// The paths of all names in a text of JSON, as far as it goes: broken or cut text gives what comes before.
fn names(text: &[u8]) -> BTreeSet<String> {
    let found = RefCell::new(BTreeSet::new());
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    // An error means that the text ends here.
    let _ = (NameSeed { path: "", depth: 0, found: &found }).deserialize(&mut deserializer);
    found.into_inner()
}

const MOST_LINES: usize = 200;
const MOST_LINE_BYTES: usize = 4096;
const MOST_NAMES: usize = 2000;
const DEEPEST: usize = 6;
const LONGEST_VALUE: usize = 48;

#[derive(Clone, Copy)]
struct NameSeed<'p, 'f> {
    path: &'p str,
    depth: usize,
    found: &'f RefCell<BTreeSet<String>>,
}

impl NameSeed<'_, '_> {
    fn note(&self, name: String) {
        let mut found = self.found.borrow_mut();
        if found.len() < MOST_NAMES {
            found.insert(name);
        }
    }

    fn value(&self, value: &str) {
        if value.len() <= LONGEST_VALUE && !self.path.is_empty() {
            self.note(format!("{}={value}", self.path));
        }
    }
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEEPEST {
            return deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NameSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            let path = if self.path.is_empty() { name.into_owned() } else { format!("{}/{name}", self.path) };
            self.note(path.clone());
            map.next_value_seed(NameSeed { path: &path, depth: self.depth + 1, ..self })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(NameSeed { depth: self.depth + 1, ..self })?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.value(text);
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
