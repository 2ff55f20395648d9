//! What was not read: the first thing that any form of a report says.

use stillwatch_core::NotEvaluated;
use stillwatch_detect::Extent;

use crate::phrase::sentence;

/// The first line of a report whose input was not all read.
pub fn unread_headline(read: Extent) -> Option<&'static str> {
    match read {
        Extent::All => None,
        Extent::Partly => Some("Part of the input was not read."),
        Extent::Nothing => Some("Nothing was read, so nothing is said about anyone."),
    }
}

/// One thing that was not read, and why.
pub fn unread_cause(gap: &NotEvaluated) -> String {
    format!("{}: {}", gap.what, sentence(&gap.why))
}
