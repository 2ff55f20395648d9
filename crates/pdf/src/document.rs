use std::cell::Cell;
use std::collections::BTreeMap;

use super::filter::{self, Decoded};
use super::lexer::{Lexer, Map, Object, is_space};

/// Bytes that are read, unpacked or read again, of one document. A report of 200 pages takes about ten million.
const MOST_WORK: usize = 1 << 30;
/// Bytes of one stream when it is unpacked.
const MOST_UNPACKED: usize = 32 << 20;
/// Bytes of all streams of objects together: they are kept.
const MOST_KEPT: usize = 64 << 20;
const MOST_OBJECTS: usize = 1_000_000;

/// The objects of a file. They are found by going through the file once, so that no table of contents has to be
/// believed: of two objects with one number the later counts, as with files that were changed by appending.
pub(super) struct Document<'d> {
    bytes: &'d [u8],
    /// Unpacked streams of objects.
    unpacked: Vec<Vec<u8>>,
    objects: BTreeMap<u32, ObjectLocation>,
    root: Option<u32>,
    information: Option<u32>,
    pub(super) encrypted: bool,
    work: Cell<usize>,
    /// Streams that hold more than may be read, and that have a filter which is not read here.
    pub(super) too_large: Cell<usize>,
    pub(super) unread: Cell<usize>,
}

#[derive(Clone, Copy)]
enum ObjectLocation {
    /// Where the object begins, and its data if it is a stream.
    File(usize, Option<(usize, usize)>),
    /// In an unpacked stream.
    Unpacked(usize, usize),
}

impl<'d> Document<'d> {
    pub(super) fn read(bytes: &'d [u8]) -> Self {
        let mut document = Self {
            bytes,
            unpacked: Vec::new(),
            objects: BTreeMap::new(),
            root: None,
            information: None,
            encrypted: false,
            work: Cell::new(MOST_WORK),
            too_large: Cell::new(0),
            unread: Cell::new(0),
        };
        document.scan();
        document
    }

    /// Whether everything that was asked for was read.
    pub(super) fn exhausted(&self) -> bool {
        self.work.get() == 0
    }

