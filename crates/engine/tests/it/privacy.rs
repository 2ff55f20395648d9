//! No text passes the projection above the scan.

use std::path::Path;

use stillwatch_core::Retention;
use stillwatch_digest::Kind;
use stillwatch_engine::{DigestWriter, Meter, Source, windows};

use crate::traffic::{PLANTED, batch, engine, key, starved, traffic};

#[test]
fn planted_tokens_reach_neither_spill_files_nor_digest_files() {
    let spill = tempfile::tempdir().unwrap();
    let engine = starved(2, spill.path());
    let mut days = engine.digest(Source::from_batches(traffic(12_000, 300)), &Meter::default()).unwrap();
    let first = days.next().unwrap().unwrap();
    let spilled = files(spill.path()).concat();
    assert!(holds(&spilled, b"account-"), "the spill files of the run were not seen");
    assert!(!holds_token(&spilled));

    let mut writer = DigestWriter::new(Vec::new(), key().id()).unwrap();
    writer.write(&first).unwrap();
    days.for_each(|day| writer.write(&day.unwrap()).unwrap());
    assert!(!holds_token(&writer.finish().unwrap()));
}

#[test]
fn rows_that_may_not_be_used_are_dropped_and_counted() {
    let spill = tempfile::tempdir().unwrap();
    let rows: Vec<usize> = (0..900).collect();
    let classes = [Some("none"), Some("full"), None, Some("no such class")];
    let meter = Meter::default();
    let source = Source::from_batches([batch(&rows, 4, |row| classes[row % 4])]);
    let accounts: Vec<_> = windows(engine(2, 1 << 30, spill.path()).digest(source, &meter).unwrap())
        .map(Result::unwrap)
        .map(|(account, window)| (account.to_string(), window.total, window.counts(Kind::Passage).count() > 0))
        .collect();
    assert_eq!(Retention::parse("no such class"), None);
    // Rows of account 0 are withheld, those of account 31 · 3 mod 4 = 1 bear a word that is no class.
    let found: Vec<_> = accounts.iter().map(|(account, total, text)| (account.as_str(), *total, *text)).collect();
    assert_eq!(found, [("account-1", 225, false), ("account-2", 225, true), ("account-3", 225, true)]);
    assert_eq!((meter.fingerprinted(), meter.withheld()), (675, 225));
}

/// The contents of all files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut contents = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents.extend(files(&path));
        } else {
            contents.extend(std::fs::read(&path));
        }
    }
    contents
}

fn holds_token(bytes: &[u8]) -> bool {
    holds(bytes, &PLANTED.as_bytes()[..8])
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
