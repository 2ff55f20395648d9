use stillwatch_ingest::ReadOptions;

use crate::fixtures::{reasons, text, text_with, texts};

#[test]
fn each_bad_line_is_counted_under_its_reason() {
    let mut log: Vec<u8> = Vec::new();
    let deep = format!("{{\"time\":1,\"account\":\"a\",\"prompt\":{}", "[".repeat(500) + &"]".repeat(500) + "}");
    for line in [
        br#"{"time":1772452800,"account":"good"}"#.as_slice(),
        b"",
        b"{\"time\":",
        b"[1,2]",
        br#""text""#,
        b"{\"account\":\"\xff\"}",
        br#"{"account":"a"}"#,
        br#"{"time":null,"account":"a"}"#,
        br#"{"time":"soon","account":"a"}"#,
        br#"{"time":true,"account":"a"}"#,
        br#"{"time":1772452800}"#,
        br#"{"time":1772452800,"account":""}"#,
        br#"{"time":1772452800,"account":{}}"#,
        br#"{"time":"1989-12-31T23:59:59Z","account":"a"}"#,
        br#"{"time":"2100-01-01T00:00:00Z","account":"a"}"#,
        br#"{"time":1772452800,"account":"a"} {"#,
        deep.as_bytes(),
    ] {
        log.extend_from_slice(line);
        log.push(b'\n');
    }
    let (batch, tally) = text(log);
    // What stands before an object that breaks off is whole.
    assert_eq!(texts(&batch, "account"), [Some("good"), Some("a")]);
    let expected = [
        ("malformed JSON", 2),
        ("not a JSON object", 2),
        ("no account", 2),
        ("no time", 3),
        ("unreadable account", 1),
        ("unreadable time", 2),
        ("time out of range", 3),
    ];
    assert_eq!(reasons(&tally), expected.map(|(reason, count)| (reason.to_string(), count)));
    assert_eq!(tally.rows, 17);
}

#[test]
fn csv_rows_with_other_cells_than_the_header_are_rejected() {
    let (batch, tally) = text("time,account\n1772452800,a\n1772452800\n1772452800,a,b\n1772452800,\"\u{e9}\"\n");
    assert_eq!(texts(&batch, "account"), [Some("a"), Some("é")]);
    assert_eq!(reasons(&tally), [("more or fewer cells than the header".to_string(), 2)]);
    let (batch, tally) = text(b"time,account\n1772452800,\xc3\xa9\n1772452800,a\xc3\n\xc3,\xa9\n");
    assert_eq!(texts(&batch, "account"), [Some("é"), Some("a\u{fffd}")]);
    assert_eq!(reasons(&tally), [("unreadable time".to_string(), 1)]);
}

#[test]
fn a_long_line_is_skipped_and_the_next_one_is_read() {
    let options = ReadOptions { max_line_bytes: 1 << 20, ..ReadOptions::default() };
    let long = "x".repeat(3 << 20);
    let good = r#"{"time":1772452800,"account":"a"}"#;
    let logs = [
        format!("{{\"prompt\":\"{long}\"}}\n{good}\n"),
        format!("[{{\"prompt\":\"{long}\"}},{good}]"),
        format!("time,account,prompt\n1772452800,z,\"{long}\"\n1772452800,a,\n"),
    ];
    for log in logs {
        let (batch, tally) = text_with(log.as_bytes(), &options);
        assert_eq!(texts(&batch, "account"), [Some("a")]);
        assert_eq!(reasons(&tally), [("line over 1 MiB".to_string(), 1)]);
    }
}

#[test]
fn an_array_that_breaks_off_keeps_its_complete_elements() {
    let (batch, tally) = text(r#"[{"time":1772452800,"account":"a"},7,{"time":17724"#);
    assert_eq!(batch.num_rows(), 1);
    assert_eq!(tally.truncated, 1);
    assert_eq!(reasons(&tally), [("not a JSON object".to_string(), 1), ("truncated JSON array".to_string(), 1)]);
}

#[test]
fn five_places_are_kept_of_each_reason() {
    let (_, tally) = text("{}\n".repeat(9));
    let rejected = tally.rejected.values().next().unwrap();
    assert_eq!(rejected.count, 9);
    assert_eq!(rejected.samples.iter().map(|sample| sample.row).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}
