//! The threads that plans run on.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::{JoinHandle, block_in_place, unconstrained};

use crate::EngineError;

/// A runtime of the engine's own, or one that it was given.
#[derive(Clone, Debug)]
pub(crate) enum Threads {
    Own(Arc<OwnRuntime>),
    Given(Handle),
}

impl Threads {
    /// A plan reads files in its tasks, which a runtime of one thread cannot hand on meanwhile, so such a handle is
    /// left alone.
    pub(crate) fn new(given: Option<Handle>, count: usize) -> Result<Self, EngineError> {
        if let Some(handle) = given.filter(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread) {
            return Ok(Self::Given(handle));
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(count)
            .thread_name("engine")
            .build()
            .map_err(EngineError::Start)?;
        Ok(Self::Own(Arc::new(OwnRuntime(Some(runtime)))))
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Option<JoinHandle<()>> {
        match self {
            Self::Own(runtime) => runtime.0.as_ref().map(|runtime| runtime.spawn(task)),
            Self::Given(handle) => Some(handle.spawn(task)),
        }
    }

    /// Waits in this thread for something that the threads do.
    pub(crate) fn wait<F: Future>(&self, future: F) -> F::Output {
        match self {
            // In a task of that runtime, its other tasks go on in another thread.
            Self::Given(_)
                if Handle::try_current().is_ok_and(|own| own.runtime_flavor() == RuntimeFlavor::MultiThread) =>
            {
                block_in_place(|| wait(future))
            }
            _ => wait(future),
        }
    }
}

#[derive(Debug)]
pub(crate) struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    /// Waits until no task runs any more, so that nothing is written to a spill folder that is about to be removed.
    fn drop(&mut self) {
        let Some(runtime) = self.0.take() else { return };
        if Handle::try_current().is_err() {
            return drop(runtime);
        }
        // Inside another runtime, a thread without one has to do the waiting.
        let runtime = Arc::new(Mutex::new(Some(runtime)));
        let shared = Arc::clone(&runtime);
        let take = |runtime: &Mutex<Option<Runtime>>| runtime.lock().unwrap_or_else(PoisonError::into_inner).take();
        match thread::Builder::new().name("engine-end".into()).spawn(move || drop(take(&shared))) {
            Ok(end) => drop(end.join()),
            Err(_) => take(&runtime).into_iter().for_each(Runtime::shutdown_background),
        }
    }
}

/// Parks this thread until the future is ready. Tokio's own way to wait panics in a task, and this one does not.
fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // The budget of a task that waits here is not renewed while it waits.
    let mut future = pin!(unconstrained(future));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
