//! The same three requests in the logs of twenty sources, and files that vendors published. They lie outside this
//! repository, so the tests are ignored unless asked for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::shared::shared;
use crate::sources::{Exchange, together};

fn logs(name: &str) -> PathBuf {
    shared("logs", name)
}

fn read(folder: &Path, names: &[&str]) -> (Vec<Exchange>, stillwatch_ingest::Tally, Option<&'static str>) {
    let bytes: Vec<Vec<u8>> = names.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().zip(&bytes).map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let (rows, tally, source) = together(&files);
    (rows, tally, source.map(|source| source.name))
}

const BODY: &[&str] = &["prompt", "temperature", "n", "max_tokens", "logprobs"];
const TOKENS: &[&str] = &["input_tokens", "output_tokens"];
const WHO: &[&str] = &["account", "organization"];
const ANSWER: &[&str] = &["response", "stop_reason"];

/// A log, its files, the columns that it carries, and those in which it has words of its own.
struct Case {
    source: &'static str,
    files: &'static [&'static str],
    carries: &'static [&'static [&'static str]],
    own: &'static [&'static str],
    /// How many of the three requests it holds.
    holds: usize,
}

const CASES: &[Case] = &[
    Case {
        source: "otel",
        files: &["otel/spans.otlp.json"],
        carries: &[&[
            "account",
            "ip",
            "user_agent",
            "model",
            "prompt",
            "system",
            "temperature",
            "max_tokens",
            "input_tokens",
            "output_tokens",
            "cached_tokens",
            "response",
            "stop_reason",
            "status",
            "latency_ms",
            "conversation",
        ]],
        own: &["request_id", "endpoint"],
        holds: 3,
    },
    // An event is written at the end of the call and does not say when it began.
    Case {
        source: "otel",
        files: &["otel/events.otlp.json"],
        carries: &[&[
            "account",
            "ip",
            "user_agent",
            "model",
            "prompt",
            "system",
            "temperature",
            "max_tokens",
            "input_tokens",
            "output_tokens",
            "cached_tokens",
            "response",
            "stop_reason",
            "status",
            "conversation",
        ]],
        own: &["request_id", "endpoint", "time"],
        holds: 3,
    },
    Case {
        source: "otel",
        files: &["otel/events.otlp.json", "otel/spans.otlp.json"],
        carries: &[&["account", "prompt", "latency_ms"]],
        own: &["request_id", "endpoint"],
        holds: 3,
    },
    Case {
        source: "litellm",
        files: &["litellm/spend_logs.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            ANSWER,
            &[
                "request_id",
                "api_key",
                "ip",
                "user_agent",
                "endpoint",
                "model",
                "system",
                "cached_tokens",
                "status",
                "latency_ms",
                "conversation",
            ],
        ],
        own: &[],
        holds: 3,
    },
    Case {
        source: "litellm",
        files: &["litellm/standard_logging_payload.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            ANSWER,
            &[
                "request_id",
                "api_key",
                "ip",
                "user_agent",
                "endpoint",
                "model",
                "system",
                "cached_tokens",
                "status",
                "latency_ms",
                "conversation",
            ],
        ],
        own: &[],
        holds: 3,
    },
    Case {
        source: "helicone",
        files: &["helicone/request_response_rmt.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            ANSWER,
            &["request_id", "endpoint", "model", "system", "cached_tokens", "status", "latency_ms"],
        ],
        own: &[],
        holds: 3,
    },
    Case {
        source: "langfuse",
        files: &["langfuse/observations.jsonl", "langfuse/traces.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            &[
                "response",
                "request_id",
                "ip",
                "user_agent",
                "model",
                "system",
                "cached_tokens",
                "status",
                "latency_ms",
                "conversation",
            ],
        ],
        own: &[],
        holds: 3,
    },
    Case {
        source: "tensorzero",
        files: &["tensorzero/model_inferences.jsonl"],
        carries: &[BODY, TOKENS, ANSWER, &["account", "request_id", "model", "system", "cached_tokens", "latency_ms"]],
        own: &[],
        holds: 2,
    },
    Case {
        source: "kong",
        files: &["kong/http-log.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            ANSWER,
            &["api_key", "ip", "user_agent", "endpoint", "model", "system", "cached_tokens", "status", "latency_ms"],
        ],
        own: &["api_key"],
        holds: 3,
    },
    Case {
        source: "kong",
        files: &["kong/http-log-legacy-3.6-3.9.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            WHO,
            ANSWER,
            &["api_key", "ip", "user_agent", "endpoint", "model", "system", "cached_tokens", "status", "latency_ms"],
        ],
        own: &["api_key"],
        holds: 3,
    },
    Case {
        source: "envoy_ai_gateway",
        files: &["envoy_ai_gateway/access.jsonl"],
        carries: &[TOKENS, &["request_id", "ip", "user_agent", "endpoint", "model", "status", "latency_ms"]],
        own: &[],
        holds: 3,
    },
    Case {
        source: "cloudflare_ai_gateway",
        files: &["cloudflare_ai_gateway/list_logs.json"],
        carries: &[TOKENS, WHO, &["request_id", "endpoint", "model", "status", "latency_ms"]],
        own: &[],
        holds: 3,
    },
    Case {
        source: "bedrock",
        files: &["bedrock/ModelInvocationLog.jsonl"],
        carries: &[
            TOKENS,
            WHO,
            ANSWER,
            &[
                "request_id",
                "prompt",
                "system",
                "temperature",
                "max_tokens",
                "model",
                "cached_tokens",
                "status",
                "latency_ms",
            ],
        ],
        own: &["endpoint"],
        holds: 3,
    },
    Case {
        source: "azure",
        files: &["azure/RequestResponse.jsonl"],
        carries: &[WHO, &["request_id", "ip", "endpoint", "model", "status", "latency_ms"]],
        own: &[],
        holds: 3,
    },
    Case {
        source: "azure",
        files: &["azure/ApiManagementGatewayLlmLog.jsonl", "azure/ApiManagementGatewayLogs.jsonl"],
        carries: &[
            TOKENS,
            &[
                "account",
                "request_id",
                "ip",
                "user_agent",
                "endpoint",
                "model",
                "prompt",
                "system",
                "response",
                "status",
                "latency_ms",
            ],
        ],
        own: &[],
        holds: 3,
    },
    // It calls the call of a tool a stop, and its ids are its own.
    Case {
        source: "vertex",
        files: &["vertex/request_response_logging.jsonl"],
        carries: &[BODY, TOKENS, &["organization", "system", "model", "response", "cached_tokens"]],
        own: &["request_id", "endpoint", "stop_reason"],
        holds: 2,
    },
    Case {
        source: "vllm",
        files: &["vllm/server.log"],
        carries: &[BODY, &["request_id", "endpoint"]],
        own: &[],
        holds: 3,
    },
    Case {
        source: "sglang",
        files: &["sglang/requests.jsonl"],
        carries: &[BODY, TOKENS, &["request_id", "response", "cached_tokens", "latency_ms"]],
        own: &["stop_reason"],
        holds: 2,
    },
    Case {
        source: "tgi",
        files: &["tgi/router.jsonl"],
        carries: &[&["temperature", "max_tokens", "logprobs", "latency_ms"]],
        own: &[],
        holds: 2,
    },
    // A refused request of a batch has no time, without which there is no exchange.
    Case {
        source: "openai_batch",
        files: &["openai_batch/output.jsonl", "openai_batch/input.jsonl"],
        carries: &[
            BODY,
            TOKENS,
            ANSWER,
            &["account", "request_id", "system", "endpoint", "model", "cached_tokens", "status"],
        ],
        own: &[],
        holds: 2,
    },
    Case {
        source: "ocsf",
        files: &["ocsf/api_activity.jsonl"],
        carries: &[
            TOKENS,
            WHO,
            &["request_id", "api_key", "ip", "user_agent", "endpoint", "model", "status", "latency_ms", "conversation"],
        ],
        own: &[],
        holds: 3,
    },
    // Its ids are numbers of its own, and it counts in seconds.
    Case {
        source: "new_api",
        files: &["new_api/logs.jsonl"],
        carries: &[TOKENS, &["account", "ip", "model", "cached_tokens"]],
        own: &["request_id", "api_key", "latency_ms"],
        holds: 3,
    },
    Case {
        source: "one_api",
        files: &["one_api/logs.jsonl"],
        carries: &[TOKENS, &["account", "request_id", "model", "latency_ms"]],
        own: &[],
        holds: 2,
    },
    Case { source: "openai_admin", files: &["openai_admin/audit_logs.json"], carries: &[], own: &[], holds: 0 },
    Case {
        source: "anthropic_admin",
        files: &["anthropic_admin/compliance_activities.json", "anthropic_admin/usage_report_messages.json"],
        carries: &[],
        own: &[],
        holds: 0,
    },
];

