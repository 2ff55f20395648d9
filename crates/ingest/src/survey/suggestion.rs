//! The field map that the names and shapes of fields suggest.

use std::fmt::Write;

use super::field::{FieldKind, SeenField};
use super::words;
use crate::dialect::plain_name;
use crate::options::ReadOptions;
use crate::schema::Table;
use crate::tally::looks_like_a_name;

/// What a column wants of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Time,
    /// A name or an id.
    Word,
    Address,
    Number,
    /// Text, or messages.
    Text,
    Flag,
}

/// The names under which logs hold a column, the most usual first. Of nested fields the last two names count together too:
/// `user/id` is `user_id`.
const USUAL: &[(&str, Wants, &[&str])] = &[
    (
        "time",
        Wants::Time,
        &[
            "time",
            "timestamp",
            "@timestamp",
            "ts",
            "request_time",
            "requested_at",
            "start_time",
            "started_at",
            "created_at",
            "datetime",
            "date_time",
            "event_time",
            "eventtime",
            "logged_at",
            "log_time",
            "time_iso8601",
            "time_local",
            "msec",
            "created",
            "received_at",
            "occurred_at",
            "event_timestamp",
            "request_timestamp",
            "timestamp_ms",
            "time_ms",
            "utc",
            "date",
            "ingested_at",
            "when",
            "at",
        ],
    ),
    (
        "account",
        Wants::Word,
        &[
            "account",
            "account_id",
            "accountid",
            "user_id",
            "userid",
            "customer_id",
            "customer",
            "user",
            "username",
            "user_name",
            "uid",
            "usr_id",
            "client_id",
            "consumer_id",
            "consumer",
            "subscriber_id",
            "member_id",
            "principal",
            "principal_id",
            "subject",
            "sub",
            "actor_id",
            "actor",
            "caller",
            "caller_id",
            "developer_id",
            "owner_id",
            "login",
            "remote_user",
            "x_user_id",
            "http_x_user_id",
            "who",
            "user_email",
            "email",
            "tenant",
            "tenant_id",
            "organization_id",
            "org_id",
            "org",
            "team_id",
            "api_key_id",
            "key_id",
        ],
    ),
    (
        "request_id",
        Wants::Word,
        &[
            "request_id",
            "requestid",
            "req_id",
            "reqid",
            "x_request_id",
            "correlation_id",
            "call_id",
            "event_id",
            "uuid",
            "id",
            "insertid",
            "trace_id",
            "traceid",
        ],
    ),
    (
        "organization",
        Wants::Word,
        &[
            "organization",
            "organization_id",
            "organisation",
            "org_id",
            "org",
            "tenant_id",
            "tenant",
            "team_id",
            "team",
            "company_id",
            "company",
            "workspace_id",
            "workspace",
            "project_id",
        ],
    ),
    (
        "api_key",
        Wants::Word,
        &[
            "api_key",
            "api_key_id",
            "apikey",
            "apikey_id",
            "key_id",
            "api_key_hash",
            "key_hash",
            "token_id",
            "credential_id",
            "access_key_id",
            "virtual_key",
        ],
    ),
    ("end_user", Wants::Word, &["end_user", "end_user_id", "enduser", "enduser_id", "safety_identifier"]),
    (
        "ip",
        Wants::Address,
        &[
            "ip",
            "client_ip",
            "clientip",
            "ip_address",
            "remote_addr",
            "remote_ip",
            "source_ip",
            "src_ip",
            "client_address",
            "x_forwarded_for",
            "http_x_forwarded_for",
            "forwarded_for",
            "caller_ip_address",
            "requester_ip_address",
            "peer_ip",
            "remote_address",
        ],
    ),
    ("asn", Wants::Number, &["asn", "client_asn", "as_number", "autonomous_system_number"]),
    ("country", Wants::Word, &["country", "country_code", "client_country", "geo_country", "country_iso_code"]),
    ("user_agent", Wants::Text, &["user_agent", "useragent", "http_user_agent", "ua", "agent"]),
    ("ja4", Wants::Word, &["ja4", "tls_ja4", "ja4_fingerprint", "tls_ja4_fingerprint"]),
    (
        "model",
        Wants::Word,
        &[
            "model",
            "model_name",
            "model_id",
            "modelid",
            "requested_model",
            "llm_model",
            "deployment",
            "deployment_name",
            "engine",
        ],
    ),
    (
        "endpoint",
        Wants::Word,
        &["endpoint", "route", "path", "request_path", "request_uri", "uri", "url", "api", "operation"],
    ),
    ("system", Wants::Text, &["system", "system_prompt", "system_message", "instructions"]),
    (
        "prompt",
        Wants::Text,
        &[
            "prompt",
            "messages",
            "prompt_text",
            "user_prompt",
            "input_messages",
            "request_messages",
            "input_text",
            "question",
            "query",
            "input",
            "request_body",
            "contents",
            "request_text",
            "user_message",
        ],
    ),
    (
        "response",
        Wants::Text,
        &[
            "response",
            "completion",
            "response_text",
            "output_text",
            "answer",
            "output",
            "output_messages",
            "response_body",
            "completion_text",
            "generated_text",
            "generation",
            "reply",
            "assistant_message",
            "message_content",
        ],
    ),
    ("tools", Wants::Text, &["tools", "functions", "tool_definitions"]),
    ("temperature", Wants::Number, &["temperature", "temp"]),
    ("top_p", Wants::Number, &["top_p", "topp"]),
    ("n", Wants::Number, &["n", "choice_count", "candidate_count"]),
    (
        "max_tokens",
        Wants::Number,
        &["max_tokens", "max_output_tokens", "max_completion_tokens", "maxtokens", "max_new_tokens"],
    ),
    ("logprobs", Wants::Flag, &["logprobs", "return_logprobs"]),
    (
        "input_tokens",
        Wants::Number,
        &[
            "input_tokens",
            "prompt_tokens",
            "tokens_in",
            "tokens_prompt",
            "input_token_count",
            "prompt_token_count",
            "in_tokens",
            "inputtokens",
            "prompttokens",
            "n_input_tokens",
            "input_tokens_count",
            "tokens_input",
        ],
    ),
    (
        "output_tokens",
        Wants::Number,
        &[
            "output_tokens",
            "completion_tokens",
            "tokens_out",
            "tokens_completion",
            "output_token_count",
            "completion_token_count",
            "out_tokens",
            "outputtokens",
            "completiontokens",
            "generated_tokens",
            "n_output_tokens",
            "tokens_output",
        ],
    ),
    (
        "cached_tokens",
        Wants::Number,
        &["cached_tokens", "cache_read_input_tokens", "cached_input_tokens", "cache_read_tokens"],
    ),
    (
        "latency_ms",
        Wants::Number,
        &[
            "latency_ms",
            "duration_ms",
            "response_time_ms",
            "elapsed_ms",
            "took_ms",
            "request_duration_ms",
            "latencyms",
            "durationms",
            "total_time_ms",
        ],
    ),
    (
        "status",
        Wants::Number,
        &["status", "status_code", "http_status", "http_status_code", "response_code", "response_status", "statuscode"],
    ),
    ("stop_reason", Wants::Word, &["stop_reason", "finish_reason", "finishreason", "stopreason"]),
    (
        "conversation",
        Wants::Word,
        &["conversation", "conversation_id", "session_id", "sessionid", "thread_id", "chat_id", "session"],
    ),
    ("retention", Wants::Word, &["retention", "retention_class", "data_retention"]),
    ("sample_rate", Wants::Number, &["sample_rate", "sampling_rate"]),
];

