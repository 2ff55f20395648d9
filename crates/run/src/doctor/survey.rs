//! One log, row by row, in numbers.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use serde::Serialize;
use stillwatch_core::{Micros, NotEvaluated, Retention};
use stillwatch_ingest::{EdgeLog, FieldSurvey, Tally};

use super::clock::{Differences, Skew};
use crate::logs::{CANONICAL, Log};
use crate::reading::unread;

/// Identities kept to count different ones; beyond it the count is a lower bound.
const MOST_KNOWN: usize = 4_000_000;

/// What one log is and holds.
#[derive(Debug, Serialize)]
pub struct LogReport {
    pub files: Vec<String>,
    /// A name of `--format-in`, or `not recognised`.
    pub source: String,
    pub title: String,
    /// Of a log of several parts, those that are there and those that are missing.
    pub parts: Vec<&'static str>,
    pub missing_parts: Vec<&'static str>,
    pub rows: u64,
    pub accepted: u64,
    pub rejected: BTreeMap<String, u64>,
    /// Values of accepted rows that were set right or dropped by themselves.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub repaired: BTreeMap<String, u64>,
    /// What was not read, why, and the next step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<NotEvaluated>,
    /// Records that are no exchanges, and exchanges that lack their other half.
    pub set_aside: BTreeMap<String, u64>,
    pub unjoined: BTreeMap<String, u64>,
    /// Share of the accepted rows by column.
    pub coverage: BTreeMap<String, f64>,
    #[serde(skip)]
    pub(super) counts: BTreeMap<String, u64>,
    pub field_errors: BTreeMap<String, u64>,
    /// How values are written that their column cannot hold: digits as 9, letters as a.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shapes: BTreeMap<String, BTreeSet<String>>,
    /// Of a log of which nothing was read: its fields, and the field map that they suggest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<FieldSurvey>,
    pub unknown_columns: BTreeSet<String>,
    /// Different accounts; a lower bound above four million.
    pub accounts: u64,
    pub unattributed: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    /// Rows later than this machine's clock by more than five minutes.
    pub future: u64,
    /// Rows earlier than the row before them.
    pub disordered: u64,
    /// Rows of the same account, time and request id as a row before.
    pub duplicates: u64,
    /// Rows that are further attempts at a request that a row before holds.
    pub retries: u64,
    /// Rows under an id and account of a row shortly before that are exchanges of their own.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeated_ids: u64,
    /// Names of fields that are not shown because they may be data.
    #[serde(skip_serializing_if = "is_zero")]
    pub untold_names: u64,
    pub tokens: Tokens,
    pub sampling: Option<Sampling>,
    /// Rows by retention class; `unmarked` for those without one.
    pub retention: BTreeMap<String, u64>,
    /// Against the edge log.
    pub clock: Option<Skew>,
}

#[derive(Debug, Default, Serialize)]
pub struct Tokens {
    pub input: i64,
    pub output: i64,
    pub cached: i64,
}

/// Shares of the traffic that the log holds.
#[derive(Debug, Serialize)]
pub struct Sampling {
    pub least: f64,
    pub most: f64,
}

/// Goes through the batches of one log.
#[derive(Default)]
pub(super) struct Survey {
    first: Option<i64>,
    last: Option<i64>,
    future: u64,
    now: i64,
    accounts: HashSet<u64>,
    seen: HashSet<u64>,
    requests: HashSet<u64>,
    duplicates: u64,
    retries: u64,
    tokens: Tokens,
    sampling: Option<Sampling>,
    retention: BTreeMap<String, u64>,
    differences: Differences,
}

impl Survey {
    /// `now` is this machine's time in microseconds.
    pub(super) fn new(now: i64) -> Self {
        Self { now, ..Self::default() }
    }

