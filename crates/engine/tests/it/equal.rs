//! Neither partitions, nor spills, nor skipped aggregation, nor repetition change a digest.

use crate::traffic::{digests, engine, engine_with, expected, starved, traffic};
use stillwatch_engine::{EngineError, Meter, Source, windows};

const ROWS: usize = 12_000;
const ACCOUNTS: usize = 300;
const AMPLE: usize = 1 << 30;

#[test]
fn any_number_of_partitions_gives_the_same_digests() {
    let spill = tempfile::tempdir().unwrap();
    let expected = expected(ROWS, ACCOUNTS);
    assert_eq!(expected.len(), 3 * ACCOUNTS);
    for threads in [1, 2, 5] {
        let found = digests(&engine(threads, AMPLE, spill.path()), traffic(ROWS, ACCOUNTS));
        assert!(found == expected, "{threads} partitions give other digests");
    }
}

#[test]
fn spilling_changes_nothing() {
    let expected = expected(ROWS, ACCOUNTS);
    for threads in [1, 2, 5] {
        let spill = tempfile::tempdir().unwrap();
        let engine = starved(threads, spill.path());
        let meter = Meter::default();
        let days = engine.digest(Source::from_batches(traffic(ROWS, ACCOUNTS)), &meter).unwrap();
        let found: Vec<_> = days.map(Result::unwrap).collect();
        assert!(meter.spilled() > 0, "nothing was spilled");
        assert!(found == expected, "{threads} partitions give other digests");
    }
}

#[test]
fn skipping_the_partial_aggregation_changes_nothing() {
    let spill = tempfile::tempdir().unwrap();
    let settings = [
        ("datafusion.execution.skip_partial_aggregation_probe_rows_threshold", "1"),
        ("datafusion.execution.skip_partial_aggregation_probe_ratio_threshold", "0.0"),
    ];
    let engine = engine_with(2, AMPLE, spill.path(), &settings);
    assert!(digests(&engine, traffic(ROWS, ACCOUNTS)) == expected(ROWS, ACCOUNTS));
}

#[test]
fn duplicates_in_other_partitions_change_nothing() {
    let spill = tempfile::tempdir().unwrap();
    let twice = [traffic(ROWS, ACCOUNTS), traffic(ROWS, ACCOUNTS)].concat();
    assert!(digests(&engine(2, AMPLE, spill.path()), twice) == expected(ROWS, ACCOUNTS));
}

#[test]
fn windows_hold_the_days_of_one_account() {
    let spill = tempfile::tempdir().unwrap();
    let days = digests(&engine(2, AMPLE, spill.path()), traffic(ROWS, ACCOUNTS));
    let windows: Result<Vec<_>, EngineError> = windows(days.into_iter().map(Ok)).collect();
    let windows = windows.unwrap();
    assert_eq!(windows.len(), ACCOUNTS);
    assert!(windows.is_sorted_by_key(|(account, _)| account.clone()));
    assert_eq!(windows.iter().map(|(_, window)| window.total).sum::<u64>(), ROWS as u64);
}

#[test]
fn days_out_of_order_are_refused() {
    let mut days = expected(40, 10);
    days.reverse();
    assert!(matches!(windows(days.into_iter().map(Ok)).last(), Some(Err(EngineError::DigestFile(_)))));
}

#[test]
fn too_little_memory_is_an_error_with_a_remedy() {
    let spill = tempfile::tempdir().unwrap();
    let engine = engine(2, 1 << 10, spill.path());
    let days = engine.digest(Source::from_batches(traffic(ROWS, ACCOUNTS)), &Meter::default()).unwrap();
    let error = days.filter_map(Result::err).next().unwrap();
    assert_eq!(error.help(), Some("raise --memory"));
}
