//! Logs of gateways, providers and serving engines: own records, whole and broken.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType};
use proptest::prelude::*;
use serde_json::{Value, json};
use stillwatch_ingest::{LogSource, ReadOptions, Recognised, Session, SessionLimits, Tally, TextReader};

/// The columns of an exchange that hold something.
pub(crate) type Exchange = BTreeMap<String, Value>;

pub(crate) const LIMITS: SessionLimits = SessionLimits { budget: 8 << 20, latest: 1_798_761_600_000_000 };

/// Reads the files of one log together, as the command does: each recognised, halves in the order of their parts.
pub(crate) fn together(files: &[(&str, &[u8])]) -> (Vec<Exchange>, Tally, Option<&'static LogSource>) {
    let options = ReadOptions { keep_unattributed: true, limits: LIMITS, ..ReadOptions::default() };
    let mut told: Vec<(Recognised, &str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (TextReader::recognise(*bytes, &options, None).unwrap(), *name, *bytes))
        .collect();
    told.sort_by_key(|(recognised, ..)| recognised.part());
    let source = told.iter().find_map(|(recognised, ..)| recognised.source);
    let parts = told.iter().fold(0, |parts, (recognised, ..)| parts | recognised.parts);
    let session = source.map(|source| Session::new(source, parts, LIMITS));
    let (mut exchanges, mut tally) = (Vec::new(), Tally::default());
    for (position, (recognised, name, bytes)) in told.iter().enumerate() {
        let options = ReadOptions {
            source: Some(*recognised),
            session: session.clone(),
            last: position + 1 == told.len(),
            ..options.clone()
        };
        let mut reader = TextReader::new(*bytes, None, &options, name).unwrap();
        reader.by_ref().for_each(|batch| exchanges.extend(rows(&batch.unwrap())));
        tally.merge(reader.tally());
    }
    (exchanges, tally, source)
}

fn rows(batch: &RecordBatch) -> Vec<Exchange> {
    let schema = batch.schema();
    let row = |row: usize| {
        let columns = schema.fields().iter().zip(batch.columns()).filter(|(_, column)| column.is_valid(row));
        columns.map(|(field, column)| (field.name().clone(), value(column, row))).collect()
    };
    (0..batch.num_rows()).map(row).collect()
}

fn value(column: &dyn Array, row: usize) -> Value {
    match column.data_type() {
        DataType::Utf8 => json!(column.as_string::<i32>().value(row)),
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => json!(column.as_boolean().value(row)),
        _ => json!(column.as_primitive::<TimestampMicrosecondType>().value(row)),
    }
}

fn one(text: &str) -> (Vec<Exchange>, Tally, Option<&'static LogSource>) {
    together(&[("log", text.as_bytes())])
}

const NOON: i64 = 1_772_452_800_000_000; // 2026-03-02T12:00:00Z

