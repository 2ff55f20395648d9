//! Langfuse: observations, joined with the traces that know user and session. Rows of ClickHouse and of exports
//! (`snake_case`), answers of the interface (`camelCase`), and downloads of one trace with its observations.

use crate::source::assembly::Assembly;
use crate::source::body::content;
use crate::source::draft::Draft;
use crate::source::joining::Joining;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{between_ms, status_of_error};
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "langfuse",
    title: "Langfuse observations and traces",
    parts: &["traces", "observations"],
    joining: Joining { halves: &["observation without its trace: no user, no session"], ..Joining::PLAIN },
    advice: &[
        ("account", "give the traces with the observations, and set user_id on each trace"),
        ("ip", "put it into the metadata of the trace as `ip`, or join the log of the proxy in front with --edge"),
        ("user_agent", "put it into the metadata of the trace as `user_agent`"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("conversation", "set session_id on each trace"),
        ("temperature", "set model_parameters on each generation"),
    ],
    signs: &[
        Sign { part: 0, all: &["trace/id", "observations"] },
        Sign { part: 1, all: &["trace/id", "observations"] },
        Sign { part: 1, all: &["trace_id", "start_time", "usage_details"] },
        Sign { part: 1, all: &["trace_id", "start_time", "provided_model_name"] },
        Sign { part: 1, all: &["trace_id", "start_time", "type", "level"] },
        Sign { part: 1, all: &["traceId", "startTime", "type", "level"] },
        Sign { part: 0, all: &["id", "timestamp", "user_id", "session_id"] },
        Sign { part: 0, all: &["id", "timestamp", "userId", "sessionId"] },
    ],
    open: &["metadata", "input", "output", "model_parameters", "modelParameters", "usage_details", "usageDetails"],
    tables: &[OBSERVATION, TRACE, KNOWN],
    read,
    ..LogSource::PLAIN
};

const OBSERVATION: &[Line] = &[
    ("time", How::Time, &["start_time", "startTime"]),
    ("request_id", How::Word, &["id", "span_id"]),
    ("organization", How::Word, &["project_id", "projectId"]),
    ("account", How::Account, &["user_id", "userId"]),
    ("conversation", How::Word, &["session_id", "sessionId"]),
    ("model", How::Word, &["provided_model_name", "providedModelName", "model"]),
    ("", How::Parameters, &["model_parameters", "modelParameters"]),
    ("tools", How::Plain, &["tool_definitions", "toolDefinitions"]),
    ("", How::Said, &["input"]),
    ("", How::Response, &["output"]),
];

/// What a trace says about its observations, and what an observation may say itself.
const TRACE: &[Line] = &[
    ("account", How::Account, &["user_id", "userId", "metadata/@account"]),
    ("conversation", How::Word, &["session_id", "sessionId", "metadata/@conversation"]),
    ("end_user", How::Word, &["metadata/@end_user"]),
    ("ip", How::Address, &["metadata/@ip"]),
    ("user_agent", How::Word, &["metadata/@agent"]),
    ("ja4", How::Word, &["metadata/@ja4"]),
    ("organization", How::Word, &["metadata/@organization"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "timestamp",
        "trace_id",
        "traceId",
        "type",
        "name",
        "level",
        "status_message",
        "statusMessage",
        "end_time",
        "endTime",
        "latency",
        "completion_start_time",
        "completionStartTime",
        "usage_details",
        "usageDetails",
        "provided_usage_details",
        "parent_observation_id",
        "parentObservationId",
        "metadata",
        "tags",
        "trace",
        "observations",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let trace = record.get("trace");
    if let Json::Map(_) = trace {
        fact(trace, trace.get("id"), out);
        for observation in record.get("observations").items() {
            let mut observation = observation.clone();
            SOURCE.open.iter().for_each(|path| observation.open(path));
            observe(&observation, trace.get("id"), out);
        }
        return;
    }
    let own = record.first(&["trace_id", "traceId"]);
    if own.is_empty() {
        fact(record, record.get("id"), out);
        // The interface gives a trace with its observations inside.
        for observation in record.get("observations").items().iter().filter(|item| !item.get("id").is_empty()) {
            observe(observation, record.get("id"), out);
        }
    } else {
        observe(record, own, out);
    }
}

fn fact(trace: &Json, id: &Json, out: &mut Assembly) {
    let Some(id) = id.word() else { return out.set_aside("record without an id") };
    let mut trace = trace.clone();
    trace.open("metadata");
    let mut fact = Draft::default();
    apply(TRACE, &trace, &mut fact);
    // A fact is no exchange: what the trace withholds, each of its observations withholds.
    for column in ["retention", "sample_rate"] {
        fact.set(column, out.draft(&trace).take(column));
    }
    out.fact(&id, fact);
}

fn observe(record: &Json, trace: &Json, out: &mut Assembly) {
    let kind = record.get("type").text().unwrap_or("GENERATION").to_ascii_uppercase();
    if !matches!(kind.as_str(), "GENERATION" | "EMBEDDING") {
        return out.set_aside("step of an agent that is no call of a model");
    }
    let mut draft = out.draft(record);
    // An answer may repeat them in the dialect of its provider.
    tokens(record.first(&["usage_details", "usageDetails", "provided_usage_details"]), &mut draft);
    apply(OBSERVATION, record, &mut draft);
    let input = record.get("input");
    if !draft.has("prompt") && matches!(input, Json::Map(_) | Json::List(_)) && !input.is_empty() {
        let mut text = String::new();
        content(input, &mut text);
        draft.text("prompt", if text.is_empty() { input.compact() } else { text });
    }
    let ends = record.first(&["end_time", "endTime"]);
    draft.float("latency_ms", between_ms(record.first(&["start_time", "startTime"]), ends));
    let message = record.first(&["status_message", "statusMessage"]).text().unwrap_or_default();
    draft.integer(
        "status",
        match record.get("level").text() {
            Some("ERROR") => Some(status_of_error(message)),
            Some(_) if !ends.is_empty() => Some(200),
            _ => None,
        },
    );
    let mut own = Draft::default();
    apply(TRACE, record, &mut own);
    draft.fill(own);
    match trace.word() {
        Some(trace) => out.wants(&trace, draft),
        None => out.exchange(draft),
    }
}

/// The keys that begin with `input` are parts of the input and add up, those with `output` likewise; names with a dot
/// are details of one of them.
fn tokens(usage: &Json, draft: &mut Draft) {
    let sum = |prefix: &str| {
        let parts = usage.entries().iter().filter(|(name, _)| name.starts_with(prefix));
        parts.filter_map(|(_, count)| count.integer().filter(|count| *count >= 0)).reduce(i64::saturating_add)
    };
    let reads = |name: &str| {
        name.contains("cache") && !["creation", "write", "output"].iter().any(|other| name.contains(other))
    };
    let cached = usage.entries().iter().filter(|(name, _)| reads(name)).filter_map(|(_, count)| count.integer()).max();
    draft.integer("input_tokens", sum("input").or_else(|| sum("prompt_tokens")));
    draft.integer("output_tokens", sum("output").or_else(|| sum("completion_tokens")));
    draft.integer("cached_tokens", cached.filter(|count| *count >= 0));
}
