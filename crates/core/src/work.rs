//! How long work is watched and stopped by whoever asked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks long work to end. Clones share one flag, so that a signal handler, a server and a test can each hold one.
///
/// Work looks at it between two pieces of bounded size (a batch of rows, a round of a null, a document) and returns
/// [`Cancelled`].
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the work to end; it cannot be taken back.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An error once [`Cancel::cancel`] was called, for use with `?`.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// The work has ended early because it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Is told how far a run is. Every method may be called from any thread and should return at once.
pub trait Progress: Send + Sync {
    /// A stage begins; the one before it, if any, is over.
    fn begin(&self, stage: &Stage);

    /// So many more units of the current stage are done.
    fn advance(&self, units: u64);

    /// So many of something else were met on the way, such as rows while bytes are read.
    fn also(&self, _unit: &'static str, _count: u64) {}

    /// The current stage is over.
    fn end(&self) {}
}

/// A part of a run that can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What is being done, such as `reading`.
    pub name: &'static str,
    /// What is counted, in the plural, such as `bytes`.
    pub unit: &'static str,
    /// How many there are, where that is known beforehand.
    pub total: Option<u64>,
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _stage: &Stage) {}
    fn advance(&self, _units: u64) {}
}

#[cfg(test)]
mod tests {
    use super::{Cancel, Cancelled};

    #[test]
    fn clones_share_the_flag() {
        let (ours, theirs) = (Cancel::default(), Cancel::default());
        let copy = ours.clone();
        copy.cancel();
        assert_eq!((ours.check(), theirs.check()), (Err(Cancelled), Ok(())));
    }
}
