//! Traceloop: spans of its data warehouse, whose attributes are those of OpenTelemetry in one map.
//!
//! Source: <https://traceloop.com/docs/api-reference/warehouse/get_spans>.

use super::otel;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{micros, status_of_error};

pub(super) static SOURCE: LogSource = LogSource {
    name: "traceloop",
    title: "Traceloop spans",
    advice: &[
        ("account", "set user_id as an association property (Traceloop.set_association_properties)"),
        ("prompt", "leave TRACELOOP_TRACE_CONTENT on"),
        ("ip", "set client.address on the span of each call"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["span_id", "span_name", "span_attributes", "timestamp"]),
        Sign::new(0, &["spans/data/span_id", "spans/data/span_attributes"]),
    ],
    open: &["span_attributes", "resource_attributes", "prompts", "completions"],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    if let Json::List(spans) = record.at("spans/data") {
        for span in spans {
            let mut span = span.clone();
            SOURCE.open.iter().for_each(|path| span.open(path));
            read(&span, out);
        }
        return;
    }
    let mut pairs = record.get("span_attributes").entries().to_vec();
    pairs.extend_from_slice(record.get("prompts").entries());
    pairs.extend_from_slice(record.get("completions").entries());
    for (name, _) in &mut pairs {
        // The older names of the numbered messages.
        for (old, new) in [("llm.prompts.", "gen_ai.prompt."), ("llm.completions.", "gen_ai.completion.")] {
            if let Some(rest) = name.strip_prefix(old) {
                *name = format!("{new}{rest}");
            }
        }
    }
    let facts = otel::attributes_of(pairs);
    if let Some(other) = otel::other_kind(&facts) {
        return out.set_aside(other);
    }
    let mut draft = otel::drafted(&facts, record.get("resource_attributes"), out);
    draft.integer("time", micros(record.get("timestamp")));
    draft.word("request_id", record.get("span_id").word());
    draft.text("prompt", record.get("input").text().unwrap_or_default().to_owned());
    draft.text("response", record.get("output").text().unwrap_or_default().to_owned());
    // Milliseconds; some versions write nanoseconds, which no answer takes so many of.
    let duration = record.first(&["duration", "duration_ms"]).number();
    draft.float("latency_ms", duration.map(|ms| if ms > 1e7 { ms / 1e6 } else { ms }));
    let failed = record.get("status_code").text().is_some_and(|code| code.ends_with("ERROR") || code == "Error");
    draft.integer("status", failed.then(|| status_of_error(record.get("status_message").text().unwrap_or_default())));
    out.exchange(draft);
}
