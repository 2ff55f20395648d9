use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use serde::{Deserialize, Serialize};

use crate::appearance::Appearance;

/// What was read, what was not, and why. Tallies of parts add up to the tally of the whole in any order.
///
/// `rows` = `accepted` + `outside_window` + all of `rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Rows read, good or not. A stream that breaks off counts as one row more.
    pub rows: u64,
    pub accepted: u64,
    pub outside_window: u64,
    pub rejected: BTreeMap<Reason, Rejected>,
    /// Values of optional columns that were unusable and became null.
    pub field_errors: BTreeMap<String, u64>,
    /// Values present among the accepted rows.
    pub coverage: BTreeMap<String, u64>,
    /// Columns of the input that mean nothing here: the first 100 in order, each cut at 64 characters.
    pub unknown_columns: BTreeSet<String>,
    /// Compressed streams and arrays that broke off before their end.
    pub truncated: u64,
    /// NUL bytes inside text, replaced by spaces.
    pub nul_bytes: u64,
    /// Rows earlier than the row before them in the same file.
    pub disordered: u64,
    /// Rows of an account or a request that had been read before.
    pub duplicates: u64,
    /// Records of a foreign log that are no exchanges, by what they are. They are not among the rows.
    pub set_aside: BTreeMap<String, u64>,
    /// Exchanges of which a half was not found, by what is missing.
    pub unjoined: BTreeMap<String, u64>,
    /// Accepted rows that name no account.
    pub unattributed: u64,
    /// Bytes read from the source, before decompression.
    pub bytes: u64,
    /// Values of kept rows that were set right or dropped by themselves, by what was wrong with them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub repaired: BTreeMap<String, u64>,
    /// Exchanges under an id and account that another exchange shortly before has; no attempts at it.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeated_ids: u64,
    /// Names of fields that are not told because they may be data.
    #[serde(skip_serializing_if = "is_zero")]
    pub untold_names: u64,
    /// Files of which no row could be read, by what they look like.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<Appearance, Unread>,
    /// The shapes of values that their column cannot hold, by column: digits as 9, letters as a.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shapes: BTreeMap<String, BTreeSet<String>>,
    /// The earliest and the latest row outside the window, in microseconds since 1970.
    #[serde(skip)]
    pub outside_span: Option<(i64, i64)>,
}

/// Files of which no row could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unread {
    pub files: u64,
    /// The first five names in order.
    pub names: BTreeSet<Arc<str>>,
}

/// Rows rejected for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub count: u64,
    /// The first five in order.
    pub samples: BTreeSet<Sample>,
}

/// Where a row stood. It says nothing of what the row held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sample {
    pub source: Arc<str>,
    /// Line of a text file (element of a JSON array, row of a Parquet file), from 1.
    pub row: u64,
}

