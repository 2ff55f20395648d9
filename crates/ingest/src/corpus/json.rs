use std::collections::BTreeSet;
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::draft::{Draft, Piece, Value};
use super::fields::{Node, Part, Want};
use super::turns::{MOST_TURNS, MappingSeed, ProseSeed, TOO_MANY, ValueSeed, any, ignore_scalars};
use crate::depth::is_too_deep;
use crate::messages::Messages;
use crate::tally::{Reason, looks_like_a_name, note_name};
use crate::text_seed::TextSeed;

/// Names of fields met since the last time they were told.
#[derive(Default)]
pub(crate) struct Names {
    /// The first in order.
    met: BTreeSet<String>,
    /// Names that need no second look.
    seen: FxHashSet<Box<str>>,
    /// Names of fields that hold text and are not read.
    unread: BTreeSet<String>,
    /// Looks at fields that are not read, in which no text was found so far.
    looks: FxHashMap<Box<str>, u8>,
}

impl Names {
    pub(crate) fn note(&mut self, name: &str) {
        if self.seen.contains(name) {
            return;
        }
        if looks_like_a_name(name) {
            note_name(&mut self.met, name);
        }
        if name.len() <= SHORT_NAME && self.seen.len() < MOST_SEEN {
            self.seen.insert(name.into());
        }
    }

    /// Whether a field that is not read is to be looked at: a few times, until text is found in it.
    fn looks_at(&mut self, name: &str) -> bool {
        if self.unread.contains(name) || !looks_like_a_name(name) {
            return false;
        }
        if let Some(looks) = self.looks.get_mut(name) {
            *looks = looks.saturating_add(1);
            return *looks < MOST_LOOKS;
        }
        if self.looks.len() < MOST_SEEN {
            self.looks.insert(name.into(), 1);
        }
        true
    }

    /// Notes that a field holds text and is not read.
    pub(crate) fn note_unread(&mut self, name: &str) {
        if looks_like_a_name(name) {
            note_name(&mut self.unread, name);
        }
    }

    pub(crate) fn take_unread(&mut self) -> BTreeSet<String> {
        self.looks.clear();
        std::mem::take(&mut self.unread)
    }

    pub(crate) fn take(&mut self) -> BTreeSet<String> {
        self.seen.clear();
        std::mem::take(&mut self.met)
    }
}

const SHORT_NAME: usize = 64;
const MOST_SEEN: usize = 1 << 10;
/// Looks at a field of one name in a block.
const MOST_LOOKS: u8 = 32;

/// Reads a record: an object, a list of messages or a string.
pub(crate) fn read<'b>(root: &Node, json: &'b str, draft: &mut Draft<'b>, names: &mut Names) -> Result<(), Reason> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let seed = RecordSeed { root, node: root, draft, names, depth: 0 };
    match seed.deserialize(&mut deserializer).and_then(|()| deserializer.end()) {
        Ok(()) => Ok(()),
        Err(error) if is_too_deep(json, &error) => Err(Reason::TooDeep),
        Err(error) => Err(reason(&error)),
    }
}

/// serde_json has no kinds of errors for these.
fn reason(error: &serde_json::Error) -> Reason {
    let text = error.to_string();
    if text.starts_with(TOO_MANY) {
        Reason::TooManyValues(MOST_TURNS)
    } else if text.starts_with(SCALAR) {
        Reason::NotAnObject
    } else {
        Reason::MalformedJson
    }
}

const SCALAR: &str = "no record";

/// The record, or an object that is read as one.
struct RecordSeed<'a, 'b> {
    root: &'a Node,
    node: &'a Node,
    draft: &'a mut Draft<'b>,
    names: &'a mut Names,
    /// Records around this one.
    depth: usize,
}

any!(RecordSeed, ());

impl<'b> RecordSeed<'_, 'b> {
    fn at<'s>(&'s mut self, node: &'s Node) -> PlaceSeed<'s, 'b> {
        PlaceSeed { root: self.root, node, draft: self.draft, names: self.names, depth: self.depth }
    }

    /// A string, list or scalar in place of an object.
    fn is_whole(&self) -> bool {
        self.depth == 0
    }

    fn scalar<E: Error>(&self) -> Result<(), E> {
        if self.is_whole() { Err(E::custom(SCALAR)) } else { Ok(()) }
    }
}

