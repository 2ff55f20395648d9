//! A run stops when asked to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use stillwatch_core::Cancel;
use stillwatch_engine::{Batches, EngineError, Meter, Source, SourceError, Unit};

use crate::traffic::{engine, key, traffic};

/// A source that never ends and holds `alive` as long as it is being read.
fn endless(batch: RecordBatch, alive: Arc<()>) -> Source {
    let open = move |_: &Unit| {
        let (batch, alive) = (batch.clone(), Arc::clone(&alive));
        Ok(Box::new(std::iter::repeat_with(move || {
            let _ = &alive;
            Ok(batch.clone())
        })) as Batches)
    };
    Source::new([Unit::digests("endless", key().id())], Arc::new(open))
}

#[test]
fn the_flag_stops_a_run() {
    let spill = tempfile::tempdir().unwrap();
    let cancel = Cancel::default();
    let meter = Meter::new(&cancel);
    let source = endless(traffic(500, 20).remove(0), Arc::default());
    let mut days = engine(2, 1 << 30, spill.path()).digest(source, &meter).unwrap();
    until(|| meter.fingerprinted() > 1_000);
    cancel.cancel();
    assert!(matches!(days.next(), Some(Err(EngineError::Cancelled))));
    assert!(days.next().is_none());
}

#[test]
fn dropping_the_stream_stops_the_run() {
    let spill = tempfile::tempdir().unwrap();
    let (meter, alive) = (Meter::default(), Arc::new(()));
    let source = endless(traffic(500, 20).remove(0), Arc::clone(&alive));
    let engine = engine(2, 1 << 30, spill.path());
    let days = engine.digest(source, &meter).unwrap();
    until(|| meter.fingerprinted() > 1_000);
    drop(days);
    until(|| Arc::strong_count(&alive) == 1);
}

#[test]
fn a_run_that_is_dropped_or_ends_cancels_no_other() {
    let spill = tempfile::tempdir().unwrap();
    let cancel = Cancel::default();
    let engine = engine(2, 1 << 30, spill.path());
    drop(engine.digest(endless(traffic(500, 20).remove(0), Arc::default()), &Meter::new(&cancel)).unwrap());
    let meter = Meter::new(&cancel);
    let days = engine.digest(Source::from_batches(traffic(500, 20)), &meter).unwrap();
    assert_eq!(days.count(), 60);
    assert!(!cancel.is_cancelled());
    assert_eq!(meter.fingerprinted(), 500);
}

#[test]
fn an_error_of_the_source_ends_the_run() {
    let spill = tempfile::tempdir().unwrap();
    let refuse = |_: &Unit| -> Result<Batches, SourceError> { Err("no such file".into()) };
    let source = Source::new([Unit::digests("nowhere", key().id())], Arc::new(refuse));
    let mut days = engine(2, 1 << 30, spill.path()).digest(source, &Meter::default()).unwrap();
    assert!(matches!(days.next(), Some(Err(EngineError::Source(error))) if error.to_string() == "no such file"));
}

fn until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}
