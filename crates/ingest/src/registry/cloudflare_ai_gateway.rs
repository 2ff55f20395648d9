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
    signs: &[Sign { part: 0, all: &["created_at", "tokens_in", "tokens_out"] }],
    open: &["metadata", "request", "response", "request_body", "response_body"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["id"]),
    ("account", How::Account, &["metadata/@account"]),
    ("organization", How::Word, &["metadata/@organization"]),
    ("api_key", How::Word, &["metadata/@key"]),
    ("end_user", How::Word, &["metadata/@end_user"]),
    ("ip", How::Address, &["metadata/@ip"]),
    ("user_agent", How::Word, &["user_agent", "metadata/@agent"]),
    ("ja4", How::Word, &["metadata/@ja4"]),
    ("conversation", How::Word, &["metadata/@conversation"]),
    ("model", How::Word, &["model"]),
    ("endpoint", How::Route, &["path"]),
    ("status", How::Plain, &["status_code"]),
    ("latency_ms", How::Plain, &["duration"]),
    ("input_tokens", How::Plain, &["tokens_in"]),
    ("output_tokens", How::Plain, &["tokens_out"]),
    ("", How::Request, &["request", "request_body", "request_head"]),
    ("", How::Response, &["response", "response_body", "response_head"]),
];

const KNOWN: &[Line] =
    &[("", How::Known, &["provider", "model_type", "request_type", "success", "cached", "step", "cost"])];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    out.exchange(draft);
}
