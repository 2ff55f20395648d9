//! OpenTelemetry: OTLP JSON of spans and of events with the GenAI attributes, in the names since 1.37
//! (`gen_ai.input.messages`, `gen_ai.usage.input_tokens`) and the older ones (`gen_ai.usage.prompt_tokens`, messages as
//! events, numbered attributes), and those of OpenInference; also as Jaeger exports them. A span and its events are one
//! exchange.

mod attributes;
mod jaeger;

use std::collections::BTreeMap;

pub(super) use self::attributes::attributes_of;
use self::attributes::{any_value, attributes};

use crate::source::assembly::{Assembly, FIRST, SECOND};
use crate::source::draft::{Draft, Piece};
use crate::source::joining::{Ids, Joining};
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{between_ms, micros, status_of_error};
use crate::source::table::{How, Known, Line, RETENTION, apply, usual};

pub(super) static SOURCE: LogSource = LogSource {
    name: "otel",
    title: "OpenTelemetry GenAI spans and events (OTLP JSON, or exported by Jaeger)",
    parts: &["spans", "events"],
    joining: Joining {
        halves: &["event without its span: no start, no latency", ""],
        ids: Ids::Apart,
        ..Joining::PLAIN
    },
    advice: &[
        ("prompt", "set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true"),
        ("account", "set user.id on the span of each call"),
        ("ip", "set client.address on the span of each call"),
        ("user_agent", "set user_agent.original on the span of each call"),
        ("ja4", "set tls.client.ja4 on the span of each call, or join an edge log with --edge"),
        ("conversation", "set gen_ai.conversation.id"),
    ],
    signs: &[
        Sign::new(0, &["resourceSpans"]),
        Sign::new(0, &["resource_spans"]),
        Sign::new(0, &["processes", "spans/operationName", "spans/spanID", "spans/processID"]),
        Sign::new(1, &["resourceLogs"]),
        Sign::new(1, &["resource_logs"]),
    ],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("request_id", How::Word, &["gen_ai.response.id", "llm.response.id", "ai.response.id"]),
    (
        "account",
        How::Account,
        &[
            "user.id",
            "enduser.id",
            "gen_ai.user.id",
            "traceloop.association.properties.user_id",
            "langfuse.user.id",
            "ai.telemetry.metadata.userId",
            "ai.telemetry.metadata.user_id",
            "user.hash",
        ],
    ),
    ("organization", How::Word, &["organization.id", "gen_ai.organization.id", "tenant.id", "enduser.org"]),
    ("api_key", How::Word, &["api_key.id", "gen_ai.api_key.id", "gen_ai.api_key.hash"]),
    ("end_user", How::Word, &["gen_ai.request.user", "gen_ai.openai.request.user", "llm.user", "safety_identifier"]),
    ("ip", How::Address, &["client.address", "http.client_ip", "net.peer.ip", "client.ip"]),
    ("asn", How::Plain, &["client.as.number", "as.number"]),
    ("country", How::Word, &["geo.country.iso_code", "client.geo.country.iso_code"]),
    ("user_agent", How::Word, &["user_agent.original", "http.user_agent"]),
    ("ja4", How::Word, &["tls.client.ja4"]),
    (
        "model",
        How::Word,
        &["gen_ai.request.model", "llm.request.model", "llm.model_name", "gen_ai.response.model", "ai.model.id"],
    ),
    ("endpoint", How::Route, &["url.path", "http.target", "http.route", "url.full", "http.url"]),
    ("endpoint", How::Word, &["gen_ai.operation.name", "llm.request.type"]),
    ("temperature", How::Plain, &["gen_ai.request.temperature", "llm.request.temperature"]),
    ("top_p", How::Plain, &["gen_ai.request.top_p", "llm.request.top_p"]),
    ("n", How::Plain, &["gen_ai.request.choice.count", "gen_ai.request.n"]),
    ("max_tokens", How::Plain, &["gen_ai.request.max_tokens", "llm.request.max_tokens"]),
    ("logprobs", How::Plain, &["gen_ai.request.logprobs", "gen_ai.openai.request.logprobs"]),
    ("tools", How::Plain, &["gen_ai.tool.definitions", "llm.tools", "gen_ai.request.tools"]),
    (
        "input_tokens",
        How::Plain,
        &[
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.prompt_tokens",
            "llm.usage.prompt_tokens",
            "llm.token_count.prompt",
            "ai.usage.inputTokens",
            "ai.usage.promptTokens",
        ],
    ),
    (
        "output_tokens",
        How::Plain,
        &[
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.completion_tokens",
            "llm.usage.completion_tokens",
            "llm.token_count.completion",
            "ai.usage.outputTokens",
            "ai.usage.completionTokens",
        ],
    ),
    (
        "cached_tokens",
        How::Plain,
        &[
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.details.cache_read_tokens",
            "llm.token_count.prompt_details.cache_read",
        ],
    ),
    (
        "stop_reason",
        How::Stop,
        &[
            "gen_ai.response.finish_reasons",
            "gen_ai.response.finish_reason",
            "llm.response.finish_reason",
            "ai.response.finishReason",
        ],
    ),
    ("conversation", How::Word, &["gen_ai.conversation.id", "session.id", "langfuse.session.id"]),
    ("status", How::Plain, &["http.response.status_code", "http.status_code"]),
    ("status", How::Error, &["error.type"]),
    ("sample_rate", How::Plain, &["sampling.rate", "sampling.probability"]),
    ("", How::Request, &["llm.invocation_parameters"]),
];

