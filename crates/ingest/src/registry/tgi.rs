//! Text Generation Inference: the router's span for each request, as JSON (`--json-output`) or as text. It holds no
//! text of prompts, and its time is that of the end.

use crate::raw::Raw;
use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::spelling::{duration_ms, micros};

pub(super) static SOURCE: LogSource = LogSource {
    name: "tgi",
    title: "Text Generation Inference router log",
    advice: &[
        ("account", "TGI knows no accounts: use the log of the gateway in front of it"),
        ("prompt", "TGI logs no text: use the log of the gateway in front of it"),
        ("ip", "use the log of the gateway in front of it"),
        ("input_tokens", "use the log of the gateway in front of it"),
    ],
    signs: &[Sign::new(0, &["target", "span/parameters"]), Sign::new(0, &["target", "spans/parameters"])],
    marks: &[&["text_generation_router"], &["text_generation_launcher"]],
    lines: true,
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    let (time, parameters, total, message) = match record {
        Json::Text(line) => {
            let inside = line.split_once("parameters=").map_or("", |(_, rest)| rest);
            let time = line.split_ascii_whitespace().next().unwrap_or_default();
            let message = line.rsplit_once(": ").map_or("", |(_, message)| message);
            (Json::text_of(time), inside.to_owned(), quoted(inside, "total_time="), message.to_owned())
        }
        record => {
            let spans = std::iter::once(record.get("span")).chain(record.get("spans").items());
            let Some(span) = spans.clone().find(|span| !span.get("parameters").is_empty()) else {
                return out.set_aside("line of another kind");
            };
            let word = |place: &Json| place.text().unwrap_or_default().to_owned();
            let parameters = word(span.get("parameters"));
            (record.get("timestamp").clone(), parameters, word(span.get("total_time")), word(record.get("message")))
        }
    };
    if !parameters.contains("GenerateParameters") {
        return out.set_aside("line of another kind");
    }
    let mut draft = out.draft(record);
    let took = duration_ms(&total);
    draft.float("latency_ms", took);
    #[expect(clippy::cast_possible_truncation, reason = "float to integer casts saturate")]
    let before = took.filter(|ms| *ms > 0.0).map_or(0, |ms| (ms * 1e3).round() as i64);
    draft.integer("time", micros(&time).map(|end| end.saturating_sub(before)));
    draft.float("temperature", argument(&parameters, "temperature").and_then(|value| value.parse().ok()));
    draft.float("top_p", argument(&parameters, "top_p").and_then(|value| value.parse().ok()));
    draft.integer("max_tokens", argument(&parameters, "max_new_tokens").and_then(|value| value.parse().ok()));
    // With details, the answer holds the probability of each token.
    draft.boolean("logprobs", argument(&parameters, "details").and_then(|value| value.parse().ok()));
    if let Some(status) = failed(&message) {
        draft.set("status", Some(Raw::Integer(status)));
    }
    out.exchange(draft);
}

/// The value in `name: value` or `name: Some(value)`; `None` is no value.
fn argument<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = parameters.split_once(&format!(" {name}: "))?;
    let value = rest.split([',', '}']).next()?.trim();
    let value = value.strip_prefix("Some(").and_then(|value| value.strip_suffix(')')).unwrap_or(value);
    (value != "None").then_some(value)
}

/// The text in quotes behind a name.
fn quoted(text: &str, name: &str) -> String {
    let rest = text.split_once(name).map_or("", |(_, rest)| rest);
    rest.trim_start_matches('"').split(['"', ' ', '}']).next().unwrap_or_default().to_owned()
}

fn failed(message: &str) -> Option<i64> {
    let lower = message.to_ascii_lowercase();
    if lower.contains("overloaded") {
        return Some(429);
    }
    if lower.contains("validation") {
        return Some(422);
    }
    lower.contains("error").then_some(500)
}

#[cfg(test)]
mod tests {
    use super::{argument, quoted};

    #[test]
    fn arguments_are_read_from_rusts_way_of_writing() {
        let parameters =
            "GenerateParameters { best_of: None, temperature: Some(0.2), max_new_tokens: Some(256), details: true }";
        assert_eq!(argument(parameters, "temperature"), Some("0.2"));
        assert_eq!((argument(parameters, "best_of"), argument(parameters, "details")), (None, Some("true")));
        assert_eq!(quoted("total_time=\"986.532642ms\" x", "total_time="), "986.532642ms");
    }
}
