use std::ops::Range;

use memchr::{memchr, memrchr};

use super::cells::{CellEnd, Cells};
use crate::ndjson::Scan;

/// Finds where records end, over a buffer that grows at its end and is cut off at its start.
pub(crate) struct Cutter {
    kind: Kind,
    /// A longer record is not one, whatever it holds.
    limit: usize,
    /// Where the record begins whose end is looked for.
    pub(crate) start: usize,
    /// How far has been looked.
    at: usize,
    /// The number of the last record.
    pub(crate) number: u64,
}

pub(crate) enum Kind {
    Lines,
    Elements {
        inside: bool,
        element: Option<Scan>,
    },
    /// An object whose lists hold the records: `{"data": […]}`.
    Wrapped {
        place: Place,
        element: Option<Scan>,
    },
    Csv {
        cells: Cells,
        header: bool,
    },
    Parts,
}

/// Where in an object around lists of records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Outside,
    /// Between its names and values.
    Object,
    /// In one of its lists.
    List,
}

/// What came next.
pub(crate) enum Found {
    Record(Range<usize>),
    /// The first record of a table.
    Header(Range<usize>),
    /// More bytes are needed.
    More,
    /// The text ended inside of this.
    BrokenOff(&'static str),
    End,
}

impl Cutter {
    pub(crate) fn new(kind: Kind, limit: usize) -> Self {
        Self { kind, limit, start: 0, at: 0, number: 0 }
    }

    /// Forgets the bytes before this place.
    pub(crate) fn drop_before(&mut self, place: usize) {
        self.start = self.start.saturating_sub(place);
        self.at = self.at.saturating_sub(place);
    }

    /// Passes over bytes that belong to no record.
    pub(crate) fn pass(&mut self, count: usize) {
        self.start += count;
        self.at = self.at.max(self.start);
    }

    /// The next record of the bytes, of which no more will come when they have ended.
    pub(crate) fn find(&mut self, bytes: &[u8], ended: bool, long: bool) -> Found {
        match self.kind {
            Kind::Lines => self.line(bytes, ended, long),
            Kind::Elements { .. } => self.element(bytes, ended),
            Kind::Wrapped { .. } => self.wrapped(bytes, ended),
            Kind::Csv { .. } => self.row(bytes, ended),
            Kind::Parts => self.part(bytes, ended),
        }
    }

    fn line(&mut self, bytes: &[u8], ended: bool, long: bool) -> Found {
        loop {
            let line = match memchr(b'\n', &bytes[self.at..]) {
                Some(length) => self.start..self.at + length,
                None if ended && (self.start < bytes.len() || long) => self.start..bytes.len(),
                None => {
                    self.at = bytes.len();
                    return if ended { Found::End } else { Found::More };
                }
            };
            self.start = (line.end + 1).min(bytes.len());
            self.at = self.start;
            self.number += 1;
            // What is too long is not held, so whether it is blank is not known.
            if long || line.len() > self.limit || !bytes[line.clone()].trim_ascii().is_empty() {
                return Found::Record(line);
            }
        }
    }

    fn element(&mut self, bytes: &[u8], ended: bool) -> Found {
        let Kind::Elements { inside, element } = &mut self.kind else {
            return Found::End;
        };
        while element.is_none() {
            self.start = self.at;
            let Some(&byte) = bytes.get(self.at) else {
                let broken = ended && std::mem::take(inside);
                return if broken { Found::BrokenOff(ARRAY) } else { more(ended) };
            };
            match byte {
                b'[' if !*inside => *inside = true,
                b']' if *inside => *inside = false,
                b',' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    *element = Some(Scan::default());
                    self.number += 1;
                    continue;
                }
            }
            self.at += 1;
        }
        let Some(scan) = element else {
            return Found::End;
        };
        let (length, complete) = scan.measure(&bytes[self.at..]);
        self.at += length;
        if complete {
            *element = None;
            let found = self.start..self.at;
            self.start = self.at;
            return Found::Record(found);
        }
        if ended {
            (*element, *inside) = (None, false);
            self.start = self.at;
            self.number -= 1;
            return Found::BrokenOff(ARRAY);
        }
        Found::More
    }

