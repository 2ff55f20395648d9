//! A run tells how far it is and ends when asked to, with nothing left behind.

use std::sync::{Arc, Mutex};

use stillwatch_core::{Cancel, Progress, Stage};
use stillwatch_run::audit::{Audit, Search, Train};
use stillwatch_run::corpus::Corpus;
use stillwatch_run::digest::Digest;
use stillwatch_run::index::Build;
use stillwatch_run::simulation::Simulate;
use stillwatch_run::{Context, Fault, RunError};
use stillwatch_simulate::Plan;

use crate::traffic::{Traffic, detect, options};

/// Writes stages down, and cancels the run in one of them.
#[derive(Clone, Default)]
struct Watcher {
    cancel: Cancel,
    /// The stage, and whether units must have been counted.
    stop_in: Option<&'static str>,
    seen: Arc<Mutex<Vec<(&'static str, u64)>>>,
}

impl Progress for Watcher {
    fn begin(&self, stage: &Stage) {
        self.seen.lock().unwrap().push((stage.name, 0));
        if self.stop_in == Some(stage.name) && stage.name != "reading" {
            self.cancel.cancel();
        }
    }

    fn advance(&self, units: u64) {
        let mut seen = self.seen.lock().unwrap();
        let (name, count) = seen.last_mut().unwrap();
        *count += units;
        if self.stop_in == Some(*name) {
            self.cancel.cancel();
        }
    }
}

fn watched(stop_in: Option<&'static str>) -> (Context, Watcher) {
    let watcher = Watcher { stop_in, ..Watcher::default() };
    (Context::new(watcher.cancel.clone()).with_progress(watcher.clone()), watcher)
}

#[test]
fn stages_and_bytes_are_told() {
    let (context, watcher) = watched(None);
    detect(&[Traffic::shared().parquet()]).run(&context).unwrap();
    let seen = watcher.seen.lock().unwrap();
    assert_eq!((seen[0].0, seen[0].1 > 0), ("reading", true));
    assert!(seen.len() > 1, "detection was not told: {seen:?}");
}

#[test]
fn a_detection_ends_while_it_reads_and_while_it_detects() {
    let (context, watcher) = watched(None);
    detect(&[Traffic::shared().parquet()]).run(&context).unwrap();
    let stages: Vec<&'static str> = watcher.seen.lock().unwrap().iter().map(|(name, _)| *name).collect();
    for stage in stages {
        let (context, _) = watched(Some(stage));
        let error = detect(&[Traffic::shared().parquet()]).run(&context).unwrap_err();
        assert_eq!(error.fault(), Fault::Cancelled, "{stage}: {error}");
    }
}

/// Carried out, this simulation would take minutes.
#[test]
fn simulation_and_training_end_inside_their_stage() {
    let place = tempfile::tempdir().unwrap();
    let (context, _) = watched(Some("simulating"));
    let simulate = Simulate { plan: Plan::demo(1).with_exchanges(3_000_000), output: place.path().join("set") };
    assert_eq!(simulate.run(&context).err().map(|error| error.fault()), Some(Fault::Cancelled));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);

    for family in ["human", "lab", "other"] {
        let text = |n| format!("{{\"text\": \"{family} number {n} says so\", \"maker\": \"{family}-{}\"}}\n", n % 2);
        std::fs::create_dir(place.path().join(family)).unwrap();
        std::fs::write(place.path().join(family).join("texts.jsonl"), (0..60).map(text).collect::<String>()).unwrap();
    }
    let train = Train { reference: place.path().into(), ..Train::default() };
    let (context, _) = watched(Some("learning"));
    assert_eq!(train.run(&context).err().map(|error| error.fault()), Some(Fault::Cancelled));
    assert!(!train.target().exists());
    assert!(train.run(&Context::default()).is_ok());
}

#[test]
fn what_is_cancelled_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let output = place.path().join("result");
    let cancelled = |fault: Fault| {
        assert_eq!(fault, Fault::Cancelled);
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    };
    let logs = options(&[Traffic::shared().logs()]);
    let digest = Digest { logs: logs.clone(), output: output.clone(), shard: None };
    cancelled(digest.run(&watched(Some("reading")).0).unwrap_err().fault());
    let build = Build { logs, vendor: "Example Lab".into(), output: output.clone(), ..Build::default() };
    cancelled(build.run(&watched(Some("reading")).0).unwrap_err().fault());
    let simulate = Simulate { plan: Plan::demo(1).with_exchanges(2000), output: output.clone() };
    cancelled(simulate.run(&watched(Some("simulating")).0).err().unwrap().fault());
    let audit = Audit {
        corpus: Corpus { paths: vec![Traffic::shared().logs().join("lines.jsonl")], ..Corpus::default() },
        search: Search { key: options(&[]).means.key, ..Search::default() },
        ledger: Some(output),
        ..Audit::default()
    };
    let corpus = audit.run(&watched(Some("reading")).0).err().unwrap();
    cancelled(corpus.fault());
}
