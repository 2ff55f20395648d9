//! `stillwatch doctor`, and foreign logs through the whole command.

use serde_json::Value;

use crate::sandbox::{Sandbox, file};

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = sandbox.run(arguments).ok();
    serde_json::from_str(&run.out).unwrap()
}

const TRACES: &str = r#"{"id":"t1","timestamp":"2026-03-02T12:00:00Z","user_id":"u1","session_id":"s","metadata":{"ip":"192.0.2.1"},"tags":[]}
"#;
const OBSERVATIONS: &str = r#"{"id":"o1","trace_id":"t1","type":"GENERATION","level":"DEFAULT","start_time":"2026-03-02T12:00:00Z","end_time":"2026-03-02T12:00:01Z","provided_model_name":"m","input":"[{\"role\":\"user\",\"content\":\"quartz-lantern-7731\"}]","usage_details":{"input":5,"output":2}}
{"id":"o2","trace_id":"t2","type":"GENERATION","level":"DEFAULT","start_time":"2099-03-02T12:00:01Z","provided_model_name":"m"}
{"id":"o3","trace_id":"t1","type":"SPAN","level":"DEFAULT","start_time":"2026-03-02T12:00:01Z"}
"#;

#[test]
fn halves_of_a_log_are_examined_together() {
    let sandbox = Sandbox::new();
    sandbox.write("observations.jsonl", OBSERVATIONS);
    sandbox.write("traces.jsonl", TRACES);
    for files in [["observations.jsonl", "traces.jsonl"], ["traces.jsonl", "observations.jsonl"]] {
        let examined = json(&sandbox, &["doctor", files[0], files[1], "--format", "json"]);
        let log = &examined["logs"][0];
        assert_eq!((&examined["schema"], &log["source"]), (&"stillwatch.doctor/1".into(), &"langfuse".into()));
        assert_eq!((&log["accepted"], &log["accounts"], &log["unattributed"]), (&2.into(), &1.into(), &1.into()));
        assert_eq!((&log["future"], &log["tokens"]["input"]), (&1.into(), &5.into()));
        assert_eq!(log["unjoined"].as_object().unwrap().len(), 1);
        assert_eq!(log["set_aside"].as_object().unwrap().len(), 1);
    }
    // Nobody's rows are nothing to a detection.
    let run = sandbox.run(&["doctor", "observations.jsonl", "--format", "json"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    let alone: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(alone["logs"][0]["missing_parts"], serde_json::json!(["traces"]));
}

#[test]
fn an_examination_reads_for_people_and_says_what_to_log() {
    let sandbox = Sandbox::new();
    sandbox.write("observations.jsonl", OBSERVATIONS);
    sandbox.write("audit.json", r#"{"object":"list","data":[{"object":"organization.audit_log","id":"1","type":"login.failed","effective_at":1772452800,"actor":{}}]}"#);
    let run = sandbox.run(&["doctor", "observations.jsonl", "audit.json"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    for part in
        ["langfuse", "missing: traces", "openai_admin", "event of administration", "give the traces", "shared networks"]
    {
        assert!(run.out.contains(part), "{part} in {}", run.out);
    }
    assert!(run.err.contains("no requests"), "{}", run.err);
    assert!(!run.all().contains("quartz-lantern"), "text is in the examination");
    assert_eq!(sandbox.run(&["doctor", "none.jsonl"]).code, Some(2));
}

#[test]
fn clocks_are_compared_with_the_proxy() {
    let sandbox = Sandbox::new();
    let row = |id: u32| format!("2026-03-02T14:00:{id:02}Z,a,r{id}\n");
    let seen = |id: u32| format!("r{id},192.0.2.1,2026-03-02T12:00:{id:02}Z\n");
    sandbox.write("log.csv", format!("time,account,request_id\n{}{}", (0..50).map(row).collect::<String>(), row(3)));
    sandbox.write("edge.csv", format!("request_id,ip,time\n{}", (0..50).map(seen).collect::<String>()));
    let examined = json(&sandbox, &["doctor", "log.csv", "--edge", "edge.csv", "--format", "json"]);
    let log = &examined["logs"][0];
    assert_eq!((&log["clock"]["zone_minutes"], &log["duplicates"]), (&120.into(), &1.into()));
    assert_eq!((&log["source"], &log["coverage"]["ip"]), (&"canonical".into(), &1.0.into()));
}

#[test]
fn simulated_traffic_is_enough_for_every_detector_that_it_is_made_for() {
    let sandbox = Sandbox::new();
    let (log, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));
    let examined = json(&sandbox, &["doctor", &log, "--accounts", &accounts, "--format", "json"]);
    let runs = |name: &str| {
        let all = examined["detectors"].as_array().unwrap();
        all.iter().find(|detector| detector["name"] == name).unwrap()["runs"].clone()
    };
    for name in
        ["repeated passages and templates", "shared networks", "sampling parameters", "shared payment and contact"]
    {
        assert_eq!(runs(name), "yes", "{name}");
    }
    assert_eq!(examined["logs"][0]["rejected"], serde_json::json!({}));
}

/// The same exchanges as canonical columns and as Kong would log them give the same digests.
#[test]
fn a_foreign_log_is_digested_like_the_canonical_one() {
    let sandbox = Sandbox::new();
    let canonical: String = (0..30)
        .map(|n| format!("{{\"time\":{},\"account\":\"a{}\",\"request_id\":\"r{n}\",\"ip\":\"192.0.2.{n}\",\"prompt\":\"tell me about number {n}\",\"model\":\"m\",\"endpoint\":\"/v1/chat/completions\",\"status\":200,\"input_tokens\":{n},\"logprobs\":false}}\n", 1_772_452_800 + n, n % 3))
        .collect();
    let kong: String = (0..30)
        .map(|n| format!("{{\"started_at\":{}000,\"latencies\":{{}},\"client_ip\":\"192.0.2.{n}\",\"request\":{{\"id\":\"r{n}\",\"uri\":\"/v1/chat/completions\"}},\"response\":{{\"status\":200}},\"consumer\":{{\"id\":\"a{}\"}},\"ai\":{{\"proxy\":{{\"meta\":{{\"request_model\":\"m\"}},\"usage\":{{\"prompt_tokens\":{n}}},\"payload\":{{\"request\":\"{{\\\"messages\\\":[{{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"tell me about number {n}\\\"}}]}}\"}}}}}}}}\n", 1_772_452_800 + n, n % 3))
        .collect();
    sandbox.write("canonical.jsonl", canonical);
    sandbox.write("kong.jsonl", kong);
    let report = |name: &str| {
        let run = sandbox.run(&["detect", name, "--format", "json"]).ok();
        let mut report: Value = serde_json::from_str(&run.out).unwrap();
        let rows = report["inputs"]["rows"].clone();
        report.as_object_mut().unwrap().remove("inputs");
        (report, rows)
    };
    assert_eq!(report("canonical.jsonl"), report("kong.jsonl"));
    let out = |name: &str| sandbox.path(name).join("digests-0000.parquet");
    sandbox.run(&["digest", "canonical.jsonl", "-o", "one"]).ok();
    sandbox.run(&["digest", "kong.jsonl", "-o", "two"]).ok();
    assert_eq!(std::fs::read(out("one")).unwrap(), std::fs::read(out("two")).unwrap());
}
