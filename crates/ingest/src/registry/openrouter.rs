//! OpenRouter: the export of the activity page (CSV), and the answers of its interface for one generation. Neither holds
//! text.
//!
//! Source: <https://openrouter.ai/docs/api-reference/get-a-generation>.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "openrouter",
    title: "OpenRouter activity and generations",
    advice: &[
        ("account", "pass `user` in each request: it is the external user of the generation"),
        ("prompt", "OpenRouter exports no text: use the log of the gateway in front of it"),
        ("ip", "join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["Generation ID", "Created At", "Tokens Prompt"]),
        Sign::new(0, &["generation_id", "created_at", "tokens_prompt"]),
        Sign::new(0, &["created_at", "tokens_prompt", "model_permaslug"]),
        Sign::new(0, &["created_at", "native_tokens_prompt", "upstream_id"]),
        Sign::new(0, &["created_at", "native_tokens_prompt", "app_id"]),
        Sign::new(0, &["data/created_at", "data/native_tokens_prompt", "data/upstream_id"]),
        Sign::new(0, &["data/created_at", "data/native_tokens_prompt", "data/app_id"]),
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at", "Created At"]),
    ("request_id", How::Word, &["id", "generation_id", "Generation ID"]),
    ("account", How::Account, &["external_user", "user", "User", "user_id"]),
    ("api_key", How::Word, &["api_key_name", "api_key_hash", "API Key Name", "Api Key Name"]),
    ("organization", How::Word, &["app_id", "app_name", "App Name"]),
    ("model", How::Word, &["model", "model_permaslug", "Model Permaslug", "Model"]),
    ("endpoint", How::Word, &["api_type"]),
    ("user_agent", How::Word, &["user_agent"]),
    ("input_tokens", How::Plain, &["native_tokens_prompt", "tokens_prompt", "Tokens Prompt"]),
    ("output_tokens", How::Plain, &["native_tokens_completion", "tokens_completion", "Tokens Completion"]),
    ("cached_tokens", How::Plain, &["native_tokens_cached"]),
    ("latency_ms", How::Plain, &["generation_time", "generation_time_ms", "Generation Time"]),
    ("stop_reason", How::Stop, &["finish_reason", "native_finish_reason", "finish_reason_normalized", "Finish Reason"]),
    ("conversation", How::Word, &["session_id"]),
];

const KNOWN: &[Line] = &[
    (
        "",
        How::Known,
        &["provider_name", "Provider Name", "total_cost", "usage", "origin", "streamed", "is_byok", "upstream_id"],
    ),
    (
        "",
        How::Known,
        &["data", "latency", "moderation_latency", "cancelled", "native_tokens_reasoning", "cache_discount", "router"],
    ),
];

fn read(record: &Json, out: &mut Assembly) {
    let record = if let one @ Json::Map(_) = record.get("data") { one } else { record };
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    if record.get("cancelled").boolean() == Some(true) {
        draft.integer("status", Some(CLIENT_CLOSED));
    }
    out.exchange(draft);
}

pub(super) const CLIENT_CLOSED: i64 = 499;