    pub(super) fn catalogue(&self) -> Option<Map<'_>> {
        self.map(self.root?)
    }

    /// The document information dictionary.
    pub(super) fn information(&self) -> Option<Map<'_>> {
        self.map(self.information?)
    }

    /// An object by its number.
    pub(super) fn object(&self, number: u32) -> Option<Object<'_>> {
        let mut number = number;
        for _ in 0..8 {
            let (bytes, at) = match *self.objects.get(&number)? {
                ObjectLocation::File(at, _) => (self.bytes, at),
                ObjectLocation::Unpacked(stream, at) => (self.unpacked.get(stream)?.as_slice(), at),
            };
            let mut lexer = Lexer::new(bytes, at);
            let object = lexer.next()?;
            self.spend(lexer.place() - at)?;
            match object {
                Object::Number(_) => match reference(&object, &mut lexer) {
                    Some(next) => number = next,
                    None => return Some(object),
                },
                object => return Some(object),
            }
        }
        None
    }

    /// What a value is, or what it refers to.
    pub(super) fn resolved<'s>(&'s self, value: &Object<'s>) -> Option<Object<'s>> {
        match value {
            Object::Reference(number) => self.object(*number),
            value => {
                self.spend(16 * weight(value))?;
                Some(value.clone())
            }
        }
    }

    pub(super) fn get<'s>(&'s self, map: &Map<'s>, key: &str) -> Option<Object<'s>> {
        self.resolved(map.get(key)?)
    }

    pub(super) fn get_map<'s>(&'s self, map: &Map<'s>, key: &str) -> Option<Map<'s>> {
        if let Object::Map(map) = self.get(map, key)? { Some(map) } else { None }
    }

    pub(super) fn get_list<'s>(&'s self, map: &Map<'s>, key: &str) -> Option<Vec<Object<'s>>> {
        if let Object::List(list) = self.get(map, key)? { Some(list) } else { None }
    }

    pub(super) fn map(&self, number: u32) -> Option<Map<'_>> {
        if let Object::Map(map) = self.object(number)? { Some(map) } else { None }
    }

    /// The dictionary of a stream and its data, unpacked. What cannot be unpacked is counted.
    pub(super) fn stream(&self, number: u32) -> Option<(Map<'_>, Vec<u8>)> {
        let ObjectLocation::File(_, Some((start, end))) = *self.objects.get(&number)? else { return None };
        let map = self.map(number)?;
        let data = self.unpack(&map, &self.bytes[start..end], MOST_UNPACKED)?;
        Some((map, data))
    }

    /// Takes from what may still be read; `None` once nothing is left.
    pub(super) fn spend(&self, bytes: usize) -> Option<()> {
        self.work.set(self.work.get().saturating_sub(bytes + 16));
        (self.work.get() > 0).then_some(())
    }

    fn unpack<'s>(&'s self, map: &Map<'s>, raw: &[u8], most: usize) -> Option<Vec<u8>> {
        let filters = match self.get(map, "Filter") {
            Some(Object::Name(name)) => vec![name.into_owned()],
            Some(Object::List(names)) => {
                let names = names.iter().take(filter::MOST_FILTERS + 1).filter_map(|name| self.resolved(name));
                names.filter_map(|name| Some(name.name()?.to_vec())).collect()
            }
            _ => Vec::new(),
        };
        self.spend(raw.len())?;
        let left = self.work.get();
        match filter::decode(raw, &filters, most.min(left)) {
            Decoded::Whole(data) => self.spend(data.len()).map(|()| data),
            Decoded::TooLarge => {
                self.spend(most.min(left));
                self.too_large.set(self.too_large.get() + 1);
                None
            }
            Decoded::Unknown => {
                self.unread.set(self.unread.get() + 1);
                None
            }
        }
    }

    /// Goes through the file from one `… obj` to the next, past the data of streams.
    fn scan(&mut self) {
        let mut at = 0;
        let mut kept = 0;
        let mut catalogue = None;
        while let Some(found) = find(self.bytes, b"obj", at) {
            at = found + 3;
            let Some(number) = number_before(self.bytes, found) else { continue };
            let mut lexer = Lexer::new(self.bytes, at);
            let object = lexer.next();
            let data = match &object {
                Some(Object::Map(map)) => data_of(self.bytes, lexer.place(), map),
                _ => None,
            };
            let end = data.map_or(lexer.place(), |(_, end)| end);
            if self.objects.len() >= MOST_OBJECTS || self.spend(end - at).is_none() {
                self.work.set(0);
                break;
            }
            self.objects.insert(number, ObjectLocation::File(at, data));
            at = end.max(at);
            let Some(Object::Map(map)) = object else { continue };
            match map.get("Type").and_then(Object::name) {
                Some(b"Catalog") => catalogue = Some(number),
                Some(b"XRef") => self.trailer(&map),
                Some(b"ObjStm") => {
                    if let Some((start, end)) = data {
                        self.contents(&map, start, end, &mut kept);
                    }
                }
                _ => {}
            }
        }
        self.trailers();
        self.root = self.root.filter(|root| self.objects.contains_key(root)).or(catalogue).or_else(|| {
            let mut all = self.objects.keys().rev();
            all.find(|&&number| {
                self.map(number).is_some_and(|map| map.get("Type").and_then(Object::name) == Some(b"Catalog"))
            })
            .copied()
        });
    }

    /// The objects within a stream (ISO 32000-1, section 7.5.7). They are only placed here, and read when asked for.
    fn contents(&mut self, map: &Map<'_>, start: usize, end: usize, kept: &mut usize) {
        let first = map.get("First").and_then(Object::whole).and_then(|first| usize::try_from(first).ok());
        let Some(first) = first else { return };
        let raw = &self.bytes[start..end];
        let Some(data) = self.unpack(map, raw, MOST_UNPACKED.min(MOST_KEPT - *kept)) else { return };
        *kept += data.len();
        let stream = self.unpacked.len();
        let mut lexer = Lexer::new(&data[..first.min(data.len())], 0);
        while let (Some(number), Some(offset)) = (lexer.next(), lexer.next()) {
            let (Some(number), Some(offset)) = (number.whole(), offset.whole()) else { break };
            if self.objects.len() >= MOST_OBJECTS || self.spend(8).is_none() {
                self.work.set(0);
                break;
            }
            let Ok(offset) = usize::try_from(offset) else { break };
            self.objects.insert(number, ObjectLocation::Unpacked(stream, first.saturating_add(offset)));
        }
        self.unpacked.push(data);
    }

    fn trailers(&mut self) {
        let mut at = 0;
        while let Some(found) = find(self.bytes, b"trailer", at) {
            let mut lexer = Lexer::new(self.bytes, found + 7);
            let object = lexer.next();
            at = lexer.place().max(found + 7);
            if self.spend(at - found).is_none() {
                return;
            }
            if let Some(Object::Map(map)) = object {
                self.trailer(&map);
            }
        }
    }

    fn trailer(&mut self, map: &Map<'_>) {
        let number = |key| if let Some(Object::Reference(number)) = map.get(key) { Some(*number) } else { None };
        self.root = number("Root").or(self.root);
        self.information = number("Info").or(self.information);
        self.encrypted |= map.get("Encrypt").is_some();
    }
}

