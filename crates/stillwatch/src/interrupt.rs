//! Ctrl-C and SIGTERM: what is running is cancelled, temporary files are removed, the exit code is 130.
//!
//! What a process has but once stands here: the flag that a signal sets, and the list of temporary files.

use std::ops::Deref;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use stillwatch_run::Context;

use crate::error::{Code, Failure};
use crate::message::{Lines, line};
use crate::progress::Terminal;

/// Time for a run to stop by itself; a read from a pipe may never return.
const GRACE: Duration = Duration::from_millis(1500);

static CONTEXT: LazyLock<Context> =
    LazyLock::new(|| Context::default().with_progress(Terminal::default()).with_notices(Lines));
/// Runs that end by themselves when they are cancelled.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Starts to listen for signals.
pub(crate) fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(end).map_err(|error| Failure::runtime("signals cannot be handled").because(error))
}

/// Runs in a thread of its own.
fn end() {
    if happened() {
        return;
    }
    CONTEXT.cancel.cancel();
    line("interrupted", "stopping; no result is written and no temporary file is left");
    if RUNNING.load(Ordering::SeqCst) > 0 {
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
    CONTEXT.cancel.is_cancelled()
}

/// Marks a run that a signal cancels and that then ends by itself, until it is dropped.
pub(crate) struct Running;

impl Running {
    pub(crate) fn new() -> Self {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Deref for Running {
    type Target = Context;

    fn deref(&self) -> &Context {
        &CONTEXT
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A run that failed has not ended its stage.
        CONTEXT.progress.end();
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}
