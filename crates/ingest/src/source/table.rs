//! Most of a source is a table: which of its places holds which column, and how it is written there.

use super::answer::response;
use super::body::{self, Said, recorded_parameters, request};
use super::draft::Draft;
use super::json::Json;
use super::spelling::{between_ms, micros, route, route_of_call, status_of_error, stop_reason};
use super::usage::Usage;
use crate::raw::Raw;

/// How a place writes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As the column wants it.
    Plain,
    /// An id or a name: text or a number.
    Word,
    /// An id of an account. Users that a product makes up for whoever has none are noted, and the next place is looked at.
    Account,
    /// A moment, in any unit or spelling.
    Time,
    /// Seconds, for a column of milliseconds.
    Seconds,
    /// A URL or path.
    Route,
    /// The name of an operation that has a route.
    Call,
    /// Why the answer ended, or a list of it.
    Stop,
    /// An address with or without port.
    Address,
    /// An error's name or number, for the status.
    Error,
    /// A request's body, which fills many columns.
    Request,
    /// A response's body.
    Response,
    /// Parameters alone.
    Parameters,
    /// Messages, or a body of which only the messages are wanted.
    Said,
    /// Tokens.
    Usage,
    /// Zero data retention, logging switched off: whether it is so.
    Withheld,
    /// Content logging: whether it is on.
    Logged,
    /// Nothing is read there, but it is known.
    Known,
}

/// Column, way of writing, places. The first place that holds something counts, and a column once set stays.
///
/// A place ends in `@account` (and so on) where operators choose the name themselves.
pub(crate) type Line = (&'static str, How, &'static [&'static str]);

/// Applies a table to a record.
pub(crate) fn apply(lines: &[Line], record: &Json, draft: &mut Draft) {
    for (column, how, places) in lines {
        for place in *places {
            let value = find(record, place);
            if !value.is_empty() && fill(column, *how, value, draft) {
                break;
            }
        }
    }
}

/// Sets the column to the time between two places.
pub(crate) fn span(record: &Json, start: &str, end: &str, draft: &mut Draft) {
    draft.float("latency_ms", between_ms(record.at(start), record.at(end)));
}

/// What stands at a place whose last segment may be one of the usual names.
pub(crate) fn find<'a>(record: &'a Json, place: &str) -> &'a Json {
    match place.rsplit_once('/') {
        Some((before, last)) if last.starts_with('@') => record.at(before).first(usual(last)),
        None if place.starts_with('@') => record.first(usual(place)),
        _ => record.at(place),
    }
}

/// The names that operators give to what a format leaves to them.
pub(crate) fn usual(what: &str) -> &'static [&'static str] {
    match what {
        "@account" => &[
            "user_id",
            "userId",
            "account_id",
            "accountId",
            "account",
            "customer_id",
            "customerId",
            "customer",
            "user",
            "x-user-id",
            "x-account-id",
            "x-consumer-id",
        ],
        "@organization" => &[
            "org",
            "org_id",
            "orgId",
            "organization",
            "organization_id",
            "organizationId",
            "tenant",
            "tenant_id",
            "tenantId",
            "team_id",
            "team",
            "x-org-id",
            "x-organization-id",
            "x-tenant-id",
        ],
        "@key" => &["api_key_id", "apiKeyId", "api_key_hash", "key_id", "api_key", "x-api-key-id"],
        "@end_user" => &["end_user", "endUser", "end_user_id", "safety_identifier", "x-end-user-id"],
        "@ip" => &["ip", "ip_address", "client_ip", "clientIp", "requester_ip_address", "remote_addr"],
        "@agent" => &["user_agent", "userAgent", "user-agent", "User-Agent"],
        "@ja4" => &["ja4", "tls_ja4", "tls_ja4_fingerprint", "x-ja4", "x-ja4-fingerprint", "ja4_fingerprint"],
        "@conversation" => &["conversation_id", "conversationId", "session_id", "sessionId", "thread_id"],
        "@retention" => &["retention", "retention_class", "data_retention"],
        "@withheld" => &["zdr", "zero_data_retention", "no_log", "no-log", "cf-aig-zdr"],
        "@logged" => &["collect_log_payload", "cf-aig-collect-log-payload", "collect_logs", "log_payloads"],
        "@rate" => &["sample_rate", "sampling_rate", "samplingRate"],
        _ => &[],
    }
}

/// What operators may put in any map of their own.
pub(crate) const RETENTION: &[Line] = &[
    ("retention", How::Plain, &["@retention", "metadata/@retention", "properties/@retention", "tags/@retention"]),
    ("retention", How::Withheld, &["@withheld", "metadata/@withheld", "properties/@withheld", "tags/@withheld"]),
    ("retention", How::Logged, &["@logged", "metadata/@logged", "properties/@logged", "tags/@logged"]),
    ("sample_rate", How::Plain, &["@rate", "metadata/@rate", "properties/@rate", "tags/@rate"]),
];

