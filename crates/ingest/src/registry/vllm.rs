//! vLLM: lines of its log (`Received request …`). They name no account, and the lines of the web server in front of it
//! have no id to join them by.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::raw::Raw;
use crate::source::assembly::{Assembly, FIRST, SECOND};
use crate::source::joining::Joining;
use crate::source::json::Json;
use crate::source::log_source::LogSource;

pub(super) static SOURCE: LogSource = LogSource {
    name: "vllm",
    title: "vLLM server log",
    joining: Joining { halves: &["answer without its request", ""], closes: false, opens: true, ..Joining::PLAIN },
    advice: &[
        ("account", "vLLM knows no accounts: use the log of the gateway in front of it"),
        ("prompt", "start it with VLLM_LOGGING_LEVEL=DEBUG and --enable-log-requests, without --max-log-len"),
        ("ip", "use the log of the gateway in front of it"),
        ("input_tokens", "use the log of the gateway in front of it"),
    ],
    marks: &[
        &["Received request ", "params: "],
        &["Received request ", "SamplingParams("],
        &["Received request ", ": prompt: "],
        &["Request ", " details: prompt: "],
        &["vLLM API server version"],
        &["async_llm_engine.py"],
        &["vllm.entrypoints"],
    ],
    lines: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    let Json::Text(line) = record else { return out.set_aside("line of another kind") };
    if let Some((head, rest)) = line.split_once("Received request ") {
        request(head, rest, out);
    } else if let Some((head, rest)) = line.split_once("Generated response ") {
        answer(head, rest, out);
    } else if let Some((head, rest)) = line.split_once("Request ")
        && let Some((id, rest)) = rest.split_once(" details: ")
    {
        details(head, id, rest, out);
    } else if line.contains("HTTP/1.") || line.contains("HTTP/2") {
        out.set_aside("line of the web server, without an id to join it by");
    } else {
        out.set_aside("line of another kind");
    }
}

fn request(head: &str, rest: &str, out: &mut Assembly) {
    let Some((id, rest)) = rest.split_once(": ") else { return out.set_aside("line that breaks off") };
    let mut draft = out.draft(&Json::Null);
    draft.integer("time", moment(head, out.latest));
    draft.word("request_id", Some(own_id(id).to_owned()));
    draft.word("endpoint", route(id).map(str::to_owned));
    let mut rest = rest;
    if let Some(quoted) = rest.strip_prefix("prompt: ")
        && let Some((prompt, after)) = python_text(quoted)
    {
        draft.text("prompt", prompt);
        rest = after;
    }
    if let Some((_, parameters)) = rest.split_once("SamplingParams(") {
        for (name, value) in arguments(parameters) {
            match name {
                "n" => draft.integer("n", value.parse().ok()),
                "temperature" => draft.float("temperature", value.parse().ok()),
                "top_p" => draft.float("top_p", value.parse().ok()),
                "max_tokens" => draft.integer("max_tokens", value.parse().ok()),
                "logprobs" => draft.boolean("logprobs", Some(!matches!(value, "None" | "0"))),
                _ => {}
            }
        }
    }
    out.half(own_id(id), FIRST, draft);
}

/// Since 0.11.2 the prompt stands in a line of its own, at level DEBUG, before that of the request.
fn details(head: &str, id: &str, rest: &str, out: &mut Assembly) {
    let mut draft = out.draft(&Json::Null);
    draft.integer("time", moment(head, out.latest));
    draft.word("request_id", Some(own_id(id).to_owned()));
    draft.word("endpoint", route(id).map(str::to_owned));
    if let Some((prompt, _)) = rest.strip_prefix("prompt: ").and_then(python_text) {
        draft.text("prompt", prompt);
    }
    out.prelude(own_id(id), draft);
}

/// With `--enable-log-outputs`.
fn answer(head: &str, rest: &str, out: &mut Assembly) {
    let Some((id, rest)) = rest.split_once(' ') else { return out.set_aside("line that breaks off") };
    let mut draft = out.draft(&Json::Null);
    if let Some((_, quoted)) = rest.split_once("output: ")
        && let Some((text, _)) = python_text(quoted)
    {
        draft.text("response", text);
    }
    if let Some((_, reason)) = rest.rsplit_once("finish_reason: ") {
        draft.word("stop_reason", crate::source::spelling::stop_reason(reason.trim().trim_end_matches('.')));
    }
    draft.set("time", moment(head, out.latest).map(Raw::Integer));
    out.half(own_id(id.trim_end_matches(':')), SECOND, draft);
}