/// Messages, after the system instructions.
const SAID: &[Line] = &[
    (
        "",
        How::Said,
        &[
            "gen_ai.input.messages",
            "gen_ai.prompt",
            "llm.input_messages",
            "ai.prompt.messages",
            "ai.prompt",
            "input.value",
        ],
    ),
    (
        "",
        How::Response,
        &["gen_ai.output.messages", "gen_ai.completion", "llm.output_messages", "ai.response.text", "output.value"],
    ),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "gen_ai.provider.name",
        "gen_ai.system",
        "gen_ai.system_instructions",
        "gen_ai.request.stream",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.response.time_to_first_chunk",
        "gen_ai.client.operation.duration",
        "openinference.span.kind",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let mut calls = Vec::new();
    for resource in record.first(&["resourceSpans", "resource_spans"]).items() {
        let common = attributes(resource.at("resource/attributes"));
        let scopes = resource.first(&["scopeSpans", "scope_spans", "instrumentationLibrarySpans"]);
        for span in scopes.items().iter().flat_map(|scope| scope.get("spans").items()) {
            calls.extend(Call::read(span, &common, out));
        }
    }
    calls.extend(jaeger::calls(record, out));
    calls_of_models(calls, out);
    for resource in record.first(&["resourceLogs", "resource_logs"]).items() {
        let common = attributes(resource.at("resource/attributes"));
        let scopes = resource.first(&["scopeLogs", "scope_logs", "instrumentationLibraryLogs"]);
        for event in scopes.items().iter().flat_map(|scope| scope.first(&["logRecords", "log_records"]).items()) {
            read_event(event, &common, out);
        }
    }
}

/// A span of a call of a model.
struct Call {
    id: Option<String>,
    /// The span that it stands in.
    within: Option<String>,
    draft: Draft,
}

/// Frameworks and clients each write a span for one call, the one within the other. The innermost is the call; what only
/// stands around it tells it who asked, and is set aside.
fn calls_of_models(calls: Vec<Call>, out: &mut Assembly) {
    calls.iter().filter_map(|call| call.within.clone()).for_each(|within| out.around.note(within));
    let mut around: BTreeMap<String, (Option<String>, Draft)> = BTreeMap::new();
    let mut innermost = Vec::new();
    for call in calls {
        match call.id.clone().filter(|id| out.around.has(id)) {
            Some(id) => {
                out.set_aside("span around a call of a model that has a span of its own");
                around.insert(id, (call.within, call.draft));
            }
            None => innermost.push(call),
        }
    }
    for Call { id, mut within, mut draft } in innermost {
        for _ in 0..MOST_AROUND {
            let Some((next, facts)) = within.as_ref().and_then(|within| around.get(within)) else { break };
            let mut facts = facts.clone();
            for column in ["time", "latency_ms", "request_id"] {
                facts.take(column);
            }
            if draft.has("prompt") || !draft.pieces.is_empty() {
                facts.pieces.clear();
            }
            draft.fill(facts);
            within.clone_from(next);
        }
        match id {
            Some(id) if out.parts & 0b10 > 0 => out.half(&id, FIRST, draft),
            _ => out.exchange(draft),
        }
    }
}

