//! TensorZero: rows of `ModelInference`, `ChatInference` and `JsonInference`, and datapoints. One inference may have
//! several model inferences (retries, fallbacks, candidates): they are one act.

use crate::source::assembly::Assembly;
use crate::source::joining::{Ids, Joining};
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "tensorzero",
    title: "TensorZero model, chat and JSON inferences",
    advice: &[
        ("account", "tag inferences with user_id, or pass `user` in the request"),
        ("ip", "join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["inference_id", "raw_request"]),
        Sign::new(0, &["inference_id", "input_messages"]),
        Sign::new(0, &["episode_id", "function_name", "variant_name"]),
        Sign::new(0, &["episode_id", "function_name", "dataset_name"]),
    ],
    open: &[
        "raw_request",
        "raw_response",
        "input_messages",
        "output",
        "input",
        "tool_params",
        "inference_params",
        "tags",
    ],
    tables: &[LINES, KNOWN],
    read,
    // The gateway gives out inference ids.
    joining: Joining { ids: Ids::Acts, ..Joining::PLAIN },
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["timestamp", "created_at"]),
    ("request_id", How::Word, &["id", "inference_id"]),
    ("account", How::Account, &["tags/@account"]),
    ("organization", How::Word, &["tags/@organization"]),
    ("api_key", How::Word, &["tags/@key", "tags/tensorzero::api_key_public_id"]),
    ("end_user", How::Word, &["tags/@end_user"]),
    ("ip", How::Address, &["tags/@ip"]),
    ("user_agent", How::Word, &["tags/@agent"]),
    ("ja4", How::Word, &["tags/@ja4"]),
    ("model", How::Word, &["model_name"]),
    ("endpoint", How::Word, &["function_name"]),
    ("conversation", How::Word, &["episode_id", "tags/@conversation"]),
    ("system", How::Plain, &["system"]),
    ("input_tokens", How::Plain, &["input_tokens"]),
    ("output_tokens", How::Plain, &["output_tokens"]),
    ("cached_tokens", How::Plain, &["provider_cache_read_input_tokens"]),
    ("latency_ms", How::Plain, &["response_time_ms", "processing_time_ms"]),
    ("stop_reason", How::Stop, &["finish_reason"]),
    ("", How::Said, &["input_messages", "input"]),
    ("", How::Request, &["raw_request"]),
    ("", How::Parameters, &["inference_params/chat_completion"]),
    ("", How::Parameters, &["tool_params"]),
    ("", How::Response, &["output"]),
    ("", How::Response, &["raw_response"]),
];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "inference_id",
        "model_provider_name",
        "variant_name",
        "ttft_ms",
        "cached",
        "cost",
        "provider_cache_write_input_tokens",
        "tags",
        "inference_params",
        "dataset_name",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    let mut draft = out.draft(record);
    draft.act = record.get("inference_id").word();
    apply(LINES, record, &mut draft);
    draft.integer("time", record.get("id").text().and_then(moment_of_uuid));
    // The gateway's own account of who asked, where no tag says it.
    let end_user = draft.get_text("end_user").map(str::to_owned);
    draft.account(end_user);
    out.exchange(draft);
}

/// The moment inside a UUID of version 7, in microseconds: RFC 9562, section 5.7.
fn moment_of_uuid(id: &str) -> Option<i64> {
    let digits: String = id.chars().filter(|digit| *digit != '-').collect();
    if digits.len() != 32 || digits.as_bytes().get(12) != Some(&b'7') {
        return None;
    }
    i64::from_str_radix(digits.get(..12)?, 16).ok()?.checked_mul(1_000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uuid_of_version_7_has_its_moment() {
        let moment = super::moment_of_uuid("019562dc-d5b0-7e43-800d-3a5d37ec37a3");
        assert_eq!(moment, Some(0x0195_62dc_d5b0 * 1_000));
        assert_eq!(super::moment_of_uuid("019562dc-d5b0-4e43-800d-3a5d37ec37a3"), None);
        assert_eq!(super::moment_of_uuid("req_é0001"), None);
    }
}
