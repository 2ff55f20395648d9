//! Vercel AI Gateway: the answers of its interface for one generation, and exports of them. They hold no text; the spans
//! of its software kit do, and are read as OpenTelemetry.
//!
//! Source: <https://vercel.com/docs/ai-gateway/observability-and-spend/usage>.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "vercel_ai_gateway",
    title: "Vercel AI Gateway generations",
    advice: &[
        ("account", "pass `user` in the options of the gateway with each request"),
        (
            "prompt",
            "generations hold no text: export the spans of the AI SDK (experimental_telemetry) and read them as otel",
        ),
        ("ip", "join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::without(0, &["created_at", "is_byok", "provider_name", "native_tokens_prompt"], STRANGE),
        Sign::without(0, &["created_at", "is_byok", "provider_name", "tokens_prompt"], STRANGE),
        Sign::without(
            0,
            &["data/created_at", "data/is_byok", "data/provider_name"],
            &["data/upstream_id", "data/app_id"],
        ),
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

/// Generations of OpenRouter have them.
const STRANGE: &[&str] = &["upstream_id", "app_id", "model_permaslug"];

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["id", "generation_id"]),
    ("account", How::Account, &["user", "user_id", "end_user"]),
    ("api_key", How::Word, &["api_key_id", "api_key_name", "credential_id"]),
    ("organization", How::Word, &["project_id", "team_id"]),
    ("model", How::Word, &["model"]),
    ("input_tokens", How::Plain, &["native_tokens_prompt", "tokens_prompt"]),
    ("output_tokens", How::Plain, &["native_tokens_completion", "tokens_completion"]),
    ("cached_tokens", How::Plain, &["native_tokens_cached"]),
    ("latency_ms", How::Plain, &["generation_time", "latency"]),
    ("stop_reason", How::Stop, &["finish_reason"]),
    ("status", How::Plain, &["status_code"]),
];

const KNOWN: &[Line] = &[
    (
        "",
        How::Known,
        &["total_cost", "upstream_inference_cost", "usage", "is_byok", "provider_name", "streamed", "tags"],
    ),
    ("", How::Known, &["data", "native_tokens_reasoning", "native_tokens_cache_creation"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let record = if let one @ Json::Map(_) = record.get("data") { one } else { record };
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    out.exchange(draft);
}