    /// Names, and values that are no lists, are passed over.
    fn wrapped(&mut self, bytes: &[u8], ended: bool) -> Found {
        let Kind::Wrapped { place, element } = &mut self.kind else {
            return Found::End;
        };
        loop {
            if element.is_none() {
                self.start = self.at;
                let Some(&byte) = bytes.get(self.at) else {
                    let broken = ended && std::mem::replace(place, Place::Outside) != Place::Outside;
                    return if broken { Found::BrokenOff(OBJECT) } else { more(ended) };
                };
                let next = match (byte, *place) {
                    (b',' | b':' | b' ' | b'\t' | b'\r' | b'\n', place) => Some(place),
                    (b'{', Place::Outside) | (b']', Place::List) => Some(Place::Object),
                    (b'}', Place::Object) => Some(Place::Outside),
                    (b'[', Place::Object) => Some(Place::List),
                    _ => None,
                };
                if let Some(next) = next {
                    *place = next;
                    self.at += 1;
                    continue;
                }
                *element = Some(Scan::default());
                self.number += u64::from(*place == Place::List);
            }
            let list = *place == Place::List;
            let (length, complete) = match (element.as_mut(), bytes.get(self.start)) {
                (Some(scan), Some(b'{')) => scan.measure(&bytes[self.at..]),
                (Some(scan), _) if list => scan.measure(&bytes[self.at..]),
                (_, Some(b'"')) => string(&bytes[self.start..]),
                _ => scalar(&bytes[self.start..]),
            };
            let scanned = list || bytes.get(self.start) == Some(&b'{');
            self.at = if scanned { self.at + length } else { self.start + length };
            if complete || (ended && !scanned) {
                *element = None;
                let found = self.start..self.at;
                self.start = self.at;
                if list {
                    return Found::Record(found);
                }
                continue;
            }
            if ended {
                self.number -= u64::from(list);
                (*element, *place) = (None, Place::Outside);
                self.start = self.at;
                return Found::BrokenOff(OBJECT);
            }
            return Found::More;
        }
    }

    fn row(&mut self, bytes: &[u8], ended: bool) -> Found {
        let Kind::Csv { cells, header } = &mut self.kind else {
            return Found::End;
        };
        if cells.at_start() {
            let blank = bytes[self.at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.at += blank;
            self.start = self.at;
        }
        loop {
            let (length, end) = cells.measure(&bytes[self.at..]);
            self.at += length;
            let end = match end {
                CellEnd::Cell => continue,
                CellEnd::Record => self.at - 1,
                CellEnd::More if ended && !cells.at_start() => {
                    cells.reset();
                    self.at
                }
                CellEnd::More => return more(ended),
            };
            let found = self.start..end;
            self.start = self.at;
            if std::mem::take(header) {
                return Found::Header(found);
            }
            self.number += 1;
            return Found::Record(found);
        }
    }

    fn part(&mut self, bytes: &[u8], ended: bool) -> Found {
        let left = bytes.len() - self.start;
        if left <= PART_BYTES && !ended {
            return Found::More;
        }
        if left == 0 {
            return Found::End;
        }
        let length = if left <= PART_BYTES { left } else { part_length(&bytes[self.start..][..=PART_BYTES]) };
        let part = self.start..self.start + length;
        self.start = part.end;
        self.number += 1;
        Found::Record(part)
    }
}

/// A part ends with a line, or else with a character.
fn part_length(window: &[u8]) -> usize {
    let most = window.len() - 1;
    if let Some(end) = memrchr(b'\n', &window[..most]) {
        return end + 1;
    }
    let continued = window.iter().rev().take(4).take_while(|byte| **byte & 0xc0 == 0x80).count();
    if continued < 4 { most - continued } else { most }
}

fn more(ended: bool) -> Found {
    if ended { Found::End } else { Found::More }
}

/// Bytes of a string with its quotation marks, and whether it ends.
fn string(bytes: &[u8]) -> (usize, bool) {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (at + 1, true),
            _ => {}
        }
    }
    (bytes.len(), false)
}

/// Bytes of a number or a word, and whether it ends.
fn scalar(bytes: &[u8]) -> (usize, bool) {
    let end = bytes.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'));
    (end.unwrap_or(bytes.len()).max(1), end.is_some())
}

const ARRAY: &str = "JSON array";
const OBJECT: &str = "JSON object";
/// What a text without records is cut into.
pub(crate) const PART_BYTES: usize = 1 << 20;
