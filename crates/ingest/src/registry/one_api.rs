//! one-api: rows of its table `logs`. It keeps no failed request.

use super::new_api::{COMMON, row};
use crate::source::log_source::{LogSource, Sign};
use crate::source::table::{How, Line};

pub(super) static SOURCE: LogSource = LogSource {
    name: "one_api",
    title: "one-api logs",
    advice: &[
        ("prompt", "one-api logs no text: use the log of the gateway in front of it"),
        ("ip", "join the log of the proxy in front with --edge"),
        ("ja4", "join the log of the proxy in front with --edge"),
        ("user_agent", "join the log of the proxy in front with --edge"),
    ],
    signs: &[Sign::new(0, &["quota", "model_name", "token_name", "prompt_tokens"])],
    tables: &[COMMON, LINES],
    read: |record, out| row(record, LINES, None, out),
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[("latency_ms", How::Plain, &["elapsed_time"]), ("", How::Known, &["system_prompt_reset"])];