/// One record of each source, with the name of the source and the time, the account and the input tokens to be found.
fn examples() -> Vec<(&'static str, String, Option<&'static str>, Option<i64>)> {
    let message = r#"[{"role":"user","content":"Name a colour"}]"#;
    let quoted = serde_json::to_string(message).unwrap();
    let body = format!(r#"{{"model":"m","messages":{message},"temperature":0.5}}"#);
    let body_text = serde_json::to_string(&body).unwrap();
    vec![
        ("otel", r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t","spanId":"s","startTimeUnixNano":"1772452800000000000","endTimeUnixNano":"1772452801000000000","attributes":[{"key":"gen_ai.system","value":{"stringValue":"x"}},{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"user.id","value":{"stringValue":"a"}},{"key":"gen_ai.usage.prompt_tokens","value":{"intValue":7}},{"key":"gen_ai.prompt.0.role","value":{"stringValue":"user"}},{"key":"gen_ai.prompt.0.content","value":{"stringValue":"Name a colour"}}]}]}]}]}"#.into(), Some("a"), Some(7)),
        ("litellm", format!(r#"{{"request_id":"r","call_type":"acompletion","startTime":"2026-03-02 12:00:00.000000","endTime":"2026-03-02 12:00:01","model":"m","user":"a","prompt_tokens":7,"completion_tokens":1,"metadata":"{{\"user_agent\":\"x\"}}","messages":{quoted},"response":"{{}}","cache_hit":"None","requester_ip_address":"None"}}"#), Some("a"), Some(7)),
        ("helicone", format!(r#"{{"request_id":"r","request_created_at":"2026-03-02 12:00:00","response_created_at":"2026-03-02 12:00:01","user_id":"a","status":200,"prompt_tokens":7,"completion_tokens":1,"latency":-5,"country_code":"ZZ","request_body":{body_text},"response_body":"{{}}","properties":{{}}}}"#), Some("a"), Some(7)),
        ("langfuse", format!(r#"{{"trace":{{"id":"t","userId":"a","sessionId":"c","timestamp":"2026-03-02T12:00:00Z"}},"observations":[{{"id":"o","traceId":"t","type":"GENERATION","startTime":"2026-03-02T12:00:00Z","endTime":"2026-03-02T12:00:01Z","level":"DEFAULT","input":{quoted},"model":"m","usageDetails":{{"input":4,"input_cached_tokens":3,"output":1}}}},{{"id":"p","traceId":"t","type":"SPAN","startTime":"2026-03-02T12:00:00Z","level":"DEFAULT"}}]}}"#), Some("a"), Some(7)),
        ("tensorzero", format!(r#"{{"id":"r","inference_id":"i","raw_request":{body_text},"input_messages":{quoted},"input_tokens":7,"output_tokens":1,"model_name":"m","created_at":"2026-03-02T12:00:00Z","tags":{{"user_id":"a"}}}}"#), Some("a"), Some(7)),
        ("kong", format!(r#"{{"started_at":1772452800000,"latencies":{{"request":5}},"client_ip":"192.0.2.1","request":{{"uri":"/v1/chat/completions","headers":{{}}}},"response":{{"status":200}},"consumer":{{"id":"a"}},"ai":{{"ai-proxy-advanced":{{"usage":{{"prompt_token":7,"completion_token":1}},"meta":{{"request_model":"m"}},"payload":{{"request":{body_text}}}}}}}}}"#), Some("a"), Some(7)),
        ("envoy_ai_gateway", r#"{"start_time":"2026-03-02T12:00:00.000Z","gen_ai.request.model":"m","gen_ai.usage.input_tokens":7,"x-user-id":"a","downstream_remote_address":"[2001:db8::1]:443","response_code":0,"x-request-id":"r"}"#.into(), Some("a"), Some(7)),
        ("cloudflare_ai_gateway", r#"{"result":[{"id":"r","created_at":"2026-03-02T12:00:00Z","model":"m","path":"chat/completions","status_code":200,"duration":9,"tokens_in":7,"tokens_out":1,"metadata":"{\"user_id\":\"a\",\"zdr\":true}"}],"success":true}"#.into(), Some("a"), Some(7)),
        ("bedrock", format!(r#"{{"schemaType":"ModelInvocationLog","timestamp":"2026-03-02T12:00:00Z","accountId":"1","identity":{{"arn":"arn:aws:iam::1:user/a"}},"requestId":"r","operation":"Converse","modelId":"m","input":{{"inputBodyJson":{body},"inputTokenCount":4,"cacheReadInputTokenCount":2,"cacheWriteInputTokenCount":1}},"output":{{"outputBodyJson":[{{"contentBlockDelta":{{"delta":{{"text":"blue"}}}}}}],"outputTokenCount":1}}}}"#), Some("a"), Some(7)),
        ("azure", r#"{"records":[{"time":"2026-03-02T12:00:00Z","category":"RequestResponse","correlationId":"r","callerIpAddress":"81.2.69.***","durationMs":-4,"operationName":"ChatCompletions_Create","resultSignature":"200","resourceId":"/X/ORG","properties":"{\"objectId\":\"a\",\"modelName\":\"m\"}"}]}"#.into(), Some("a"), None),
        ("vertex", r#"{"logging_time":"2026-03-02T12:00:00Z","request_id":1,"model":"m","endpoint":"projects/p/x","api_method":"generateContent","full_request":"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Name a colour\"}]}]}","full_response":{"candidates":[],"usageMetadata":{"promptTokenCount":7}},"metadata":{"labels":{"user_id":"a"}},"sampling_rate":0.5}"#.into(), Some("a"), Some(7)),
        ("vllm", "INFO 03-02 12:00:00 [logger.py:43] Received request chatcmpl-r: prompt: 'Name a colour', params: SamplingParams(n=2, temperature=0.5, max_tokens=9, logprobs=None), prompt_token_ids: None".into(), None, None),
        ("sglang", r#"{"timestamp":"2026-03-02T12:00:02Z","event":"request.finished","rid":"r","obj":{"text":"Name a colour"},"out":{"text":"blue","meta_info":{"prompt_tokens":7,"completion_tokens":1,"e2e_latency":2.0,"finish_reason":{"type":"length"}}}}"#.into(), None, Some(7)),
        ("tgi", "2026-03-02T12:00:01.500000Z  INFO generate{parameters=GenerateParameters { best_of: None, temperature: Some(0.5), max_new_tokens: Some(9), details: false } total_time=\"1.5s\" validation_time=\"440µs\"}: text_generation_router::server: router/src/server.rs:402: Success".into(), None, None),
        ("openai_batch", r#"{"id":"b","custom_id":"c","response":{"status_code":200,"request_id":"r","body":{"created":1772452800,"model":"m","choices":[{"message":{"content":"blue"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":1}}},"error":null}"#.into(), None, Some(7)),
        ("ocsf", r#"{"class_uid":6003,"category_uid":6,"time":1772452800000,"actor":{"user":{"uid":"a"}},"src_endpoint":{"ip":"192.0.2.1"},"ai_model":{"name":"m"},"message_context":{"prompt_tokens":7,"prompt_text":"Name a colour"},"http_response":{"code":200}}"#.into(), Some("a"), Some(7)),
        ("new_api", r#"{"id":9,"user_id":1,"created_at":1772452800,"type":2,"username":"a","token_name":"t","token_id":3,"model_name":"m","quota":1,"prompt_tokens":4,"completion_tokens":1,"use_time":2,"other":"{\"claude\":true,\"cache_tokens\":2,\"cache_creation_tokens\":1}"}"#.into(), Some("a"), Some(7)),
        ("one_api", r#"{"id":9,"user_id":1,"created_at":1772452800,"type":2,"username":"a","token_name":"t","model_name":"m","quota":1,"prompt_tokens":7,"completion_tokens":1,"request_id":"r","elapsed_time":12}"#.into(), Some("a"), Some(7)),
        ("openai_chat", r#"{"object":"chat.completion","id":"r","created":1772452800,"model":"m","choices":[{"message":{"content":"blue"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":1}}"#.into(), None, Some(7)),
    ]
}

#[test]
fn every_source_is_recognised_and_read() {
    for (name, text, account, input) in examples() {
        let (rows, tally, source) = one(&text);
        assert_eq!(source.map(|source| source.name), Some(name), "{text}");
        assert_eq!(rows.len(), 1, "{name}: {tally:?}");
        let row = &rows[0];
        assert_eq!(row["time"], NOON, "{name}");
        assert_eq!(row["account"], account.unwrap_or("(none)"), "{name}");
        assert_eq!(tally.unattributed, u64::from(account.is_none()), "{name}");
        assert_eq!(row.get("input_tokens").and_then(Value::as_i64), input, "{name}");
        assert!(row.values().all(|value| value != "" && value != "None"), "{name}: {row:?}");
        if let Some(prompt) = row.get("prompt") {
            assert_eq!(prompt, "Name a colour", "{name}");
        }
        if let Some(model) = row.get("model") {
            assert_eq!(model, "m", "{name}");
        }
    }
}

#[test]
fn administrative_feeds_hold_no_requests() {
    for (name, text) in [
        (
            "openai_admin",
            r#"{"object":"list","data":[{"object":"organization.audit_log","id":"1","type":"login.failed","effective_at":1772452800,"actor":{}}]}"#,
        ),
        (
            "openai_admin",
            r#"{"object":"page","data":[{"object":"bucket","start_time":1,"results":[{"object":"organization.usage.completions.result","num_model_requests":3}]}]}"#,
        ),
        (
            "anthropic_admin",
            r#"{"data":[{"id":"1","created_at":"2026-03-02T12:00:00Z","organization_uuid":"u","actor":{"type":"x"},"type":"y"}],"has_more":false}"#,
        ),
        (
            "anthropic_admin",
            r#"{"data":[{"starting_at":"a","ending_at":"b","results":[{"uncached_input_tokens":1}]}]}"#,
        ),
    ] {
        let (rows, tally, source) = one(text);
        assert_eq!(source.map(|source| (source.name, source.holds_requests)), Some((name, false)), "{text}");
        assert_eq!((rows.len(), tally.rows, tally.set_aside.values().sum::<u64>()), (0, 0, 1), "{text}");
    }
}

#[test]
fn broken_records_are_counted_and_the_others_read() {
    for (name, text, ..) in examples() {
        let broken = if matches!(name, "vllm" | "tgi") { "\u{fffd} {" } else { "{\"broken\": " };
        let (rows, tally, source) = one(&format!("{broken}\n{text}\n{}\n[1]\n", &text[..text.len() / 2]));
        assert_eq!(source.map(|source| source.name), Some(name));
        assert_eq!(tally.rows, tally.accepted + tally.rejected_rows(), "{name}: {tally:?}");
        assert!(!rows.is_empty(), "{name}");
        let lost = tally.rejected_rows() + tally.set_aside.values().sum::<u64>();
        // The half of a line of text may still be a request.
        assert!(lost >= if matches!(name, "vllm" | "tgi") { 1 } else { 3 }, "{name}: {tally:?}");
    }
}

#[test]
fn negative_and_unreadable_values_are_null_and_told() {
    let helicone = &examples()[2].1;
    let (rows, tally, _) = one(helicone);
    assert!(!rows[0].contains_key("latency_ms") && !rows[0].contains_key("country"));
    assert_eq!(tally.field_errors["latency_ms"], 1);
    let azure = &examples().into_iter().find(|(name, ..)| *name == "azure").unwrap().1;
    let (rows, tally, _) = one(azure);
    assert_eq!((&rows[0]["ip"], &rows[0]["organization"]), (&json!("81.2.69.0/24"), &json!("org")));
    assert_eq!(tally.field_errors["latency_ms"], 1);
}

#[test]
fn what_may_not_be_kept_is_dropped_here() {
    let cloudflare = &examples().into_iter().find(|(name, ..)| *name == "cloudflare_ai_gateway").unwrap().1;
    assert_eq!(one(cloudflare).0[0]["retention"], "metadata_only");
    let kong = r#"{"started_at":1772452800,"latencies":{},"client_ip":"192.0.2.1","request":{"uri":"/v1/x"},"response":{"status":200},"consumer":{"id":"a"},"retention":"none","ai":{"payload":{"request":"{\"messages\":[{\"role\":\"user\",\"content\":\"secret words\"}]}"}}}"#;
    let (rows, ..) = one(kong);
    assert_eq!(rows[0]["retention"], "none");
    assert!(!rows[0].contains_key("prompt") && !rows[0].contains_key("tools"));
}

#[test]
fn halves_meet_in_any_order_and_are_missed_when_absent() {
    let input = r#"{"custom_id":"c","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Name a colour"}],"user":"a"}}"#;
    let output = &examples().into_iter().find(|(name, ..)| *name == "openai_batch").unwrap().1;
    for files in
        [[("i", input.as_bytes()), ("o", output.as_bytes())], [("o", output.as_bytes()), ("i", input.as_bytes())]]
    {
        let (rows, tally, _) = together(&files);
        assert_eq!((rows.len(), &rows[0]["prompt"], &rows[0]["account"]), (1, &json!("Name a colour"), &json!("a")));
        assert!(tally.unjoined.is_empty());
    }
    let (rows, tally, _) = one(output);
    assert!(rows.len() == 1 && !rows[0].contains_key("prompt"));
    assert_eq!(tally.unjoined.values().sum::<u64>(), 1);
    let (rows, tally, _) = one(input);
    assert_eq!((rows.len(), tally.rejected_rows(), tally.unjoined.values().sum::<u64>()), (0, 1, 1));

    let trace = r#"{"id":"t","timestamp":"2026-03-02T12:00:00Z","user_id":"a","session_id":"c","metadata":{"ip":"192.0.2.1"},"tags":[]}"#;
    let seen = |id: u32| {
        format!(
            r#"{{"id":"o{id}","trace_id":"t","type":"GENERATION","level":"DEFAULT","start_time":"2026-03-02T12:00:00Z","provided_model_name":"m"}}"#
        )
    };
    let observations = format!("{}\n{}\n", seen(1), seen(2));
    let mixed = [observations.as_bytes(), trace.as_bytes()].concat();
    for files in [vec![("o", observations.as_bytes()), ("t", trace.as_bytes())], vec![("x", mixed.as_slice())]] {
        let (rows, tally, _) = together(&files);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row["account"] == "a" && row["conversation"] == "c" && row["ip"] == "192.0.2.1"));
        assert!(tally.unjoined.is_empty());
    }
    let (rows, tally, _) = one(&observations);
    assert_eq!((rows.len(), tally.unattributed, tally.unjoined.values().sum::<u64>()), (2, 2, 2));
}

#[test]
fn pieces_of_azure_are_put_together_whatever_their_order() {
    let gateway = r#"{"TimeGenerated":"2026-03-02T12:00:00Z","CorrelationId":"r","CallerIpAddress":"192.0.2.1","ApimSubscriptionId":"a","ResponseCode":200,"TotalTime":5}"#;
    let long = r#"[{"role":"user","content":"Name a colour"}]"#;
    let piece = |number: u32, text: &str| {
        json!({"TimeGenerated": "2026-03-02T12:00:00Z", "CorrelationId": "r", "SequenceNumber": number, "ModelName": "m", "PromptTokens": 7, "RequestMessages": text, "ResponseMessages": null}).to_string()
    };
    let llm = format!("{}\n{}\n", piece(1, &long[20..]), piece(0, &long[..20]));
    for files in
        [[("g", gateway.as_bytes()), ("l", llm.as_bytes())], [("l", llm.as_bytes()), ("g", gateway.as_bytes())]]
    {
        let (rows, tally, _) = together(&files);
        assert_eq!((rows.len(), tally.unjoined.len()), (1, 0), "{tally:?}");
        let row = &rows[0];
        assert_eq!(
            (&row["prompt"], &row["account"], &row["input_tokens"]),
            (&json!("Name a colour"), &json!("a"), &json!(7))
        );
    }
    assert_eq!(together(&[("l", llm.as_bytes())]).1.unattributed, 1);
}

#[test]
fn attempts_at_one_act_are_one_exchange() {
    let row = |id: &str, status: u32, second: u32| {
        format!(
            r#"{{"request_id":"{id}","litellm_call_id":"call","call_type":"acompletion","startTime":"2026-03-02T12:00:0{second}Z","model":"m","user":"a","status":"{}","prompt_tokens":{},"error_information":{{"error_code":"{}"}}}}"#,
            if status == 200 { "success" } else { "failure" },
            if status == 200 { 7 } else { 0 },
            if status == 200 { String::new() } else { status.to_string() }
        )
    };
    let (rows, tally, _) = one(&format!("{}\n{}\n", row("x", 429, 0), row("y", 200, 2)));
    assert_eq!((rows.len(), tally.duplicates), (1, 1));
    assert_eq!(
        (&rows[0]["time"], &rows[0]["status"], &rows[0]["input_tokens"]),
        (&json!(NOON), &json!(200), &json!(7))
    );
    // Two spans of one trace are two calls.
    let span = |span: &str| {
        format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"t","spanId":"{span}","startTimeUnixNano":"1772452800000000000","attributes":[{{"key":"gen_ai.request.model","value":{{"stringValue":"m"}}}}]}}]}}]}}]}}"#
        )
    };
    assert_eq!(one(&format!("{}\n{}\n", span("1"), span("2"))).0.len(), 2);
}

#[test]
fn a_span_and_its_event_are_one_exchange() {
    let span = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t","spanId":"s","traceState":"ot=th:c","startTimeUnixNano":"1772452800000000000","endTimeUnixNano":"1772452801000000000","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"user.id","value":{"stringValue":"a"}}]},{"traceId":"t","spanId":"z","attributes":[{"key":"http.route","value":{"stringValue":"/"}}]}]}]}]}"#;
    let event = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772452801000000000","eventName":"gen_ai.user.message","traceId":"t","spanId":"s","body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"Name a colour"}}]}}},{"timeUnixNano":"1772452801000000000","eventName":"gen_ai.client.inference.operation.details","traceId":"t","spanId":"s","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"gen_ai.system_instructions","value":{"stringValue":"[{\"type\":\"text\",\"content\":\"Be brief\"}]"}}]}]}]}]}"#;
    for files in [[("s", span.as_bytes()), ("e", event.as_bytes())], [("e", event.as_bytes()), ("s", span.as_bytes())]]
    {
        let (rows, tally, _) = together(&files);
        assert_eq!((rows.len(), tally.set_aside.values().sum::<u64>()), (1, 1), "{tally:?}");
        let row = &rows[0];
        assert_eq!(
            (&row["time"], &row["latency_ms"], &row["sample_rate"]),
            (&json!(NOON), &json!(1000.0), &json!(0.25))
        );
        assert_eq!((&row["prompt"], &row["system"]), (&json!("Name a colour"), &json!("Be brief")));
    }
}

