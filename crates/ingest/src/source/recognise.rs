//! Which source a log is of, from the names in its first records.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::envelope::ENVELOPES;
use super::log_source::{LogSource, Sign};
use crate::dialect::{Dialect, plain_name};
use crate::first_bytes::{BYTE_ORDER_MARK, RECORD_MARK, begins_json, first_character};
use crate::scan::{Scan, is_document};
use crate::text_seed::TextSeed;
use crate::wrapper::Wrapper;

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

/// What the first bytes of a text tell of how it is to be read.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) recognised: Recognised,
    /// What the records stand in, from the outside in.
    pub(crate) wrappers: Vec<Wrapper>,
    /// Of a table of text.
    pub(crate) dialect: Option<Dialect>,
    /// The names of the first record, or of the columns.
    pub(crate) names: BTreeSet<String>,
}

impl Told {
    /// What is known without looking.
    pub(crate) fn of(recognised: Recognised) -> Self {
        Self { recognised, wrappers: Vec::new(), dialect: None, names: BTreeSet::new() }
    }
}

/// Tells what a text is. `required` are the paths of canonical columns: a record that has all of them is canonical. The
/// sources are looked for in their order; with `only`, just this one is. What is not recognised as it stands may be
/// wrapped in something.
pub(crate) fn tell(
    first: &[u8],
    required: &[String],
    sources: &[&'static LogSource],
    only: Option<&'static LogSource>,
) -> Told {
    within(first, required, sources, only, 0).unwrap_or_else(|| {
        let dialect =
            is_table(first).then(|| Dialect::detect(first, &|name| USUAL.contains(&plain_name(name).as_str())));
        let recognised = Recognised { source: only, parts: 0 };
        let names =
            dialect.as_ref().map_or_else(|| names_of_first(first), |dialect| dialect.names.iter().cloned().collect());
        Told { recognised, wrappers: Vec::new(), dialect, names }
    })
}

/// Names of the columns of logs, to tell a header and its delimiter by.
const USUAL: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "date",
    "datetime",
    "created_at",
    "started_at",
    "start_time",
    "account",
    "user",
    "user_id",
    "username",
    "customer",
    "customer_id",
    "client",
    "client_ip",
    "ip",
    "model",
    "prompt",
    "response",
    "request",
    "request_id",
    "id",
    "status",
    "tokens",
    "input_tokens",
    "output_tokens",
    "prompt_tokens",
    "completion_tokens",
    "api_key",
    "key",
    "org",
    "organization",
    "tenant",
    "messages",
    "input",
    "output",
    "message",
    "user_agent",
    "latency",
    "endpoint",
    "path",
];

