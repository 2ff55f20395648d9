//! Lines on standard error.

use std::io::{Write, stderr};

use stillwatch_report::escape;
use stillwatch_run::{Level, Notice, Notices};

/// `label: text`. That nobody listens is no reason to stop.
pub(crate) fn line(label: &str, text: &str) {
    let _ = writeln!(stderr().lock(), "{label}: {}", escape(text));
}

pub(crate) fn note(text: &str) {
    line("note", text);
}

pub(crate) fn warning(text: &str) {
    line("warning", text);
}

/// Writes what a run has to say.
pub(crate) struct Lines;

impl Notices for Lines {
    fn notify(&self, notice: &Notice) {
        match notice.level() {
            Level::Note => note(&notice.to_string()),
            Level::Warning => warning(&notice.to_string()),
        }
    }
}
