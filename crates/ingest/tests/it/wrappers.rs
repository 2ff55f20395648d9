//! Records that stand in something else, and records without line feeds between them: they are read as if they stood alone.

use serde_json::json;

use crate::fixtures::{reasons, text, texts};
use crate::sources::together;

const A: &str = r#"{"time":"2026-03-02T12:00:00Z","account":"a","prompt":"brace } in \" text {"}"#;
const B: &str = r#"{"time":"2026-03-02T12:00:01Z","account":"b","prompt":"two"}"#;

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn canonical_records_are_taken_out_of_every_wrapper() {
    let (qa, qb) = (quoted(A), quoted(B));
    let line = |text: &str| quoted(&format!("{text}\n"));
    let (half, rest) = A.split_at(40);
    let logs = [
        format!("{A}{B}"),
        format!("{A}{B}\n"),
        format!("{A} {B}\n\n"),
        format!("\u{1e}{A}\n\u{1e}{B}\n"),
        format!("[{A},{B}]"),
        format!("[\n{A},\n{B}\n]\n"),
        format!(
            r#"{{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{{"id":"1","timestamp":1,"message":{qa}}},{{"id":"2","timestamp":2,"message":{qb}}}]}}"#
        ),
        format!(
            "{{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{{\"id\":\"0\",\"message\":\"CWL CONTROL MESSAGE\"}}]}}{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{{\"id\":\"1\",\"message\":{qa}}},{{\"id\":\"2\",\"message\":{qb}}}]}}"
        ),
        format!("{{\"@timestamp\":\"x\",\"@message\":{qa}}}\n{{\"@timestamp\":\"y\",\"@message\":{qb}}}\n"),
        format!(
            "{{\"log\":{},\"stream\":\"stdout\",\"time\":\"2026-03-02T12:00:09Z\"}}\n{{\"log\":{},\"stream\":\"stdout\",\"time\":\"2026-03-02T12:00:09Z\"}}\n",
            line(A),
            line(B)
        ),
        format!(
            "2026-03-02T12:00:09.000000001Z stdout F {A}\n2026-03-02T12:00:09.1Z stdout F started\n2026-03-02T12:00:09.2Z stdout F {B}\n"
        ),
        format!(
            "2026-03-02T12:00:09.1Z stdout P {half}\n2026-03-02T12:00:09.1Z stderr F other\n2026-03-02T12:00:09.2Z stdout F {rest}\n2026-03-02T12:00:09.2Z stdout F {B}\n"
        ),
        format!("data: {A}\n\ndata: {B}\n\ndata: [DONE]\n"),
        format!("<134>1 2026-03-02T12:00:09Z host app 7 - - {A}\n<134>1 2026-03-02T12:00:09Z host app 7 - - {B}\n"),
        format!(
            "{{\"insertId\":\"1\",\"jsonPayload\":{A},\"timestamp\":\"x\"}}\n{{\"insertId\":\"2\",\"jsonPayload\":{B},\"timestamp\":\"y\"}}\n"
        ),
        format!("{{\"hits\":{{\"hits\":[{{\"_id\":\"1\",\"_source\":{A}}},{{\"_id\":\"2\",\"_source\":{B}}}]}}}}"),
        format!("{{\n \"records\": [\n{A},\n{B}\n]}}"),
        format!("{{\"streams\":[{{\"stream\":{{}},\"values\":[[\"1\",{qa}],[\"2\",{qb}]]}}]}}"),
        format!("{{\"result\":{{\"_raw\":{qa}}}}}\n{{\"result\":{{\"_raw\":{qb}}}}}\n"),
        format!("{{\"MESSAGE\":{qa},\"_PID\":\"1\"}}\n{{\"MESSAGE\":{qb},\"_PID\":\"1\"}}\n"),
        // One within the other: a container's line that a collector wrapped again.
        format!(
            "{{\"message\":{}}}\n{{\"message\":{}}}\n",
            quoted(&format!("{{\"log\":{qa}}}")),
            quoted(&format!("{{\"log\":{qb}}}"))
        ),
    ];
    for log in logs {
        let (batch, tally) = text(&log);
        assert_eq!(texts(&batch, "account"), [Some("a"), Some("b")], "{log}\n{tally:?}");
        assert_eq!(texts(&batch, "prompt")[0], Some("brace } in \" text {"), "{log}");
        assert_eq!(tally.rejected_rows(), 0, "{log}\n{tally:?}");
    }
}

