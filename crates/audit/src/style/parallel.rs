//! Independent pieces of work on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use stillwatch_core::{Cancel, Cancelled};

/// The results of `work(0)`, `work(1)`, … in that order, whatever the number of threads. Once cancelled, no other piece is
/// begun, and what the others gave is dropped.
pub(crate) fn each<T: Send>(
    count: usize,
    threads: usize,
    cancel: &Cancel,
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, Cancelled> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || cancel.is_cancelled() {
                break;
            }
            let result = work(index);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.clamp(1, count.max(1)) {
            scope.spawn(worker);
        }
        worker();
    });
    cancel.check()?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use stillwatch_core::{Cancel, Cancelled};

    use super::each;

    #[test]
    fn results_keep_their_order() {
        let squares = |count| each(count, 8, &Cancel::default(), |index| index * index).unwrap();
        assert_eq!(squares(100), (0..100).map(|index| index * index).collect::<Vec<_>>());
        assert!(squares(0).is_empty());
    }

    #[test]
    fn nothing_is_begun_after_a_cancellation() {
        let (cancel, begun) = (Cancel::default(), AtomicUsize::new(0));
        let work = |index| {
            begun.fetch_add(1, Ordering::Relaxed);
            if index == 3 {
                cancel.cancel();
            }
        };
        assert_eq!(each(1000, 1, &cancel, work), Err(Cancelled));
        assert_eq!(begun.into_inner(), 4);
    }
}
