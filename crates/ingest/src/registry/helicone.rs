//! Helicone: rows of the ClickHouse table `request_response_rmt`.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply, span};

pub(super) static SOURCE: LogSource = LogSource {
    name: "helicone",
    title: "Helicone request_response_rmt",
    advice: &[
        ("account", "let clients send Helicone-User-Id"),
        ("prompt", "bodies are kept for three months; export before they expire, and without Helicone-Omit-Request"),
        ("ip", "Helicone keeps none: join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("conversation", "let clients send Helicone-Session-Id"),
    ],
    signs: &[
        Sign::new(0, &["request_created_at", "request_id", "response_created_at"]),
        Sign::new(0, &["request_created_at", "request_id", "target_url"]),
        Sign::new(0, &["request_created_at", "request_id", "request_body"]),
    ],
    open: &["request_body", "response_body", "properties"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["request_created_at"]),
    ("request_id", How::Word, &["request_id"]),
    ("account", How::Account, &["user_id", "properties/@account", "proxy_key_id"]),
    ("organization", How::Word, &["organization_id"]),
    ("api_key", How::Word, &["proxy_key_id"]),
    ("end_user", How::Word, &["properties/@end_user"]),
    ("ip", How::Address, &["properties/@ip"]),
    ("user_agent", How::Word, &["properties/@agent"]),
    ("ja4", How::Word, &["properties/@ja4"]),
    ("model", How::Word, &["request_model", "model"]),
    ("endpoint", How::Route, &["target_url", "request_path"]),
    ("status", How::Plain, &["status"]),
    ("latency_ms", How::Plain, &["latency"]),
    ("conversation", How::Word, &["properties/Helicone-Session-Id", "properties/@conversation"]),
    ("", How::Request, &["request_body"]),
    // The body says whether its dialect counts cached tokens in; the columns do not.
    ("", How::Response, &["response_body"]),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("cached_tokens", How::Plain, &["prompt_cache_read_tokens"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "response_id",
        "response_created_at",
        "country_code",
        "provider",
        "time_to_first_token",
        "threat",
        "scores",
        "properties",
        "assets",
        "updated_at",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    // ZZ is the word for an unknown country.
    draft.word("country", record.get("country_code").word().filter(|code| code != "ZZ"));
    span(record, "request_created_at", "response_created_at", &mut draft);
    out.exchange(draft);
}
