use arrow::array::{Int64Array, StringArray};
use stillwatch_core::{Micros, Window};
use stillwatch_ingest::ReadOptions;

use crate::fixtures::{NOON, array, parquet_file, parquet_with, text_with, texts};

#[test]
fn rows_outside_the_window_are_counted_and_not_rejected() {
    let window = Window { since: Some(Micros(NOON)), until: Some(Micros(NOON + 2)) };
    let options = ReadOptions { window, ..ReadOptions::default() };
    let moments = [NOON - 1, NOON, NOON + 1, NOON + 2];
    let log: String = moments.iter().map(|time| format!("{{\"time\":{time},\"account\":\"a\"}}\n")).collect();
    let file = parquet_file([
        ("time", array(Int64Array::from(moments.to_vec()))),
        ("account", array(StringArray::from(vec!["a"; 4]))),
    ]);
    for (batch, tally) in [text_with(log.as_bytes(), &options), parquet_with(file, &options).unwrap()] {
        assert_eq!(batch.num_rows(), 2);
        assert_eq!((tally.rows, tally.accepted, tally.outside_window, tally.rejected_rows()), (4, 2, 2, 0));
    }
}

#[test]
fn values_of_the_path_fill_what_the_file_lacks() {
    let hive = [
        ("model", "m4"),
        ("account", "z"),
        ("dt", "2026-03-02"),
        ("asn", "no"),
        ("country", "__HIVE_DEFAULT_PARTITION__"),
    ];
    let hive = hive.map(|(name, value)| (name.to_string(), value.to_string())).to_vec();
    let options = ReadOptions { hive, ..ReadOptions::default() };
    let file =
        parquet_file([("time", array(Int64Array::from(vec![NOON]))), ("account", array(StringArray::from(vec!["a"])))]);
    let csv = format!("time,account\n{NOON},a\n");
    let json = format!("{{\"time\":{NOON},\"account\":\"a\"}}");
    let read = [
        text_with(csv.as_bytes(), &options),
        text_with(json.as_bytes(), &options),
        parquet_with(file, &options).unwrap(),
    ];
    for (batch, tally) in read {
        assert_eq!(texts(&batch, "model"), [Some("m4")]);
        assert_eq!(texts(&batch, "account"), [Some("a")]);
        assert_eq!(texts(&batch, "country"), [None]);
        assert!(tally.field_errors.is_empty() && tally.unknown_columns.is_empty());
    }
}
