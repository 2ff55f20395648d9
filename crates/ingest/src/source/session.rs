use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::assembly::{Assembly, Overrides, SessionLimits};
use super::envelope::envelope;
use super::json::Json;
use super::log_source::LogSource;
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

impl Session {
    /// A session of files that hold these `parts` (see [`Recognised`](crate::Recognised)).
    pub fn new(source: &'static LogSource, parts: u8, limits: SessionLimits) -> Self {
        let known = Known::new(source.tables.iter().copied().chain([RETENTION]));
        Self(Arc::new(Mutex::new(State { source, known, out: Assembly::new(&source.joining, parts, limits) })))
    }

    /// Whether lines that are no JSON belong to the log.
    pub(crate) fn reads_lines(&self) -> bool {
        self.with(|state| state.source.lines)
    }

    /// Reads one record; what it completes is ready afterwards.
    pub(crate) fn read(&self, record: Json, number: u64, overrides: &Overrides, unknown: &mut dyn FnMut(&str)) {
        self.with(|state| state.read(record, number, overrides, unknown));
    }

    /// Makes ready what still waits.
    pub(crate) fn finish(&self) {
        self.with(|state| state.out.finish());
    }

    /// The next exchange that is ready, and the number of the record that began it.
    pub(crate) fn next(&self) -> Option<(u64, Row<'static>)> {
        self.with(|state| state.out.next()).map(|(number, draft)| (number, draft.into_row()))
    }

    /// Adds what was counted since the last time.
    pub(crate) fn count(&self, tally: &mut Tally) {
        self.with(|state| state.out.count(tally));
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct State {
    source: &'static LogSource,
    known: Known,
    out: Assembly,
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
