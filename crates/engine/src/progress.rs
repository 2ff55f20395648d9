use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a run is, and the means to stop it. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancelled: AtomicBool,
    fingerprinted: AtomicU64,
    withheld: AtomicU64,
    spilled: AtomicU64,
}

impl Progress {
    /// Asks the run to stop; it does so before the next batch.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
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

    pub(crate) fn set_spilled(&self, bytes: usize) {
        self.0.spilled.store(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, fingerprinted: usize, withheld: usize) {
        self.0.fingerprinted.fetch_add(fingerprinted as u64, Ordering::Relaxed);
        self.0.withheld.fetch_add(withheld as u64, Ordering::Relaxed);
    }
}