/// Names that say nothing by themselves.
const BARE: [&str; 6] = ["id", "name", "value", "content", "text", "0"];

/// Whether a log calls a column by this name.
pub(super) fn is_usual(name: &str) -> bool {
    let spellings = spellings(name);
    USUAL.iter().any(|(_, _, names)| names.iter().any(|name| spellings.contains(&squashed(name))))
}

/// Whether a name is told that begins with a sign: `@timestamp`, `@usr.id`.
pub(super) fn is_marked_name(name: &str) -> bool {
    name.strip_prefix('@').is_some_and(|rest| looks_like_a_name(rest) && is_usual(rest))
}

/// A field map, and which required columns no field is found for.
pub(super) fn suggest(fields: &[SeenField], options: &ReadOptions) -> (String, Vec<&'static str>) {
    let mut taken: Vec<&str> = Vec::new();
    let mut chosen: Vec<(&'static str, &SeenField)> = Vec::new();
    let mut missing = Vec::new();
    for (column, wants, names) in USUAL {
        let mapped = options.map.path(Table::Exchange, column).join("/");
        let is_read = |field: &&SeenField| field.path == mapped && field.filled > 0.0 && suits(field, *wants);
        if let Some(field) = fields.iter().find(is_read) {
            // It is read already; the map keeps what leads to it.
            taken.push(&field.path);
            if mapped != *column {
                chosen.push((column, field));
            }
            continue;
        }
        let named = fields
            .iter()
            .filter(|field| !taken.contains(&field.path.as_str()) && field.filled > 0.0 && suits(field, *wants))
            .filter_map(|field| Some((rank(field, column, names)?, field)))
            .min_by_key(|(rank, field)| (*rank, field.path.len()));
        // Where no name is usual, the words in it may say what it is; and the only field of times is the time.
        let free = || fields.iter().filter(|field| !taken.contains(&field.path.as_str()) && suits(field, *wants));
        let by_words = || free().find(|field| field.filled > 0.0 && words::mean(column, &field.path));
        let alone = || {
            let kind = words::ALONE.iter().find(|(name, _)| name == column).map(|(_, kind)| *kind)?;
            let mut only = free()
                .filter(|field| field.looks_like == Some(kind) && field.filled >= NEARLY_ALWAYS && field.different > 1);
            only.next().filter(|_| only.next().is_none())
        };
        match named.map(|(_, field)| field).or_else(by_words).or_else(alone) {
            Some(field) => {
                taken.push(&field.path);
                chosen.push((column, field));
            }
            None if matches!(*column, "time" | "account") => missing.push(*column),
            None => {}
        }
    }
    if chosen.is_empty() {
        return (String::new(), missing);
    }
    let has_prompt = chosen.iter().any(|(column, _)| *column == "prompt");
    let mut texts = fields.iter().filter(|field| {
        !taken.contains(&field.path.as_str()) && field.looks_like == Some(FieldKind::Words) && field.different > 1
    });
    let text = texts.next().filter(|_| !has_prompt && texts.next().is_none());
    let mut map = "[exchange]\n".to_owned();
    for (column, field) in chosen {
        let path = written(&field.path);
        let looks = field.looks_like.map_or_else(|| field.types.join(", "), |kind| kind.name().to_owned());
        // Writing to a string does not fail.
        let _ =
            writeln!(map, "{:<40} # {:.0} % filled, {looks}", format!("{column} = \"{path}\""), field.filled * 100.0);
    }
    // Request lines and clients are several words too, and would be taken for what all accounts ask: a reader decides.
    if let Some(field) = text {
        let path = written(&field.path);
        let _ = writeln!(
            map,
            "{:<40} # several words: uncomment this if they are the prompts",
            format!("# prompt = \"{path}\"")
        );
    }
    (map, missing)
}

const NEARLY_ALWAYS: f64 = 0.8;

fn suits(field: &SeenField, wants: Wants) -> bool {
    let is = |kinds: &[FieldKind]| field.looks_like.is_some_and(|kind| kinds.contains(&kind));
    let has = |kind: &str| field.types.contains(&kind);
    match wants {
        Wants::Time => is(&[FieldKind::Time]),
        Wants::Word => {
            !has("list")
                && !has("object")
                && (is(&[FieldKind::Word, FieldKind::Uuid, FieldKind::Number])
                    || (is(&[FieldKind::Address]) && field.different > 1))
        }
        Wants::Address => is(&[FieldKind::Address]),
        Wants::Number => is(&[FieldKind::Number]),
        Wants::Text => (has("text") || has("list")) && !is(&[FieldKind::Number, FieldKind::Time]),
        Wants::Flag => has("boolean") || is(&[FieldKind::Number]),
    }
}

/// How usual a field's name is for a column; the deeper and the emptier, the less.
fn rank(field: &SeenField, column: &str, names: &[&str]) -> Option<usize> {
    let spellings = spellings(&field.path);
    let depth = field.path.matches('/').count();
    let place = names.iter().position(|name| spellings.contains(&squashed(name)));
    // Where answers stand in the bodies of providers.
    let in_body = column == "response" && ANSWERS.iter().any(|answer| field.path.ends_with(answer));
    let place = if in_body { Some(0) } else { place }?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
    let empty = ((1.0 - field.filled) * 20.0) as usize;
    let hop = if column == "ip" && field.is_private { FAR } else { 0 };
    // What is the same in every record tells nobody apart: Go's loggers call the place in the program `caller`.
    let constant = if column == "account" && field.different == 1 { FAR } else { 0 };
    Some(place + 2 * depth + empty + hop + constant)
}

const ANSWERS: [&str; 4] =
    ["choices/0/message/content", "choices/0/text", "candidates/0/content/parts/0/text", "output/0/content/0/text"];
/// The address of the operator's own proxy is that of the client only where there is no other, and so with a user who is
/// always the same.
const FAR: usize = 40;

/// The spellings of a path that may be a usual name: its last name, its last two together, each without what says nothing
/// (`$oid`, `0`), dots taken for slashes.
fn spellings(path: &str) -> Vec<String> {
    let parts: Vec<String> = path
        .split(['/', '.'])
        .filter(|part| !part.starts_with('$') && *part != "0")
        .map(|part| plain_name(part.trim_start_matches(['@', '_'])))
        .filter(|part| !part.is_empty())
        .collect();
    let Some((last, before)) = parts.split_last() else { return Vec::new() };
    let mut spellings = Vec::new();
    if let Some(parent) = before.last() {
        spellings.push(squashed(&format!("{parent}{last}")));
    }
    if before.is_empty() || !BARE.contains(&last.as_str()) {
        spellings.push(squashed(last));
    }
    spellings
}

/// `user_id`, `userId` and `userid` are one name.
fn squashed(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '_' | '@')).collect()
}

/// As a field map writes it: a name, or a JSON pointer.
fn written(path: &str) -> String {
    if path.contains('/') { format!("/{path}") } else { path.to_owned() }
}
