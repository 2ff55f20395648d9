//! OCSF: API Activity (class 6003) with the profile `ai_operation`. What OCSF has no place for is read from `unmapped`.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "ocsf",
    title: "OCSF API Activity with ai_operation",
    advice: &[
        ("prompt", "write message_context.prompt_text"),
        ("temperature", "write temperature, top_p, n and max_tokens under unmapped; OCSF has no place for them"),
        ("ja4", "write ja4_fingerprint_list"),
        ("asn", "write src_endpoint.autonomous_system"),
    ],
    signs: &[Sign::new(0, &["class_uid", "category_uid"]), Sign::new(0, &["class_uid", "ai_model"])],
    open: &["unmapped", "metadata", "message_context"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["time", "time_dt"]),
    ("request_id", How::Word, &["http_request/uid", "api/request/uid", "metadata/uid"]),
    ("account", How::Account, &["actor/user/uid", "actor/user/name"]),
    ("organization", How::Word, &["actor/user/org/uid", "actor/user/account/uid"]),
    ("api_key", How::Word, &["actor/user/credential_uid", "actor/session/credential_uid"]),
    ("end_user", How::Word, &["unmapped/@end_user"]),
    ("ip", How::Address, &["src_endpoint/ip"]),
    ("asn", How::Plain, &["src_endpoint/autonomous_system/number"]),
    ("country", How::Word, &["src_endpoint/location/country"]),
    ("user_agent", How::Word, &["http_request/user_agent"]),
    ("ja4", How::Word, &["ja4_fingerprint_list/0/value", "tls/ja4_fingerprint_list/0/value", "unmapped/@ja4"]),
    ("model", How::Word, &["ai_model/name", "ai_agent/ai_model/name"]),
    ("endpoint", How::Route, &["http_request/url/path", "http_request/url/url_string"]),
    ("endpoint", How::Call, &["api/operation"]),
    ("prompt", How::Plain, &["message_context/prompt_text"]),
    ("response", How::Plain, &["message_context/response_text"]),
    ("conversation", How::Word, &["message_context/uid"]),
    ("input_tokens", How::Plain, &["message_context/prompt_tokens"]),
    ("output_tokens", How::Plain, &["message_context/completion_tokens"]),
    ("status", How::Plain, &["http_response/code", "status_code"]),
    ("latency_ms", How::Plain, &["duration", "http_response/latency"]),
    ("stop_reason", How::Stop, &["unmapped/stop_reason", "unmapped/finish_reason"]),
    ("", How::Usage, &["unmapped"]),
    ("", How::Request, &["unmapped"]),
    ("retention", How::Plain, &["unmapped/@retention"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "class_uid",
        "class_name",
        "category_uid",
        "category_name",
        "activity_id",
        "activity_name",
        "type_uid",
        "type_name",
        "severity_id",
        "severity",
        "status_id",
        "status",
        "metadata",
        "actor/user",
        "api",
        "http_request/http_method",
        "http_request/url",
        "http_response",
        "ai_model",
        "message_context/ai_role_id",
        "message_context/total_tokens",
    ],
)];

/// API Activity.
const CLASS: i64 = 6003;

fn read(record: &Json, out: &mut Assembly) {
    if record.get("class_uid").integer().is_some_and(|class| class != CLASS) {
        return out.set_aside("event of another class");
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    out.exchange(draft);
}