/// What is recognised in a text, be it in something else.
fn within(
    first: &[u8],
    required: &[String],
    sources: &[&'static LogSource],
    only: Option<&'static LogSource>,
    depth: usize,
) -> Option<Told> {
    if let Some(told) = bare(first, required, sources, only) {
        return Some(told);
    }
    if depth == MOST_WRAPPERS {
        return None;
    }
    // A field map that leads into what is inside means the record outside.
    let outside = names_of_first(first);
    let is_mapped = |path: &String| path.split_once('/').is_some_and(|(name, _)| outside.contains(name));
    if required.iter().any(is_mapped) {
        return None;
    }
    let mut hidden = None;
    for wrapper in Wrapper::candidates(first) {
        let sample = wrapper.sample(first);
        if let Some(mut told) = within(&sample, required, sources, only, depth + 1) {
            told.wrappers.insert(0, wrapper);
            return Some(told);
        }
        // What a field map can reach stays what it is.
        if hidden.is_none() && wrapper.hides_its_records() && sample.trim_ascii_start().starts_with(b"{") {
            let names = names_of_first(&sample);
            let recognised = Recognised { source: only, parts: 0 };
            hidden = Some(Told { recognised, wrappers: vec![wrapper], dialect: None, names });
        }
    }
    hidden
}

/// Records within a field of records within a field.
const MOST_WRAPPERS: usize = 2;

/// What is recognised in a text as it stands.
fn bare(
    first: &[u8],
    required: &[String],
    sources: &[&'static LogSource],
    only: Option<&'static LogSource>,
) -> Option<Told> {
    let sources = only.as_ref().map_or(sources, std::slice::from_ref);
    let first = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first);
    let told = |recognised, dialect, names| Told { recognised, wrappers: Vec::new(), dialect, names };
    if is_table(first)
        && let Some((recognised, dialect)) = table(first, required, sources)
    {
        let names = dialect.names.iter().cloned().collect();
        return Some(told(recognised, Some(dialect), names));
    }
    let mut found = Recognised { source: only, parts: 0 };
    // The lines of a document are no records.
    let lines = if is_document(first) { 0 } else { MOST_LINES };
    for line in first.split(|byte| *byte == b'\n').take(lines) {
        look(line, required, sources, &mut found);
        if found.source.is_none() && found.parts == CANONICAL {
            return Some(told(Recognised::CANONICAL, None, names_of_first(first)));
        }
    }
    if found.parts == 0 {
        look(first, required, sources, &mut found);
        if found.source.is_none() && found.parts == CANONICAL {
            return Some(told(Recognised::CANONICAL, None, names_of_first(first)));
        }
    }
    (found.parts > 0).then(|| told(found, None, names_of_first(first)))
}

fn is_table(first: &[u8]) -> bool {
    first_character(first).is_some() && !begins_json(first)
}

/// What the header of a table tells.
fn table(first: &[u8], required: &[String], sources: &[&'static LogSource]) -> Option<(Recognised, Dialect)> {
    let is_known = |name: &str| {
        let plain = plain_name(name);
        required.iter().any(|column| column == name || *column == plain)
            || sources.iter().flat_map(|source| source.signs).flat_map(|sign| sign.all).any(|sign| *sign == name)
    };
    let dialect = Dialect::detect(first, &is_known);
    let has = |column: &String| dialect.names.iter().any(|name| name == column || plain_name(name) == *column);
    if !required.is_empty() && required.iter().all(has) {
        return Some((Recognised::CANONICAL, dialect));
    }
    let names: BTreeSet<String> = dialect.names.iter().map(|name| without_zone(name).to_owned()).collect();
    let told = sources.iter().find_map(|source| {
        let parts = parts(source, &names);
        (parts > 0).then_some(Recognised { source: Some(source), parts })
    })?;
    Some((told, dialect))
}

/// The names of columns tell a source as the names of a record do.
pub(crate) fn of_columns<'n>(
    columns: impl Iterator<Item = &'n str>,
    required: &[String],
    sources: &[&'static LogSource],
) -> Recognised {
    let names: BTreeSet<String> = columns.map(str::to_owned).collect();
    let first = |path: &String| path.split('/').next().unwrap_or_default().to_owned();
    let has = |path: &String| names.iter().any(|name| *name == first(path) || plain_name(name) == first(path));
    if !required.is_empty() && required.iter().all(has) {
        return Recognised::CANONICAL;
    }
    let told = sources.iter().find_map(|source| {
        let parts = parts(source, &names);
        (parts > 0).then_some(Recognised { source: Some(source), parts })
    });
    told.unwrap_or(Recognised::CANONICAL)
}

/// Consoles write the zone behind the name of a column.
pub(crate) fn without_zone(name: &str) -> &str {
    name.strip_suffix("[UTC]").map_or(name, str::trim_end)
}

/// The names at the root of the first record.
fn names_of_first(first: &[u8]) -> BTreeSet<String> {
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii_start();
    let text = text.strip_prefix(b"[").or_else(|| text.strip_prefix(RECORD_MARK)).unwrap_or(text).trim_ascii_start();
    if text.first() != Some(&b'{') {
        return BTreeSet::new();
    }
    let (length, _) = Scan::default().measure(text);
    names(&text[..length]).into_iter().filter(|name| !name.contains(['/', '='])).collect()
}

/// Marks that canonical columns were found, while looking.
const CANONICAL: u8 = u8::MAX;

fn look(text: &[u8], required: &[String], sources: &[&'static LogSource], found: &mut Recognised) {
    let text = text.trim_ascii();
    let text = text.strip_prefix(RECORD_MARK).unwrap_or(text);
    if !begins_json(text) {
        let line = text.iter().take(MOST_LINE_BYTES).copied().collect::<Vec<u8>>();
        let line = String::from_utf8_lossy(&line);
        let marked = |source: &&LogSource| source.marks.iter().any(|mark| mark.iter().all(|word| line.contains(word)));
        if let Some(source) = candidates(sources, found).find(marked) {
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
    let at = |sign: &Sign, prefix: &str| {
        sign.all.iter().all(|name| has(prefix, name)) && !sign.none.iter().any(|name| has(prefix, name))
    };
    let told = |sign: &&Sign| at(sign, "") || ENVELOPES.iter().any(|envelope| at(sign, &format!("{envelope}/")));
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
