//! A progress bar with rate and time left, where standard error is a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use stillwatch_report::count;

/// Counts bytes and rows as they are read. Time left is told by bytes, for rows are not known beforehand.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    rows: AtomicU64,
    started: Instant,
}

impl Bar {
    /// `bytes` is the size of all files; zero when it is not known.
    pub(crate) fn new(bytes: u64) -> Self {
        let bar = if stderr().is_terminal() { ProgressBar::new(bytes.max(1)) } else { ProgressBar::hidden() };
        let template = if bytes == 0 {
            "{spinner} reading: {bytes}, {msg} {elapsed}"
        } else {
            "{bar:24} {percent}% of {total_bytes}, {msg}, {eta} left"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, rows: AtomicU64::new(0), started: Instant::now() }
    }

    pub(crate) fn add(&self, bytes: u64, rows: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        if self.bar.is_hidden() {
            return;
        }
        self.bar.inc(bytes);
        let seconds = self.started.elapsed().as_secs().max(1);
        self.bar.set_message(format!("{} rows, {} rows/s", count(rows), count(rows / seconds)));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}

/// A line that says what is going on, until it is dropped.
pub(crate) struct Spinner(ProgressBar);

impl Spinner {
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = if stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