/// The id that the client or gateway sent, which vLLM puts behind the kind of the request.
fn own_id(id: &str) -> &str {
    let id = id.trim();
    PREFIXES.iter().find_map(|(prefix, _)| id.strip_prefix(prefix)).unwrap_or(id)
}

fn route(id: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(prefix, _)| id.trim().starts_with(prefix)).map(|(_, route)| *route)
}

const PREFIXES: [(&str, &str); 4] = [
    ("chatcmpl-", "/v1/chat/completions"),
    ("cmpl-", "/v1/completions"),
    ("embd-", "/v1/embeddings"),
    ("resp_", "/v1/responses"),
];

/// The time of a line, `09-01 12:00:00`, in the year that puts it nearest before `latest`; a date with a year holds.
fn moment(head: &str, latest: i64) -> Option<i64> {
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let time = pair[1].split([',', '.']).next().unwrap_or_default();
        if let Ok(moment) = NaiveDateTime::parse_from_str(&format!("{} {time}", pair[0]), "%Y-%m-%d %H:%M:%S") {
            return Some(moment.and_utc().timestamp_micros());
        }
        let this_year = chrono::DateTime::from_timestamp_micros(latest)?.year();
        [this_year, this_year - 1, this_year - 4].iter().find_map(|year| {
            let date = NaiveDate::parse_from_str(&format!("{year}-{}", pair[0]), "%Y-%m-%d").ok()?;
            let time = chrono::NaiveTime::parse_from_str(time, "%H:%M:%S").ok()?;
            let moment = date.and_time(time).and_utc().timestamp_micros();
            (moment <= latest).then_some(moment)
        })
    })
}

/// A text as Python writes it, and what follows.
fn python_text(quoted: &str) -> Option<(String, &str)> {
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let mut text = String::new();
    let mut characters = quoted.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return Some((text, quoted.get(at + 1..)?));
        }
        if character != '\\' {
            text.push(character);
            continue;
        }
        let Some((_, escape)) = characters.next() else { break };
        let digits = match escape {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => code(&mut characters, 2),
            'u' => code(&mut characters, 4),
            'U' => code(&mut characters, 8),
            other => other,
        };
        text.push(digits);
    }
    // Cut by --max-log-len or the end of the line: what is there is the text.
    Some((text, ""))
}

fn code(characters: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> char {
    let digits: String = characters.take(digits).map(|(_, digit)| digit).collect();
    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `name=value` pairs up to the closing parenthesis, quotes and brackets minded.
fn arguments(text: &str) -> Vec<(&str, &str)> {
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    let mut pairs = Vec::new();
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), close) if open == close => quote = None,
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b',' | b')') if depth == 0 => {
                pairs.extend(text.get(start..at).and_then(|pair| pair.trim().split_once('=')));
                start = at + 1;
                if byte == b')' {
                    break;
                }
            }
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{arguments, moment, python_text};

    #[test]
    fn python_writes_text_in_its_own_way() {
        assert_eq!(python_text(r"'a\n\'b\' \x41\u00e9', params"), Some(("a\n'b' Aé".into(), ", params")));
        assert_eq!(python_text("\"it's\": x"), Some(("it's".into(), ": x")));
        assert_eq!(python_text("'cut"), Some(("cut".into(), "")));
        assert_eq!((python_text("None"), python_text("")), (None, None));
    }

    #[test]
    fn arguments_mind_quotes_and_brackets() {
        let pairs = arguments("n=4, stop=['a, n=9', \")\"], logprobs=5, extra={'x': (1)}), prompt_token_ids: None");
        assert_eq!(pairs, [("n", "4"), ("stop", "['a, n=9', \")\"]"), ("logprobs", "5"), ("extra", "{'x': (1)}")]);
    }

    #[test]
    fn a_time_without_a_year_is_the_last_such_time() {
        let noon = 1_772_452_800_000_000; // 2026-03-02T12:00:00Z
        assert_eq!(moment("INFO 03-02 12:00:00 [logger.py:43] ", noon), Some(noon));
        assert_eq!(
            moment("(APIServer pid=7) INFO 03-02 12:00:01 x ", noon),
            Some(noon + 1_000_000 - 31_536_000_000_000)
        );
        assert_eq!(moment("2026-03-02 12:00:00,123 INFO", noon), Some(noon));
        assert_eq!(moment("INFO ", noon), None);
    }
}
