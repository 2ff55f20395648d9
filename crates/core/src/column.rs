//! The canonical columns of the two inputs.

/// How a column is stored once it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    Timestamp,
    Text,
    Integer,
    Float,
    Boolean,
}

impl ColumnType {
    /// The name printed by `stillwatch schema`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp (µs, UTC)",
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
        }
    }
}

/// One canonical column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnType,
    /// A row without it is rejected.
    pub required: bool,
    pub meaning: &'static str,
}

const fn column(name: &'static str, kind: ColumnType, meaning: &'static str) -> Column {
    Column { name, kind, required: false, meaning }
}

const fn required(name: &'static str, kind: ColumnType, meaning: &'static str) -> Column {
    Column { name, kind, required: true, meaning }
}

use ColumnType::{Boolean, Float, Integer, Text, Timestamp};

/// The columns of a request log. Only `time` and `account` are required; every other one improves detection.
pub const EXCHANGE_COLUMNS: &[Column] = &[
    required("time", Timestamp, "when the request arrived"),
    required("account", Text, "who is billed"),
    column("request_id", Text, "the request's own id; with account and time it identifies a duplicate"),
    column("organization", Text, "the customer that the account belongs to"),
    column("api_key", Text, "the credential used (fingerprinted, never kept)"),
    column("end_user", Text, "the sub-account key that a reseller passes"),
    column("ip", Text, "client address, IPv4 or IPv6"),
    column("asn", Integer, "autonomous system number of the address"),
    column("country", Text, "country of the address; carries no weight"),
    column("user_agent", Text, "client's User-Agent header"),
    column("ja4", Text, "TLS client fingerprint"),
    column("model", Text, "model that answered"),
    column("endpoint", Text, "API route"),
    column("system", Text, "system prompt"),
    column("prompt", Text, "user prompt"),
    column("response", Text, "answer"),
    column("tools", Text, "tool definitions, as JSON"),
    column("temperature", Float, "sampling temperature"),
    column("top_p", Float, "nucleus sampling mass"),
    column("n", Integer, "completions asked for"),
    column("max_tokens", Integer, "limit on output tokens"),
    column("logprobs", Boolean, "token probabilities asked for"),
    column("input_tokens", Integer, "tokens read"),
    column("output_tokens", Integer, "tokens written"),
    column("cached_tokens", Integer, "input tokens served from a prompt cache"),
    column("latency_ms", Float, "time to the last byte, in milliseconds"),
    column("status", Integer, "HTTP status"),
    column("stop_reason", Text, "why the answer ended"),
    column("conversation", Text, "conversation or session id"),
    column("retention", Text, "full, fingerprint_only, metadata_only or none"),
    column("sample_rate", Float, "share of traffic that this log holds, 0 to 1"),
];

/// The columns of the account table. Only `account` is required.
pub const ACCOUNT_COLUMNS: &[Column] = &[
    required("account", Text, "who is billed; joins the request log"),
    column("organization", Text, "the customer that the account belongs to"),
    column("created_at", Timestamp, "when the account was opened"),
    column("signup_ip", Text, "address at sign-up"),
    column("signup_country", Text, "country at sign-up; carries no weight"),
    column("email_domain", Text, "domain of the account's e-mail address"),
    column("email_hmac", Text, "keyed hash of the e-mail address"),
    column("phone_hmac", Text, "keyed hash of the telephone number"),
    column("payment_hmac", Text, "keyed hash of the payment instrument"),
    column("payment_country", Text, "country of the payment instrument; carries no weight"),
    column("declared_region", Text, "region that the customer declared; carries no weight"),
    column("owner", Text, "beneficial owner"),
    column("account_type", Text, "direct, aggregator, research or internal; never stands in for a permit"),
    column("tier", Text, "plan"),
    column("status", Text, "active, closed, …"),
    column("status_changed_at", Timestamp, "when the status last changed"),
];