/// Spans around one call; more are a circle.
const MOST_AROUND: usize = 8;

impl Call {
    fn read(span: &Json, common: &Json, out: &mut Assembly) -> Option<Self> {
        let facts = attributes(span.get("attributes"));
        if let Some(other) = other_kind(&facts) {
            out.set_aside(other);
            return None;
        }
        let mut draft = drafted(&facts, common, out);
        let (start, end) = (time(span, "startTimeUnixNano"), time(span, "endTimeUnixNano"));
        draft.integer("time", micros(start));
        draft.float("latency_ms", between_ms(start, end));
        draft.float("sample_rate", span.first(&["traceState", "trace_state"]).text().and_then(sampled));
        for (sequence, event) in (0..).zip(span.get("events").items()) {
            let own = attributes(event.get("attributes"));
            message(event.get("name").text().unwrap_or_default(), &own, &Json::Null, sequence, &mut draft);
        }
        let failed = matches!(span.at("status/code"), Json::Integer(2))
            || span.at("status/code").text() == Some("STATUS_CODE_ERROR");
        let status = span.at("status/message").text().unwrap_or_default();
        draft.integer("status", failed.then(|| status_of_error(status)));
        let id = identity(span);
        draft.word("request_id", id.clone());
        Some(Self { id, within: parent(span), draft })
    }
}

fn read_event(event: &Json, common: &Json, out: &mut Assembly) {
    let facts = attributes(event.get("attributes"));
    let name = event.first(&["eventName", "event_name"]).text().or_else(|| facts.get("event.name").text());
    let name = name.unwrap_or_default().to_owned();
    let body = any_value(event.get("body"));
    let id = identity(event);
    let when = [time(event, "timeUnixNano"), time(event, "observedTimeUnixNano")];
    let when = when.into_iter().find_map(micros);
    let mut draft = drafted(&facts, common, out);
    draft.integer("time", when);
    draft.word("request_id", id.clone());
    if name == DETAILS || !facts.get("gen_ai.request.model").is_empty() {
        let seconds = facts.get("gen_ai.client.operation.duration").number();
        draft.float("latency_ms", seconds.map(|seconds| seconds * 1e3));
        return match id {
            Some(id) if out.parts & 0b01 > 0 => out.half(&id, SECOND, draft),
            _ => out.exchange(draft),
        };
    }
    if message(&name, &facts, &body, when.unwrap_or(0), &mut draft)
        && let Some(id) = id
    {
        // The time is that of the message, not of the call.
        draft.take("time");
        draft.integer("time", when);
        return out.half(&id, 0, draft);
    }
    out.set_aside("event of another kind");
}

const DETAILS: &str = "gen_ai.client.inference.operation.details";

/// The older events that hold one message each; whether it is one.
fn message(name: &str, facts: &Json, body: &Json, sequence: i64, draft: &mut Draft) -> bool {
    let role = match name {
        "gen_ai.system.message" => "system",
        "gen_ai.user.message" | "gen_ai.content.prompt" => "user",
        "gen_ai.assistant.message" => "assistant",
        "gen_ai.tool.message" => "tool",
        "gen_ai.choice" | "gen_ai.content.completion" => "",
        DETAILS => {
            let mut own = Draft::default();
            fill(facts, &mut own);
            draft.fill(own);
            return true;
        }
        _ => return false,
    };
    let mut place = if body.is_empty() { facts.clone() } else { body.clone() };
    for name in ["gen_ai.prompt", "gen_ai.completion", "content", "message"] {
        place.open(name);
    }
    let whole = place.first(&["gen_ai.prompt", "gen_ai.completion"]);
    if role.is_empty() {
        let part = if whole.is_empty() { place.clone() } else { whole.clone() };
        if sequence == 0 || !draft.pieces.iter().any(|piece| piece.column == "response") {
            draft.pieces.push(Piece { column: "response", sequence, part });
        }
        return true;
    }
    let part = if whole.is_empty() {
        Json::Map(vec![("role".into(), Json::text_of(role)), ("content".into(), place.first(&["content"]).clone())])
    } else if let Json::Text(_) = whole {
        Json::Map(vec![("role".into(), Json::text_of(role)), ("content".into(), whole.clone())])
    } else {
        whole.clone()
    };
    draft.pieces.push(Piece { column: "prompt", sequence, part });
    true
}