/// The names of the expected records, where they differ from the columns.
const NAMES: [(&str, &str); 9] = [
    ("organization", "org_id"),
    ("account", "account_id"),
    ("api_key", "api_key_id"),
    ("ip", "client_ip"),
    ("system", "system_prompt"),
    ("cached_tokens", "cache_read_tokens"),
    ("status", "status_code"),
    ("conversation", "conversation_id"),
    ("latency_ms", "latency_ms"),
];

/// Columns that the expected records have.
const COLUMNS: [&str; 21] = [
    "time",
    "account",
    "request_id",
    "organization",
    "api_key",
    "ip",
    "user_agent",
    "model",
    "endpoint",
    "system",
    "prompt",
    "response",
    "temperature",
    "n",
    "max_tokens",
    "logprobs",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "status",
    "stop_reason",
];

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
#[expect(clippy::print_stdout, reason = "the table is what the test is for")]
fn twenty_sources_say_the_same() {
    let folder = logs("golden");
    let expected = fs::read_to_string(folder.join("expected_canonical.jsonl")).unwrap();
    let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut table: Vec<(String, Vec<String>)> = Vec::new();
    for case in CASES {
        let mut faults = Vec::new();
        let (rows, tally, source) = read(&folder, case.files);
        if source != Some(case.source) {
            faults.push(format!("recognised as {source:?}"));
        }
        if rows.len() != case.holds {
            faults.push(format!("{} exchanges, not {}: {tally:?}", rows.len(), case.holds));
        }
        for row in &rows {
            compare(case, row, &expected, &mut faults);
        }
        table.push((format!("{:22} {}", case.source, case.files.join(" + ")), faults));
    }
    for (name, faults) in &table {
        println!("{name}: {}", if faults.is_empty() { "ok".into() } else { faults.join("; ") });
    }
    let bad: Vec<_> = table.into_iter().filter(|(_, faults)| !faults.is_empty()).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

fn compare(case: &Case, row: &Exchange, expected: &[Value], faults: &mut Vec<String>) {
    let name = |column: &str| {
        NAMES.iter().find(|(own, _)| *own == column).map_or(column.to_owned(), |(_, name)| (*name).into())
    };
    let same = |column: &str| {
        expected.iter().find(|record| row.get(column).is_some_and(|value| equal(column, value, &record[name(column)])))
    };
    let Some(record) =
        same("request_id").or_else(|| same("prompt")).or_else(|| same("time")).or_else(|| same("account"))
    else {
        return faults.push(format!("an exchange that nobody made: {:?}", row.get("request_id")));
    };
    for column in COLUMNS.iter().chain(&["latency_ms", "conversation"]) {
        if case.own.contains(column) {
            continue;
        }
        let wanted = &record[name(column)];
        let carried = case.carries.iter().any(|columns| columns.contains(column));
        match row.get(*column) {
            Some(value) if *column == "account" && value == "(none)" && !carried => {}
            Some(value) if !equal(column, value, wanted) => faults.push(format!("{column} {value}, not {wanted}")),
            // What the log itself leaves out (a refused request's tokens) may be null.
            None if carried && !wanted.is_null() && record["status_code"] == 200 => faults.push(format!("no {column}")),
            _ => {}
        }
    }
}

fn equal(column: &str, value: &Value, wanted: &Value) -> bool {
    match column {
        "time" => {
            let wanted = chrono::DateTime::parse_from_rfc3339(wanted.as_str().unwrap_or_default());
            wanted.is_ok_and(|wanted| value == wanted.timestamp_micros())
        }
        // A masked address is the network that holds it.
        "ip" if value.as_str().is_some_and(|ip| ip.contains('/')) => {
            let network: ipnet::IpNet = value.as_str().unwrap_or_default().parse().unwrap();
            wanted.as_str().and_then(|ip| ip.parse().ok()).is_some_and(|ip: std::net::IpAddr| network.contains(&ip))
        }
        "latency_ms" | "temperature" => {
            value.as_f64().zip(wanted.as_f64()).is_some_and(|(value, wanted)| (value - wanted).abs() < 1e-6)
        }
        _ => value == wanted,
    }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn a_stream_of_bedrock_is_put_together() {
    let folder = logs("extra");
    let (rows, tally, source) = read(&folder, &["bedrock_streamed_invocation.json"]);
    assert_eq!((source, rows.len(), tally.rejected_rows()), (Some("bedrock"), 1, 0));
    let row = &rows[0];
    for (column, value) in [
        ("account", json!("u1")),
        ("request_id", json!("req_stream")),
        ("prompt", json!("Say hi")),
        ("response", json!("Hi there")),
        ("stop_reason", json!("stop")),
        ("input_tokens", json!(9)),
        ("output_tokens", json!(4)),
        ("latency_ms", json!(601.0)),
        ("top_p", json!(0.999)),
        ("max_tokens", json!(2000)),
    ] {
        assert_eq!(row.get(column), Some(&value), "{column}");
    }
}

fn sum(rows: &[Exchange], column: &str) -> i64 {
    rows.iter().filter_map(|row| row.get(column)?.as_i64()).sum()
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn the_tokens_of_real_traces_add_up() {
    let folder = logs("real/langfuse");
    let mut total = (0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (rows, tally, source) = read(path.parent().unwrap(), &[&name]);
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let calls: Vec<&Value> =
            file["observations"].as_array().unwrap().iter().filter(|seen| seen["type"] == "GENERATION").collect();
        let own = |field: &str| calls.iter().filter_map(|call| call[field].as_i64()).sum::<i64>();
        assert_eq!((source, tally.rejected_rows()), (Some("langfuse"), 0), "{name}");
        assert_eq!(rows.len(), calls.len(), "{name}: {tally:?}");
        assert_eq!(
            (sum(&rows, "input_tokens"), sum(&rows, "output_tokens")),
            (own("inputUsage"), own("outputUsage")),
            "{name}"
        );
        let steps = tally.set_aside.values().sum::<u64>();
        assert_eq!(rows.len() as u64 + steps, file["observations"].as_array().unwrap().len() as u64, "{name}");
        let spoken = rows.iter().filter(|row| row.contains_key("prompt")).count();
        let said = calls.iter().filter(|call| !call["input"].is_null()).count();
        assert_eq!(spoken, said, "{name}");
        total = (total.0 + rows.len(), total.1 + spoken, total.2 + sum(&rows, "input_tokens"));
    }
    assert!(total.0 > 30 && total.2 > 0, "{total:?}");
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn real_records_of_gateways_are_read() {
    let folder = logs("real");
    let mut seen: BTreeMap<&str, (usize, i64, i64)> = BTreeMap::new();
    for (file, source) in [
        ("litellm/spend_logs_payload.abridged.json", "litellm"),
        ("litellm/standard_logging_payload.abridged.json", "litellm"),
        ("envoy_ai_gateway/accesslog_doc_samples.jsonl", "envoy_ai_gateway"),
        ("tensorzero/chat_datapoint_fixture.jsonl", "tensorzero"),
        ("tensorzero/json_datapoint_fixture.jsonl", "tensorzero"),
        ("openai_chat/tensorzero_chat_completions_example.json", "openai_chat"),
        ("openai_chat/tensorzero_chat_completions_function_example.json", "openai_chat"),
        ("openai_chat/tensorzero_chat_completions_json_example.json", "openai_chat"),
        ("openai_chat/tensorzero_chat_completions_streaming_example.jsonl", "openai_chat"),
        ("openai_chat/tensorzero_chat_completions_streaming_function_example.jsonl", "openai_chat"),
    ] {
        let (rows, tally, told) = read(&folder, &[file]);
        assert_eq!((told, tally.rejected_rows()), (Some(source), 0), "{file}: {tally:?}");
        assert!(!rows.is_empty(), "{file}");
        // The same datapoint may stand in several data sets.
        let records = rows.len() + usize::try_from(tally.duplicates).unwrap();
        seen.insert(file, (records, sum(&rows, "input_tokens"), sum(&rows, "output_tokens")));
        if file.contains("streaming_example") {
            assert!(rows[0]["response"].as_str().unwrap().starts_with("Santa Claus"), "{file}");
        }
    }
    assert_eq!(seen["litellm/spend_logs_payload.abridged.json"], (1, 10, 20));
    assert_eq!(seen["litellm/standard_logging_payload.abridged.json"], (1, 10, 20));
    assert_eq!(seen["envoy_ai_gateway/accesslog_doc_samples.jsonl"], (1, 15, 7));
    assert_eq!(seen["openai_chat/tensorzero_chat_completions_example.json"], (1, 57, 17));
    for file in ["tensorzero/chat_datapoint_fixture.jsonl", "tensorzero/json_datapoint_fixture.jsonl"] {
        let lines = fs::read_to_string(folder.join(file)).unwrap().lines().count();
        assert_eq!(seen[file].0, lines, "{file}");
    }
}
