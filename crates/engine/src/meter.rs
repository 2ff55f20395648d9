use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use stillwatch_core::Cancel;

/// Counts what a run does, and holds what can stop it. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancel: Cancel,
    /// Nobody waits for the result any more.
    abandoned: AtomicBool,
    fingerprinted: AtomicU64,
    withheld: AtomicU64,
    spilled: AtomicU64,
}

impl Meter {
    /// A run that this token stops before its next batch.
    pub fn new(cancel: &Cancel) -> Self {
        Self(Arc::new(State { cancel: cancel.clone(), ..State::default() }))
    }

    /// Exchanges that went into a digest so far.
    pub fn fingerprinted(&self) -> u64 {
        self.0.fingerprinted.load(Ordering::Relaxed)
    }

    /// Exchanges dropped so far because their retention class is `none`.
    pub fn withheld(&self) -> u64 {
        self.0.withheld.load(Ordering::Relaxed)
    }

    /// Bytes written to the spill folder so far, as of the last batch that came out.
    pub fn spilled(&self) -> u64 {
        self.0.spilled.load(Ordering::Relaxed)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.0.cancel.is_cancelled() || self.0.abandoned.load(Ordering::Relaxed)
    }

    pub(crate) fn abandon(&self) {
        self.0.abandoned.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_spilled(&self, bytes: usize) {
        self.0.spilled.store(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, fingerprinted: usize, withheld: usize) {
        self.0.fingerprinted.fetch_add(fingerprinted as u64, Ordering::Relaxed);
        self.0.withheld.fetch_add(withheld as u64, Ordering::Relaxed);
    }
}
