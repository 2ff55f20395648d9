//! Lines on standard error.

use std::io::{Write, stderr};

use stillwatch_report::escape;

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
