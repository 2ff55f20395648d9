use std::num::NonZeroUsize;

use stillwatch_core::{Cancel, Cancelled};

/// The results of `work` for `0..count` in order, from as many threads, each with a state of its own. Once cancelled, each
/// thread ends after the piece at hand.
pub(crate) fn in_parallel<S, T: Send>(
    threads: NonZeroUsize,
    count: usize,
    cancel: &Cancel,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Result<Vec<T>, Cancelled> {
    let part = count.div_ceil(threads.get()).max(1);
    let ranges = (0..count).step_by(part).map(|start| start..(start + part).min(count));
    std::thread::scope(|scope| {
        let (state, work) = (&state, &work);
        let workers: Vec<_> = ranges
            .map(|range| {
                scope.spawn(move || {
                    let mut state = state();
                    range.map(|index| cancel.check().map(|()| work(&mut state, index))).collect::<Result<Vec<T>, _>>()
                })
            })
            .collect();
        let mut results = Vec::new();
        for worker in workers {
            results.extend(worker.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))?);
        }
        Ok(results)
    })
}
