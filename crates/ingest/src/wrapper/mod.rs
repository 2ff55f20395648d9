//! What shippers and consoles wrap records in: events of CloudWatch, lines of container runtimes, fields that hold a whole
//! record as text, lists of records, and lines with a prefix. The records inside are read as if they stood alone.

mod lines;
mod opened;

use self::lines::{access, behind_prefix, cri, named_values};
pub(crate) use self::opened::Opened;
use self::opened::Opener;
use crate::first_bytes::begins_json;
use crate::scan::Scan;
use crate::source::json::Json;

/// One kind of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wrapper {
    /// Subscriptions of CloudWatch: `logEvents` with a `message` each.
    CloudWatch,
    /// Answers of Loki: `streams` or `data.result`, with pairs of time and line.
    Loki,
    /// A field that holds the record as text.
    Text(&'static str),
    /// A field that holds it as an object.
    Field(&'static str),
    /// A list of records, or of objects that hold the record under a second name.
    List(&'static str, &'static str),
    /// Lines of a container runtime (CRI): time, stream, `F` or `P`, text.
    Cri,
    /// Text before the JSON of a line.
    #[default]
    Prefix,
    /// Lines of `name=value`.
    NamedValues,
    /// Lines of the combined log format of NGINX and Apache.
    AccessLog,
}

impl Wrapper {
    /// What the first bytes may be wrapped in, the likeliest first.
    pub(crate) fn candidates(first: &[u8]) -> Vec<Self> {
        let text = String::from_utf8_lossy(&first[..first.len().min(MOST_SAMPLE_BYTES)]);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_start();
        let mut candidates = Vec::new();
        let mut add = |candidate: Self| {
            if !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        };
        for record in first_records(text, LOOKED_AT) {
            Self::of(&record, &mut add);
        }
        if begins_json(text.as_bytes()) {
            return candidates;
        }
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).take(SAMPLE_LINES);
        let most = |is: &dyn Fn(&str) -> bool| lines().filter(|line| is(line)).count() * 2 > lines().count();
        if most(&|line| cri(line).is_some()) {
            add(Self::Cri);
        }
        if most(&|line| access(line).is_some()) {
            add(Self::AccessLog);
        }
        if lines().any(|line| behind_prefix(line).is_some()) {
            add(Self::Prefix);
        }
        if most(&|line| named_values(line).is_some_and(|(_, named)| named.entries().len() >= FEWEST_NAMES)) {
            add(Self::NamedValues);
        }
        candidates
    }

    /// What a record may be wrapped in.
    fn of(record: &Json, add: &mut dyn FnMut(Self)) {
        if !record.get("logEvents").items().is_empty() || record.get("messageType").text() == Some("CONTROL_MESSAGE") {
            add(Self::CloudWatch);
        }
        if !record.get("streams").items().is_empty() || record.at("data/resultType").text() == Some("streams") {
            add(Self::Loki);
        }
        for path in FIELDS {
            match record.at(path) {
                Json::Text(text) if text.trim_start().starts_with('{') || text.len() > SHORT_LINE => {
                    add(Self::Text(path));
                }
                Json::Map(_) if OBJECTS.contains(path) => add(Self::Field(path)),
                _ => {}
            }
        }
        for (list, inner) in LISTS {
            let items = record.at(list).items();
            let holds = |item: &Json| matches!(if inner.is_empty() { item } else { item.at(inner) }, Json::Map(_));
            if items.first().is_some_and(holds) {
                add(Self::List(list, inner));
            }
        }
    }

    /// The records inside a sample, one a line.
    pub(crate) fn sample(self, first: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(&first[..first.len().min(MOST_SAMPLE_BYTES)]);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_start();
        let mut opener = Opener::new(self, true, false);
        if begins_json(text.as_bytes()) {
            for record in &first_records(text, SAMPLE_LINES) {
                opener.open_record(record);
            }
        } else {
            text.lines().take(SAMPLE_LINES).for_each(|line| opener.open(line.trim()));
        }
        opener.flush();
        opener.into_lines()
    }

    /// Whether a field map could not reach the records inside.
    pub(crate) fn hides_its_records(self) -> bool {
        !matches!(self, Self::Field(_))
    }

    /// Whether what it is found in is lines of text.
    pub(crate) fn is_of_lines(self) -> bool {
        matches!(self, Self::Cri | Self::Prefix | Self::NamedValues | Self::AccessLog)
    }
}