    pub(super) fn add(&mut self, batch: &RecordBatch, edge: Option<&EdgeLog>) {
        let texts = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        let times =
            batch.column_by_name("time").and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>());
        let (Some(times), Some(accounts), Some(ids)) = (times, texts("account"), texts("request_id")) else { return };
        for row in 0..batch.num_rows() {
            let time = times.value(row);
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
            self.future += u64::from(time > self.now.saturating_add(FUTURE_MICROS));
            let account = accounts.value(row);
            if account != stillwatch_ingest::UNATTRIBUTED {
                insert(&mut self.accounts, account);
            }
            if let Some(id) = text(ids, row) {
                if !insert(&mut self.seen, (account, time, id)) {
                    self.duplicates += 1;
                } else if !insert(&mut self.requests, (account, id)) {
                    self.retries += 1;
                }
                if let Some(seen) = edge.and_then(|edge| edge.time_of(id)) {
                    self.differences.add(time, seen.0);
                }
            }
        }
        let sum = |name: &str| {
            let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
            column.into_iter().flatten().flatten().fold(0, i64::saturating_add)
        };
        self.tokens.input = self.tokens.input.saturating_add(sum("input_tokens"));
        self.tokens.output = self.tokens.output.saturating_add(sum("output_tokens"));
        self.tokens.cached = self.tokens.cached.saturating_add(sum("cached_tokens"));
        let rates = batch.column_by_name("sample_rate").and_then(|column| column.as_primitive_opt::<Float64Type>());
        for rate in rates.into_iter().flatten().flatten() {
            let (least, most) =
                self.sampling.as_ref().map_or((rate, rate), |before| (before.least.min(rate), before.most.max(rate)));
            self.sampling = Some(Sampling { least, most });
        }
        if let Some(classes) = texts("retention") {
            for class in classes {
                *self.retention.entry(class_of(class).to_owned()).or_default() += 1;
            }
        }
    }

    pub(super) fn report(self, log: &Log, tally: &Tally) -> LogReport {
        let source = log.source();
        let parts = source.map_or(&[][..], |source| source.parts);
        let told = log.recognised.map_or(0, |recognised| recognised.parts);
        let (there, missing): (Vec<(usize, &'static str)>, Vec<_>) =
            parts.iter().copied().enumerate().filter(|_| parts.len() > 1).partition(|(bit, _)| told & (1 << bit) > 0);
        let moment = |time: Option<i64>| time.map(|time| Micros(time).to_rfc3339());
        #[expect(clippy::cast_precision_loss, reason = "logs stay below 2^53 rows")]
        let share = |count: u64| count as f64 / tally.accepted.max(1) as f64;
        let attributed = tally.attributed(&log.name());
        let is_read = attributed.has_read() || tally.rejected_for_values();
        let own = if is_read { (CANONICAL, "canonical columns") } else { NOT_RECOGNISED };
        let refused = tally.unread.keys().find(|appearance| appearance.is_refused());
        let title = refused.map_or_else(|| own.1.to_owned(), ToString::to_string);
        LogReport {
            files: log.files.iter().map(|file| file.name.clone()).collect(),
            source: source.map_or(own.0, |source| source.name).to_owned(),
            title: source.map_or(title, |source| source.title.to_owned()),
            parts: there.into_iter().map(|(_, part)| part).collect(),
            missing_parts: missing.into_iter().map(|(_, part)| part).collect(),
            rows: tally.rows,
            accepted: tally.accepted,
            rejected: tally.rejected.iter().map(|(reason, rows)| (reason.to_string(), rows.count)).collect(),
            repaired: tally.repaired.clone(),
            not_read: unread(&attributed),
            set_aside: tally.set_aside.clone(),
            unjoined: tally.unjoined.clone(),
            coverage: tally.coverage.iter().map(|(name, count)| (name.clone(), share(*count))).collect(),
            counts: tally.coverage.clone(),
            field_errors: tally.field_errors.clone(),
            shapes: tally.shapes.clone(),
            fields: None,
            unknown_columns: tally.unknown_columns.clone(),
            accounts: self.accounts.len() as u64,
            unattributed: tally.unattributed,
            first: moment(self.first),
            last: moment(self.last),
            future: self.future,
            disordered: tally.disordered,
            duplicates: self.duplicates,
            retries: self.retries + tally.duplicates,
            repeated_ids: tally.repeated_ids,
            untold_names: tally.untold_names,
            tokens: self.tokens,
            sampling: self.sampling,
            retention: self.retention,
            clock: self.differences.skew(),
        }
    }
}

impl LogReport {
    /// It has no canonical columns either.
    pub(super) fn set_not_recognised(&mut self) {
        if self.source == CANONICAL {
            (self.source, self.title) = (NOT_RECOGNISED.0.to_owned(), NOT_RECOGNISED.1.to_owned());
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What a log is of which no name is known.
const NOT_RECOGNISED: (&str, &str) = ("not recognised", "no known log, and no canonical columns");
const FUTURE_MICROS: i64 = 300 * 1_000_000;

/// Any other word is read as the strictest class under which a row may be used.
fn class_of(word: Option<&str>) -> &'static str {
    match word.map(Retention::parse) {
        None => "unmarked",
        Some(None) => "unknown, read as metadata_only",
        Some(Some(Retention::None)) => "none",
        Some(Some(Retention::MetadataOnly)) => "metadata_only",
        Some(Some(Retention::FingerprintOnly)) => "fingerprint_only",
        Some(Some(Retention::Full)) => "full",
    }
}

fn text(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row)).filter(|text| !text.is_empty())
}

/// Whether it is new.
fn insert(known: &mut HashSet<u64>, what: impl Hash) -> bool {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    let hash = hasher.finish();
    if known.len() >= MOST_KNOWN { !known.contains(&hash) } else { known.insert(hash) }
}
