//! new-api: rows of its table `logs`.

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
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["request_id", "id"]),
    ("account", How::Account, &["username", "user_id"]),
    ("api_key", How::Word, &["token_id"]),
    ("ip", How::Address, &["ip"]),
    ("model", How::Word, &["model_name"]),
    ("endpoint", How::Route, &["other/request_path"]),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("cached_tokens", How::Plain, &["other/cache_tokens"]),
    ("latency_ms", How::Seconds, &["use_time"]),
    ("status", How::Plain, &["other/status_code"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "type",
        "user_id",
        "token_name",
        "quota",
        "is_stream",
        "channel",
        "channel_id",
        "channel_name",
        "group",
        "content",
        "other",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let kind = record.get("type").integer();
    if !matches!(kind, Some(CONSUMED | FAILED)) {
        return out.set_aside("entry of accounting or administration");
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
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
    draft.integer(
        "status",
        match kind {
            Some(CONSUMED) => Some(200),
            _ => error.map(status_of_error),
        },
    );
    out.exchange(draft);
}

pub(super) const CONSUMED: i64 = 2;
pub(super) const FAILED: i64 = 5;
