//! The same spans as Jaeger exports them: traces with their spans, tags in place of attributes, and the processes that made
//! them (JSON of its query service, `/api/traces`).

use super::attributes::attributes_of;
use super::{Call, drafted, message, other_kind};
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::spelling::status_of_error;

/// The calls of a trace.
pub(super) fn calls(trace: &Json, out: &mut Assembly) -> Vec<Call> {
    let spans = trace.get("spans").items().iter();
    let common = |span: &Json| span.get("processID").text().map(|id| tags(trace.get("processes").get(id).get("tags")));
    spans.filter_map(|span| read(span, &common(span).unwrap_or_default(), out)).collect()
}

fn read(span: &Json, common: &Json, out: &mut Assembly) -> Option<Call> {
    let facts = tags(span.get("tags"));
    if let Some(other) = other_kind(&facts) {
        out.set_aside(other);
        return None;
    }
    let mut draft = drafted(&facts, common, out);
    // Both in microseconds.
    draft.integer("time", span.get("startTime").integer());
    draft.float("latency_ms", span.get("duration").number().map(|micros| micros / 1e3));
    for (sequence, log) in (0..).zip(span.get("logs").items()) {
        let own = tags(log.get("fields"));
        message(own.get("event").text().unwrap_or_default(), &own, &Json::Null, sequence, &mut draft);
    }
    let failed = facts.get("error").boolean() == Some(true) || facts.get("otel.status_code").text() == Some("ERROR");
    let why = facts.get("otel.status_description").text().unwrap_or_default();
    draft.integer("status", failed.then(|| status_of_error(why)));
    let id = identity(span);
    draft.word("request_id", id.clone());
    let mut references = span.get("references").items().iter();
    let within = references.find(|reference| reference.get("refType").text() == Some("CHILD_OF")).and_then(identity);
    Some(Call { id, within, draft })
}

fn identity(place: &Json) -> Option<String> {
    Some(format!("{}-{}", place.get("traceID").text()?, place.get("spanID").text()?))
}

/// Tags as a map: each has its value in its own type.
fn tags(list: &Json) -> Json {
    attributes_of(
        list.items().iter().filter_map(|tag| Some((tag.get("key").text()?.to_owned(), tag.get("value").clone()))),
    )
}
