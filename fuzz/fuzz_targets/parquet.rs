#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use stillwatch_ingest::{FieldSurvey, ParquetSource, ReadOptions, TextReader};

// A Parquet file that is damaged or forged is refused, and no row group gives more rows than it says.
fuzz_target!(|bytes: &[u8]| {
    let file = [b"PAR1", bytes, b"PAR1"].concat();
    let Ok(source) = ParquetSource::open(Bytes::from(file), "log.parquet") else { return };
    let options = ReadOptions::default();
    let _ = FieldSurvey::of_parquet(&source, &options);
    let recognised = source.recognise(&options);
    if recognised.source.is_some()
        && let Ok(mut reader) = TextReader::of_parquet(&source, recognised, &options, "log.parquet")
    {
        reader.by_ref().map_while(Result::ok).for_each(drop);
    }
    for group in 0..source.row_groups().min(4) {
        let Ok(mut reader) = source.read(&[group], &ReadOptions::default()) else { continue };
        let rows: usize = reader.by_ref().map_while(Result::ok).map(|batch| batch.num_rows()).sum();
        assert!(rows as u64 <= source.row_group_rows(group), "{rows} rows");
    }
});
