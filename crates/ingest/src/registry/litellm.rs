//! LiteLLM: rows of `LiteLLM_SpendLogs`, and the `StandardLoggingPayload` that its callbacks get.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply, span};

pub(super) static SOURCE: LogSource = LogSource {
    name: "litellm",
    title: "LiteLLM spend logs and standard logging payload",
    advice: &[
        ("prompt", "set general_settings.store_prompts_in_spend_logs: true, or log the standard logging payload"),
        ("account", "give each customer a user of their own (user_id of the virtual key)"),
        (
            "ip",
            "let the proxy see the client's address: general_settings.use_x_forwarded_for with trusted_proxy_ranges",
        ),
        ("ja4", "LiteLLM never sees it: join the log of the proxy in front with --edge"),
        ("conversation", "let clients send litellm_session_id"),
    ],
    // Logs of telephones have a type of call and a start too.
    signs: &[
        Sign::new(0, &["call_type", "startTime", "spend"]),
        Sign::new(0, &["call_type", "startTime", "model_group"]),
        Sign::new(0, &["call_type", "startTime", "custom_llm_provider"]),
        Sign::new(0, &["call_type", "startTime", "litellm_call_id"]),
        Sign::new(0, &["call_type", "startTime", "cache_hit"]),
        Sign::new(0, &["call_type", "startTime", "model_parameters"]),
        Sign::new(0, &["call_type", "startTime", "prompt_tokens"]),
        Sign::new(0, &["call_type", "startTime", "model"]),
    ],
    open: &[
        "metadata/usage_object",
        "metadata/error_information",
        "messages",
        "response",
        "proxy_server_request/body",
        "model_parameters",
        "error_information",
        "request_tags",
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["startTime", "start_time"]),
    ("request_id", How::Word, &["request_id", "litellm_call_id", "id"]),
    ("organization", How::Word, &["organization_id", "metadata/user_api_key_org_id"]),
    ("api_key", How::Word, &["metadata/user_api_key_hash", "api_key", "metadata/user_api_key"]),
    (
        "account",
        How::Account,
        &[
            "metadata/user_api_key_user_id",
            "user",
            // Without a user, the virtual key is who is billed.
            "metadata/user_api_key_hash",
            "api_key",
            "metadata/user_api_key",
            "team_id",
            "metadata/user_api_key_team_id",
        ],
    ),
    ("end_user", How::Word, &["end_user", "metadata/user_api_key_end_user_id"]),
    ("ip", How::Address, &["requester_ip_address", "metadata/requester_ip_address", "metadata/requester_metadata/@ip"]),
    ("user_agent", How::Word, &["user_agent", "metadata/user_agent", "metadata/requester_metadata/@agent"]),
    ("ja4", How::Word, &["metadata/requester_custom_headers/@ja4", "metadata/requester_metadata/@ja4"]),
    ("model", How::Word, &["model_group", "model"]),
    ("endpoint", How::Route, &["metadata/user_api_key_request_route"]),
    ("endpoint", How::Call, &["call_type"]),
    ("conversation", How::Word, &["session_id"]),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("", How::Usage, &["metadata/usage_object"]),
    ("", How::Said, &["messages"]),
    ("", How::Parameters, &["model_parameters"]),
    ("", How::Request, &["proxy_server_request/body", "proxy_server_request"]),
    ("", How::Response, &["response"]),
    ("latency_ms", How::Plain, &["request_duration_ms"]),
    ("latency_ms", How::Seconds, &["response_time"]),
    ("status", How::Error, &["error_information/error_code", "metadata/error_information/error_code"]),
    ("retention", How::Plain, &["metadata/requester_metadata/@retention"]),
    ("retention", How::Withheld, &["metadata/requester_metadata/@withheld"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "endTime",
        "completionStartTime",
        "total_tokens",
        "litellm_call_id",
        "trace_id",
        "status",
        "stream",
        "cache_hit",
        "cache_key",
        "spend",
        "response_cost",
        "custom_llm_provider",
        "api_base",
        "team_id",
        "model_id",
        "request_tags",
        "proxy_server_request",
        "error_str",
        "error_information",
        "metadata/error_information",
        "metadata/requester_custom_headers",
        "metadata/requester_metadata",
        "metadata/user_api_key_user_email",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    draft.act = record.get("litellm_call_id").word();
    apply(LINES, record, &mut draft);
    span(record, "startTime", "endTime", &mut draft);
    draft.integer(
        "status",
        match record.get("status").text() {
            Some("success") => Some(200),
            Some("failure") => Some(500),
            _ => None,
        },
    );
    out.exchange(draft);
}
