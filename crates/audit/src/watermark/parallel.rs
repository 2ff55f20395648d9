use std::num::NonZeroUsize;
use std::ops::Range;

/// Runs parts of `0..count` on threads of their own and joins the results in order.
pub(crate) fn in_parallel<T: Send>(
    threads: NonZeroUsize,
    count: usize,
    run: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    let part = count.div_ceil(threads.get()).max(1);
    let ranges = (0..count).step_by(part).map(|start| start..(start + part).min(count));
    std::thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = ranges.map(|range| scope.spawn(move || run(range))).collect();
        let results =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
        results.flatten().collect()
    })
}
