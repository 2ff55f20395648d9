//! LangSmith: runs, as its interface gives them and as bulk exports hold them (Parquet). A run of type `llm` is a call of a
//! model; chains, tools and retrievers stand around it.
//!
//! Source: <https://docs.langchain.com/langsmith/run-data-format>.

use crate::source::answer::response;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{between_ms, status_of_error};
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "langsmith",
    title: "LangSmith runs",
    advice: &[
        ("account", "set user_id in the metadata of each run"),
        ("ip", "set `ip` in the metadata of each run, or join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("prompt", "do not hide inputs and outputs (LANGSMITH_HIDE_INPUTS)"),
    ],
    signs: &[
        Sign::new(0, &["run_type", "start_time", "dotted_order"]),
        Sign::new(0, &["run_type", "start_time", "inputs", "trace_id"]),
        Sign::new(0, &["run_type", "start_time", "inputs", "outputs"]),
        Sign::new(0, &["runs/run_type", "runs/dotted_order"]),
    ],
    open: &["inputs", "outputs", "extra", "error", "extra/metadata", "extra/invocation_params"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["start_time"]),
    ("request_id", How::Word, &["id", "run_id"]),
    ("account", How::Account, &["extra/metadata/@account", "metadata/@account"]),
    ("organization", How::Word, &["extra/metadata/@organization", "tenant_id"]),
    ("api_key", How::Word, &["extra/metadata/@key"]),
    ("end_user", How::Word, &["extra/metadata/@end_user"]),
    ("ip", How::Address, &["extra/metadata/@ip"]),
    ("user_agent", How::Word, &["extra/metadata/@agent"]),
    ("conversation", How::Word, &["extra/metadata/@conversation", "extra/metadata/thread_id", "thread_id"]),
    (
        "model",
        How::Word,
        &[
            "extra/metadata/ls_model_name",
            "extra/invocation_params/model",
            "extra/invocation_params/model_name",
            "inputs/model",
        ],
    ),
    ("input_tokens", How::Plain, &["prompt_tokens"]),
    ("output_tokens", How::Plain, &["completion_tokens"]),
    ("cached_tokens", How::Plain, &["prompt_token_details/cache_read"]),
    ("", How::Parameters, &["extra/invocation_params"]),
];

const KNOWN: &[Line] = &[
    ("", How::Known, &["name", "run_type", "end_time", "status", "error", "trace_id", "dotted_order", "parent_run_id"]),
    (
        "",
        How::Known,
        &["parent_run_ids", "child_run_ids", "session_id", "session_name", "tags", "total_tokens", "events"],
    ),
    (
        "",
        How::Known,
        &["feedback_stats", "serialized", "app_path", "first_token_time", "total_cost", "inputs", "outputs"],
    ),
    ("", How::Known, &["extra", "metadata", "prompt_cost", "completion_cost", "reference_example_id", "is_root"]),
];

fn read(record: &Json, out: &mut Assembly) {
    if let Json::List(runs) = record.get("runs") {
        for run in runs {
            let mut run = run.clone();
            SOURCE.open.iter().for_each(|path| run.open(path));
            read(&run, out);
        }
        return;
    }
    if !matches!(record.get("run_type").text(), Some("llm" | "embedding")) {
        return out.set_aside("run that is no call of a model");
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    let inputs = record.get("inputs");
    let said =
        Json::Map(vec![("messages".into(), messages(inputs.first(&["messages", "prompts", "prompt", "input"])))]);
    crate::source::body::request(&said, &mut draft);
    crate::source::body::parameters(inputs, &mut draft);
    let outputs = record.get("outputs");
    response(&answer(outputs), &mut draft);
    draft.float("latency_ms", between_ms(record.get("start_time"), record.get("end_time")));
    let failed = record.get("status").text() == Some("error") || !record.get("error").is_empty();
    let error = record.get("error").text().unwrap_or_default();
    draft.integer("status", Some(if failed { status_of_error(error) } else { 200 }));
    out.exchange(draft);
}

/// Messages as LangChain writes them (`kwargs`, `type`, and a list of lists) in the common form.
fn messages(place: &Json) -> Json {
    match place {
        Json::List(items) => match items.first() {
            // A list a prompt; more than one is a batch, of which the first is taken.
            Some(first @ Json::List(_)) => messages(first),
            _ => Json::List(items.iter().map(message).collect()),
        },
        other => message(other),
    }
}

fn message(place: &Json) -> Json {
    let Json::Map(_) = place else { return place.clone() };
    let inside = if let inside @ Json::Map(_) = place.first(&["kwargs", "data"]) { inside } else { place };
    let class = place.get("id").items().last().and_then(Json::text).unwrap_or_default().to_owned();
    let kind = place.first(&["role", "type"]).text().filter(|kind| *kind != "constructor");
    let kind = kind.or_else(|| inside.first(&["role", "type"]).text()).unwrap_or(&class).to_ascii_lowercase();
    let role = match kind.as_str() {
        kind if kind.starts_with("system") || kind == "developer" => "system",
        kind if kind.starts_with("ai") || kind == "assistant" => "assistant",
        kind if kind.starts_with("tool") || kind.starts_with("function") => "tool",
        _ => "user",
    };
    Json::Map(vec![("role".into(), Json::text_of(role)), ("content".into(), inside.get("content").clone())])
}

/// The answer in one of the forms that bodies have.
fn answer(outputs: &Json) -> Json {
    let generations = outputs.get("generations");
    let first = match generations.items().first() {
        Some(Json::List(items)) => items.first(),
        first => first,
    };
    let Some(first) = first else {
        return if let inside @ Json::Map(_) = outputs.get("message") { message(inside) } else { outputs.clone() };
    };
    let text = [first.get("text").clone(), message(first.get("message")).get("content").clone()];
    let text = text.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let usage = outputs.at("llm_output/token_usage").clone();
    let reason = first.at("generation_info/finish_reason").clone();
    let choice = Json::Map(vec![("text".into(), text), ("finish_reason".into(), reason)]);
    Json::Map(vec![("choices".into(), Json::List(vec![choice])), ("usage".into(), usage)])
}
