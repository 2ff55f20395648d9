//! Cloudflare AI Gateway: answers of its log interface, and their records by line.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "cloudflare_ai_gateway",
    title: "Cloudflare AI Gateway logs",
    advice: &[
        ("account", "send the account in cf-aig-metadata as user_id"),
        ("organization", "send it in cf-aig-metadata as org_id"),
        ("prompt", "the list of logs holds no text: fetch each log's request body, or log it before the gateway"),
        ("ip", "join the zone's HTTP request log with --edge (ClientIP, ClientASN, JA4)"),
        ("ja4", "join the zone's HTTP request log with --edge (ClientIP, ClientASN, JA4)"),
    ],
    signs: &[
        Sign::without(0, &["created_at", "tokens_in", "tokens_out"], &["prompt", "messages", "user_id"]),
        // The data set of Logpush has names of its own.
        Sign::new(0, &["Gateway", "Provider", "RequestBody", "ResponseBody"]),
        Sign::new(0, &["Gateway", "Provider", "RateLimited", "Timestamp"]),
    ],
    open: &[
        "metadata",
        "request",
        "response",
        "request_body",
        "response_body",
        "Metadata",
        "RequestBody",
        "ResponseBody",
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at", "Timestamp"]),
    ("request_id", How::Word, &["id"]),
    ("account", How::Account, &["metadata/@account", "Metadata/@account"]),
    ("organization", How::Word, &["metadata/@organization", "Metadata/@organization"]),
    ("api_key", How::Word, &["metadata/@key", "Metadata/@key"]),
    ("end_user", How::Word, &["metadata/@end_user", "Metadata/@end_user"]),
    ("ip", How::Address, &["metadata/@ip"]),
    ("user_agent", How::Word, &["user_agent", "metadata/@agent"]),
    ("ja4", How::Word, &["metadata/@ja4"]),
    ("conversation", How::Word, &["metadata/@conversation"]),
    ("model", How::Word, &["model", "Model"]),
    ("endpoint", How::Route, &["path", "Endpoint"]),
    ("status", How::Plain, &["status_code", "StatusCode"]),
    ("latency_ms", How::Plain, &["duration"]),
    ("input_tokens", How::Plain, &["tokens_in"]),
    ("output_tokens", How::Plain, &["tokens_out"]),
    ("", How::Request, &["request", "request_body", "request_head"]),
    ("", How::Response, &["response", "response_body", "response_head"]),
];

/// Of Logpush, once they are decrypted.
const BODIES: &[Line] = &[("", How::Request, &["RequestBody"]), ("", How::Response, &["ResponseBody"])];

const KNOWN: &[Line] = &[
    ("", How::Known, &["provider", "model_type", "request_type", "success", "cached", "step", "cost"]),
    ("", How::Known, &["Cached", "Gateway", "Provider", "RateLimited", "Metadata", "RequestBody", "ResponseBody"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    let is_encrypted = |name: &str| record.at(name).get("type").text() == Some("encrypted");
    if ["RequestBody", "ResponseBody", "Metadata"].into_iter().any(is_encrypted) {
        out.lacks(
            "request, answer and metadata are encrypted: decrypt them with the private key of Logpush, then read again",
        );
    } else {
        apply(BODIES, record, &mut draft);
    }
    out.exchange(draft);
}
