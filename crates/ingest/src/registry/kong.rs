//! Kong: the serialised log of its plugins (`http-log`, `file-log`, …) with the AI plugins' `ai`, in the names of 3.6
//! to 3.9 (`ai.ai-proxy.usage.prompt_token`) and of later versions (`ai.proxy.usage.prompt_tokens`).

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "kong",
    title: "Kong serialised log with AI plugins",
    advice: &[
        ("prompt", "set config.logging.log_payloads: true on the AI proxy plugin"),
        ("input_tokens", "set config.logging.log_statistics: true on the AI proxy plugin"),
        ("account", "put an authentication plugin in front, so that each request has a consumer"),
        ("ja4", "let the load balancer in front add it as header x-ja4, or join its log with --edge"),
        ("request_id", "use Kong 3.5 or later, or the correlation-id plugin"),
    ],
    signs: &[
        Sign::new(0, &["started_at", "latencies", "request", "response"]),
        Sign::new(0, &["latencies", "request", "client_ip"]),
    ],
    open: &["ai"],
    tables: &[CONSUMER, LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const CONSUMER: &[Line] = &[
    ("account", How::Account, &["consumer/id", "consumer/username", "authenticated_entity/id"]),
    ("organization", How::Word, &["consumer/custom_id"]),
];

/// Of a request without a consumer, or with the one that stands for all without.
const OWN: &[Line] = &[("account", How::Account, &["authenticated_entity/id"])];

const LINES: &[Line] = &[
    ("time", How::Time, &["started_at"]),
    ("request_id", How::Word, &["request/id", "request/headers/x-request-id", "request/headers/kong-request-id"]),
    ("api_key", How::Word, &["authenticated_entity/id"]),
    ("end_user", How::Word, &["request/headers/@end_user"]),
    ("ip", How::Address, &["client_ip"]),
    ("user_agent", How::Word, &["request/headers/@agent"]),
    ("ja4", How::Word, &["request/headers/@ja4", "@ja4"]),
    ("endpoint", How::Route, &["request/uri", "upstream_uri"]),
    ("status", How::Plain, &["response/status"]),
    ("conversation", How::Word, &["request/headers/x-session-id", "request/headers/x-conversation-id"]),
];

/// Below the name of the plugin.
const PLUGIN: &[Line] = &[
    ("model", How::Word, &["meta/request_model", "meta/response_model"]),
    ("latency_ms", How::Plain, &["meta/llm_latency"]),
    ("", How::Usage, &["usage"]),
    ("", How::Request, &["payload/request"]),
    ("", How::Response, &["payload/response"]),
];

const LAST: &[Line] = &[("latency_ms", How::Plain, &["latencies/request"])];

const KNOWN: &[Line] = &[
    ("", How::Known, &["ai", "latencies", "request", "response", "route", "service", "consumer", "tries", "workspace"]),
    ("", How::Known, &["authenticated_entity", "source", "upstream_status"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let ai = record.get("ai");
    if ai.is_empty() && record.at("request/uri").text().is_none_or(|uri| !uri.contains("/v1/")) {
        return out.set_aside("request that went to no model");
    }
    let mut draft = out.draft(record);
    let consumer = record.get("consumer");
    let anonymous = consumer.get("username").word().is_some_and(|name| draft.notes_built_in(&name));
    let own = if anonymous { OWN } else { CONSUMER };
    apply(own, record, &mut draft);
    apply(LINES, record, &mut draft);
    let plugins = ai.entries().iter().filter(|(name, _)| name != "payload");
    for plugin in std::iter::once(ai).chain(plugins.map(|(_, plugin)| plugin)) {
        let mut plugin = plugin.clone();
        for path in ["payload/request", "payload/response"] {
            plugin.open(path);
        }
        apply(PLUGIN, &plugin, &mut draft);
    }
    apply(LAST, record, &mut draft);
    out.exchange(draft);
}
