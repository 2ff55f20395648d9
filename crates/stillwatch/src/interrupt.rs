//! Ctrl-C and SIGTERM: what is running is cancelled, temporary files are removed, the exit code is 130.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use stillwatch_engine::Progress;

use crate::error::{Code, Failure};
use crate::message::line;

/// Time for the engine to stop by itself; a read from a pipe may never return.
const GRACE: Duration = Duration::from_millis(1500);
/// A folder may grow while it is removed.
const ATTEMPTS: usize = 5;

struct State {
    interrupted: bool,
    temporaries: BTreeSet<PathBuf>,
    running: Vec<Progress>,
}

static STATE: Mutex<State> =
    Mutex::new(State { interrupted: false, temporaries: BTreeSet::new(), running: Vec::new() });

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to listen for signals.
pub(crate) fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(end).map_err(|error| Failure::runtime("signals cannot be handled").because(error))
}

/// Runs in a thread of its own.
fn end() {
    let running = {
        let mut state = state();
        if state.interrupted {
            return;
        }
        state.interrupted = true;
        std::mem::take(&mut state.running)
    };
    line("interrupted", "stopping; no result is written and no temporary file is left");
    running.iter().for_each(Progress::cancel);
    if !running.is_empty() {
        thread::sleep(GRACE);
    }
    // The main thread has not ended the process by itself. Holding the state keeps new files from appearing.
    let state = state();
    for path in &state.temporaries {
        for _ in 0..ATTEMPTS {
            let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
            if removed.is_ok() || !path.exists() {
                break;
            }
        }
    }
    #[expect(clippy::exit, reason = "the main thread may be waiting for a pipe that nobody closes")]
    std::process::exit(i32::from(Code::Interrupted.number()));
}

/// Keeps a temporary path on the list of what is removed on interruption.
#[derive(Debug)]
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    pub(crate) fn new(path: &Path) -> Self {
        state().temporaries.insert(path.into());
        Self(path.into())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        state().temporaries.remove(&self.0);
    }
}

/// Whether a signal has come.
pub(crate) fn happened() -> bool {
    state().interrupted
}

/// Marks runs of the engine as what is to be cancelled, until it is dropped.
pub(crate) struct Running;

impl Running {
    pub(crate) fn new(runs: [&Progress; 2]) -> Self {
        let mut state = state();
        if state.interrupted {
            runs.into_iter().for_each(Progress::cancel);
        }
        state.running = runs.map(Clone::clone).into();
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        state().running.clear();
    }
}
