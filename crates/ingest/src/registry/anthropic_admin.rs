//! Anthropic's administration interfaces: compliance activities and usage report. They hold events and totals, no
//! requests.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;

pub(super) static SOURCE: LogSource = LogSource {
    name: "anthropic_admin",
    title: "Anthropic compliance activities and usage totals",
    holds_requests: false,
    signs: &[
        Sign::new(0, &["actor", "organization_uuid", "type"]),
        Sign::new(0, &["starting_at", "ending_at", "results/uncached_input_tokens"]),
        Sign::new(0, &["starting_at", "ending_at", "results/amount"]),
        Sign::new(0, &["uncached_input_tokens", "workspace_id"]),
    ],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

fn read(record: &Json, out: &mut Assembly) {
    if record.get("actor").is_empty() {
        out.set_aside("total of usage, no request");
    } else {
        out.set_aside("event of administration, no request");
    }
}