/// What a span is, when it is no call of a model.
pub(super) fn other_kind(facts: &Json) -> Option<&'static str> {
    let operation = facts.first(&["gen_ai.operation.name", "llm.request.type"]).text().unwrap_or_default();
    let kind = facts.get("openinference.span.kind").text().unwrap_or_default();
    if matches!(operation, "execute_tool" | "invoke_agent" | "create_agent" | "invoke_workflow") {
        return Some("span of a tool or an agent, not of a model");
    }
    if !kind.is_empty() {
        return (!matches!(kind, "LLM" | "EMBEDDING")).then_some("span of a tool or an agent, not of a model");
    }
    let named = facts.entries().iter().any(|(name, _)| {
        name.starts_with("gen_ai.request.")
            || name.starts_with("gen_ai.usage.")
            || matches!(
                name.as_str(),
                "gen_ai.operation.name" | "gen_ai.system" | "llm.model_name" | "llm.request.model" | "ai.model.id"
            )
    });
    (!named).then_some("span of something else than a call of a model")
}

pub(super) fn drafted(facts: &Json, common: &Json, out: &mut Assembly) -> Draft {
    let mut draft = out.draft(facts);
    fill(facts, &mut draft);
    apply(LINES, common, &mut draft);
    draft.put("organization", common.first(usual("@organization")));
    let unknown = &mut out.unknown;
    let known = Known::new([LINES, SAID, KNOWN, RETENTION]);
    known.unknown(facts, "", &mut |name| unknown.push(name.to_owned()));
    draft
}

fn fill(facts: &Json, draft: &mut Draft) {
    apply(LINES, facts, draft);
    let mut system = String::new();
    crate::source::body::content(facts.get("gen_ai.system_instructions"), &mut system);
    draft.text("system", system);
    apply(SAID, facts, draft);
}

fn time<'a>(place: &'a Json, name: &'static str) -> &'a Json {
    let snake = match name {
        "startTimeUnixNano" => "start_time_unix_nano",
        "endTimeUnixNano" => "end_time_unix_nano",
        "timeUnixNano" => "time_unix_nano",
        _ => "observed_time_unix_nano",
    };
    [place.get(name), place.get(snake)]
        .into_iter()
        .find(|time| !time.is_empty() && time.integer() != Some(0))
        .unwrap_or(&Json::Null)
}

/// The id of the span that a span stands in.
fn parent(span: &Json) -> Option<String> {
    let trace = span.first(&["traceId", "trace_id"]).text()?;
    let parent = span.first(&["parentSpanId", "parent_span_id"]).text()?;
    Some(format!("{trace}-{parent}"))
}

/// A trace may hold many calls, so its span is part of the identity.
fn identity(place: &Json) -> Option<String> {
    let trace = place.first(&["traceId", "trace_id"]).text()?;
    let span = place.first(&["spanId", "span_id"]).text()?;
    Some(format!("{trace}-{span}"))
}

/// The share of traces that consistent probability sampling keeps: `ot=th:c` keeps those whose 56 random bits are at
/// least the threshold, written in hexadecimal without its trailing zeros.
fn sampled(state: &str) -> Option<f64> {
    let own = state.split(',').find_map(|member| member.trim().strip_prefix("ot="))?;
    let threshold = own.split(';').find_map(|field| field.strip_prefix("th:"))?;
    if threshold.is_empty() || threshold.len() > 14 {
        return None;
    }
    let digits = u64::from_str_radix(threshold, 16).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    let rejected = digits as f64 / 16_f64.powi(i32::try_from(threshold.len()).ok()?);
    Some(1.0 - rejected)
}

#[cfg(test)]
mod tests {
    use super::sampled;

    #[test]
    fn the_trace_state_tells_the_share() {
        assert_eq!(sampled("vendor=x,ot=th:c"), Some(0.25));
        assert_eq!(sampled("ot=rv:1;th:8"), Some(0.5));
        assert_eq!((sampled("ot=th:"), sampled("ot=th:zz"), sampled("")), (None, None, None));
    }
}