impl<'b> Visitor<'b> for RecordSeed<'_, 'b> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'b>>(mut self, mut map: A) -> Result<(), A::Error> {
        let node = self.node;
        while let Some(name) = map.next_key_seed(TextSeed)? {
            if self.is_whole() {
                self.names.note(&name);
            }
            match node.children.get(name.as_ref()) {
                Some(node) => map.next_value_seed(self.at(node))?,
                None if self.is_whole() && self.names.looks_at(&name) => {
                    if map.next_value_seed(ProseSeed { depth: 0 })? {
                        self.names.note_unread(&name);
                    }
                }
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(mut self, mut seq: A) -> Result<(), A::Error> {
        if self.is_whole() {
            let value = ValueSeed { draft: self.draft }.visit_seq(seq)?;
            self.draft.put(WHOLE_CHAT, value);
            return Ok(());
        }
        let node = self.node;
        for position in 0_usize.. {
            let more = match node.children.get(position.to_string().as_str()) {
                Some(node) => seq.next_element_seed(self.at(node))?.is_some(),
                None => seq.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<(), E> {
        if self.is_whole() {
            self.draft.put(WHOLE_TEXT, Value::Text(Piece::Given(text)));
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.is_whole() {
            let piece = self.draft.make(text);
            self.draft.put(WHOLE_TEXT, Value::Text(piece));
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }
}

const WHOLE_CHAT: Want = Want { part: Part::Chat, rank: 0 };
const WHOLE_TEXT: Want = Want { part: Part::Text, rank: 0 };
/// Records inside records, of which real ones have three.
const MOST_DEPTH: usize = 8;

/// A named place: wanted itself, or on the way to one.
pub(crate) struct PlaceSeed<'a, 'b> {
    pub(crate) root: &'a Node,
    pub(crate) node: &'a Node,
    pub(crate) draft: &'a mut Draft<'b>,
    pub(crate) names: &'a mut Names,
    pub(crate) depth: usize,
}

any!(PlaceSeed, ());

impl<'a, 'b> PlaceSeed<'a, 'b> {
    fn inside(&self) -> Option<&'a Node> {
        inside(self.root, self.node, self.depth)
    }

    fn record(self, node: &'a Node) -> RecordSeed<'a, 'b> {
        RecordSeed { root: self.root, node, draft: self.draft, names: self.names, depth: self.depth + 1 }
    }

    /// Whether the text may be JSON that has to be looked into.
    fn is_json(&self, text: &str) -> bool {
        let list = self.node.want.is_some_and(|want| may_be_chat(want.part)) && Messages::begins(text);
        list || self.within().is_some() && text.trim_ascii_start().starts_with(['{', '['])
    }

    /// What is looked for inside of a text here. An answer that is JSON is an answer.
    fn within(&self) -> Option<&'a Node> {
        self.inside().filter(|_| self.node.want.is_none() || !self.node.children.is_empty())
    }

    /// Takes a string that stays.
    pub(crate) fn given(self, text: &'b str) {
        if self.is_json(text) {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            if let Some(node) = self.within() {
                // Text that is no JSON leads nowhere.
                _ = self.record(node).deserialize(&mut deserializer);
                return;
            }
            let value = ValueSeed { draft: self.draft }.deserialize(&mut deserializer);
            let whole = deserializer.end().is_ok();
            if let (Ok(value), Some(want)) = (value, self.node.want.filter(|_| whole))
                && self.draft.is_talk(&value)
            {
                self.draft.put(want, value);
                return;
            }
        }
        if let Some(want) = self.node.want {
            self.draft.put(want, Value::Text(Piece::Given(text)));
        }
    }

    /// Takes a string that does not stay.
    pub(crate) fn copied(self, text: &str) {
        if self.is_json(text) {
            let mut draft = Draft::default();
            let inner =
                PlaceSeed { root: self.root, node: self.node, draft: &mut draft, names: self.names, depth: self.depth };
            inner.given(text);
            self.draft.absorb(&draft);
        } else if let Some(want) = self.node.want {
            let piece = self.draft.make(text);
            self.draft.put(want, Value::Text(piece));
        }
    }
}

/// What is looked for inside of an object at a place.
pub(crate) fn inside<'n>(root: &'n Node, node: &'n Node, depth: usize) -> Option<&'n Node> {
    if !node.children.is_empty() {
        return Some(node);
    }
    (node.record && depth < MOST_DEPTH).then_some(root)
}

fn may_be_chat(part: Part) -> bool {
    !matches!(part, Part::Source | Part::System | Part::Role | Part::Input)
}

impl<'b> Visitor<'b> for PlaceSeed<'_, 'b> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<(), A::Error> {
        if let Some(node) = self.inside() {
            return self.record(node).visit_map(map);
        }
        let Some(want) = self.node.want else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        let value = match want.part {
            Part::Mapping => MappingSeed { draft: self.draft }.read(map)?,
            _ => ValueSeed { draft: self.draft }.visit_map(map)?,
        };
        self.draft.put(want, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<(), A::Error> {
        if !self.node.children.is_empty() {
            let node = self.node;
            return self.record(node).visit_seq(seq);
        }
        let Some(want) = self.node.want else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        let value = ValueSeed { draft: self.draft }.visit_seq(seq)?;
        self.draft.put(want, value);
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<(), E> {
        self.given(text);
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.copied(text);
        Ok(())
    }

    ignore_scalars!();
}
