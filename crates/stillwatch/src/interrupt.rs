//! Ctrl-C and SIGTERM: what is running is cancelled, temporary files are removed, the exit code is 130.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use stillwatch_engine::Progress;
use stillwatch_run::Context;

use crate::error::{Code, Failure};
use crate::message::{Lines, line};

/// Time for the engine to stop by itself; a read from a pipe may never return.
const GRACE: Duration = Duration::from_millis(1500);

struct State {
    interrupted: bool,
    running: Vec<Progress>,
}

static STATE: Mutex<State> = Mutex::new(State { interrupted: false, running: Vec::new() });
static CONTEXT: LazyLock<Context> = LazyLock::new(|| Context::default().with_notices(Lines));

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
    CONTEXT.cancel.cancel();
    running.iter().for_each(Progress::cancel);
    if !running.is_empty() {
        thread::sleep(GRACE);
    }
    // The main thread has not ended the process by itself. Holding the list keeps new files from appearing.
    let _removed = CONTEXT.temporaries.remove_all();
    #[expect(clippy::exit, reason = "the main thread may be waiting for a pipe that nobody closes")]
    std::process::exit(i32::from(Code::Interrupted.number()));
}

/// What all runs of this process share.
pub(crate) fn context() -> &'static Context {
    &CONTEXT
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
