//! OpenAI's administration interfaces: audit log and usage. They hold events and totals, no requests.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;

pub(super) static SOURCE: LogSource = LogSource {
    name: "openai_admin",
    title: "OpenAI audit log and usage totals",
    holds_requests: false,
    signs: &[
        Sign::new(0, &["object=organization.audit_log"]),
        Sign::new(0, &["effective_at", "actor", "type"]),
        Sign::new(0, &["results/object=organization.usage.completions.result"]),
        Sign::new(0, &["results/num_model_requests"]),
        Sign::new(0, &["num_model_requests", "input_cached_tokens"]),
    ],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    if record.get("effective_at").is_empty() {
        out.set_aside("total of usage, no request");
    } else {
        out.set_aside("event of administration, no request");
    }
}
