/// Two results, on two threads where the graph is large enough to be worth a second one.
pub(crate) fn join<A: Send, B: Send>(
    is_large: bool,
    first: impl FnOnce() -> A,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if !is_large {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let second = scope.spawn(second);
        let first = first();
        match second.join() {
            Ok(second) => (first, second),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Edges from which a walk takes longer than a thread to start, by far.
pub(crate) const LARGE: usize = 100_000;
