//! The cases of the shared test data: what was in trouble elsewhere, one folder a case, read by `doctor`.

use crate::sandbox::Sandbox;

/// File, exit code, source, rows with an account, accounts. Where the code is 3, nothing of the file can be read, and the case
/// says why: another container, a window that is too long, no account, no time, a time that may mean two days, no header.
const CASES: &[(&str, i32, &str, u64, u64)] = &[
    ("01-lone-surrogate/canonical.jsonl", 0, "canonical", 5, 3),
    ("01-lone-surrogate/litellm.jsonl", 0, "litellm", 5, 3),
    ("03-client-chosen-id/envoy.jsonl", 0, "envoy_ai_gateway", 60, 3),
    ("03-client-chosen-id/kong.jsonl", 0, "kong", 60, 3),
    ("03-client-chosen-id/litellm.jsonl", 0, "litellm", 60, 3),
    ("05-nan-infinity/canonical.jsonl", 0, "canonical", 4, 3),
    ("05-nan-infinity/litellm.jsonl", 0, "litellm", 3, 3),
    ("06-headerless-text/app.log", 3, "not recognised", 0, 0),
    ("06-headerless-text/headerless.csv", 3, "not recognised", 0, 0),
    ("11-utf16/log.csv", 0, "canonical", 1, 1),
    ("11-utf16/log.jsonl", 0, "canonical", 6, 3),
    ("11-utf16/plain.jsonl", 0, "canonical", 6, 3),
    ("12-zstd-window/log.jsonl.zst", 3, "not recognised", 0, 0),
    ("13-binary-containers/capture.avro", 3, "not recognised", 0, 0),
    ("13-binary-containers/corpus-file.arrow", 3, "not recognised", 0, 0),
    ("13-binary-containers/encrypted.parquet", 3, "not recognised", 0, 0),
    ("13-binary-containers/log.arrow", 3, "not recognised", 0, 0),
    ("13-binary-containers/log.orc", 3, "not recognised", 0, 0),
    ("13-binary-containers/log.sqlite", 3, "not recognised", 0, 0),
    ("14-csv-dialects/crlf-bom.csv", 0, "canonical", 6, 3),
    ("14-csv-dialects/duplicate-column.csv", 0, "canonical", 6, 3),
    ("14-csv-dialects/plain.csv", 0, "canonical", 6, 3),
    ("14-csv-dialects/semicolon.csv", 0, "canonical", 6, 3),
    ("14-csv-dialects/sep.csv", 0, "canonical", 6, 3),
    ("14-csv-dialects/tab.tsv", 0, "canonical", 6, 3),
    ("14-csv-dialects/upper.csv", 0, "canonical", 6, 3),
    ("15-concatenated-json/firehose-lines.jsonl", 0, "canonical", 6, 3),
    ("15-concatenated-json/firehose-litellm.jsonl", 0, "litellm", 6, 3),
    ("15-concatenated-json/firehose.jsonl", 0, "canonical", 6, 3),
    ("16-cloudwatch-envelope/insights.jsonl", 0, "bedrock", 6, 3),
    ("16-cloudwatch-envelope/subscription-concatenated.jsonl", 0, "bedrock", 6, 3),
    ("16-cloudwatch-envelope/subscription.jsonl", 0, "bedrock", 6, 3),
    ("18-known-log-in-csv-or-parquet/azure_portal.csv", 3, "azure", 0, 0),
    ("18-known-log-in-csv-or-parquet/langfuse.csv", 0, "langfuse", 6, 3),
    ("18-known-log-in-csv-or-parquet/langfuse.jsonl", 0, "langfuse", 6, 3),
    ("18-known-log-in-csv-or-parquet/langfuse.parquet", 0, "langfuse", 6, 3),
    ("18-known-log-in-csv-or-parquet/litellm.csv", 0, "litellm", 6, 3),
    ("18-known-log-in-csv-or-parquet/litellm.jsonl", 0, "litellm", 6, 3),
    ("18-known-log-in-csv-or-parquet/new_api.csv", 0, "new_api", 6, 3),
    ("18-known-log-in-csv-or-parquet/new_api.jsonl", 0, "new_api", 6, 3),
    ("18-known-log-in-csv-or-parquet/openrouter_activity.csv", 0, "openrouter", 6, 3),
    ("19-cloudflare-logpush/ai_gateway_events.log.gz", 3, "cloudflare_ai_gateway", 0, 0),
    ("20-vllm-debug-prompt/server.log", 3, "vllm", 0, 0),
    ("22-parquet-uuid/duckdb.parquet", 0, "canonical", 6, 3),
    ("22-parquet-uuid/fixed-text.parquet", 0, "canonical", 6, 3),
    ("22-parquet-uuid/good.jsonl", 0, "canonical", 6, 3),
    ("22-parquet-uuid/pyarrow.parquet", 0, "canonical", 6, 3),
    ("22-parquet-uuid/request-id-only.parquet", 0, "canonical", 6, 3),
    ("23-float-ids/litellm.jsonl", 0, "litellm", 6, 3),
    ("23-float-ids/log.csv", 0, "canonical", 6, 3),
    ("23-float-ids/log.jsonl", 0, "canonical", 6, 3),
    ("23-float-ids/log.parquet", 0, "canonical", 6, 3),
    ("25-parquet-messages/log.jsonl", 0, "canonical", 6, 3),
    ("25-parquet-messages/log.parquet", 0, "canonical", 6, 3),
    ("25-parquet-messages/nested.parquet", 0, "canonical", 6, 3),
    ("26-time-spellings/basic.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/bq.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/clf.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/comma-naive.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/comma.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/go.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/http.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/lower.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/no-colon.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/no-seconds.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/pg-short.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/pg-two.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/space-offset.csv", 0, "canonical", 3, 3),
    ("26-time-spellings/us.csv", 3, "canonical", 0, 0),
    ("26-time-spellings/z-space.csv", 0, "canonical", 3, 3),
    ("27-asn-spelling/log.jsonl", 0, "canonical", 6, 3),
    ("29-default-user/spend_logs.jsonl", 0, "litellm", 30, 6),
    ("31-anthropic-batch/input.jsonl", 3, "openai_batch", 0, 0),
    ("31-anthropic-batch/results.jsonl", 3, "openai_batch", 0, 0),
    ("32-role-sessions/log.json", 0, "bedrock", 6, 6),
    ("33-langfuse-usage/observations.jsonl", 0, "langfuse", 7, 3),
    ("34-otel-content-as-json/traceloop.jsonl", 0, "otel", 6, 3),
    ("36-vertex-stream-payload/bq.jsonl", 0, "vertex", 6, 3),
    ("37-generic-names/own-log.jsonl", 3, "not recognised", 0, 0),
];

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn cases_from_the_field_are_read_or_refused_by_name() {
    let root = std::env::var_os("STILLWATCH_SHARED").expect("STILLWATCH_SHARED names the folder of test data");
    let folder = std::path::PathBuf::from(root).join("data/field-cases");
    let sandbox = Sandbox::new();
    let mut wrong = Vec::new();
    for (name, code, source, rows, accounts) in CASES {
        let path = folder.join(name);
        let run = sandbox.run(&["doctor", path.to_str().unwrap(), "--format", "json"]);
        let examined: serde_json::Value = serde_json::from_str(&run.out).unwrap_or_default();
        let log = &examined["logs"][0];
        let attributed = log["accepted"].as_u64().unwrap_or(0) - log["unattributed"].as_u64().unwrap_or(0);
        let told = (run.code, log["source"].as_str(), attributed, log["accounts"].as_u64());
        if told != (Some(*code), Some(*source), *rows, Some(*accounts)) {
            wrong.push(format!("{name}: {told:?}"));
        }
        if *code == 3 {
            let gap = &examined["not_read"][0];
            let is_told =
                ["what", "why", "help"].iter().all(|part| gap[part].as_str().is_some_and(|text| !text.is_empty()));
            assert!(is_told, "{name}: {gap}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