/// Fields that hold a whole record: container runtimes, Fluent Bit, CloudWatch Insights, Splunk, journald, Loki, Google
/// Cloud Logging, Elasticsearch, Datadog, Airbyte.
const FIELDS: &[&str] = &[
    "log",
    "message",
    "@message",
    "MESSAGE",
    "msg",
    "line",
    "textPayload",
    "jsonPayload",
    "jsonPayload/message",
    "_source",
    "result/_raw",
    "_raw",
    "event",
    "_airbyte_data",
    "attributes/message",
    "attributes",
    "content/attributes",
    "payload",
    "body",
    "Body",
];
/// Those that may hold it as an object.
const OBJECTS: &[&str] = &[
    "log",
    "message",
    "jsonPayload",
    "_source",
    "event",
    "_airbyte_data",
    "attributes",
    "content/attributes",
    "payload",
    "body",
    "Body",
];
/// Lists of records, and where in an element the record stands.
const LISTS: &[(&str, &str)] = &[
    ("hits/hits", "_source"),
    ("data", "attributes"),
    ("records", ""),
    ("data", ""),
    ("data/data", ""),
    ("result", ""),
    ("results", ""),
    ("items", ""),
    ("rows", ""),
    ("value", ""),
    ("logs", ""),
    ("events", ""),
    ("entries", ""),
    ("exchanges", ""),
    ("requests", ""),
];
const MOST_SAMPLE_BYTES: usize = 128 << 10;
const SAMPLE_LINES: usize = 100;
const SHORT_LINE: usize = 60;
const FEWEST_NAMES: usize = 2;

/// The first whole objects of a text of JSON: in lines, behind each other, or in a list.
fn first_records(text: &str, most: usize) -> Vec<Json> {
    let mut records = Vec::new();
    let mut rest = text;
    let between = |character: char| character.is_whitespace() || matches!(character, '[' | ',' | '\u{1e}');
    while records.len() < most {
        rest = rest.trim_start_matches(between);
        if !rest.starts_with('{') {
            break;
        }
        let (length, whole) = Scan::default().measure(rest.as_bytes());
        let Some((object, after)) = rest.split_at_checked(length).filter(|_| whole) else { break };
        records.extend(Json::parse(object).ok());
        rest = after;
    }
    records
}

/// Records at the beginning that are looked at for a wrapper.
const LOOKED_AT: usize = 20;

#[cfg(test)]
mod tests {
    use super::Wrapper;

    fn inside(first: &str) -> (Option<Wrapper>, String) {
        let wrapper = Wrapper::candidates(first.as_bytes()).first().copied();
        let sample = wrapper.map(|wrapper| wrapper.sample(first.as_bytes())).unwrap_or_default();
        (wrapper, String::from_utf8(sample).unwrap())
    }

    #[test]
    fn every_wrapper_gives_the_record_inside() {
        for (first, wrapper) in [
            (
                r#"{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","timestamp":1,"message":"{\"a\":1}"}]}"#,
                Wrapper::CloudWatch,
            ),
            (r#"{"streams":[{"stream":{},"values":[["1","{\"a\":1}"]]}]}"#, Wrapper::Loki),
            (r#"{"log":"{\"a\":1}\n","stream":"stdout","time":"2026-09-07T09:00:00Z"}"#, Wrapper::Text("log")),
            (r#"{"@timestamp":"x","@message":"{\"a\":1}"}"#, Wrapper::Text("@message")),
            (r#"{"insertId":"x","jsonPayload":{"a":1},"timestamp":"y"}"#, Wrapper::Field("jsonPayload")),
            (r#"{"hits":{"hits":[{"_id":"1","_source":{"a":1}}]}}"#, Wrapper::List("hits/hits", "_source")),
            (r#"{"records":[{"a":1}]}"#, Wrapper::List("records", "")),
            ("2026-09-07T09:00:00.000000001Z stdout F {\"a\":1}", Wrapper::Cri),
            ("data: {\"a\":1}\n\ndata: [DONE]", Wrapper::Prefix),
            ("<134>1 2026-09-07T09:00:00Z host app - - {\"a\":1}", Wrapper::Prefix),
        ] {
            let (found, text) = inside(first);
            assert_eq!(found, Some(wrapper), "{first}");
            assert_eq!(text.lines().next(), Some(r#"{"a":1}"#), "{first}");
        }
        assert_eq!(
            inside("time=1 user=a prompt=\"two \\\"words\\\"\"").1,
            "{\"time\":\"1\",\"user\":\"a\",\"prompt\":\"two \\\"words\\\"\"}\n"
        );
    }

    #[test]
    fn plain_logs_are_not_wrapped() {
        for first in
            [r#"{"time":1,"account":"a","message":"short"}"#, "time,account\n1,a", "plain words = no pairs", ""]
        {
            assert_eq!(Wrapper::candidates(first.as_bytes()), [], "{first}");
        }
    }
}
