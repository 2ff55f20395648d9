//! A progress bar with rate and time left, where standard error is a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use stillwatch_core::number::count;
use stillwatch_core::{Progress, Stage};

const LEARNING: &str = "learning; each maker, family and domain is left out once";
const TICK: Duration = Duration::from_millis(200);

/// Draws the stage that a run is in.
#[derive(Debug, Default)]
pub(crate) struct Terminal(Mutex<Option<Bar>>);

#[derive(Debug)]
struct Bar {
    bar: ProgressBar,
    rows: u64,
    started: Instant,
}

impl Progress for Terminal {
    fn begin(&self, stage: &Stage) {
        self.end();
        if !stderr().is_terminal() {
            return;
        }
        let bar = Bar { bar: drawn(stage), rows: 0, started: Instant::now() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
    }

    fn advance(&self, units: u64) {
        if let Some(bar) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.bar.inc(units);
        }
    }

    /// Rows are not known beforehand, so time left is told by bytes.
    fn also(&self, unit: &'static str, number: u64) {
        if let Some(bar) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.rows += number;
            let seconds = bar.started.elapsed().as_secs().max(1);
            bar.bar.set_message(format!("{} {unit}, {} {unit}/s", count(bar.rows), count(bar.rows / seconds)));
        }
    }

    fn end(&self) {
        if let Some(bar) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.bar.finish_and_clear();
        }
    }
}

fn drawn(stage: &Stage) -> ProgressBar {
    let (bar, template) = match (stage.unit, stage.total) {
        ("bytes", Some(bytes)) => {
            (ProgressBar::new(bytes.max(1)), "{bar:24} {percent}% of {total_bytes}, {msg}, {eta} left")
        }
        ("bytes", None) => (ProgressBar::new(1), "{spinner} reading: {bytes}, {msg} {elapsed}"),
        (_, Some(total)) => (ProgressBar::new(total.max(1)), "{bar:24} {percent}% {msg}"),
        (_, None) => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    if stage.unit != "bytes" {
        bar.set_message(if stage.name == "learning" { LEARNING } else { stage.name });
    }
    bar.enable_steady_tick(TICK);
    bar
}
