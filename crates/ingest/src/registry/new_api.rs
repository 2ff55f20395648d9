//! new-api: rows of its table `logs`, and what they have in common with those of one-api, from which it was made.

use crate::raw::Raw;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::status_of_error;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "new_api",
    title: "new-api logs",
    advice: &[
        ("prompt", "new-api logs no text: use the log of the gateway in front of it"),
        ("ip", "let the users turn on the recording of addresses (RecordIpLog)"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("user_agent", "join the log of the proxy in front with --edge"),
    ],
    signs: &[Sign::new(0, &["quota", "model_name", "token_name", "use_time"])],
    open: &["other"],
    tables: &[COMMON, LINES, KNOWN],
    read: |record, out| row(record, LINES, Some(FAILED), out),
    ..LogSource::PLAIN
};

/// What a row of both tables holds.
pub(super) const COMMON: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["request_id", "id"]),
    ("account", How::Account, &["username", "user_id"]),
    ("model", How::Word, &["model_name"]),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("", How::Known, &["id", "type", "user_id", "token_name", "quota", "is_stream", "channel", "content"]),
];

const LINES: &[Line] = &[
    ("api_key", How::Word, &["token_id"]),
    ("ip", How::Address, &["ip"]),
    ("endpoint", How::Route, &["other/request_path"]),
    ("cached_tokens", How::Plain, &["other/cache_tokens"]),
    ("latency_ms", How::Seconds, &["use_time"]),
    ("status", How::Plain, &["other/status_code"]),
];

const KNOWN: &[Line] = &[("", How::Known, &["channel_id", "channel_name", "group", "other"])];

/// Reads a row: what both tables have and what `lines` add. `failed` is the type of failed requests, where there are any.
pub(super) fn row(record: &Json, lines: &[Line], failed: Option<i64>, out: &mut Assembly) {
    let kind = record.get("type").integer();
    let has_failed = kind.is_some() && kind == failed;
    if kind != Some(CONSUMED) && !has_failed {
        return out.set_aside("entry of accounting or administration");
    }
    let mut draft = out.draft(record);
    apply(COMMON, record, &mut draft);
    apply(lines, record, &mut draft);
    let other = record.get("other");
    // Claude counts input without what the cache read and wrote.
    if other.get("claude").boolean() == Some(true)
        && let Some(input) = draft.get_integer("input_tokens")
    {
        let counted = |name: &str| other.get(name).integer().unwrap_or(0).max(0);
        let total = input.saturating_add(counted("cache_tokens")).saturating_add(counted("cache_creation_tokens"));
        draft.replace("input_tokens", Raw::Integer(total));
    }
    let error = record.get("content").text().filter(|content| content.contains("status_code="));
    draft.integer("status", if has_failed { error.map(status_of_error) } else { Some(200) });
    out.exchange(draft);
}

/// The type of a request that was answered.
const CONSUMED: i64 = 2;
/// In new-api the type of a request that failed.
const FAILED: i64 = 5;
