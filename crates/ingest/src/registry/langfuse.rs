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
        Sign::new(0, &["trace/id", "observations"]),
        Sign::new(1, &["trace/id", "observations"]),
        Sign::new(1, &["trace_id", "start_time", "usage_details"]),
        Sign::new(1, &["trace_id", "start_time", "provided_model_name"]),
        Sign::without(1, &["trace_id", "start_time", "type", "level"], STRANGE),
        Sign::without(1, &["traceId", "startTime", "type", "level"], STRANGE),
        // Many logs have an id, a time, a user and a session; the rest of a trace is rarer.
        Sign::without(0, &["id", "timestamp", "user_id", "session_id", "tags", "bookmarked"], STRANGE),
        Sign::without(0, &["id", "timestamp", "user_id", "session_id", "tags", "public"], STRANGE),
        Sign::without(0, &["id", "timestamp", "user_id", "session_id", "tags", "release"], STRANGE),
        Sign::without(0, &["id", "timestamp", "user_id", "session_id", "tags", "project_id"], STRANGE),
        Sign::without(0, &["id", "timestamp", "user_id", "session_id", "tags", "metadata"], STRANGE),
        Sign::without(0, &["id", "timestamp", "userId", "sessionId", "tags"], STRANGE),
        Sign::without(0, &["id", "timestamp", "userId", "sessionId", "observations"], STRANGE),
        Sign::without(0, &["id", "timestamp", "userId", "sessionId", "htmlPath"], STRANGE),
    ],
    open: &["metadata", "input", "output", "model_parameters", "modelParameters", "usage_details", "usageDetails"],
    tables: &[OBSERVATION, TRACE, KNOWN],
    read,
    ..LogSource::PLAIN
};

/// Neither traces nor observations have them.
const STRANGE: &[&str] = &["prompt", "response", "completion", "messages", "answer", "question", "input_tokens"];

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

/// Keys with a dot are details of others. Of the rest, those that begin with `input`, and those of the cache, are parts of
/// the input or are held in it already, as the integration that wrote them counts; `total` tells which.
fn tokens(usage: &Json, draft: &mut Draft) {
    let counted = |wanted: &dyn Fn(&str) -> bool| {
        let parts = usage.entries().iter().filter(|(name, _)| !name.contains('.') && wanted(name));
        parts.filter_map(|(_, count)| count.integer().filter(|count| *count >= 0)).reduce(i64::saturating_add)
    };
    let is_total = |name: &str| name.starts_with("total");
    let of_output = |name: &str| name.starts_with("output") || name.starts_with("completion_tokens");
    let of_cache = |name: &str| name.contains("cache") && !of_output(name);
    let of_input = |name: &str| name.starts_with("input") || name.starts_with("prompt_tokens");
    let input = counted(&|name| matches!(name, "input" | "input_tokens" | "prompt_tokens"));
    let inputs = counted(&|name| (of_input(name) || of_cache(name)) && !is_total(name));
    let output = counted(&|name| matches!(name, "output" | "output_tokens" | "completion_tokens"));
    let outputs = counted(&of_output);
    let total = counted(&|name| matches!(name, "total" | "total_tokens"));
    let whole = |part: Option<i64>, parts: Option<i64>| [part, parts].into_iter().flatten().collect::<Vec<_>>();
    let pairs = whole(input, inputs)
        .into_iter()
        .flat_map(|input| whole(output, outputs).into_iter().map(move |output| (input, output)));
    let fits = total.and_then(|total| pairs.into_iter().find(|(input, output)| input.saturating_add(*output) == total));
    let (input, output) = match (fits, total, outputs) {
        (Some((input, output)), ..) => (Some(input), Some(output)),
        // What is missing from the sum is input only where parts of the input are told; Gemini's total holds thoughts.
        (None, Some(total), Some(outputs)) if total >= outputs && inputs != input => {
            (Some(total - outputs), Some(outputs))
        }
        _ => (inputs, outputs),
    };
    let reads = |name: &str| of_cache(name) && !["creation", "write"].iter().any(|other| name.contains(other));
    let cached = usage.entries().iter().filter(|(name, _)| reads(name) || name.ends_with(".cached_tokens"));
    draft.integer("input_tokens", input);
    draft.integer("output_tokens", output);
    draft.integer("cached_tokens", cached.filter_map(|(_, count)| count.integer()).filter(|count| *count >= 0).max());
}

#[cfg(test)]
mod tests {
    use super::tokens;
    use crate::source::draft::Draft;
    use crate::source::json::Json;

    #[test]
    fn cached_tokens_are_counted_once_whoever_counts_them() {
        for (usage, input, output) in [
            (r#"{"input":100,"output":7,"total":107}"#, 100, 7),
            (
                r#"{"input":40,"cache_read_input_tokens":60,"cache_creation_input_tokens":20,"output":7,"total":127}"#,
                120,
                7,
            ),
            (r#"{"input":40,"cache_read_input_tokens":60,"output":7}"#, 100, 7),
            (r#"{"input":90,"input_cached_tokens":80,"output":7,"total":97}"#, 90, 7),
            (r#"{"input":10,"input_cached_tokens":80,"output":7,"total":97}"#, 90, 7),
            (r#"{"input_tokens":50,"output_tokens":5,"input_tokens_details.cached_tokens":30,"total":55}"#, 50, 5),
            (
                r#"{"prompt_tokens":50,"completion_tokens":5,"total_tokens":55,"completion_tokens_details.reasoning_tokens":3}"#,
                50,
                5,
            ),
            (r#"{"input":50,"output":20,"output_reasoning_tokens":12,"total":82}"#, 50, 32),
            (r#"{"input":50,"output":20,"output_reasoning_tokens":12,"total":70}"#, 50, 20),
        ] {
            let mut draft = Draft::default();
            tokens(&Json::parse(usage).unwrap_or_default(), &mut draft);
            assert_eq!(
                (draft.get_integer("input_tokens"), draft.get_integer("output_tokens")),
                (Some(input), Some(output)),
                "{usage}"
            );
        }
    }
}
