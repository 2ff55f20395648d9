//! The records inside of what wraps them, one after the other.

use std::collections::{BTreeMap, VecDeque};
use std::io;

use super::Wrapper;
use super::lines::{access, behind_prefix, cri, named_values, time_of};
use crate::records::Step;
use crate::repair::{Repairs, lossy};
use crate::source::foreign::Pieces;
use crate::source::json::Json;
use crate::tally::{Reason, Tally};

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
        Self { pieces, opener: Opener::new(wrapper, keeps_lines, lends_time), current: Vec::new(), ended: false }
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

/// Takes the records out of what wraps them.
#[derive(Default)]
pub(super) struct Opener {
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
    pub(super) fn new(wrapper: Wrapper, keeps_lines: bool, lends_time: bool) -> Self {
        Self { wrapper, keeps_lines, lends_time, ..Self::default() }
    }

    /// The records inside, one a line.
    pub(super) fn into_lines(self) -> Vec<u8> {
        self.inside.into_iter().flat_map(|inner| [inner, vec![b'\n']]).flatten().collect()
    }

    pub(super) fn open(&mut self, text: &str) {
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
                let named = match self.wrapper {
                    Wrapper::AccessLog => access(text).map(|named| (Json::Null, named)),
                    _ => named_values(text),
                };
                match named {
                    Some((time, named)) => self.give(&named.compact(), &time),
                    None => self.aside("line of another kind"),
                }
            }
            _ => match Json::repaired(text, &mut self.repairs) {
                Ok(record) => self.open_record(&record),
                Err(_) => self.malformed += 1,
            },
        }
    }

    pub(super) fn open_record(&mut self, record: &Json) {
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

    pub(super) fn flush(&mut self) {
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

/// Names under which what is outside says when.
const TIMES: [&str; 6] = ["time", "timestamp", "@timestamp", "ts", "date", "Timestamp"];