/// Why a row was rejected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    MalformedJson,
    NotAnObject,
    TooDeep,
    NotUtf8,
    /// The limit in bytes.
    LineTooLong(usize),
    CellCount,
    /// The first line of a table names no column that is read.
    NoHeader,
    /// The column.
    Missing(&'static str),
    Unreadable(&'static str),
    TimeOutOfRange,
    /// What broke off.
    Truncated(&'static str),
    /// What does not decode.
    Damaged(&'static str),
    /// The most values that one record may have.
    TooManyValues(usize),
    /// How many times its size a compressed stream may decompress to.
    Expanded(u64),
    /// The window of a compressed stream is longer than so many MiB.
    LongWindow(u64),
}

impl Tally {
    /// Adds what another part counted.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.accepted += other.accepted;
        self.outside_window += other.outside_window;
        self.truncated += other.truncated;
        self.nul_bytes += other.nul_bytes;
        self.disordered += other.disordered;
        self.duplicates += other.duplicates;
        self.bytes += other.bytes;
        self.unattributed += other.unattributed;
        self.repeated_ids += other.repeated_ids;
        self.untold_names += other.untold_names;
        add(&mut self.repaired, &other.repaired);
        for (appearance, unread) in &other.unread {
            self.unread.entry(*appearance).or_default().merge(unread);
        }
        for (column, shapes) in &other.shapes {
            for shape in shapes {
                self.keep_shape(column, shape.clone());
            }
        }
        if let Some((first, last)) = other.outside_span {
            self.note_outside(first);
            self.note_outside(last);
        }
        add(&mut self.set_aside, &other.set_aside);
        add(&mut self.unjoined, &other.unjoined);
        add(&mut self.field_errors, &other.field_errors);
        add(&mut self.coverage, &other.coverage);
        for name in &other.unknown_columns {
            self.note_unknown(name);
        }
        for (reason, rejected) in &other.rejected {
            self.rejected.entry(reason.clone()).or_default().merge(rejected);
        }
    }

    /// Rows rejected for any reason.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().map(|rejected| rejected.count).sum()
    }

    /// Adds to the coverage the values that an enrichment has filled in.
    pub fn note_enriched(&mut self, before: &RecordBatch, after: &RecordBatch) {
        for (index, field) in after.schema_ref().fields().iter().enumerate().take(before.num_columns()) {
            let filled = before.column(index).null_count().saturating_sub(after.column(index).null_count());
            if filled > 0 {
                *self.coverage.entry(field.name().clone()).or_default() += filled as u64;
            }
        }
    }

    /// The same tally as of a reader that rejects rows without an account; `source` is the name of the log.
    #[must_use]
    pub fn attributed(&self, source: &str) -> Self {
        let mut tally = self.clone();
        let nameless = std::mem::take(&mut tally.unattributed);
        if nameless > 0 {
            tally.accepted = tally.accepted.saturating_sub(nameless);
            tally.rejected.entry(Reason::Missing("account")).or_default().count += nameless;
            if !tally.has_read() && tally.unread.is_empty() {
                tally.note_unread(Appearance::Rows, &source.into());
            }
        }
        tally
    }

    pub(crate) fn reject(&mut self, reason: Reason, source: &Arc<str>, row: u64) {
        self.rows += 1;
        let rejected = self.rejected.entry(reason).or_default();
        rejected.count += 1;
        rejected.sample(Sample { source: Arc::clone(source), row });
    }

    pub(crate) fn accept(&mut self, batch: &RecordBatch) {
        self.accepted += batch.num_rows() as u64;
        self.rows += batch.num_rows() as u64;
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            self.note_coverage(field.name(), (array.len() - array.null_count()) as u64);
        }
    }

    /// Rows among those accepted whose account is not one.
    pub(crate) fn note_unattributed(&mut self, count: u64) {
        self.unattributed += count;
        if let Some(covered) = self.coverage.get_mut("account") {
            *covered = covered.saturating_sub(count);
        }
    }

    pub(crate) fn note_field_errors(&mut self, column: &str, count: u64) {
        if count > 0 {
            *self.field_errors.entry(column.into()).or_default() += count;
        }
    }

    /// Keeps the hundred names that sort first, so that the order of arrival does not matter.
    pub(crate) fn note_unknown(&mut self, name: &str) {
        if self.unknown_columns.contains(name) {
            return;
        }
        if looks_like_a_name(name) {
            note_name(&mut self.unknown_columns, name);
        } else {
            self.untold_names += 1;
        }
    }

    /// Keeps the shape of a value that its column cannot hold: the first three in order.
    pub(crate) fn note_shape(&mut self, column: &str, text: &str) {
        self.keep_shape(column, shape(text));
    }

    /// A list or an object stands where a single value is read.
    pub(crate) fn note_nested(&mut self, column: &str) {
        self.keep_shape(column, "a list or an object".into());
    }

    fn keep_shape(&mut self, column: &str, shape: String) {
        if let Some(shapes) = self.shapes.get_mut(column) {
            if shapes.len() < SHAPES || shapes.last().is_some_and(|last| shape < *last) {
                shapes.insert(shape);
            }
            if shapes.len() > SHAPES {
                shapes.pop_last();
            }
        } else {
            self.shapes.insert(column.to_owned(), [shape].into());
        }
    }

    pub(crate) fn note_outside(&mut self, micros: i64) {
        self.outside_span =
            Some(self.outside_span.map_or((micros, micros), |(first, last)| (first.min(micros), last.max(micros))));
    }

    /// A file of which no row could be read.
    pub(crate) fn note_unread(&mut self, appearance: Appearance, source: &Arc<str>) {
        self.unread.entry(appearance).or_default().merge(&Unread { files: 1, names: [Arc::clone(source)].into() });
    }

    /// Whether any row could be read, be it outside the window.
    pub fn has_read(&self) -> bool {
        self.accepted + self.outside_window > 0
    }

    /// Whether rows were rejected although their names are read: for a value, or for an account alone.
    pub fn rejected_for_values(&self) -> bool {
        let has_time = !self.rejected.contains_key(&Reason::Missing("time"));
        self.rejected.keys().any(|reason| match reason {
            Reason::Missing(_) => has_time,
            Reason::NoHeader => false,
            _ => true,
        })
    }

    fn note_coverage(&mut self, column: &str, count: u64) {
        match self.coverage.get_mut(column) {
            Some(total) => *total += count,
            None => _ = self.coverage.insert(column.into(), count),
        }
    }
}

