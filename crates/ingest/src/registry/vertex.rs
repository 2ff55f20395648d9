//! Google Vertex AI: request-response logging to BigQuery. It is sampled; the rate is not in the rows.

use crate::source::answer::response;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "vertex",
    title: "Google Vertex AI request-response log",
    advice: &[
        ("account", "send the account as label user_id with each request, or give a field map"),
        ("ip", "join the audit log with --edge"),
        ("ja4", "join the log of Cloud Armor with --edge"),
        ("sample_rate", "write the sampling rate of the endpoint into a column sample_rate, or set it to 1"),
    ],
    signs: &[
        Sign::new(0, &["logging_time", "full_request"]),
        Sign::new(0, &["logging_time", "request_payload"]),
        Sign::new(0, &["api_method", "full_request"]),
    ],
    open: &["full_request", "full_response", "metadata", "request_payload/*", "response_payload/*"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["logging_time"]),
    ("request_id", How::Word, &["request_id"]),
    ("account", How::Account, &["metadata/labels/@account", "full_request/labels/@account"]),
    ("organization", How::Word, &["metadata/labels/@organization", "full_request/labels/@organization"]),
    ("end_user", How::Word, &["metadata/labels/@end_user", "full_request/labels/@end_user"]),
    ("conversation", How::Word, &["metadata/labels/@conversation"]),
    ("retention", How::Plain, &["metadata/labels/@retention"]),
    ("retention", How::Withheld, &["metadata/labels/@withheld"]),
    ("model", How::Word, &["model", "deployed_model_id"]),
    ("endpoint", How::Word, &["api_method"]),
    ("", How::Request, &["full_request", "request_payload/0"]),
    ("", How::Response, &["full_response"]),
    ("latency_ms", How::Seconds, &["metadata/latency_seconds"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &["endpoint", "model_version", "deployed_model_id", "request_payload", "response_payload", "metadata", "otel_log"],
)];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    // An answer by itself is the only element; a stream is a list of chunks.
    let payload = record.get("response_payload");
    let answer = if let [one] = payload.items() { one } else { payload };
    if !answer.is_empty() {
        response(answer, &mut draft);
    }
    // `projects/NAME/locations/…`
    let mut segments = record.get("endpoint").text().unwrap_or_default().split('/');
    if segments.next() == Some("projects") {
        draft.word("organization", segments.next().map(str::to_owned));
    }
    out.exchange(draft);
}
