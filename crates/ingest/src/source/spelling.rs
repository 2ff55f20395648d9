//! The spellings of one thing: why an answer ended, a route, a span of time, an error.

use super::json::Json;

/// Why an answer ended, in the canonical words; unknown words stay.
pub(crate) fn stop_reason(word: &str) -> Option<String> {
    let word = word.trim();
    let lower = word.to_ascii_lowercase();
    let lower = lower.strip_prefix("finish_reason_").unwrap_or(&lower);
    let canonical = match lower {
        "" | "none" | "null" => return None,
        "stop" | "end_turn" | "complete" | "completed" | "eos_token" | "eos" | "finish" | "finished" => "stop",
        "length" | "max_tokens" | "max_output_tokens" | "model_length" | "model_context_window_exceeded" => "length",
        "tool_use" | "tool_calls" | "tool_call" | "tool-calls" | "function_call" | "tooluse" => "tool_use",
        "content_filter"
        | "content-filter"
        | "content_filtered"
        | "safety"
        | "guardrail_intervened"
        | "blocklist"
        | "prohibited_content"
        | "recitation"
        | "spii" => "content_filter",
        "stop_sequence" | "refusal" | "error" => lower,
        "abort" | "failed" | "malformed_function_call" => "error",
        "unspecified" | "other" | "unknown" | "incomplete" => "unknown",
        _ => return Some(word.to_owned()),
    };
    Some(canonical.to_owned())
}

/// The route of a URL or a path, in the way of the OpenAI interface: without host, deployment and query.
pub(crate) fn route(url: &str) -> Option<String> {
    let url = url.trim();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url.trim_start_matches('/'),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if path.is_empty() {
        return None;
    }
    for known in ["chat/completions", "responses", "embeddings", "messages", "completions"] {
        if path.strip_suffix(known).is_some_and(|before| {
            before.is_empty() || (before.ends_with('/') && (before.contains("deployments/") || before == "openai/"))
        }) {
            return Some(format!("/v1/{known}"));
        }
    }
    Some(format!("/{path}"))
}

/// The route behind the name of an operation, as clients, gateways and Azure call them.
pub(crate) fn route_of_call(name: &str) -> Option<&'static str> {
    Some(match name.trim() {
        "completion" | "acompletion" | "ChatCompletions_Create" | "chat.completions.create" => "/v1/chat/completions",
        "text_completion" | "atext_completion" | "Completions_Create" => "/v1/completions",
        "embedding" | "aembedding" | "Embeddings_Create" => "/v1/embeddings",
        "responses" | "aresponses" | "Responses_Create" => "/v1/responses",
        "anthropic_messages" => "/v1/messages",
        _ => return None,
    })
}

/// Milliseconds of a duration with a unit (`2.412s`, `38.98ms`, `94.981µs`, `12ns`, `1m`).
pub(crate) fn duration_ms(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')))?;
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let unit = match unit.trim() {
        "ns" => 1e-6,
        "µs" | "μs" | "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" | "min" => 6e4,
        "h" => 3.6e6,
        _ => return None,
    };
    Some(number * unit).filter(|ms| ms.is_finite())
}

/// The status that an error's own word stands for; an error without a number is 500.
pub(crate) fn status_of_error(word: &str) -> i64 {
    let number = word.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 3);
    if let Some(status) = number.filter_map(|digits| digits.parse().ok()).find(|status| (400..600).contains(status)) {
        return status;
    }
    let lower = word.to_ascii_lowercase();
    for (part, status) in [
        ("throttl", 429),
        ("ratelimit", 429),
        ("rate_limit", 429),
        ("toomanyrequests", 429),
        ("quota", 429),
        ("accessdenied", 403),
        ("permission", 403),
        ("authentication", 401),
        ("unauthorized", 401),
        ("notfound", 404),
        ("validation", 400),
        ("badrequest", 400),
        ("invalid", 400),
        ("timeout", 408),
        ("overloaded", 529),
        ("unavailable", 503),
        ("modelerror", 424),
    ] {
        if lower.contains(part) {
            return status;
        }
    }
    500
}

/// The moment in microseconds that a value of any spelling names.
pub(crate) fn micros(value: &Json) -> Option<i64> {
    let micros = match value {
        Json::Integer(number) => crate::moment::from_integer(*number),
        Json::Float(number) => crate::moment::from_float(*number)?,
        other => {
            let text = other.text()?;
            // Nanoseconds are rounded, not cut: a clock of floats writes 20999936 for 21 ms.
            match text.trim().parse::<i64>() {
                Ok(number) if number.unsigned_abs() >= NANOSECONDS => number.saturating_add(500).div_euclid(1_000),
                _ => crate::moment::parse(text)?,
            }
        }
    };
    crate::moment::plausible(micros).then_some(micros)
}

const NANOSECONDS: u64 = 100_000_000_000_000_000;

/// Milliseconds between two moments; `None` when either is missing.
pub(crate) fn between_ms(start: &Json, end: &Json) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a span of time is far below 2^53 microseconds")]
    Some((micros(end)? - micros(start)?) as f64 / 1e3)
}

#[cfg(test)]
mod tests {
    use super::{duration_ms, micros, route, status_of_error, stop_reason};
    use crate::source::json::Json;

    #[test]
    fn words_are_canonical() {
        for (given, written) in [
            ("tool_calls", "tool_use"),
            ("STOP", "stop"),
            ("MAX_TOKENS", "length"),
            ("stop_sequence", "stop_sequence"),
            ("refusal", "refusal"),
            ("SAFETY", "content_filter"),
            ("FINISH_REASON_UNSPECIFIED", "unknown"),
            ("odd", "odd"),
        ] {
            assert_eq!(stop_reason(given).as_deref(), Some(written), "{given}");
        }
        assert_eq!((stop_reason(""), stop_reason("None")), (None, None));
    }

    #[test]
    fn routes_lose_host_and_deployment() {
        for (given, written) in [
            ("https://api.example.com/v1/chat/completions?x=1", "/v1/chat/completions"),
            ("https://x/openai/deployments/d/chat/completions", "/v1/chat/completions"),
            ("chat/completions", "/v1/chat/completions"),
            ("/v1/messages/", "/v1/messages"),
            ("/mcp", "/mcp"),
        ] {
            assert_eq!(route(given).as_deref(), Some(written), "{given}");
        }
        assert_eq!(route("https://host"), None);
    }

    #[test]
    fn durations_and_moments_have_units() {
        assert_eq!(duration_ms("2.412s"), Some(2412.0));
        assert!((duration_ms("440.038µs").unwrap() - 0.440_038).abs() < 1e-9);
        assert_eq!((duration_ms("7"), duration_ms("7 days"), duration_ms("")), (None, None, None));
        assert_eq!(micros(&Json::text_of("1788264006020999936")), Some(1_788_264_006_021_000));
        assert_eq!(micros(&Json::Integer(0)), None);
    }

    #[test]
    fn errors_have_a_status() {
        for (word, status) in [("429", 429), ("ThrottlingException", 429), ("status_code=503, x", 503), ("boom", 500)] {
            assert_eq!(status_of_error(word), status, "{word}");
        }
    }
}
