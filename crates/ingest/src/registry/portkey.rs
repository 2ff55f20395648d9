//! Portkey: log exports as JSON lines or CSV. Which fields an export has is chosen when it is asked for.
//!
//! Source: the fields of <https://portkey.ai/docs/product/observability/logs-export>.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "portkey",
    title: "Portkey log export",
    advice: &[
        ("account", "send the account as `_user` in x-portkey-metadata, and ask for the field metadata"),
        ("prompt", "ask for the fields request and response"),
        ("ip", "put it into x-portkey-metadata as `ip`, or join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["created_at", "ai_org", "ai_model"]),
        Sign::new(0, &["created_at", "req_units", "res_units"]),
        Sign::new(0, &["created_at", "ai_model", "is_success"]),
    ],
    open: &["request", "response", "metadata", "request/body", "response/body"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created_at"]),
    ("request_id", How::Word, &["id"]),
    ("account", How::Account, &["metadata/_user", "metadata/@account", "user_id", "user"]),
    (
        "organization",
        How::Word,
        &["metadata/_organisation", "metadata/@organization", "organisation_id", "workspace_slug"],
    ),
    ("api_key", How::Word, &["metadata/@key", "api_key_id", "virtual_key"]),
    ("end_user", How::Word, &["metadata/@end_user"]),
    ("ip", How::Address, &["metadata/@ip"]),
    ("user_agent", How::Word, &["metadata/@agent"]),
    ("ja4", How::Word, &["metadata/@ja4"]),
    ("conversation", How::Word, &["metadata/@conversation", "trace_id"]),
    ("model", How::Word, &["ai_model"]),
    ("endpoint", How::Route, &["request_url", "request/url"]),
    ("input_tokens", How::Plain, &["req_units"]),
    ("output_tokens", How::Plain, &["res_units"]),
    ("latency_ms", How::Plain, &["response_time"]),
    ("status", How::Plain, &["response_status_code"]),
    ("", How::Request, &["request/body", "request"]),
    ("", How::Response, &["response/body", "response"]),
];

const KNOWN: &[Line] = &[
    (
        "",
        How::Known,
        &["ai_org", "is_success", "total_units", "cost", "cost_currency", "mode", "config", "prompt_slug"],
    ),
    ("", How::Known, &["request_method", "cache_status", "retry_success_count", "request", "response", "metadata"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    let succeeded = record.get("is_success").boolean();
    draft.integer("status", succeeded.map(|succeeded| if succeeded { 200 } else { 500 }));
    // Without a name of its own, the end user whom the client passed on is who asked.
    let end_user = draft.get_text("end_user").map(str::to_owned);
    draft.account(end_user);
    out.exchange(draft);
}
