use std::fs::File;
use std::path::PathBuf;

use stillwatch_core::{Author, Document};
use stillwatch_ingest::{
    CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally, FieldMap, ParquetSource,
    ReadOptions, Tally, read_accounts, read_permits,
};

/// The shared test data; without it the tests that need it say so and pass.
fn traffic(name: &str) -> Option<PathBuf> {
    shared("traffic/mixed-1", name)
}

fn shared(folder: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("STILLWATCH_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data").join(folder).join(name);
    let there = path.exists();
    #[expect(clippy::print_stderr, reason = "a skipped test is reported")]
    if !there {
        eprintln!("skipped: {} is absent", path.display());
    }
    there.then_some(path)
}

#[test]
fn mixed_1_is_read_whole() {
    let Some(path) = traffic("exchanges.parquet") else { return };
    let source = ParquetSource::open(File::open(path).unwrap(), "exchanges.parquet").unwrap();
    let mut reader = source.read(&[0], &ReadOptions::default()).unwrap();
    let rows: usize = reader.by_ref().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 222_043);
    let tally = reader.tally();
    assert_eq!((tally.accepted, tally.rejected_rows()), (222_043, 0));
    assert!(tally.field_errors.is_empty() && tally.unknown_columns.is_empty());
    assert_eq!((tally.coverage["prompt"], tally.coverage["response"]), (222_043, 0));
}

#[test]
fn the_accounts_and_permits_of_mixed_1_are_read() {
    let (Some(accounts), Some(permits)) = (traffic("accounts.parquet"), traffic("permits.json")) else { return };
    let mut tally = Tally::default();
    let file = File::open(accounts).unwrap();
    let accounts = read_accounts(file, None, &FieldMap::default(), "accounts.parquet", &mut tally).unwrap();
    assert_eq!((accounts.len(), tally.accepted, tally.duplicates), (6_856, 6_856, 0));
    assert!(accounts.is_sorted_by_key(|account| account.account.clone()));
    assert!(tally.field_errors.is_empty());
    assert_eq!(read_permits(File::open(permits).unwrap()).unwrap().len(), 1);
}

#[test]
fn the_answers_of_alpaca_eval_are_read_whole() {
    let name = "outputs_alpaca_eval_small.jsonl.gz";
    let Some(path) = shared("audit/alpaca_eval", name) else { return };
    let options = CorpusOptions::default();
    let reader = CorpusReader::new(File::open(path).unwrap(), CorpusFormat::of_name(name), &options, name).unwrap();
    let mut parser = CorpusParser::new(&CorpusPlan::new(&options).unwrap());
    let (mut tally, mut models) = (CorpusTally::default(), std::collections::BTreeSet::new());
    for block in reader {
        let mut visit = |_, document: &Document<'_>| {
            assert_eq!(document.author, Author::Model);
            models.insert(document.source.unwrap().to_owned());
        };
        parser.documents(&block.unwrap(), &mut tally, &mut visit).unwrap();
    }
    // One answer of the 40 times 202 is absent.
    assert_eq!((tally.rows, models.len(), tally.rejected_rows()), (8_079, 40, 0));
    assert_eq!(tally.documents + tally.without_text.count, 8_079);
}
