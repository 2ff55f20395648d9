//! Answers of the OpenAI interface by themselves: whole ones, and streams cut into one chunk a line.

use crate::source::assembly::Assembly;
use crate::source::draft::Piece;
use crate::source::joining::{Ids, Joining};
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "openai_chat",
    title: "Chat completions as the OpenAI interface answers them",
    joining: Joining { halves: &["", ""], closes: false, ids: Ids::Apart, ..Joining::PLAIN },
    advice: &[
        ("account", "an answer says who asked only where the request had `metadata.user_id`: use the log of a gateway"),
        ("prompt", "an answer does not hold its request: use the log of a gateway"),
    ],
    signs: &[
        Sign::new(0, &["object=chat.completion"]),
        Sign::new(0, &["object=chat.completion.chunk"]),
        Sign::new(0, &["object=text_completion"]),
        Sign::new(0, &["object=response", "output"]),
    ],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["created", "created_at"]),
    ("request_id", How::Word, &["id"]),
    // Stored completions have what the client put into the request's `metadata`.
    ("account", How::Account, &["metadata/@account", "user", "safety_identifier"]),
    ("organization", How::Word, &["metadata/@organization"]),
    ("model", How::Word, &["model"]),
];

const KNOWN: &[Line] = &[("", How::Known, &["object", "choices", "usage", "output", "status", "incomplete_details"])];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    let chunk = record.get("object").text().is_some_and(|object| object.contains(".chunk"));
    match record.get("id").word() {
        Some(id) if chunk => {
            // The order of the lines is the order of the stream.
            let sequence = out.line();
            draft.pieces.push(Piece { column: "response", sequence, part: record.clone() });
            out.half(&id, 0, draft);
        }
        _ => {
            crate::source::answer::response(record, &mut draft);
            out.exchange(draft);
        }
    }
}
