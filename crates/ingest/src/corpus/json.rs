use std::fmt;

use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::draft::{Draft, Piece, Role, Turn, Value};
use super::fields::{Node, Part, Want};
use crate::messages::Messages;
use crate::raw::TextSeed;
use crate::tally::Reason;

/// Names of fields met since the last time they were told.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) met: FxHashSet<Box<str>>,
}

impl Names {
    pub(crate) fn note(&mut self, name: &str) {
        if self.met.len() < MOST_NAMES && !self.met.contains(name) {
            self.met.insert(name.into());
        }
    }
}

/// More in one block is not a schema.
const MOST_NAMES: usize = 1 << 12;

/// Reads a record: an object, a list of messages or a string.
pub(crate) fn read<'b>(root: &Node, json: &'b str, draft: &mut Draft<'b>, names: &mut Names) -> Result<(), Reason> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let seed = RecordSeed { root, node: root, draft, names, depth: 0 };
    match seed.deserialize(&mut deserializer).and_then(|()| deserializer.end()) {
        Ok(()) => Ok(()),
        Err(error) => Err(reason(&error)),
    }
}

/// serde_json has no kinds of errors for these.
fn reason(error: &serde_json::Error) -> Reason {
    let text = error.to_string();
    if text.starts_with("recursion limit") {
        Reason::TooDeep
    } else if text.starts_with(SCALAR) {
        Reason::NotAnObject
    } else {
        Reason::MalformedJson
    }
}

const SCALAR: &str = "no record";

/// Replaces surrogates that stand alone, each by as many bytes of another escape, and counts them. `None` when there
/// are none.
pub(crate) fn mend(json: &str) -> Option<(String, u64)> {
    let bytes = json.as_bytes();
    let mut mended: Option<Vec<u8>> = None;
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        let Some(unit) = surrogate(&bytes[at..]) else {
            at = (at + 2).min(bytes.len());
            continue;
        };
        let low = bytes.get(at + 6..).and_then(surrogate);
        if unit < 0xdc00 && low.is_some_and(|low| low >= 0xdc00) {
            at += 12;
            continue;
        }
        let copy = mended.get_or_insert_with(|| bytes.to_vec());
        copy[at..at + 6].copy_from_slice(b"\\ufffd");
        count += 1;
        at += 6;
    }
    let text = String::from_utf8(mended?).ok()?;
    Some((text, count))
}

/// The surrogate whose escape begins here.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let unit = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}

