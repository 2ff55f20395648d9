//! Batches of OpenAI and Anthropic: the file of requests joined with the file of answers by `custom_id`. Requests have
//! no time of their own; an answer's `created` is it.

use crate::source::answer::Answer;
use crate::source::assembly::{Assembly, FIRST, SECOND};
use crate::source::joining::Joining;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{micros, status_of_error};
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "openai_batch",
    title: "OpenAI batch input and output",
    parts: &["batch object (Anthropic)", "input", "output"],
    joining: Joining {
        halves: &["answer without its request: no prompt, no parameters", "request without its answer: no time"],
        ..Joining::PLAIN
    },
    advice: &[
        ("account", "pass `user` or `safety_identifier` in each request"),
        ("prompt", "give the input file with the output file"),
        ("time", "results of Anthropic hold no time: give the batch object with them"),
        ("ip", "a batch has no client address per request"),
        ("ja4", "a batch has no connection per request"),
    ],
    signs: &[
        Sign::new(1, &["custom_id", "method", "body"]),
        Sign::new(1, &["custom_id", "params/model"]),
        Sign::new(2, &["custom_id", "response/status_code"]),
        Sign::new(2, &["custom_id", "response/body"]),
        Sign::new(2, &["custom_id", "error", "response"]),
        Sign::new(2, &["custom_id", "result/type"]),
        Sign::new(0, &["type=message_batch", "request_counts"]),
    ],
    tables: &[INPUT, OUTPUT],
    read,
    ..LogSource::PLAIN
};

/// The bits of the parts.
const INPUTS: u8 = 0b010;
const OUTPUTS: u8 = 0b100;

const INPUT: &[Line] = &[
    ("endpoint", How::Route, &["url"]),
    ("", How::Request, &["body", "params"]),
    ("", How::Known, &["custom_id", "method"]),
];

const OUTPUT: &[Line] = &[
    ("request_id", How::Word, &["response/request_id", "result/message/id", "id"]),
    ("status", How::Plain, &["response/status_code"]),
    ("", How::Known, &["custom_id", "response", "result", "error", "time", "ended_at", "completed_at", "created_at"]),
];

fn read(record: &Json, out: &mut Assembly) {
    if record.get("type").text() == Some("message_batch") {
        // Results name no batch, so that of the run is theirs.
        out.when = out.when.or_else(|| micros(record.first(&["created_at", "ended_at"])));
        return out.set_aside("batch that says when its requests were made");
    }
    let Some(id) = record.get("custom_id").word() else { return out.set_aside("record without custom_id") };
    let mut draft = out.draft(record);
    let asked = record.first(&["body", "params"]);
    if !asked.is_empty() {
        apply(INPUT, record, &mut draft);
        // A batch is its owner's; the key for end users is all that tells whose request it was.
        let end_user = draft.get_text("end_user").map(str::to_owned);
        draft.account(end_user);
        return if out.parts & OUTPUTS == 0 { out.alone(FIRST, draft) } else { out.half(&id, FIRST, draft) };
    }
    apply(OUTPUT, record, &mut draft);
    let body = [record.at("response/body"), record.at("result/message")];
    let body = body.into_iter().find(|body| !body.is_empty()).unwrap_or(&Json::Null);
    if body.get("error").is_empty() {
        let answer = Answer::read(body);
        draft.integer("time", micros(answer.created()));
        answer.fill(&mut draft);
    }
    // Results of Anthropic hold no time; whoever writes them down may add one.
    draft.integer("time", micros(record.first(&["time", "ended_at", "completed_at", "created_at"])).or(out.when));
    if !draft.has("time") {
        out.lacks("results of Anthropic batches hold no time: give the batch object too (GET /v1/messages/batches/ID)");
    }
    let error = [record.at("error/code"), record.at("result/error/error/type"), record.at("result/error/type")];
    draft.integer("status", error.iter().find_map(|error| error.word()).map(|error| status_of_error(&error)));
    if out.parts & INPUTS == 0 { out.alone(SECOND, draft) } else { out.half(&id, SECOND, draft) }
}
