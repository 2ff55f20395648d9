use std::io;

use crate::raw::Row;
use crate::tally::{Reason, Tally};

/// The rows of a text file, one at a time.
pub(crate) trait Records {
    /// Goes to the next row.
    fn advance(&mut self) -> io::Result<Step>;

    /// Its number, from 1.
    fn number(&self) -> u64;

    /// Its wanted values. `unknown` is told the names that are not wanted.
    fn row(&mut self, unknown: &mut dyn FnMut(&str)) -> Result<Row<'_>, Reason>;

    /// Adds what else was counted since the last time.
    fn count(&mut self, _: &mut Tally) {}
}

/// What came next.
pub(crate) enum Step {
    Record,
    Rejected(Reason),
    /// The file ended inside something.
    BrokenOff(Reason),
    End,
}