/// Whether something was set.
fn fill(column: &'static str, how: How, value: &Json, draft: &mut Draft) -> bool {
    let text = |text: String| Some(Raw::Text(text.into()));
    let float = |number: f64| Some(Raw::Float(number));
    let raw = match how {
        How::Plain => value.raw(),
        How::Word => value.word().and_then(text),
        How::Account => value.word().filter(|user| !draft.notes_built_in(user)).and_then(text),
        How::Time => {
            let moment = micros(value).map(Raw::Integer);
            if moment.is_none() {
                draft.unread_time(value);
            }
            moment
        }
        How::Seconds => value.number().and_then(|seconds| float(seconds * 1e3)),
        How::Route => value.text().and_then(route).and_then(text),
        How::Call => value.text().and_then(|name| text(route_of_call(name).unwrap_or(name).to_owned())),
        How::Stop => stop(value).and_then(text),
        How::Address => value.text().map(address).and_then(text),
        How::Error => value.word().map(|word| Raw::Integer(status_of_error(&word))),
        How::Withheld => value.boolean().filter(|withheld| *withheld).and_then(|_| text(METADATA_ONLY.into())),
        How::Logged => value.boolean().filter(|logged| !logged).and_then(|_| text(METADATA_ONLY.into())),
        How::Request => return read(request, value, draft),
        How::Response => return read(response, value, draft),
        How::Parameters => return read(recorded_parameters, value, draft),
        How::Said => return read(said, value, draft),
        How::Usage => return read(|usage, draft| Usage::read(usage).fill(draft), value, draft),
        How::Known => return false,
    };
    let found = raw.is_some();
    draft.set(column, raw);
    found
}

fn read(fill: fn(&Json, &mut Draft), value: &Json, draft: &mut Draft) -> bool {
    fill(value, draft);
    true
}

/// Messages by themselves or inside a body.
fn said(value: &Json, draft: &mut Draft) {
    if let Json::Map(_) = value
        && value.get("role").is_empty()
    {
        return body::said(value, draft);
    }
    let mut messages = Said::default();
    messages.read(value);
    messages.fill(draft);
}

const METADATA_ONLY: &str = "metadata_only";

/// Of several alternatives, the first.
fn stop(value: &Json) -> Option<String> {
    match value {
        Json::List(items) => items.iter().find_map(stop),
        Json::Map(_) => stop(value.get("type")),
        other => other.text().and_then(stop_reason),
    }
}

/// An IPv6 address with a port but without brackets, as some servers write it, loses the port; the rest is for the
/// column's own rule.
fn address(text: &str) -> String {
    text.trim().trim_start_matches("ipv4:").trim_start_matches("ipv6:").to_owned()
}

/// The names of a record that a table knows.
#[derive(Default)]
pub(crate) struct Known {
    whole: bool,
    below: Vec<(&'static str, Known)>,
}

impl Known {
    pub(crate) fn new<'t>(tables: impl IntoIterator<Item = &'t [Line]>) -> Self {
        let mut known = Self::default();
        for (_, _, places) in tables.into_iter().flatten() {
            places.iter().for_each(|place| known.add(place));
        }
        known
    }

    fn add(&mut self, place: &'static str) {
        let (name, rest) = place.split_once('/').map_or((place, None), |(name, rest)| (name, Some(rest)));
        let names = if name.starts_with('@') { usual(name) } else { &[name][..] };
        for &name in names {
            let at = self.below.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                self.below.push((name, Self::default()));
                self.below.len() - 1
            });
            match rest {
                Some(rest) => self.below[at].1.add(rest),
                None => self.below[at].1.whole = true,
            }
        }
    }

    /// Tells the paths in a record that are not known, and empty ones neither.
    pub(crate) fn unknown(&self, record: &Json, path: &str, tell: &mut dyn FnMut(&str)) {
        for (name, value) in record.entries() {
            let full = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            match self.below.iter().find(|(known, _)| known == name) {
                Some((_, below)) if !below.whole => below.unknown(value, &full, tell),
                Some(_) => {}
                None => tell(&full),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{How, Known, Line, apply};
    use crate::source::draft::Draft;
    use crate::source::json::Json;

    const LINES: &[Line] = &[
        ("account", How::Word, &["metadata/@account", "key"]),
        ("latency_ms", How::Seconds, &["took"]),
        ("endpoint", How::Route, &["url"]),
    ];

    #[test]
    fn the_first_place_counts_and_the_rest_is_told() {
        let record =
            r#"{"metadata": {"user_id": 7, "odd": 1}, "key": "k", "took": 1.5, "url": "https://h/v1/x", "more": 2}"#;
        let record = Json::parse(record).unwrap_or_default();
        let mut draft = Draft::default();
        apply(LINES, &record, &mut draft);
        assert_eq!(draft.get_text("account"), Some("7"));
        assert_eq!(draft.get_text("endpoint"), Some("/v1/x"));
        let mut unknown = Vec::new();
        Known::new([LINES]).unknown(&record, "", &mut |name| unknown.push(name.to_owned()));
        assert_eq!(unknown, ["metadata/odd", "more"]);
    }
}
