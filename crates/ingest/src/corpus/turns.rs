use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::draft::{Draft, Piece, Role, Turn, Value};
use crate::text_seed::TextSeed;

/// Implements what visitors do with values that hold no text: nothing.
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

pub(super) use {any, ignore_scalars};

/// A text, or turns: a list of messages or of texts, or one message.
pub(crate) struct ValueSeed<'a, 'b> {
    pub(crate) draft: &'a mut Draft<'b>,
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
        let (mut role, mut text, mut thought) = (None, None, None);
        let mut nested = false;
        let start = self.draft.turns.len();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "role" | "from" | "author" => {
                    self.draft.from |= name == "from";
                    role = map.next_value_seed(RoleSeed)?.or(role);
                }
                // Of segments that are learned from or not (Axolotl).
                "label" => role = map.next_value_seed(LabelSeed)?.or(role),
                "content" | "value" | "text" | "parts" => {
                    let piece = map.next_value_seed(ContentSeed { draft: self.draft })?;
                    if text.is_none() || !self.draft.text(&piece).is_empty() {
                        text = Some(piece);
                    }
                }
                "response" | "answer" | "completion" | "output" | "generated_text" if text.is_none() => {
                    text = Some(map.next_value_seed(ContentSeed { draft: self.draft })?);
                }
                "reasoning_content" | "reasoning" | "thinking" => {
                    thought = Some(map.next_value_seed(ContentSeed { draft: self.draft })?);
                }
                "message" => {
                    let before = self.draft.turns.len();
                    map.next_value_seed(TurnSeed { draft: self.draft })?;
                    nested |= self.draft.turns.len() > before;
                }
                // A tree of conversations (OASST).
                "replies" => map.next_value_seed(TurnSeed { draft: self.draft })?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        // What it thought comes before what it said, and both before what was replied.
        let thought = thought.filter(|thought| !self.draft.text(thought).is_empty());
        // A turn without text keeps its place, so that the others keep theirs.
        let said = (text.is_some() || role.is_some() && !nested).then(|| text.unwrap_or_default());
        for (at, text) in thought.into_iter().chain(said).enumerate() {
            check(self.draft)?;
            self.draft.turns.insert(start + at, Turn { role, text });
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(TurnSeed { draft: self.draft })?.is_some() {}
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'b str) -> Result<(), E> {
        push(self.draft, None, Piece::Given(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let text = self.draft.make(text);
        push(self.draft, None, text)
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
        let mut role = None;
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "role" => role = map.next_value_seed(RoleSeed)?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(role)
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<Option<Role>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    ignore_scalars!();
}

/// Whether a segment is one that a model learns to write.
struct LabelSeed;

impl<'b> DeserializeSeed<'b> for LabelSeed {
    type Value = Option<Role>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Option<Role>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for LabelSeed {
    type Value = Option<Role>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a label")
    }

    fn visit_bool<E: Error>(self, learned: bool) -> Result<Option<Role>, E> {
        Ok(Some(if learned { Role::Model } else { Role::Person }))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Option<Role>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Role>, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Option<Role>, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Option<Role>, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<Role>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<Option<Role>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<Option<Role>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
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
                "text" | "content" | "value" | "parts" | "thinking" | "reasoning" => {
                    map.next_value_seed(PartSeed { made: self.made, start: self.start })?;
                }
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

/// A list of the shortest strings takes ten times its memory.
fn push<'b, E: Error>(draft: &mut Draft<'b>, role: Option<Role>, text: Piece<'b>) -> Result<(), E> {
    check(draft)?;
    draft.turns.push(Turn { role, text });
    Ok(())
}

fn check<E: Error>(draft: &Draft<'_>) -> Result<(), E> {
    if draft.turns.len() < MOST_TURNS { Ok(()) } else { Err(E::custom(TOO_MANY)) }
}

/// The messages of an export by their id.
pub(crate) struct MappingSeed<'a, 'b> {
    pub(crate) draft: &'a mut Draft<'b>,
}

impl<'b> MappingSeed<'_, 'b> {
    pub(crate) fn read<A: MapAccess<'b>>(self, mut map: A) -> Result<Value<'b>, A::Error> {
        let start = self.draft.turns.len();
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(TurnSeed { draft: self.draft })?;
        }
        Ok(Value::Turns(start..self.draft.turns.len()))
    }
}

/// Whether a value holds text of which a reader would want to know that it was not read.
pub(crate) struct ProseSeed {
    /// Values around this one.
    pub(crate) depth: usize,
}

/// What is nested more deeply is passed over, which costs no stack.
const PROSE_DEPTH: usize = 4;

impl ProseSeed {
    fn within(&self) -> Option<Self> {
        (self.depth < PROSE_DEPTH).then_some(Self { depth: self.depth + 1 })
    }
}

impl<'b> DeserializeSeed<'b> for ProseSeed {
    type Value = bool;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for ProseSeed {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        Ok(is_prose(text))
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<bool, A::Error> {
        let mut prose = false;
        loop {
            let more = match self.within() {
                Some(seed) => seq.next_element_seed(seed)?,
                None => seq.next_element::<IgnoredAny>()?.map(|_| false),
            };
            let Some(more) = more else { return Ok(prose) };
            prose |= more;
        }
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut prose = false;
        while map.next_key::<IgnoredAny>()?.is_some() {
            match self.within() {
                Some(seed) => prose |= map.next_value_seed(seed)?,
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(prose)
    }

    ignore_scalars!();
}

/// Several words, more than a name or a title has.
pub(crate) fn is_prose(text: &str) -> bool {
    const LEAST_BYTES: usize = 32;
    const LEAST_WORDS: usize = 5;
    let cjk = || text.chars().filter(|c| ('\u{3040}'..='\u{9fff}').contains(c)).take(16).count() == 16;
    text.len() >= LEAST_BYTES && (text.split_whitespace().take(LEAST_WORDS).count() == LEAST_WORDS || cjk())
}

/// Turns in a record.
pub(crate) const MOST_TURNS: usize = 1 << 20;
pub(crate) const TOO_MANY: &str = "too many turns";
