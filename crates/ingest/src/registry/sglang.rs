//! SGLang: `--log-requests-format json`, one record when a request comes and one when it is finished.

use crate::source::assembly::{Assembly, FIRST, SECOND};
use crate::source::draft::Draft;
use crate::source::joining::Joining;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::micros;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "sglang",
    title: "SGLang request log",
    joining: Joining { halves: &["answer without its request", "request without its answer"], ..Joining::PLAIN },
    advice: &[
        ("account", "SGLang knows no accounts: use the log of the gateway in front of it"),
        ("prompt", "start it with --log-requests-level 3"),
        ("ip", "use the log of the gateway in front of it"),
    ],
    signs: &[
        Sign::new(0, &["event=request.received", "rid"]),
        Sign::new(0, &["event=request.finished", "rid"]),
        Sign::new(0, &["event=request.received", "obj/rid"]),
        Sign::new(0, &["event=request.finished", "obj/rid"]),
    ],
    tables: &[RECEIVED, FINISHED],
    read,
    ..LogSource::PLAIN
};

const RECEIVED: &[Line] = &[
    ("request_id", How::Word, &["rid", "obj/rid"]),
    ("model", How::Word, &["obj/model"]),
    ("endpoint", How::Route, &["path"]),
    ("end_user", How::Word, &["obj/user"]),
    ("conversation", How::Word, &["obj/session_params/id"]),
    ("logprobs", How::Plain, &["obj/return_logprob"]),
    ("", How::Request, &["obj"]),
    ("", How::Known, &["timestamp", "event", "out"]),
];

const FINISHED: &[Line] = &[
    ("response", How::Plain, &["text"]),
    ("stop_reason", How::Stop, &["meta_info/finish_reason"]),
    ("input_tokens", How::Plain, &["meta_info/prompt_tokens"]),
    ("cached_tokens", How::Plain, &["meta_info/cached_tokens"]),
    ("latency_ms", How::Seconds, &["meta_info/e2e_latency"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    let when = micros(record.get("timestamp"));
    let Some(id) = record.first(&["rid"]).word().or_else(|| record.at("obj/rid").word()) else {
        return out.set_aside("record without an id");
    };
    match record.get("event").text() {
        Some("request.received") => {
            draft.integer("time", when);
            apply(RECEIVED, record, &mut draft);
            out.half(&id, FIRST, draft);
        }
        Some("request.finished") => {
            finished(record.get("out"), &mut draft);
            let took = micros_of(&draft);
            draft.integer("time", when.map(|when| when.saturating_sub(took)));
            apply(RECEIVED, record, &mut draft);
            out.half(&id, SECOND, draft);
        }
        _ => out.set_aside("event of another kind"),
    }
}

/// Alternatives are a list: the first one speaks, and all of them count.
fn finished(answer: &Json, draft: &mut Draft) {
    let all = if let Json::List(items) = answer { items.as_slice() } else { std::slice::from_ref(answer) };
    let Some(first) = all.first() else { return };
    apply(FINISHED, first, draft);
    let tokens = all.iter().filter_map(|one| one.at("meta_info/completion_tokens").integer());
    draft.integer("output_tokens", tokens.reduce(i64::saturating_add));
    let reason = first.at("meta_info/finish_reason");
    let aborted = reason.get("type").text() == Some("abort");
    draft.integer("status", reason.get("status_code").integer().or(aborted.then_some(499)));
}

fn micros_of(draft: &Draft) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "float to integer casts saturate")]
    match draft.get("latency_ms") {
        Some(crate::raw::Raw::Float(ms)) if *ms > 0.0 => (ms * 1e3).round() as i64,
        _ => 0,
    }
}