#[test]
fn a_record_without_a_time_takes_that_of_its_wrapper() {
    let log = r#"{"log":"{\"account\":\"a\",\"prompt\":\"p\"}\n","stream":"stdout","time":"2026-03-02T12:00:00Z"}"#;
    let (batch, tally) = text(log);
    assert_eq!(crate::fixtures::times(&batch), [crate::fixtures::NOON], "{tally:?}");
    let prefixed = "account=a prompt=\"two words\" model=m\n";
    for prefix in ["2026-03-02 12:00:00,000 INFO [http-1] c.e.Gateway - ", "[2026-03-02T12:00:00Z] INFO request done: "]
    {
        let (batch, tally) = text(format!("{prefix}{prefixed}"));
        assert_eq!(crate::fixtures::times(&batch), [crate::fixtures::NOON], "{prefix} {tally:?}");
        assert_eq!(texts(&batch, "prompt"), [Some("two words")], "{prefix}");
    }
    let record = "{\"account\":\"a\",\"prompt\":\"p\"}\n";
    for prefix in
        ["2026-03-02T12:00:00+00:00\tllm.access\t", "[2026-03-02 12:00:00] INFO ", "2026-03-02 12:00:00 | gw | "]
    {
        let (batch, tally) = text(format!("{prefix}{record}"));
        assert_eq!(crate::fixtures::times(&batch), [crate::fixtures::NOON], "{prefix} {tally:?}");
    }
    let named = "time=2026-03-02T12:00:00Z account=a prompt=\"two \\\"words\\\"\" model=m\n";
    assert_eq!(texts(&text(named).0, "prompt"), [Some("two \"words\"")]);
}

#[test]
fn sources_are_recognised_inside_of_wrappers() {
    let record = r#"{"schemaType":"ModelInvocationLog","timestamp":"2026-03-02T12:00:00Z","requestId":"r","operation":"Converse","modelId":"m","identity":{"arn":"arn:aws:iam::111111111111:user/u1"},"input":{"inputTokenCount":3},"output":{"outputTokenCount":1}}"#;
    let logs = [
        format!(
            r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{{"id":"1","timestamp":1,"message":{}}}]}}"#,
            quoted(record)
        ),
        format!(r#"{{"@timestamp":"2026-03-02 12:00:00.000","@message":{}}}"#, quoted(record)),
        format!("{record}{}", record.replace("\"r\"", "\"s\"")),
    ];
    for log in logs {
        let (rows, tally, source) = together(&[("log", log.as_bytes())]);
        assert_eq!(source.map(|source| source.name), Some("bedrock"), "{log}");
        assert_eq!(rows[0]["account"], json!("u1"), "{tally:?}");
    }
    let vllm = "INFO 03-02 12:00:00 [logger.py:43] Received request chatcmpl-1: prompt: 'hello', params: SamplingParams(n=1), prompt_token_ids: None";
    let docker =
        format!(r#"{{"log":{},"stream":"stderr","time":"2026-03-02T12:00:00Z"}}"#, quoted(&format!("{vllm}\n")));
    for log in [docker, format!("2026-03-02T12:00:00.1Z stderr F {vllm}\n")] {
        let (rows, tally, source) = together(&[("log", log.as_bytes())]);
        assert_eq!(source.map(|source| source.name), Some("vllm"), "{log}");
        assert_eq!(rows[0]["prompt"], json!("hello"), "{tally:?}");
    }
}

#[test]
fn a_broken_object_loses_no_more_than_its_line() {
    let (batch, tally) = text(format!("{A}{{\"time\":1\n{B}\n{B}{{oops}}\n"));
    assert_eq!(batch.num_rows(), 3, "{tally:?}");
    assert_eq!(reasons(&tally), [("malformed JSON".to_string(), 2)]);
}
