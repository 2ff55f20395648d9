//! A run may be started anywhere: in a task, on a runtime of one thread, on a runtime that it is given.

use std::sync::OnceLock;

use stillwatch_run::Context;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::traffic::{Traffic, detect, json};

/// The report without any runtime around it.
fn expected() -> &'static str {
    static EXPECTED: OnceLock<String> = OnceLock::new();
    EXPECTED.get_or_init(|| found(None))
}

fn found(runtime: Option<Handle>) -> String {
    let mut detect = detect(&[Traffic::shared().parquet()]);
    detect.logs.means.runtime = runtime;
    let found = detect.run(&Context::default()).unwrap();
    assert!(!found.report.campaigns.is_empty());
    json(&found.report)
}

fn several_threads(threads: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(threads).build().unwrap()
}

#[test]
fn a_detection_runs_inside_a_runtime_of_one_thread() {
    let runtime = Builder::new_current_thread().build().unwrap();
    assert!(runtime.block_on(async { found(None) }) == expected());
    // Its one thread is taken, so another runtime does the work.
    assert!(runtime.block_on(async { found(Some(Handle::current())) }) == expected());
}

#[test]
fn a_detection_runs_in_a_task_and_on_the_runtime_of_that_task() {
    for threads in [1, 2] {
        let runtime = several_threads(threads);
        let task = runtime.spawn(async { found(None) });
        assert!(runtime.block_on(task).unwrap() == expected());
        let task = runtime.spawn(async { found(Some(Handle::current())) });
        assert!(runtime.block_on(task).unwrap() == expected());
    }
}

#[test]
fn a_detection_works_on_a_runtime_that_it_is_given_from_outside() {
    let runtime = several_threads(2);
    assert!(found(Some(runtime.handle().clone())) == expected());
    let blocking = runtime.spawn_blocking(|| found(Some(Handle::current())));
    assert!(runtime.block_on(blocking).unwrap() == expected());
}
