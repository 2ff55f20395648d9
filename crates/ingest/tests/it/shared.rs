use std::fs::File;
use std::path::PathBuf;

use stillwatch_core::{Author, Document};
use stillwatch_ingest::{
    CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally, FieldMap, ParquetSource,
    ReadOptions, Tally, read_accounts, read_permits,
};

fn traffic(name: &str) -> File {
    File::open(shared("traffic/mixed-1", name)).unwrap()
}

/// A file or folder below `$STILLWATCH_SHARED/data`; `.cargo/config.toml` sets the variable to `../shared` beside the
/// checkout. It is not part of the repository, so tests that need it are ignored unless asked for.
pub(crate) fn shared(folder: &str, name: &str) -> PathBuf {
    let root = std::env::var_os("STILLWATCH_SHARED").expect("STILLWATCH_SHARED names the folder of test data");
    let path = PathBuf::from(root).join("data").join(folder).join(name);
    assert!(path.exists(), "{} is absent", path.display());
    path
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn mixed_1_is_read_whole() {
    let source = ParquetSource::open(traffic("exchanges.parquet"), "exchanges.parquet").unwrap();
    let mut reader = source.read(&[0], &ReadOptions::default()).unwrap();
    let rows: usize = reader.by_ref().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 222_043);
    let tally = reader.tally();
    assert_eq!((tally.accepted, tally.rejected_rows()), (222_043, 0));
    assert!(tally.field_errors.is_empty() && tally.unknown_columns.is_empty());
    assert_eq!((tally.coverage["prompt"], tally.coverage["response"]), (222_043, 0));
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn the_accounts_and_permits_of_mixed_1_are_read() {
    let mut tally = Tally::default();
    let accounts =
        read_accounts(traffic("accounts.parquet"), None, &FieldMap::default(), "accounts.parquet", &mut tally).unwrap();
    assert_eq!((accounts.len(), tally.accepted, tally.duplicates), (6_856, 6_856, 0));
    assert!(accounts.is_sorted_by_key(|account| account.account.clone()));
    assert!(tally.field_errors.is_empty());
    assert_eq!(read_permits(traffic("permits.json")).unwrap().len(), 1);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn the_answers_of_alpaca_eval_are_read_whole() {
    let name = "outputs_alpaca_eval_small.jsonl.gz";
    let options = CorpusOptions::default();
    let reader = CorpusReader::new(
        File::open(shared("audit/alpaca_eval", name)).unwrap(),
        CorpusFormat::of_name(name),
        &options,
        name,
    )
    .unwrap();
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
