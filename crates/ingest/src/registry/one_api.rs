//! one-api: rows of its table `logs`. It keeps no failed request.

use super::new_api::CONSUMED;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "one_api",
    title: "one-api logs",
    advice: &[
        ("prompt", "one-api logs no text: use the log of the gateway in front of it"),
        ("ip", "join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("user_agent", "join the log of the proxy in front with --edge"),
    ],
    signs: &[Sign::new(0, &["quota", "model_name", "token_name", "prompt_tokens"])],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["request_id", "id"]),
    ("account", How::Account, &["username", "user_id"]),
    ("model", How::Word, &["model_name"]),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("latency_ms", How::Plain, &["elapsed_time"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &["id", "type", "user_id", "token_name", "quota", "is_stream", "channel", "content", "system_prompt_reset"],
)];

fn read(record: &Json, out: &mut Assembly) {
    if record.get("type").integer() != Some(CONSUMED) {
        return out.set_aside("entry of accounting or administration");
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    draft.integer("status", Some(200));
    out.exchange(draft);
}
