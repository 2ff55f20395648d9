use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::LogSource;
use super::json::Json;
use super::out::Out;
use super::table::{Known, RETENTION};
use crate::raw::Row;
use crate::tally::Tally;

/// What the files of one log have in common while they are read one after the other, so that halves of an exchange
/// meet although they stand in different files. Clones are the same session.
#[derive(Clone)]
pub struct Session(Arc<Mutex<State>>);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// The bounds within which a session holds what waits.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Memory for halves that wait for each other, in bytes. Beyond it the oldest are given out alone.
    pub budget: usize,
    /// The moment, in microseconds since the epoch, after which no record can lie: it tells the year of times without
    /// one.
    pub latest: i64,
}

impl Session {
    /// A session of files that hold these `parts` (see [`Recognised`](super::Recognised)).
    pub fn new(source: &'static LogSource, parts: u8, limits: SessionLimits) -> Self {
        let known = Known::new(source.tables.iter().copied().chain([RETENTION]));
        Self(Arc::new(Mutex::new(State { source, known, out: Out::new(source, parts, limits) })))
    }

    /// Whether lines that are no JSON belong to the log.
    pub(super) fn reads_lines(&self) -> bool {
        self.with(|state| state.source.lines)
    }

    /// Reads one record; what it completes is ready afterwards.
    pub(super) fn read(&self, record: Json, number: u64, overrides: &Overrides, unknown: &mut dyn FnMut(&str)) {
        self.with(|state| state.read(record, number, overrides, unknown));
    }

    /// Makes ready what still waits.
    pub(super) fn finish(&self) {
        self.with(|state| state.out.finish());
    }

    /// The next exchange that is ready, and the number of the record that began it.
    pub(super) fn next(&self) -> Option<(u64, Row<'static>)> {
        self.with(|state| state.out.next()).map(|(number, draft)| (number, draft.into_row()))
    }

    /// Adds what was counted since the last time.
    pub(super) fn count(&self, tally: &mut Tally) {
        self.with(|state| state.out.count(tally));
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Columns that the caller's field map takes from elsewhere, with their paths.
pub(super) type Overrides = Vec<(&'static str, String)>;

struct State {
    source: &'static LogSource,
    known: Known,
    out: Out,
}

impl State {
    fn read(&mut self, mut record: Json, number: u64, overrides: &Overrides, unknown: &mut dyn FnMut(&str)) {
        self.out.begin(number, overrides);
        self.source.open.iter().for_each(|path| record.open(path));
        match envelope(&mut record) {
            None => self.one(&record, unknown),
            Some(inside) => {
                for mut inner in inside {
                    self.source.open.iter().for_each(|path| inner.open(path));
                    self.one(&inner, unknown);
                }
            }
        }
    }

    fn one(&mut self, record: &Json, unknown: &mut dyn FnMut(&str)) {
        (self.source.read)(record, &mut self.out);
        if !self.source.tells_unknown {
            self.known.unknown(record, "", unknown);
        }
        self.out.unknown.drain(..).for_each(|name| unknown(&name));
    }
}

/// The records of an answer of an interface, or of a file, that wraps them.
fn envelope(record: &mut Json) -> Option<Vec<Json>> {
    let Json::Map(entries) = record else { return None };
    if entries.len() > MOST_ENVELOPE_NAMES {
        return None;
    }
    let wraps =
        |value: &Json| matches!(value, Json::List(items) if items.iter().all(|item| matches!(item, Json::Map(_))));
    let (_, inside) = entries.iter_mut().find(|(name, value)| ENVELOPES.contains(&name.as_str()) && wraps(value))?;
    match std::mem::take(inside) {
        Json::List(items) => Some(items),
        _ => None,
    }
}

/// The names under which interfaces and exports wrap their records.
pub(super) const ENVELOPES: [&str; 7] = ["result", "data", "records", "value", "items", "logs", "rows"];
const MOST_ENVELOPE_NAMES: usize = 10;
