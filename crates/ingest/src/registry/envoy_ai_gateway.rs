//! Envoy AI Gateway: JSON access log, whose keys the operator chooses; the documented ones and the usual names for the
//! rest are read.

use crate::address::is_private;
use crate::raw::Raw;
use crate::source::assembly::Assembly;
use crate::source::draft::Draft;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "envoy_ai_gateway",
    title: "Envoy AI Gateway access log",
    advice: &[
        ("account", "add the authenticated user to the access log, such as \"user_id\": \"%REQ(x-user-id)%\""),
        ("organization", "add \"org_id\": \"%REQ(x-org-id)%\" to the access log"),
        ("prompt", "the access log holds no text: join it as --edge to a log that does"),
        ("ja4", "add \"tls_ja4_fingerprint\": \"%TLS_JA4_FINGERPRINT%\" to the access log"),
        ("conversation", "add \"session_id\": \"%REQ(x-session-id)%\" to the access log"),
    ],
    signs: &[
        Sign::new(0, &["start_time", "gen_ai.request.model"]),
        Sign::new(0, &["start_time", "gen_ai.usage.input_tokens"]),
        Sign::new(0, &["start_time", "mcp.method.name"]),
        Sign::new(0, &["start_time", "response_code", "downstream_remote_address"]),
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["start_time"]),
    ("request_id", How::Word, &["x-request-id"]),
    ("account", How::Account, &["@account"]),
    ("organization", How::Word, &["@organization"]),
    ("api_key", How::Word, &["@key"]),
    ("end_user", How::Word, &["@end_user"]),
    ("user_agent", How::Word, &["@agent"]),
    ("ja4", How::Word, &["@ja4"]),
    ("model", How::Word, &["gen_ai.request.model", "gen_ai.response.model"]),
    ("endpoint", How::Route, &["x-envoy-origin-path", "x-envoy-original-path", "path", ":path"]),
    ("status", How::Plain, &["response_code"]),
    ("latency_ms", How::Plain, &["duration"]),
    ("input_tokens", How::Plain, &["gen_ai.usage.input_tokens"]),
    ("output_tokens", How::Plain, &["gen_ai.usage.output_tokens"]),
    ("cached_tokens", How::Plain, &["gen_ai.usage.cached_input_tokens", "gen_ai.usage.cache_read.input_tokens"]),
    ("conversation", How::Word, &["@conversation", "gen_ai.conversation.id"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        ":authority",
        "method",
        "protocol",
        "bytes_received",
        "bytes_sent",
        "downstream_remote_address",
        "x-forwarded-for",
        "gen_ai.provider.name",
        "gen_ai.usage.total_tokens",
        "response_flags",
        "response_code_details",
        "route_name",
        "mcp.method.name",
        "tls_ja3_fingerprint",
    ],
)];

/// Envoy has no status where the client went away.
const CLIENT_CLOSED: i64 = 499;

fn read(record: &Json, out: &mut Assembly) {
    let entries = record.entries().iter().filter(|(_, value)| value.text() != Some("-"));
    let record = &Json::Map(entries.cloned().collect());
    if record.get("gen_ai.request.model").is_empty() && !record.get("mcp.method.name").is_empty() {
        return out.set_aside("call of an MCP tool, not of a model");
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    if draft.get_integer("status") == Some(0) {
        draft.replace("status", Raw::Integer(CLIENT_CLOSED));
    }
    let peer = record.first(&["downstream_remote_address", "downstream_direct_remote_address"]);
    client(record.get("x-forwarded-for").text().unwrap_or_default(), peer.text().unwrap_or_default(), &mut draft);
    out.exchange(draft);
}

/// The client's address. The left end of `x-forwarded-for` is whatever the client writes, so the hops are followed from
/// the right, past the operator's own (private) ones.
fn client(forwarded: &str, peer: &str, draft: &mut Draft) {
    let hops: Vec<&str> = forwarded.split(',').map(str::trim).chain([peer]).filter(|hop| !hop.is_empty()).collect();
    let outside = hops.iter().rev().find(|hop| !is_private(hop));
    let client = outside.or_else(|| hops.first());
    draft.word("ip", client.map(|hop| (*hop).to_owned()));
}

#[cfg(test)]
mod tests {
    use super::{Draft, client};

    #[test]
    fn the_clients_address_is_the_last_one_outside() {
        for (forwarded, peer, address) in [
            ("", "192.0.2.10:50123", "192.0.2.10:50123"),
            ("6.6.6.6, 198.51.100.7, 10.0.0.1", "127.0.0.1:64484", "198.51.100.7"),
            ("192.168.1.38", "127.0.0.1:64484", "192.168.1.38"),
            ("", "[2001:db8::23]:50123", "[2001:db8::23]:50123"),
        ] {
            let mut draft = Draft::default();
            client(forwarded, peer, &mut draft);
            assert_eq!(draft.get_text("ip"), Some(address));
        }
    }
}