/// Implements what every visitor here does with values that hold no text: nothing.
macro_rules! ignore_scalars {
    () => {
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

macro_rules! any {
    ($seed:ident, $value:ty) => {
        impl<'b> DeserializeSeed<'b> for $seed<'_, 'b> {
            type Value = $value;

            fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    };
}

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
        list || self.inside().is_some() && text.trim_ascii_start().starts_with(['{', '['])
    }

    /// Takes a string that stays.
    pub(crate) fn given(self, text: &'b str) {
        if self.is_json(text) {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            if let Some(node) = self.inside() {
                // Text that is no JSON leads nowhere.
                _ = self.record(node).deserialize(&mut deserializer);
                return;
            }
            let value = ValueSeed { draft: self.draft }.deserialize(&mut deserializer);
            if let (Ok(value @ Value::Turns(_)), Some(want)) = (value, self.node.want) {
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
        let value = ValueSeed { draft: self.draft }.visit_map(map)?;
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

/// A text, or turns: a list of messages or of texts, or one message.
struct ValueSeed<'a, 'b> {
    draft: &'a mut Draft<'b>,
}

any!(ValueSeed, Value<'b>);

impl<'b> Visitor<'b> for ValueSeed<'_, 'b> {
    type Value = Value<'b>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or messages")
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<Value<'b>, A::Error> {
        let start = self.draft.turns.len();
        while seq.next_element_seed(TurnSeed { draft: self.draft })?.is_some() {}
        Ok(Value::Turns(start..self.draft.turns.len()))
    }

    fn visit_map<A: MapAccess<'b>>(self, map: A) -> Result<Value<'b>, A::Error> {
        let start = self.draft.turns.len();
        TurnSeed { draft: self.draft }.visit_map(map)?;
        Ok(Value::Turns(start..self.draft.turns.len()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<Value<'b>, E> {
        Ok(Value::Text(Piece::Given(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'b>, E> {
        Ok(Value::Text(self.draft.make(text)))
    }

    ignore_scalars!();
}

/// A message of a chat, a choice with one inside, or a bare text.
struct TurnSeed<'a, 'b> {
    draft: &'a mut Draft<'b>,
}

any!(TurnSeed, ());

impl<'b> Visitor<'b> for TurnSeed<'_, 'b> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<(), A::Error> {
        let mut role = None;
        let mut text = None;
        let mut nested = false;
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "role" | "from" => {
                    self.draft.from |= name == "from";
                    role = map.next_value_seed(RoleSeed)?;
                }
                "content" | "value" | "text" | "parts" => {
                    let piece = map.next_value_seed(ContentSeed { draft: self.draft })?;
                    if text.is_none() || !self.draft.text(&piece).is_empty() {
                        text = Some(piece);
                    }
                }
                "message" => {
                    let before = self.draft.turns.len();
                    map.next_value_seed(TurnSeed { draft: self.draft })?;
                    nested |= self.draft.turns.len() > before;
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        // A turn without text keeps its place, so that the others keep theirs.
        if text.is_some() || role.is_some() && !nested {
            self.draft.turns.push(Turn { role, text: text.unwrap_or_default() });
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(TurnSeed { draft: self.draft })?.is_some() {}
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<(), E> {
        self.draft.turns.push(Turn { role: None, text: Piece::Given(text) });
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let text = self.draft.make(text);
        self.draft.turns.push(Turn { role: None, text });
        Ok(())
    }

    ignore_scalars!();
}

struct RoleSeed;

impl<'b> DeserializeSeed<'b> for RoleSeed {
    type Value = Option<Role>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Option<Role>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for RoleSeed {
    type Value = Option<Role>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a role")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<Role>, E> {
        Ok(Some(Role::of(name)))
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<Option<Role>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<Option<Role>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    ignore_scalars!();
}

/// The content of a message: a text, or parts of which some have a text.
struct ContentSeed<'a, 'b> {
    draft: &'a mut Draft<'b>,
}

any!(ContentSeed, Piece<'b>);

impl<'b> Visitor<'b> for ContentSeed<'_, 'b> {
    type Value = Piece<'b>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the content of a message")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<Piece<'b>, E> {
        Ok(Piece::Given(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Piece<'b>, E> {
        Ok(self.draft.make(text))
    }

    fn visit_seq<A: SeqAccess<'b>>(self, seq: A) -> Result<Piece<'b>, A::Error> {
        let made = &mut self.draft.made;
        let start = made.len();
        PartSeed { made, start }.visit_seq(seq)?;
        Ok(Piece::Made(start..made.len()))
    }

    fn visit_map<A: MapAccess<'b>>(self, map: A) -> Result<Piece<'b>, A::Error> {
        let made = &mut self.draft.made;
        let start = made.len();
        PartSeed { made, start }.visit_map(map)?;
        Ok(Piece::Made(start..made.len()))
    }

    ignore_scalars!();
}

/// Adds the texts of parts, one below the other.
struct PartSeed<'m> {
    made: &'m mut String,
    start: usize,
}

impl<'b> DeserializeSeed<'b> for PartSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for PartSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of a message")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        join(self.made, self.start, text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(PartSeed { made: self.made, start: self.start })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "text" | "content" => map.next_value_seed(PartSeed { made: self.made, start: self.start })?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    ignore_scalars!();
}

/// Adds a line to what was begun at `start`.
pub(crate) fn join(made: &mut String, start: usize, line: &str) {
    if !line.is_empty() {
        if made.len() > start {
            made.push('\n');
        }
        made.push_str(line);
    }
}
