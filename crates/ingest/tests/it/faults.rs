//! Faults of logs as people reported them: a bad value, an id that is no id, data where names should be, users that are
//! nobody.

use serde_json::{Value, json};
use stillwatch_ingest::{Appearance, Tally};

use crate::fixtures::{reasons, text, texts};
use crate::sources::{Exchange, together};

/// One good row and one of which a single value is bad, in the canonical columns.
fn canonical(bad: &str) -> String {
    format!(
        "{}\n{}\n",
        r#"{"time":1772452800,"account":"a","prompt":"good"}"#,
        format_args!(r#"{{"time":1772452801,"account":"b",{bad}}}"#)
    )
}

#[test]
fn a_bad_value_never_loses_its_row() {
    let deep = format!(r#""prompt":"p","x":[{}{}]"#, "[".repeat(400), "]".repeat(400));
    let deep_and_read = format!(r#""prompt":"p","tools":{}{}"#, "[".repeat(400), "]".repeat(400));
    for (bad, prompt, repaired) in [
        (r#""prompt":"half \ud83d""#, Some("half \u{fffd}"), "half of a surrogate pair"),
        (r#""prompt":"\udc00\ud83d\ude00""#, Some("\u{fffd}\u{1f600}"), "half of a surrogate pair"),
        (r#""prompt":"p","temperature":NaN"#, Some("p"), "number or word that is not JSON"),
        (r#""x":{"y":[1,-Infinity]},"prompt":"p""#, Some("p"), "number or word that is not JSON"),
        (r#""prompt":"p","latency_ms":1e999"#, Some("p"), "number or word that is not JSON"),
        (r#""prompt":None"#, None, "number or word that is not JSON"),
        ("\"prompt\":\"tab\there\"", Some("tab\there"), "bare control character"),
        (r#""prompt":"it\'s""#, Some("it\\'s"), "invalid escape"),
        (&deep_and_read, Some("p"), "value nested too deeply"),
    ] {
        let (batch, tally) = text(canonical(bad));
        assert_eq!(texts(&batch, "account"), [Some("a"), Some("b")], "{bad}: {tally:?}");
        assert_eq!(texts(&batch, "prompt"), [Some("good"), prompt], "{bad}");
        assert_eq!(tally.repaired.keys().collect::<Vec<_>>(), [repaired], "{bad}");
    }
    // What nobody reads is passed over, however deep.
    let (batch, tally) = text(canonical(&deep));
    assert_eq!((batch.num_rows(), tally.repaired.len()), (2, 0));
    let mut bytes = canonical(r#""prompt":"caf@""#).into_bytes();
    bytes.iter_mut().filter(|byte| **byte == b'@').for_each(|byte| *byte = 0xe9);
    let (batch, tally) = text(bytes);
    assert_eq!(texts(&batch, "prompt")[1], Some("caf\u{fffd}"));
    assert_eq!(tally.repaired["bytes that are not UTF-8"], 1);
    // The structure is not guessed at.
    let (_, tally) = text(canonical(r#""prompt":"p" "x":NaN"#));
    assert_eq!(reasons(&tally), [("malformed JSON".to_string(), 1)]);
}

fn litellm(id: &str, second: u32, status: u32, prompt: &str, user: &str) -> String {
    let (hour, minute, second) = (12 + second / 3600, second / 60 % 60, second % 60);
    format!(
        r#"{{"request_id":"{id}","litellm_call_id":"{id}","call_type":"acompletion","startTime":"2026-03-02T{hour:02}:{minute:02}:{second:02}Z","model":"m","user":"{user}","api_key":"key-{user}","status":"{}","completion_tokens":{},"messages":[{{"role":"user","content":"{prompt}"}}]}}"#,
        if status == 200 { "success" } else { "failure" },
        if status == 200 { 7 } else { 0 },
    )
}

fn read(log: &str) -> (Vec<Exchange>, Tally) {
    let (rows, tally, _) = together(&[("log.jsonl", log.as_bytes())]);
    (rows, tally)
}

#[test]
fn a_bad_value_never_loses_the_row_of_a_foreign_log() {
    let log = [
        litellm("1", 0, 200, "half \\ud83d", "a"),
        litellm("2", 1, 200, "p", "a")
            .replace(r#""completion_tokens":7"#, r#""spend":NaN,"completion_tokens":Infinity"#),
        litellm("3", 2, 200, "p", "a")
            .replace(r#""model":"m""#, &format!(r#""metadata":{}{}"#, "[".repeat(300), "]".repeat(300))),
    ];
    let (rows, tally) = read(&log.join("\n"));
    assert_eq!((rows.len(), tally.rejected_rows()), (3, 0), "{tally:?}");
    assert_eq!(rows[0]["prompt"], json!("half \u{fffd}"));
    assert_eq!(tally.repaired.values().sum::<u64>(), 4, "{:?}", tally.repaired);
}

#[test]
fn one_id_is_not_one_act() {
    // A client that sends one id with every request hides none of them.
    let log: Vec<String> = (0..60).map(|n| litellm("same", n * 20, 200, &format!("words {n}"), "a")).collect();
    let (rows, tally) = read(&log.join("\n"));
    assert_eq!((rows.len(), tally.duplicates, tally.repeated_ids), (60, 0, 59));
    // Nor when it asks the same again, whatever became of it before.
    let log: Vec<String> = (0..10).map(|n| litellm("same", n * 20, 200, "words", "a")).collect();
    assert_eq!(read(&log.join("\n")).0.len(), 10);
    // What follows a failure and asks the same is an attempt; what is told twice is told once.
    for (second, rows) in [(3, 1), (599, 1), (601, 2)] {
        let log = [litellm("x", 0, 429, "words", "a"), litellm("x", second, 200, "words", "a")];
        assert_eq!(read(&log.join("\n")).0.len(), rows, "{second} s");
    }
    let log = [litellm("x", 0, 200, "words", "a"), litellm("x", 0, 200, "words", "a")];
    assert_eq!(read(&log.join("\n")).0.len(), 1);
}

#[test]
fn a_serving_engine_keeps_requests_apart_that_share_an_id() {
    let line = |second: u32, prompt: &str| {
        format!(
            "INFO 03-02 12:00:{second:02} [logger.py:43] Received request chatcmpl-same: prompt: '{prompt}', params: SamplingParams(n=1), prompt_token_ids: None"
        )
    };
    let log: Vec<String> = (0..5).map(|n| line(n, &format!("words {n}"))).collect();
    let (rows, tally) = read(&log.join("\n"));
    assert_eq!((rows.len(), tally.repeated_ids), (5, 4), "{tally:?}");
}

#[test]
fn no_cell_is_told_as_a_name() {
    const SECRET: &str = "diagnosis";
    let mut tar = vec![0_u8; 1024];
    tar[..20].copy_from_slice(b"diagnosis/alice.json");
    tar[257..262].copy_from_slice(b"ustar");
    let files: [(&[u8], Appearance); 6] = [
        (b"2026-09-07T09:00:00Z,a1,\"My diagnosis is rare\"\n2026-09-07T09:01:00Z,a2,diagnosis\n", Appearance::Table),
        (b"user=a1 prompt=My diagnosis, please\nuser=a2 prompt=diagnosis\n", Appearance::Json),
        (b"2026-09-07 INFO {\"prompt\": \"diagnosis\", \"user\": \"diagnosis\"}\n", Appearance::Rows),
        (b"diagnosis\ndiagnosis\n", Appearance::Text),
        (&tar, Appearance::TarArchive),
        (b"{\"diagnosis of alice\": 1, \"alice@diagnosis.example\": 2}\n", Appearance::Json),
    ];
    for (file, appearance) in files {
        let (batch, tally) = text(file);
        assert_eq!(batch.num_rows(), 0);
        assert!(!tally.has_read() && (tally.rejected_rows() > 0 || appearance.is_refused()));
        assert_eq!(tally.unread.keys().copied().collect::<Vec<_>>(), [appearance]);
        let told = format!("{:?} {}", tally, serde_json::to_string(&tally.unknown_columns).unwrap());
        assert!(!told.contains(SECRET) && !told.contains("a1"), "{told}");
    }
    // A header that names a column that is read is one, and its other names are told.
    let (_, tally) = text("time,account,extra,My diagnosis\n1772452800,a,1,2\n");
    assert_eq!(tally.unknown_columns.iter().collect::<Vec<_>>(), ["extra"]);
    assert_eq!(tally.untold_names, 1);
}

#[test]
fn users_that_stand_for_nobody_are_not_one_account() {
    let row = |key: &str, user: &str| litellm(key, 0, 200, "p", user).replace(&format!("key-{user}"), key);
    for user in ["default_user_id", "anonymous", "Default"] {
        let log: Vec<String> = ["k1", "k2", "k3"].map(|key| row(key, user)).into();
        let accounts: Vec<Value> = read(&log.join("\n")).0.iter().map(|row| row["account"].clone()).collect();
        assert_eq!(accounts, [json!("k1"), json!("k2"), json!("k3")], "{user}");
    }
    // Where nothing else tells them apart, the rows are kept under it.
    let log = litellm("x", 0, 200, "p", "anonymous").replace(r#","api_key":"key-anonymous""#, "");
    assert_eq!(read(&log).0[0]["account"], json!("anonymous"));
    let kong = |username: &str| {
        format!(
            r#"{{"started_at":1772452800000,"latencies":{{"request":9}},"request":{{"uri":"/v1/chat/completions","headers":{{}}}},"response":{{"status":200}},"client_ip":"192.0.2.1","consumer":{{"id":"c-1","username":"{username}"}},"authenticated_entity":{{"id":"e-1"}},"ai":{{"p":{{"usage":{{"prompt_tokens":1}}}}}}}}"#
        )
    };
    assert_eq!(read(&kong("alice")).0[0]["account"], json!("c-1"));
    assert_eq!(read(&kong("anonymous")).0[0]["account"], json!("e-1"));
}

#[test]
fn spans_within_each_other_are_one_call() {
    let span = |id: &str, parent: &str, attributes: &str| {
        format!(
            r#"{{"traceId":"t","spanId":"{id}","parentSpanId":"{parent}","startTimeUnixNano":"1772452800000000000","endTimeUnixNano":"1772452801000000000","attributes":[{{"key":"gen_ai.request.model","value":{{"stringValue":"m"}}}}{attributes}]}}"#
        )
    };
    let record =
        |spans: &[String]| format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}}"#, spans.join(","));
    let user = r#",{"key":"user.id","value":{"stringValue":"a"}}"#;
    let tokens = r#",{"key":"gen_ai.usage.input_tokens","value":{"intValue":"9"}}"#;
    let (outer, inner) = (span("1", "0", user), span("2", "1", tokens));
    for spans in [[outer.clone(), inner.clone()], [inner.clone(), outer.clone()]] {
        let (rows, tally) = read(&record(&spans));
        assert_eq!(rows.len(), 1, "{tally:?}");
        assert_eq!((&rows[0]["account"], &rows[0]["input_tokens"]), (&json!("a"), &json!(9)));
        assert_eq!(tally.set_aside.values().sum::<u64>(), 1);
    }
    // Frameworks write the span around later than the one within.
    let (rows, _) = read(&format!("{}\n{}\n", record(&[inner]), record(&[outer])));
    assert_eq!(rows.len(), 1);
    // Two calls in one step of an agent are two.
    let (rows, _) = read(&record(&[span("3", "9", user), span("4", "9", user)]));
    assert_eq!(rows.len(), 2);
}
