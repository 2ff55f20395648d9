//! The parts of one plan give what the whole gives.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stillwatch_core::{Key, Silent};
use stillwatch_digest::{Manifest, Part};
use stillwatch_engine::{AccountDay, DigestReader, Engine, EngineOptions, Meter, Source};
use stillwatch_run::digest::{Digest, DigestError};
use stillwatch_run::reading::{FileScan, Plan, Shard};
use stillwatch_run::{Context, Fault, RunError};

use crate::traffic::{Traffic, detect, json, options};

fn digest(folder: &Path, name: &str, shard: Option<(usize, usize)>) -> PathBuf {
    let output = folder.join(name);
    let shard = shard.map(|(number, of)| Shard::new(number, of).unwrap());
    let digest = Digest { logs: options(&[Traffic::shared().logs()]), output: output.clone(), shard };
    digest.run(&Context::default()).unwrap();
    output
}

fn shards(folder: &Path, of: usize) -> Vec<PathBuf> {
    (1..=of).map(|number| digest(folder, &format!("{number}-of-{of}"), Some((number, of)))).collect()
}

fn manifest(folder: &Path) -> Manifest {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn all_parts_together_give_the_report_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = detect(&[Traffic::shared().logs()]).run(&Context::default()).unwrap();
    assert!(!whole.report.campaigns.is_empty());
    assert_eq!((whole.report.inputs.files, whole.report.inputs.rejected), (5, 1));
    // More parts than there is work leave some of them empty.
    for of in [1, 2, 3, 40] {
        let parts = detect(&shards(folder.path(), of)).run(&Context::default()).unwrap();
        assert!(json(&parts.report) == json(&whole.report), "{of} parts give another report");
    }
}

#[test]
fn parts_are_told_apart_and_the_same_part_is_refused_twice() {
    let folder = tempfile::tempdir().unwrap();
    let parts = shards(folder.path(), 2);
    let divided = |folder: &Path| -> Vec<Part> {
        manifest(folder).sources.into_iter().filter_map(|source| source.part).collect()
    };
    let (first, second) = (divided(&parts[0]), divided(&parts[1]));
    for found in [&first, &second] {
        assert!(found.iter().any(|part| matches!(part, Part::RowGroups { .. })), "{found:?}");
        assert!(found.iter().any(|part| matches!(part, Part::Bytes { .. })), "{found:?}");
    }
    let again = digest(folder.path(), "again", Some((1, 2)));
    let whole = digest(folder.path(), "whole", None);
    for other in [again, whole, digest(folder.path(), "third", Some((1, 3)))] {
        let refused = detect(&[parts[0].clone(), other]).run(&Context::default()).unwrap_err();
        assert_eq!(refused.fault(), Fault::Request, "{refused}");
    }
}

#[test]
fn parts_unite_to_the_digests_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = digest(folder.path(), "whole", None);
    let output = folder.path().join("united");
    let logs = options(&shards(folder.path(), 3));
    Digest { logs, output: output.clone(), shard: None }.run(&Context::default()).unwrap();
    for name in ["digests-0000.parquet", "counts.json"] {
        assert!(std::fs::read(output.join(name)).unwrap() == std::fs::read(whole.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn what_cannot_be_divided_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = digest(folder.path(), "whole", None);
    for input in [PathBuf::from("-"), whole] {
        let digest = Digest { logs: options(&[input]), output: folder.path().join("part"), shard: Shard::new(1, 2) };
        let error = digest.run(&Context::default()).unwrap_err();
        assert!(matches!(error, DigestError::Read(_)) && error.fault() == Fault::Request, "{error}");
    }
}

#[test]
fn a_plan_that_was_written_down_is_read_by_another_engine() {
    let folder = tempfile::tempdir().unwrap();
    let key = Key::from_bytes([7; 32]);
    let text = serde_json::to_string(&options(&[Traffic::shared().logs()]).plan(&Context::default()).unwrap()).unwrap();
    assert!(!text.contains(key.to_hex().expose().as_str()));
    let plan: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(plan.key, key.id().to_string());
    let engine = Engine::new(EngineOptions {
        threads: 2.try_into().unwrap(),
        memory_bytes: 1 << 28,
        spill_dir: folder.path().into(),
        key: key.clone(),
        settings: Vec::new(),
        runtime: None,
    })
    .unwrap();
    let scan = Arc::new(FileScan::new(key.id(), 1 << 28, None, Arc::new(Silent)));
    let source = Source::new(plan.units, Arc::<FileScan>::clone(&scan));
    let days: Vec<AccountDay> = engine.digest(source, &Meter::default()).unwrap().collect::<Result<_, _>>().unwrap();
    let whole = File::open(digest(folder.path(), "whole", None).join("digests-0000.parquet")).unwrap();
    let whole: Vec<AccountDay> = DigestReader::new(whole, key.id()).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(days == whole);
    assert_eq!(scan.tally().rejected.len(), 1);
}
