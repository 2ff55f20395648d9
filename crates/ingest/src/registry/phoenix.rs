//! Arize Phoenix and Arize AX: spans as data frames (`context.span_id`, `attributes.llm.model_name`) and as JSON, with the
//! attributes of OpenInference.
//!
//! Source: <https://arize.com/docs/phoenix/how-to/extract-data-from-spans> and the semantic conventions of OpenInference.

use super::otel;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{between_ms, status_of_error};

pub(super) static SOURCE: LogSource = LogSource {
    name: "phoenix",
    title: "Arize Phoenix and Arize AX spans",
    advice: &[
        ("account", "set user.id on the span of each call (using_user)"),
        ("conversation", "set session.id on the span of each call (using_session)"),
        ("ip", "put it into the metadata of the span as `ip`, or join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["context.span_id", "context.trace_id", "start_time"]),
        Sign::new(0, &["context/span_id", "context/trace_id", "attributes", "start_time"]),
        Sign::new(0, &["start_time", "attributes.openinference.span.kind"]),
    ],
    open: &["attributes", "context", "attributes.metadata"],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    let mut pairs = Vec::new();
    flatten(record.get("attributes"), "", 0, &mut pairs);
    for (name, value) in record.entries() {
        if let Some(name) = name.strip_prefix("attributes.") {
            flatten(value, name, 0, &mut pairs);
        }
    }
    for name in ["span_kind", "openinference.span.kind"] {
        if let Some(kind) = record.get(name).text() {
            pairs.push(("openinference.span.kind".to_owned(), Json::text_of(kind)));
        }
    }
    let facts = otel::attributes_of(pairs);
    if let Some(other) = otel::other_kind(&facts) {
        return out.set_aside(other);
    }
    let mut draft = otel::drafted(&facts, &Json::Null, out);
    crate::source::table::apply(METADATA, &facts, &mut draft);
    draft.integer("time", crate::source::spelling::micros(record.get("start_time")));
    draft.float("latency_ms", between_ms(record.get("start_time"), record.get("end_time")));
    let id = [record.get("context.span_id"), record.at("context/span_id"), record.get("span_id")];
    draft.word("request_id", id.into_iter().find_map(Json::word));
    let failed = record.get("status_code").text() == Some("ERROR");
    draft.integer("status", failed.then(|| status_of_error(record.get("status_message").text().unwrap_or_default())));
    out.exchange(draft);
}

/// What operators put into the metadata of a span.
const METADATA: &[crate::source::table::Line] = {
    use crate::source::table::How;
    &[
        ("account", How::Account, &["metadata/@account"]),
        ("organization", How::Word, &["metadata/@organization"]),
        ("ip", How::Address, &["metadata/@ip"]),
        ("user_agent", How::Word, &["metadata/@agent"]),
    ]
};

/// Nested attributes under names with dots, as OpenInference names them; lists and metadata stay whole.
fn flatten(place: &Json, name: &str, depth: usize, pairs: &mut Vec<(String, Json)>) {
    match place {
        Json::Map(entries) if depth < DEEPEST && name != "metadata" => {
            for (inner, value) in entries {
                let name = if name.is_empty() { inner.clone() } else { format!("{name}.{inner}") };
                flatten(value, &name, depth + 1, pairs);
            }
        }
        Json::Null => {}
        Json::List(items) if name.ends_with("_messages") => {
            pairs.push((name.to_owned(), Json::List(items.iter().map(message).collect())));
        }
        other => pairs.push((name.to_owned(), other.clone())),
    }
}

const DEEPEST: usize = 6;

/// `{"message.role": …}` and `{"message": {"role": …}}` as a message.
fn message(place: &Json) -> Json {
    if let inside @ Json::Map(_) = place.get("message") {
        return inside.clone();
    }
    let bare = |name: &str| name.strip_prefix("message.").unwrap_or(name).to_owned();
    Json::Map(place.entries().iter().map(|(name, value)| (bare(name), value.clone())).collect())
}
