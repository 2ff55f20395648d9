//! Exports of observability services and gateways in all their forms: the same request in each, and strangers' logs that
//! only look like them. The golden files follow the public documentation that the adapters name.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};
use stillwatch_ingest::{ParquetSource, ReadOptions, TextReader};

use crate::sources::{LIMITS, together};

macro_rules! golden {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../golden/", $name)))
    };
}

const NOON: i64 = 1_772_452_800_000_000;

/// Name and bytes of a file.
type File = (&'static str, &'static [u8]);
/// File, source, and the columns that it carries beyond those that all carry.
type Golden = (File, &'static str, &'static [&'static str]);

const FILES: [Golden; 8] = [
    (
        golden!("portkey.jsonl"),
        "portkey",
        &["prompt", "system", "response", "temperature", "max_tokens", "status", "latency_ms", "ip"],
    ),
    (golden!("openrouter.csv"), "openrouter", &[]),
    (golden!("openrouter.json"), "openrouter", &["stop_reason", "latency_ms", "cached_tokens"]),
    (golden!("vercel_ai_gateway.json"), "vercel_ai_gateway", &["stop_reason", "latency_ms", "cached_tokens"]),
    (
        golden!("langsmith.jsonl"),
        "langsmith",
        &["prompt", "system", "response", "temperature", "max_tokens", "stop_reason", "latency_ms"],
    ),
    (
        golden!("traceloop.json"),
        "traceloop",
        &["prompt", "system", "response", "temperature", "max_tokens", "stop_reason", "latency_ms"],
    ),
    (
        golden!("phoenix.jsonl"),
        "phoenix",
        &["prompt", "system", "response", "temperature", "max_tokens", "latency_ms", "conversation"],
    ),
    (
        golden!("phoenix.json"),
        "phoenix",
        &["prompt", "system", "response", "temperature", "max_tokens", "latency_ms", "conversation"],
    ),
];

fn expected(column: &str) -> Value {
    match column {
        "time" => json!(NOON),
        "account" => json!("u1"),
        "input_tokens" => json!(7),
        "output_tokens" => json!(1),
        "cached_tokens" => json!(3),
        "prompt" => json!("Name a colour"),
        "system" => json!("Be brief."),
        "response" => json!("Red"),
        "temperature" => json!(0.5),
        "max_tokens" => json!(9),
        "stop_reason" => json!("stop"),
        "latency_ms" => json!(900.0),
        "status" => json!(200),
        "ip" => json!("192.0.2.1"),
        "conversation" => json!("c1"),
        _ => Value::Null,
    }
}

#[test]
fn exports_of_services_say_the_same() {
    for ((name, bytes), source, carries) in FILES {
        let (rows, tally, told) = together(&[(name, bytes)]);
        assert_eq!(told.map(|told| told.name), Some(source), "{name}");
        assert_eq!((rows.len(), tally.rejected_rows()), (1, 0), "{name} {tally:?}");
        for column in ["time", "account", "input_tokens", "output_tokens"].iter().chain(carries) {
            assert_eq!(rows[0].get(*column), Some(&expected(column)), "{name}: {column} in {:?}", rows[0]);
        }
        assert!(rows[0].contains_key("request_id") && rows[0].contains_key("model"), "{name}");
        assert!(
            tally.unknown_columns.iter().all(|name| name.contains('.') || name.contains('/')),
            "{name} {:?}",
            tally.unknown_columns
        );
    }
}

/// A table of text with these columns as Parquet.
fn as_parquet(csv: &str) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |at: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty())).collect::<StringArray>())
    };
    let columns = names.iter().enumerate().map(|(at, name)| (name.as_str(), column(at), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn known_logs_are_known_by_their_header() {
    let langfuse = "id,trace_id,type,project_id,start_time,end_time,level,provided_model_name,user_id,input,output,usage_details\n\
        o1,t1,GENERATION,p,2026-03-02 12:00:00.000,2026-03-02 12:00:00.900,DEFAULT,m1,u1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Name a colour\"\"}]\",\"{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"Red\"\"}\",\"{\"\"input\"\":7,\"\"output\"\":1,\"\"total\"\":8}\"\n";
    let litellm = "request_id,call_type,startTime,endTime,spend,model,user,prompt_tokens,completion_tokens,messages,metadata\n\
        r1,acompletion,2026-03-02 12:00:00,2026-03-02 12:00:01,0.1,m1,u1,7,1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Name a colour\"\"}]\",{}\n";
    let new_api = "id,user_id,created_at,type,content,username,token_name,model_name,quota,prompt_tokens,completion_tokens,use_time,is_stream,channel_id,group,other\n\
        1,7,1772452800,2,,u1,t,m1,5,7,1,2,true,3,default,{}\n";
    let one_api = "id,user_id,created_at,type,content,username,token_name,model_name,quota,prompt_tokens,completion_tokens,channel,elapsed_time\n\
        1,7,1772452800,2,,u1,t,m1,5,7,1,3,900\n";
    let azure = "\"TimeGenerated [UTC]\",CorrelationId,CallerIpAddress,ResponseCode,ApimSubscriptionId,Url\n\
        2026-03-02T12:00:00Z,c1,192.0.2.1,200,u1,https://h/openai/deployments/d/chat/completions\n";
    for (csv, source, prompt, tokens) in [
        (langfuse, "langfuse", true, true),
        (litellm, "litellm", true, true),
        (new_api, "new_api", false, true),
        (one_api, "one_api", false, true),
        (azure, "azure", false, false),
    ] {
        let semicolons = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        let mut written = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        semicolons.into_records().for_each(|record| written.write_record(&record.unwrap()).unwrap());
        let semicolons = written.into_inner().unwrap();
        for bytes in [csv.as_bytes(), &semicolons] {
            let (rows, tally, told) = together(&[("log.csv", bytes)]);
            assert_eq!(told.map(|told| told.name), Some(source), "{csv}");
            assert_eq!((rows.len(), tally.rejected_rows()), (1, 0), "{source} {tally:?}");
            assert_eq!((&rows[0]["account"], &rows[0]["time"]), (&json!("u1"), &json!(NOON)), "{source}");
            assert_eq!(rows[0].get("prompt"), prompt.then(|| json!("Name a colour")).as_ref(), "{source}");
            assert_eq!(rows[0].get("input_tokens"), tokens.then(|| json!(7)).as_ref(), "{source}");
        }
        let file = ParquetSource::open(bytes::Bytes::from(as_parquet(csv)), "log.parquet").unwrap();
        let options = ReadOptions { keep_unattributed: true, limits: LIMITS, ..ReadOptions::default() };
        let recognised = file.recognise(&options);
        if source == "azure" {
            // The zone behind the name is of the console that writes text.
            continue;
        }
        assert_eq!(recognised.source.map(|source| source.name), Some(source));
        let options = ReadOptions { source: Some(recognised), ..options };
        let mut reader = TextReader::of_parquet(&file, recognised, &options, "log.parquet").unwrap();
        let rows: usize = reader.by_ref().map(|batch| batch.unwrap().num_rows()).sum();
        let tally = reader.into_tally();
        assert_eq!((rows, tally.rejected_rows()), (1, 0), "{source} {tally:?}");
        assert_eq!(tally.coverage["prompt"], u64::from(prompt), "{source}");
        assert_eq!(tally.coverage["account"], 1);
    }
}

#[test]
fn strangers_logs_are_not_taken_for_known_ones() {
    for (log, like) in [
        (
            r#"{"id":"1","timestamp":"2026-03-02T12:00:00Z","user_id":"u","session_id":"s","prompt":"p","response":"r"}"#,
            "langfuse",
        ),
        (
            r#"{"id":"1","timestamp":"2026-03-02T12:00:00Z","user_id":"u","session_id":"s","model":"m","question":"p"}"#,
            "langfuse",
        ),
        (
            r#"{"trace_id":"1","start_time":"2026-03-02T12:00:00Z","type":"http","level":"info","prompt":"p"}"#,
            "langfuse",
        ),
        (r#"{"event":"login","rid":"1","time_ms":1}"#, "sglang"),
        (r#"{"event":"purchase","rid":"1","obj":{"a":1}}"#, "sglang"),
        (r#"{"call_type":"inbound","startTime":"2026-03-02T12:00:00Z","caller":"x"}"#, "litellm"),
        (r#"{"custom_id":"7","response":"satisfied"}"#, "openai_batch"),
        (r#"{"custom_id":"7","result":"ok"}"#, "openai_batch"),
        (r#"{"episode_id":"7","function_name":"step","reward":1}"#, "tensorzero"),
        (r#"{"request_id":"1","request_created_at":"2026-03-02","employee":"x"}"#, "helicone"),
        (r#"{"starting_at":"2026-03-02","ending_at":"2026-03-03","results":["won"]}"#, "anthropic_admin"),
        (r#"{"modelId":"m","operation":"chat","requestId":"1","prompt":"p","user":"u"}"#, "bedrock"),
        ("2026-03-02 12:00:00 Received request from 192.0.2.1 for /index.html", "vllm"),
        (r#"{"quota":1,"model_name":"m","token_name":"t"}"#, "one_api"),
        (
            r#"{"created_at":"2026-03-02","tokens_in":1,"tokens_out":2,"user_id":"u","prompt":"p"}"#,
            "cloudflare_ai_gateway",
        ),
    ] {
        let recognised = TextReader::recognise(log.as_bytes(), &ReadOptions::default(), None).unwrap();
        assert_eq!(recognised.source.map(|source| source.name), None, "{log} is taken for {like}");
    }
}

/// JSON of Jaeger's query service (`/api/traces`): its user interface downloads the same.
#[test]
fn spans_that_jaeger_exports_are_those_of_open_telemetry() {
    let tag = |key: &str, value: Value| json!({"key": key, "type": "string", "value": value});
    let prompt = r#"[{"role":"user","parts":[{"type":"text","content":"Name a colour"}]}]"#;
    let call = json!({
        "traceID": "t", "spanID": "s2", "operationName": "chat m1", "startTime": NOON, "duration": 1_500_000,
        "references": [{"refType": "CHILD_OF", "traceID": "t", "spanID": "s1"}], "processID": "p1", "logs": [],
        "tags": [tag("gen_ai.operation.name", json!("chat")), tag("gen_ai.request.model", json!("m1")),
                 tag("gen_ai.usage.input_tokens", json!(7)), tag("gen_ai.usage.output_tokens", json!(1)),
                 tag("gen_ai.input.messages", json!(prompt)), tag("client.address", json!("192.0.2.1"))],
    });
    let around = json!({
        "traceID": "t", "spanID": "s1", "operationName": "POST", "startTime": NOON, "duration": 2_000_000,
        "references": [], "processID": "p1", "logs": [], "tags": [tag("http.method", json!("POST"))],
    });
    let trace = json!({
        "traceID": "t", "spans": [around, call],
        "processes": {"p1": {"serviceName": "gateway", "tags": [tag("user.id", json!("u1"))]}},
    });
    for log in [json!({"data": [trace], "total": 0, "limit": 0}), trace] {
        let (rows, tally, source) = together(&[("traces.json", log.to_string().as_bytes())]);
        assert_eq!(source.map(|source| source.name), Some("otel"), "{log}");
        assert_eq!((rows.len(), tally.set_aside.values().sum::<u64>()), (1, 1), "{tally:?}");
        for (column, value) in [
            ("time", json!(NOON)),
            ("account", json!("u1")),
            ("prompt", json!("Name a colour")),
            ("ip", json!("192.0.2.1")),
            ("model", json!("m1")),
            ("input_tokens", json!(7)),
            ("latency_ms", json!(1500.0)),
            ("request_id", json!("t-s2")),
        ] {
            assert_eq!(rows[0].get(column), Some(&value), "{column} in {:?}", rows[0]);
        }
    }
}

#[test]
fn stored_completions_say_who_asked_where_the_request_did() {
    let stored = json!({"object": "list", "has_more": false, "data": [{
        "object": "chat.completion", "id": "r", "created": NOON / 1_000_000, "model": "m1",
        "metadata": {"user_id": "u1"}, "choices": [{"message": {"content": "Red"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 1},
    }]});
    let (rows, tally, source) = together(&[("stored.json", stored.to_string().as_bytes())]);
    assert_eq!(source.map(|source| source.name), Some("openai_chat"), "{tally:?}");
    assert_eq!((&rows[0]["account"], tally.unattributed), (&json!("u1"), 0), "{tally:?}");
}

#[test]
fn a_debug_line_gives_the_prompt_of_its_request() {
    let line = |id: &str, second: u32, prompt: &str| {
        format!(
            "(APIServer pid=7) DEBUG 03-02 12:00:{second:02} [logger.py:52] Request chatcmpl-{id} details: prompt: '{prompt}\\n', prompt_token_ids: [1, 2], prompt_embeds shape: None.\n\
             (APIServer pid=7) INFO 03-02 12:00:{second:02} [logger.py:60] Received request chatcmpl-{id}: params: SamplingParams(n=1, temperature=0.5, max_tokens=9), lora_request: None.\n\
             (APIServer pid=7) INFO 03-02 12:00:{second:02} [logger.py:90] Generated response chatcmpl-{id}: output: 'Red', output_token_ids: None, finish_reason: stop\n"
        )
    };
    let log = line("a", 0, "Name a colour") + &line("b", 1, "Name a river") + &line("a", 2, "Name a tree");
    let (rows, tally, source) = together(&[("log", log.as_bytes())]);
    assert_eq!(source.map(|source| source.name), Some("vllm"));
    let mut prompts: Vec<&str> = rows.iter().map(|row| row["prompt"].as_str().unwrap().trim()).collect();
    prompts.sort_unstable();
    assert_eq!(prompts, ["Name a colour", "Name a river", "Name a tree"], "{tally:?}");
    assert!(rows.iter().all(|row| row["temperature"] == json!(0.5) && row["response"] == json!("Red")), "{rows:?}");
}

#[test]
fn logpush_is_recognised_and_says_what_is_encrypted() {
    let sealed = r#"{"type":"encrypted","key":"AA","iv":"BB","data":"CC"}"#;
    let row = |metadata: &str, body: &str| {
        format!(
            r#"{{"Cached":false,"Endpoint":"chat/completions","Gateway":"g","Metadata":{metadata},"Model":"m1","Provider":"openai","RateLimited":false,"RequestBody":{body},"ResponseBody":{body},"StatusCode":200,"Timestamp":"2026-03-02T12:00:00Z"}}"#
        )
    };
    let (rows, tally, source) = together(&[("log", row(sealed, sealed).as_bytes())]);
    assert_eq!(source.map(|source| source.name), Some("cloudflare_ai_gateway"));
    assert_eq!((&rows[0]["model"], rows[0].get("prompt")), (&json!("m1"), None));
    assert!(tally.unjoined.keys().any(|what| what.contains("encrypted")), "{tally:?}");
    let body = r#"{"messages":[{"role":"user","content":"Name a colour"}]}"#;
    let (rows, ..) = together(&[("log", row(r#"{"user_id":"u1"}"#, body).as_bytes())]);
    assert_eq!((&rows[0]["account"], &rows[0]["prompt"]), (&json!("u1"), &json!("Name a colour")));
}

#[test]
fn a_batch_says_when_its_results_were_made() {
    let batch = r#"{"id":"msgbatch_1","type":"message_batch","processing_status":"ended","request_counts":{"succeeded":1},"created_at":"2026-03-02T12:00:00Z","ended_at":"2026-03-02T13:00:00Z"}"#;
    let input = r#"{"custom_id":"c1","params":{"model":"m1","max_tokens":9,"messages":[{"role":"user","content":"Name a colour"}],"metadata":{"user_id":"u1"}}}"#;
    let result = r#"{"custom_id":"c1","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","role":"assistant","model":"m1","content":[{"type":"text","text":"Red"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":1}}}}"#;
    let (rows, tally, _) =
        together(&[("batch.json", batch.as_bytes()), ("in.jsonl", input.as_bytes()), ("out.jsonl", result.as_bytes())]);
    assert_eq!(
        (rows.len(), &rows[0]["time"], &rows[0]["prompt"]),
        (1, &json!(NOON), &json!("Name a colour")),
        "{tally:?}"
    );
    let (rows, tally, _) = together(&[("in.jsonl", input.as_bytes()), ("out.jsonl", result.as_bytes())]);
    assert_eq!(rows.len(), 0);
    assert!(tally.unjoined.keys().any(|what| what.contains("batch object")), "{tally:?}");
}

#[test]
fn parts_of_content_and_chunks_of_streams_are_put_together() {
    let span = |attributes: &str| {
        format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"t","spanId":"s","startTimeUnixNano":"1772452800000000000","endTimeUnixNano":"1772452801000000000","attributes":[{{"key":"gen_ai.request.model","value":{{"stringValue":"m"}}}}{attributes}]}}]}}]}}]}}"#
        )
    };
    let attribute = |name: &str, value: &str| {
        format!(r#",{{"key":"{name}","value":{{"stringValue":{}}}}}"#, serde_json::to_string(value).unwrap())
    };
    let parts = r#"[{"type":"text","text":"Describe"},{"type":"image_url","image_url":{"url":"https://example.org/p.png"}},{"type":"text","text":"this"}]"#;
    for attributes in [
        attribute("gen_ai.prompt.0.role", "user") + &attribute("gen_ai.prompt.0.content", parts),
        attribute("llm.input_messages.0.message.role", "user")
            + &attribute("llm.input_messages.0.message.contents.0.message_content.text", "Describe")
            + &attribute("llm.input_messages.0.message.contents.1.message_content.text", "this"),
    ] {
        let (rows, ..) = together(&[("log", span(&attributes).as_bytes())]);
        assert_eq!(rows[0]["prompt"], json!("Describe\nthis"), "{attributes}");
    }
    // A message that is JSON stays what it is.
    let json_text =
        attribute("gen_ai.prompt.0.role", "user") + &attribute("gen_ai.prompt.0.content", r#"{"city": "Bonn"}"#);
    let (rows, ..) = together(&[("log", span(&json_text).as_bytes())]);
    assert_eq!(rows[0]["prompt"], json!(r#"{"city": "Bonn"}"#));
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let chunks = [
        r#"{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}"#,
        r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"One "}}"#,
        r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"two"}}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#,
    ]
    .map(quoted)
    .join(",");
    let request = quoted(r#"{"messages":[{"role":"user","content":"Count"}],"max_tokens":9}"#);
    let vertex = format!(
        r#"{{"logging_time":"2026-03-02 12:00:00 UTC","request_id":"1","model":"m","endpoint":"projects/p/locations/l","api_method":"streamRawPredict","metadata":{{"labels":{{"user_id":"u1"}}}},"request_payload":[{request}],"response_payload":[{chunks}]}}"#
    );
    let (rows, ..) = together(&[("log", vertex.as_bytes())]);
    assert_eq!((&rows[0]["response"], &rows[0]["output_tokens"]), (&json!("One two"), &json!(4)));
    assert_eq!((&rows[0]["stop_reason"], &rows[0]["prompt"]), (&json!("stop"), &json!("Count")));
}