impl Unread {
    fn merge(&mut self, other: &Self) {
        self.files += other.files;
        self.names.extend(other.names.iter().cloned());
        while self.names.len() > SAMPLES {
            self.names.pop_last();
        }
    }
}

/// The shape of a value: digits as 9, letters as a, everything else as it is, cut at forty characters. Nothing can be
/// learnt from it but how the value is written.
pub(crate) fn shape(text: &str) -> String {
    let mut shape: String = text
        .chars()
        .take(SHAPE_CHARACTERS)
        .map(|character| match character {
            digit if digit.is_numeric() => '9',
            letter if letter.is_alphabetic() || !letter.is_ascii() => 'a',
            control if control.is_ascii_control() => ' ',
            other => other,
        })
        .collect();
    if text.chars().nth(SHAPE_CHARACTERS).is_some() {
        shape.push('…');
    }
    shape
}

impl Rejected {
    /// Adds what another part counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        other.samples.iter().for_each(|sample| self.sample(sample.clone()));
    }

    pub(crate) fn sample(&mut self, sample: Sample) {
        self.samples.insert(sample);
        if self.samples.len() > SAMPLES {
            self.samples.pop_last();
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedJson => f.write_str("malformed JSON"),
            Self::NotAnObject => f.write_str("not a JSON object"),
            Self::TooDeep => f.write_str("JSON nested too deeply"),
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::LineTooLong(limit) if limit % MEBIBYTE == 0 => write!(f, "line over {} MiB", limit / MEBIBYTE),
            Self::LineTooLong(limit) => write!(f, "line over {limit} bytes"),
            Self::CellCount => f.write_str("more or fewer cells than the header"),
            Self::NoHeader => f.write_str("no header that names a column"),
            Self::Missing(column) => write!(f, "no {column}"),
            Self::Unreadable(column) => write!(f, "unreadable {column}"),
            Self::TimeOutOfRange => f.write_str("time out of range"),
            Self::Truncated(what) => write!(f, "truncated {what}"),
            Self::Damaged(what) => write!(f, "damaged {what}"),
            Self::TooManyValues(most) => write!(f, "over {most} values in one record"),
            Self::LongWindow(most) => write!(f, "zstd window over {most} MiB"),
            Self::Expanded(most) => write!(f, "decompresses to over {most} times its size"),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const SAMPLES: usize = 5;
const SHAPES: usize = 3;
const SHAPE_CHARACTERS: usize = 40;
const UNKNOWN_COLUMNS: usize = 100;
const UNKNOWN_NAME_CHARACTERS: usize = 64;
const MEBIBYTE: usize = 1 << 20;

fn add(own: &mut BTreeMap<String, u64>, other: &BTreeMap<String, u64>) {
    for (name, count) in other {
        *own.entry(name.clone()).or_default() += count;
    }
}

/// Keeps the hundred names that sort first, each cut at 64 characters, so that the order of arrival does not matter.
pub(crate) fn note_name(names: &mut BTreeSet<String>, name: &str) {
    let name = cut(name);
    if names.contains(name) {
        return;
    }
    if names.len() >= UNKNOWN_COLUMNS {
        if names.last().is_some_and(|last| name > last.as_str()) {
            return;
        }
        names.pop_last();
    }
    names.insert(name.into());
}

/// Whether a name may be told. Keys of objects are written by clients too: what holds spaces, signs or long numbers may be
/// a prompt, an address or an id.
pub(crate) fn looks_like_a_name(name: &str) -> bool {
    name.split('/').all(|part| {
        part.len() <= LONGEST_PART
            && part.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '$'))
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-$:".contains(&byte))
            && part.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
    })
}

