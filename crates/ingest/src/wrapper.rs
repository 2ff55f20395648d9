//! What shippers and consoles wrap records in: events of CloudWatch, lines of container runtimes, fields that hold a whole
//! record as text, lists of records, and lines with a prefix. The records inside are read as if they stood alone.

use std::collections::{BTreeMap, VecDeque};
use std::io;

use crate::moment;
use crate::records::Step;
use crate::repair::{Repairs, lossy};
use crate::scan::Scan;
use crate::source::foreign::Pieces;
use crate::source::json::Json;
use crate::tally::{Reason, Tally};

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
        if text.starts_with(['{', '[']) {
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
        if most(&|line| named_values(line).is_some_and(|named| named.entries().len() >= FEWEST_NAMES)) {
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
        let mut opener = Opener { wrapper: self, keeps_lines: true, ..Opener::default() };
        if text.starts_with(['{', '[']) {
            for record in &first_records(text, SAMPLE_LINES) {
                opener.open_record(record);
            }
        } else {
            text.lines().take(SAMPLE_LINES).for_each(|line| opener.open(line.trim()));
        }
        opener.flush();
        opener.inside.into_iter().flat_map(|inner| [inner, vec![b'\n']]).flatten().collect()
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
/// Names under which what is outside says when.
const TIMES: [&str; 6] = ["time", "timestamp", "@timestamp", "ts", "date", "Timestamp"];

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

/// Takes the records out of what wraps them.
#[derive(Default)]
struct Opener {
    wrapper: Wrapper,
    /// What is inside may be lines of text.
    keeps_lines: bool,
    /// Times from outside stand in for what the records lack.
    lends_time: bool,
    inside: VecDeque<Vec<u8>>,
    /// The beginning of a line that its runtime cut, by stream.
    cut: BTreeMap<String, (String, Json)>,
    repairs: Repairs,
    set_aside: BTreeMap<&'static str, u64>,
    malformed: u64,
}

impl Opener {
    fn open(&mut self, text: &str) {
        match self.wrapper {
            Wrapper::Cri => match cri(text) {
                Some((time, stream, whole, line)) => {
                    let time = Json::text_of(time);
                    self.piece(stream, line, whole, &time);
                }
                None => self.aside("line of another kind"),
            },
            Wrapper::Prefix => match behind_prefix(text) {
                Some((prefix, json)) => {
                    let time = time_of(prefix);
                    self.give(json, &time);
                }
                None if self.keeps_lines => self.give(text, &Json::Null),
                None => self.aside("line without a record"),
            },
            Wrapper::NamedValues | Wrapper::AccessLog => {
                let named = if self.wrapper == Wrapper::AccessLog { access(text) } else { named_values(text) };
                match named {
                    Some(named) => self.give(&named.compact(), &Json::Null),
                    None => self.aside("line of another kind"),
                }
            }
            _ => match Json::repaired(text, &mut self.repairs) {
                Ok(record) => self.open_record(&record),
                Err(_) => self.malformed += 1,
            },
        }
    }

    fn open_record(&mut self, record: &Json) {
        let time = record.first(&TIMES);
        match self.wrapper {
            Wrapper::CloudWatch => {
                if record.get("messageType").text() == Some("CONTROL_MESSAGE") {
                    return self.aside("control message");
                }
                for event in record.get("logEvents").items() {
                    self.value(event.get("message"), event.get("timestamp"));
                }
            }
            Wrapper::Loki => {
                let streams = [record.get("streams"), record.at("data/result")];
                for pair in streams.iter().flat_map(|list| list.items()).flat_map(|stream| stream.get("values").items())
                {
                    if let [time, line, ..] = pair.items() {
                        self.value(line, time);
                    }
                }
            }
            Wrapper::Text(path) | Wrapper::Field(path) => match record.at(path) {
                // Docker cuts lines at 16 KiB; only the last piece ends in a line feed.
                Json::Text(line) if path == "log" && !record.get("stream").is_empty() => {
                    let stream = record.get("stream").word().unwrap_or_default();
                    let whole = line.ends_with('\n') || line.len() < DOCKER_CUT;
                    self.piece(&stream, line.trim_end_matches(['\r', '\n']), whole, time);
                }
                other => self.value(other, time),
            },
            Wrapper::List(list, inner) => {
                for item in record.at(list).items() {
                    let item = if inner.is_empty() { item } else { item.at(inner) };
                    self.value(item, &Json::Null);
                }
            }
            Wrapper::Cri | Wrapper::Prefix | Wrapper::NamedValues | Wrapper::AccessLog => {}
        }
    }

    fn value(&mut self, value: &Json, time: &Json) {
        match value {
            Json::Text(line) => self.give(line.trim(), time),
            Json::Map(_) => self.give(&value.compact(), time),
            _ => self.aside("record without what it wraps"),
        }
    }

    /// A line, or a piece of one.
    fn piece(&mut self, stream: &str, line: &str, whole: bool, time: &Json) {
        let before = self.cut.remove(stream);
        if before.is_none() && whole {
            return self.give(line, time);
        }
        let (mut text, time) = before.unwrap_or_else(|| (String::new(), time.clone()));
        text.push_str(line);
        if whole || text.len() > LONGEST_LINE || self.cut.len() >= MOST_STREAMS {
            self.give(&text, &time);
        } else {
            self.cut.insert(stream.to_owned(), (text, time));
        }
    }

    fn give(&mut self, line: &str, time: &Json) {
        let json = line.starts_with('{');
        if !json && !self.keeps_lines {
            return self.aside("line without a record");
        }
        // The record's own time comes later and counts.
        let lent = if self.lends_time && json && line.len() > 2 { time.word() } else { None };
        self.inside.push_back(match lent {
            Some(time) => {
                let time = Json::Text(time).compact();
                [b"{\"time\":", time.as_bytes(), b",", &line.as_bytes()[1..]].concat()
            }
            None => line.as_bytes().to_vec(),
        });
    }

    fn flush(&mut self) {
        for (_, (text, time)) in std::mem::take(&mut self.cut) {
            self.give(&text, &time);
        }
    }

    fn aside(&mut self, what: &'static str) {
        *self.set_aside.entry(what).or_default() += 1;
    }
}

const DOCKER_CUT: usize = 16 << 10;
const LONGEST_LINE: usize = 16 << 20;
const MOST_STREAMS: usize = 64;

/// Time, stream, whether the line is whole, and the line.
fn cri(line: &str) -> Option<(&str, &str, bool, &str)> {
    let mut words = line.splitn(4, ' ');
    let (time, stream, tag, rest) = (words.next()?, words.next()?, words.next()?, words.next().unwrap_or_default());
    let known = matches!(stream, "stdout" | "stderr") && matches!(tag.split(':').next(), Some("F" | "P"));
    (known && time.len() >= 20 && moment::parse(time).is_some()).then_some((time, stream, tag.starts_with('F'), rest))
}

/// What stands before the first object of a line that goes on to its end, and that object.
fn behind_prefix(line: &str) -> Option<(&str, &str)> {
    for (at, _) in line.match_indices('{').take(MOST_BRACES).filter(|(at, _)| *at > 0 && *at < LONGEST_PREFIX) {
        let json = line.get(at..)?.trim_end();
        let opens = json.get(1..).is_some_and(|rest| rest.trim_start().starts_with('"'));
        if opens && Scan::default().measure(json.as_bytes()) == (json.len(), true) {
            return Some((line.get(..at)?, json));
        }
    }
    None
}

const MOST_BRACES: usize = 4;
const LONGEST_PREFIX: usize = 512;

/// The time at the beginning of a prefix.
fn time_of(prefix: &str) -> Json {
    let prefix = prefix.trim_start_matches(|first: char| !first.is_ascii_alphanumeric());
    let ends: Vec<usize> = prefix.match_indices([' ', ']']).map(|(at, _)| at).take(6).collect();
    let found = ends
        .iter()
        .rev()
        .filter_map(|end| prefix.get(..*end))
        .find(|text| moment::parse(text).is_some_and(moment::plausible));
    found.map_or(Json::Null, Json::text_of)
}

/// The pairs of a line of `name=value` and `name="quoted value"`, as `logfmt` and Go's `slog` write them. `None` where most
/// of the line is something else.
fn named_values(line: &str) -> Option<Json> {
    let mut pairs: Vec<(String, Json)> = Vec::new();
    let mut rest = line.trim();
    let (mut stray, mut count) = (0, 0);
    while !rest.is_empty() && count < MOST_PAIRS {
        count += 1;
        let end = rest.find([' ', '\t', '=']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            stray += usize::from(!name.is_empty());
            rest = after.trim_start();
            continue;
        };
        if name.is_empty() || name.len() > LONGEST_NAME {
            return None;
        }
        let (value, after) = if let Some(quoted) = value.strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let end = value.find([' ', '\t']).unwrap_or(value.len());
            (value[..end].to_owned(), &value[end..])
        };
        pairs.push((name.to_owned(), Json::Text(value)));
        rest = after.trim_start();
    }
    (!pairs.is_empty() && stray <= pairs.len()).then_some(Json::Map(pairs))
}

/// A line of the combined log format, under the names that NGINX gives its parts: address, user, time in brackets, request,
/// status, bytes, referrer, client, and the forwarded addresses that many add.
fn access(line: &str) -> Option<Json> {
    let (head, rest) = line.split_once(" [")?;
    let (time, rest) = rest.split_once("] \"")?;
    let mut words = head.split(' ');
    let (address, _, user) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || moment::parse(time).is_none() {
        return None;
    }
    let (request, rest) = unquoted(rest)?;
    let mut rest = rest.trim_start().splitn(3, ' ');
    let (status, bytes, mut rest) =
        (rest.next()?, rest.next().unwrap_or("-"), rest.next().unwrap_or_default().trim_start());
    status.parse::<u16>().ok()?;
    let uri = request.split(' ').nth(1).unwrap_or(&request).to_owned();
    let text = |text: &str| Json::text_of(text);
    let mut pairs = vec![
        ("remote_addr", text(address)),
        ("remote_user", text(user)),
        ("time_local", text(time)),
        ("request_uri", Json::Text(uri)),
        ("status", text(status)),
        ("body_bytes_sent", text(bytes)),
    ];
    for name in ["http_referer", "http_user_agent", "http_x_forwarded_for"] {
        let Some((value, after)) = rest.strip_prefix('"').and_then(unquoted) else { break };
        pairs.push((name, Json::Text(value)));
        rest = after.trim_start();
    }
    pairs.retain(|(_, value)| value.text() != Some("-"));
    Some(Json::Map(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

const MOST_PAIRS: usize = 2000;
const LONGEST_NAME: usize = 64;

/// A text up to its closing quote, its escapes undone, and what follows.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((text, quoted.get(at + 1..)?)),
            '\\' => match characters.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// The records inside of what wraps them.
pub(crate) struct Opened<P> {
    pieces: P,
    opener: Opener,
    current: Vec<u8>,
    ended: bool,
}

impl<P: Pieces> Opened<P> {
    /// `keeps_lines` where what is inside may be lines of text; `lends_time` where the records are taken as they are.
    pub(crate) fn new(pieces: P, wrapper: Wrapper, keeps_lines: bool, lends_time: bool) -> Self {
        let opener = Opener { wrapper, keeps_lines, lends_time, ..Opener::default() };
        Self { pieces, opener, current: Vec::new(), ended: false }
    }
}

impl<P: Pieces> Pieces for Opened<P> {
    fn advance(&mut self) -> io::Result<Step> {
        loop {
            if let Some(inside) = self.opener.inside.pop_front() {
                self.current = inside;
                return Ok(Step::Record);
            }
            if self.opener.malformed > 0 {
                self.opener.malformed -= 1;
                return Ok(Step::Rejected(Reason::MalformedJson));
            }
            if self.ended {
                return Ok(Step::End);
            }
            match self.pieces.advance()? {
                Step::Record => {
                    let bytes = self.pieces.bytes();
                    if let Ok(text) = std::str::from_utf8(bytes) {
                        self.opener.open(text.trim());
                    } else {
                        let (text, repairs) = lossy(bytes);
                        self.opener.repairs.add(repairs);
                        self.opener.open(text.trim());
                    }
                }
                Step::End => {
                    self.ended = true;
                    self.opener.flush();
                }
                other => return Ok(other),
            }
        }
    }

    fn number(&self) -> u64 {
        self.pieces.number()
    }

    fn bytes(&self) -> &[u8] {
        &self.current
    }

    fn count(&mut self, tally: &mut Tally) {
        self.pieces.count(tally);
        std::mem::take(&mut self.opener.repairs).count(&mut tally.repaired);
        for (what, count) in std::mem::take(&mut self.opener.set_aside) {
            *tally.set_aside.entry(what.to_owned()).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Wrapper, access, behind_prefix, cri, named_values};

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

    #[test]
    fn lines_are_taken_apart() {
        assert_eq!(
            cri("2026-09-07T09:00:00.1Z stderr P half"),
            Some(("2026-09-07T09:00:00.1Z", "stderr", false, "half"))
        );
        assert_eq!(cri("a b F c"), None);
        assert_eq!(behind_prefix("x {y} {\"a\": {}}"), Some(("x {y} ", "{\"a\": {}}")));
        assert_eq!(behind_prefix("x {\"a\": 1} more"), None);
        assert!(named_values("level=info msg=\"open").is_none());
        let line = r#"198.51.100.7 - u1 [02/Mar/2026:12:00:00 +0000] "POST /v1/chat/completions HTTP/1.1" 200 532 "-" "python \"x\"""#;
        let named = access(line).unwrap();
        assert_eq!(
            (named.get("remote_user").text(), named.get("request_uri").text()),
            (Some("u1"), Some("/v1/chat/completions"))
        );
        assert_eq!(
            (named.get("http_user_agent").text(), named.get("http_referer").text()),
            (Some("python \"x\""), None)
        );
        assert!(access("a b [c] \"d").is_none());
    }
}
