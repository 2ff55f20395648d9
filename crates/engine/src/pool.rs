use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation};

/// Memory in which every operator has a share that no other can take.
///
/// Three eighths are for operators that can spill. As much is for the merges inside them, which read back what was
/// spilled or order what was not: there are fewer of them, so each can hold more than its operator. A quarter is for
/// the merge on top, without which no row leaves. Each part is shared evenly. Merges take all that they are given. DataFusion's `FairSpillPool` leaves them what the others did not take, which
/// may be nothing, and the second merge what the first one left.
///
/// As there, the share limits each reservation; an aggregation has two while it merges what it spilled.
#[derive(Debug)]
pub(crate) struct SharedPool {
    size: usize,
    reserved: AtomicUsize,
    /// Operators of each class.
    operators: [AtomicUsize; 3],
}

const SPILLING: usize = 0;
const MERGING: usize = 1;
const TOP: usize = 2;

/// The parts of the classes in eighths of the pool.
const EIGHTHS: [usize; 3] = [3, 3, 2];

/// How the last merge of a sort names itself.
const TOP_MERGE: &str = "SortPreservingMergeExec";

impl SharedPool {
    pub(crate) fn new(size: usize) -> Self {
        Self { size, reserved: AtomicUsize::default(), operators: Default::default() }
    }
}

impl MemoryPool for SharedPool {
    fn name(&self) -> &'static str {
        "shared"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.operators[class(consumer)].fetch_add(1, Ordering::Relaxed);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.operators[class(consumer)].fetch_sub(1, Ordering::Relaxed);
    }

    fn grow(&self, _: &MemoryReservation, additional: usize) {
        self.reserved.fetch_add(additional, Ordering::Relaxed);
    }

    fn shrink(&self, _: &MemoryReservation, shrink: usize) {
        self.reserved.fetch_sub(shrink, Ordering::Relaxed);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let class = class(reservation.consumer());
        let share = self.size / 8 * EIGHTHS[class] / self.operators[class].load(Ordering::Relaxed).max(1);
        let (name, held) = (reservation.consumer().name(), reservation.size());
        if held + additional > share {
            let message = format!("{name} holds {held} bytes and needs {additional} more; its share is {share}");
            return Err(DataFusionError::ResourcesExhausted(message));
        }
        self.grow(reservation, additional);
        Ok(())
    }

    fn reserved(&self) -> usize {
        self.reserved.load(Ordering::Relaxed)
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.size)
    }
}

fn class(consumer: &MemoryConsumer) -> usize {
    if consumer.can_spill() {
        SPILLING
    } else if consumer.name().starts_with(TOP_MERGE) {
        TOP
    } else {
        MERGING
    }
}

impl fmt::Display for SharedPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.reserved(), self.size)
    }
}
