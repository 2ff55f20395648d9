#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_ingest::{
    EdgeLog, FieldMap, FieldSurvey, Format, ReadOptions, SessionLimits, Tally, TextReader, read_accounts,
};

// A log as it is recognised, or taken for NDJSON or CSV, as the first byte says: every row is counted once, two readings
// are the same, and no batch holds a row that was not accepted.
fuzz_target!(|bytes: &[u8]| {
    let Some((&first, log)) = bytes.split_first() else { return };
    let format = [None, None, Some(Format::Ndjson), Some(Format::Csv)][usize::from(first % 4)];
    let options = || ReadOptions {
        max_line_bytes: 1 << 16,
        batch_rows: 7,
        keep_unattributed: first & 4 != 0,
        limits: SessionLimits { budget: 1 << 16, latest: 1_798_761_600_000_000 },
        ..ReadOptions::default()
    };
    let read = || -> Option<(usize, Tally)> {
        let mut reader = TextReader::new(log, format, &options(), "log").ok()?;
        let rows = reader.by_ref().map_while(Result::ok).map(|batch| batch.num_rows()).sum();
        Some((rows, reader.into_tally()))
    };
    let once = read();
    assert_eq!(once, read(), "two readings differ");
    if let Some((rows, tally)) = once {
        assert!(rows as u64 <= tally.accepted, "{rows} rows, {} accepted", tally.accepted);
    }
    // What an unknown log suggests is a map that can be read, and a second look finds the same.
    if let Ok(survey) = FieldSurvey::of_text(log, &options()) {
        assert!(survey.map.is_empty() || FieldMap::parse(&survey.map).is_ok(), "{}", survey.map);
        assert_eq!(FieldSurvey::of_text(log, &options()).ok(), Some(survey));
    }
    let map = FieldMap::default();
    let _ = read_accounts(log, format, &map, "accounts", &mut Tally::default());
    let _ = EdgeLog::read(log, format, &map, "edge", 1 << 20, &mut Tally::default());
});