#[test]
fn what_waits_is_bounded() {
    let many: String = (0..20_000)
        .map(|id| format!(r#"{{"timestamp":"2026-03-02T12:00:00Z","event":"request.received","rid":"r{id}","obj":{{"text":"{}"}}}}"#, "words ".repeat(200)) + "\n")
        .collect();
    let (rows, tally, _) = one(&many);
    assert_eq!(rows.len(), 20_000);
    assert_eq!(tally.unjoined["request without its answer"], 20_000);
}

#[test]
fn a_field_map_goes_before_the_source() {
    let vertex = &examples().into_iter().find(|(name, ..)| *name == "vertex").unwrap().1;
    let map = stillwatch_ingest::FieldMap::parse(
        "[exchange]\naccount = \"/metadata/labels/user_id\"\napi_key = \"/request_id\"",
    )
    .unwrap();
    let options = ReadOptions { map, ..ReadOptions::default() };
    let mut reader = TextReader::new(vertex.as_bytes(), None, &options, "log").unwrap();
    let row = rows(&reader.next().unwrap().unwrap()).remove(0);
    assert_eq!((&row["account"], &row["api_key"], &row["sample_rate"]), (&json!("a"), &json!("1"), &json!(0.5)));
}

#[test]
fn without_an_account_a_row_is_rejected_unless_it_is_to_be_kept() {
    let vllm = &examples().into_iter().find(|(name, ..)| *name == "vllm").unwrap().1;
    let mut reader = TextReader::new(vllm.as_bytes(), None, &ReadOptions::default(), "log").unwrap();
    assert!(reader.next().is_none());
    assert_eq!(crate::fixtures::reasons(reader.tally()), [("no account".to_owned(), 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Cuts, swaps and odd values in records of every source: nothing panics and the counts add up.
    #[test]
    fn no_mutated_record_makes_an_adapter_panic(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![
            "", "null", "-1", "1e999", "\"None\"", "[]", "{}", "{\"a\":[{}]}", "\"", "}", "]", ",", "\\", "é", "[[[[", "99999999999999999999", "\"\\ud800\"",
        ])), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let examples = examples();
        let (_, text, ..) = &examples[which.index(examples.len())];
        let mut text = text.clone();
        for (place, put) in edits {
            let mut at = place.index(text.len() + 1);
            while !text.is_char_boundary(at) { at -= 1; }
            // A value is replaced up to the next comma, or something is put in between.
            let end = text[at..].find([',', '}']).map_or(at, |end| at + end);
            if put.len() % 2 == 0 { text.insert_str(at, put) } else { text.replace_range(at..end, put) }
        }
        if let Some(cut) = cut {
            let mut at = cut.index(text.len() + 1);
            while !text.is_char_boundary(at) { at -= 1; }
            text.truncate(at);
        }
        let (rows, tally, _) = one(&format!("{text}\n{text}\n"));
        prop_assert_eq!(rows.len() as u64, tally.accepted);
        prop_assert_eq!(tally.rows, tally.accepted + tally.rejected_rows());
    }

    /// Any tree of JSON under the names that the sources look for.
    #[test]
    fn no_tree_makes_an_adapter_panic(which in any::<prop::sample::Index>(), tree in tree()) {
        let sources = LogSource::all();
        let source = sources[which.index(sources.len())];
        let text = tree.to_string();
        let options = ReadOptions {
            source: Some(Recognised { source: Some(source), parts: 3 }),
            keep_unattributed: true,
            ..ReadOptions::default()
        };
        let mut reader = TextReader::new(text.as_bytes(), None, &options, "log").unwrap();
        reader.by_ref().for_each(drop);
        let tally = reader.tally();
        prop_assert_eq!(tally.rows, tally.accepted + tally.rejected_rows());
    }
}

fn tree() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "id",
        "trace_id",
        "traceId",
        "type",
        "time",
        "timestamp",
        "startTime",
        "messages",
        "content",
        "parts",
        "text",
        "role",
        "input",
        "output",
        "usage",
        "choices",
        "metadata",
        "rid",
        "event",
        "obj",
        "out",
        "meta_info",
        "custom_id",
        "body",
        "response",
        "resourceSpans",
        "scopeSpans",
        "spans",
        "attributes",
        "key",
        "value",
        "properties",
        "CorrelationId",
        "RequestMessages",
        "SequenceNumber",
        "result",
        "records",
        "ai",
        "payload",
        "request",
        "span",
        "parameters",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "None",
            "x",
            "GENERATION",
            "request.finished",
            "{\"a\":1}",
            "data: {}",
            "2026-03-02T12:00:00Z"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
    .prop_map(|value| json!({"event": "request.finished", "rid": "r", "id": "i", "trace": value.clone(), "body": value.clone(), "custom_id": "c", "resourceSpans": [value.clone()], "x": value}))
}
