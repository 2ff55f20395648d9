//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use stillwatch_core::Micros;

/// Now, to the second. A clock before 1970 stands at 1970.
pub fn now() -> Micros {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    i64::try_from(seconds).map_or(Micros(i64::MAX), Micros::from_seconds)
}