const LONGEST_PART: usize = 48;
/// `x-ja4`, `gpt_4_1106`; a date or the hexadecimal digits of an id have more.
const MOST_DIGITS: usize = 4;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn cut(name: &str) -> &str {
    name.char_indices().nth(UNKNOWN_NAME_CHARACTERS).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::{Reason, Tally, looks_like_a_name, shape};

    #[test]
    fn parts_add_up_in_any_order() {
        let part = |name: &str, rows: u64| {
            let mut tally = Tally::default();
            (1..=rows).for_each(|row| tally.reject(Reason::NotUtf8, &name.into(), row));
            (0..70).for_each(|n| tally.note_unknown(&format!("{name}{n}")));
            tally
        };
        let (a, b) = (part("a", 4), part("b", 4));
        let sum = |first: &Tally, second: &Tally| {
            let mut sum = first.clone();
            sum.merge(second);
            sum
        };
        assert_eq!(sum(&a, &b), sum(&b, &a));
        let rejected = &sum(&b, &a).rejected[&Reason::NotUtf8];
        assert_eq!((rejected.count, rejected.samples.len()), (8, 5));
        assert_eq!(sum(&a, &b).unknown_columns.len(), 100);
    }

    #[test]
    fn names_are_told_and_data_is_not() {
        for name in
            ["extra", "gen_ai.usage.cache_creation.input_tokens", "metadata/x-ja4", "$schema", "tensorzero::tag"]
        {
            assert!(looks_like_a_name(name), "{name}");
        }
        for data in [
            "my diagnosis",
            "2026-09-07T09:00:00Z",
            "jane@example.org",
            "metadata/4f1c9a77-30c2-4d1b-9f5e-2a7f4f3d9b01",
            "{\"a\": 1}",
            "",
            "é",
        ] {
            assert!(!looks_like_a_name(data), "{data}");
        }
    }

    #[test]
    fn a_shape_says_how_a_value_is_written_and_no_more() {
        assert_eq!(shape("9/7/2026 10:05 PM"), "9/9/9999 99:99 aa");
        assert_eq!(shape("jänner\t٣"), "aaaaaa 9");
        assert_eq!(shape(&"x".repeat(100)).chars().count(), 41);
        let mut tally = Tally::default();
        for text in ["c-", "b,", "a.", "9:"] {
            tally.note_shape("time", text);
        }
        assert_eq!(tally.shapes["time"].iter().collect::<Vec<_>>(), ["9:", "a,", "a-"]);
    }

    #[test]
    fn a_limit_is_printed_in_its_unit() {
        assert_eq!(Reason::LineTooLong(16 << 20).to_string(), "line over 16 MiB");
        assert_eq!(Reason::LineTooLong(1000).to_string(), "line over 1000 bytes");
    }
}