/// Values within a value, itself included.
fn weight(value: &Object<'_>) -> usize {
    match value {
        Object::List(all) => 1 + all.iter().map(weight).sum::<usize>(),
        Object::Map(map) => 1 + map.0.iter().map(|(_, value)| weight(value)).sum::<usize>(),
        _ => 1,
    }
}

/// A number that turns out to be the first part of `12 0 R`.
fn reference(number: &Object<'_>, lexer: &mut Lexer<'_>) -> Option<u32> {
    lexer.next()?.whole()?;
    (lexer.next()? == Object::Word(b"R")).then(|| number.whole())?
}

/// Where the data of a stream lie, if a dictionary is followed by `stream`: as long as it says, if `endstream` stands
/// there, else up to the next `endstream`.
fn data_of(bytes: &[u8], after: usize, map: &Map<'_>) -> Option<(usize, usize)> {
    let space = bytes[after..].iter().take_while(|&&byte| is_space(byte)).count();
    let rest = bytes[after + space..].strip_prefix(b"stream")?;
    let line = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    let start = after + space + 6 + line;
    let said = map.get("Length").and_then(Object::whole).and_then(|length| usize::try_from(length).ok());
    if let Some(end) = said.and_then(|length| start.checked_add(length)).filter(|&end| end <= bytes.len()) {
        let space = bytes[end..].iter().take(4).take_while(|&&byte| is_space(byte)).count();
        if bytes[end + space..].starts_with(b"endstream") {
            return Some((start, end));
        }
    }
    Some((start, find(bytes, b"endstream", start).unwrap_or(bytes.len())))
}

/// The object number of `12 0 obj`, read backwards from `obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let before = |end: usize, is: fn(u8) -> bool| {
        let most = bytes[end.saturating_sub(12)..end].iter().rev().take_while(|&&byte| is(byte)).count();
        (most > 0).then_some(end - most)
    };
    let digits = |byte: u8| byte.is_ascii_digit();
    let generation = before(before(at, is_space).unwrap_or(at), digits)?;
    let end = before(generation, is_space)?;
    let start = before(end, digits)?;
    std::str::from_utf8(&bytes[start..end]).ok()?.parse().ok()
}

fn find(bytes: &[u8], words: &[u8], from: usize) -> Option<usize> {
    let first = *words.first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == first)?;
        if bytes[at..].starts_with(words) {
            return Some(at);
        }
        at += 1;
    }
}
