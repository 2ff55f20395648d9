//! Detection ends when it is asked to, and says how far it is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use stillwatch_core::{Cancel, Cancelled, Progress, Silent, Stage, Window};
use stillwatch_detect::Inputs;

use crate::traffic::{mixed_case, mixed_report};

const THREADS: usize = 2;

/// Says when the first round is done, and counts all of them.
struct Rounds {
    done: AtomicU64,
    first: Mutex<Option<Sender<()>>>,
}

impl Progress for Rounds {
    fn begin(&self, _stage: &Stage) {}

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::SeqCst);
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(first) = first {
            first.send(()).unwrap();
        }
    }
}

#[test]
fn another_thread_stops_the_nulls_within_a_round() {
    let (first, started) = channel();
    let rounds = Rounds { done: AtomicU64::new(0), first: Mutex::new(Some(first)) };
    let cancel = Cancel::default();
    let at_cancel = AtomicU64::new(0);
    let (stop, done, when) = (&cancel, &rounds.done, &at_cancel);
    let result = thread::scope(|scope| {
        let stopper = scope.spawn(move || {
            started.recv().unwrap();
            stop.cancel();
            when.store(done.load(Ordering::SeqCst), Ordering::SeqCst);
        });
        let result = mixed_case().detector(THREADS).detect(Window::default(), Inputs::default(), &cancel, &rounds);
        stopper.join().unwrap();
        result
    });
    assert_eq!(result.unwrap_err(), Cancelled);
    let after = rounds.done.load(Ordering::SeqCst) - at_cancel.load(Ordering::SeqCst);
    // Each thread may have been in the middle of one.
    assert!(after <= THREADS as u64, "{after} rounds after the work was cancelled");
}

#[test]
fn what_is_cancelled_beforehand_is_not_begun() {
    let cancel = Cancel::default();
    cancel.cancel();
    let result = mixed_case().detector(THREADS).detect(Window::default(), Inputs::default(), &cancel, &Silent);
    assert_eq!(result.unwrap_err(), Cancelled);
}

#[test]
fn whoever_is_told_of_progress_changes_nothing() {
    let rounds = Rounds { done: AtomicU64::new(0), first: Mutex::new(None) };
    let detector = mixed_case().detector(THREADS);
    let report = detector.detect(Window::default(), Inputs::default(), &Cancel::default(), &rounds).unwrap();
    assert_eq!(&report, mixed_report());
    assert!(rounds.done.load(Ordering::SeqCst) >= report.nulls.rounds);
}
