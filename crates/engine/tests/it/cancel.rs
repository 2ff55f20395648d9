//! A run stops when asked to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use stillwatch_engine::{Batches, EngineError, Progress, Source, Unit};

use crate::traffic::{engine, traffic};

/// A unit that never ends and holds `alive` as long as it is being read.
fn endless(batch: RecordBatch, alive: Arc<()>) -> Unit {
    Box::new(move || {
        Ok(Box::new(std::iter::repeat_with(move || {
            let _ = &alive;
            Ok(batch.clone())
        })) as Batches)
    })
}

#[test]
fn the_flag_stops_a_run() {
    let spill = tempfile::tempdir().unwrap();
    let progress = Progress::default();
    let source = Source::new([endless(traffic(500, 20).remove(0), Arc::default())]);
    let mut days = engine(2, 1 << 30, spill.path()).digest(source, &progress).unwrap();
    until(|| progress.fingerprinted() > 1_000);
    progress.cancel();
    assert!(matches!(days.next(), Some(Err(EngineError::Cancelled))));
    assert!(days.next().is_none());
}

#[test]
fn dropping_the_stream_stops_the_run() {
    let spill = tempfile::tempdir().unwrap();
    let (progress, alive) = (Progress::default(), Arc::new(()));
    let source = Source::new([endless(traffic(500, 20).remove(0), Arc::clone(&alive))]);
    let engine = engine(2, 1 << 30, spill.path());
    let days = engine.digest(source, &progress).unwrap();
    until(|| progress.fingerprinted() > 1_000);
    drop(days);
    until(|| Arc::strong_count(&alive) == 1);
}

#[test]
fn a_run_that_ended_was_not_cancelled() {
    let spill = tempfile::tempdir().unwrap();
    let progress = Progress::default();
    let days = engine(2, 1 << 30, spill.path()).digest(Source::from_batches(traffic(500, 20)), &progress).unwrap();
    assert_eq!(days.count(), 60);
    assert!(!progress.is_cancelled());
    assert_eq!(progress.fingerprinted(), 500);
}

#[test]
fn an_error_of_the_source_ends_the_run() {
    let spill = tempfile::tempdir().unwrap();
    let unit: Unit = Box::new(|| Err("no such file".into()));
    let mut days = engine(2, 1 << 30, spill.path()).digest(Source::new([unit]), &Progress::default()).unwrap();
    assert!(matches!(days.next(), Some(Err(EngineError::Source(error))) if error.to_string() == "no such file"));
}

fn until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}
