use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::repair::mend;
use crate::source::answer::response;
use crate::source::body::said;
use crate::source::draft::Draft;
use crate::source::json::Json;
use crate::text_seed::TextSeed;

/// The text of a list of chat messages.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Messages {
    /// The contents of the messages of role `system` or `developer`.
    pub(crate) system: String,
    /// The contents of all other messages, one below the other.
    pub(crate) text: String,
}

impl Messages {
    /// Reads `[{"role": …, "content": …}, …]`, or one such message, of the OpenAI, Anthropic or Gemini shape.
    /// `None` when it is anything else.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        Self::strict(json).or_else(|| Self::strict(&mend(json)?.0))
    }

    /// Reads a whole request or answer, as providers and gateways write it, of which the text is wanted. `None` when it is
    /// anything else.
    pub(crate) fn of_body(json: &str) -> Option<Self> {
        let body = Json::parse(json).ok()?;
        let is_stream = body.items().iter().any(|chunk| matches!(chunk, Json::Map(_)));
        let mut draft = Draft::default();
        if ANSWERS.iter().any(|name| !body.get(name).is_empty()) || is_stream {
            response(&body, &mut draft);
        } else if REQUESTS.iter().any(|name| !body.get(name).is_empty()) {
            said(&body, &mut draft);
        }
        let text = draft.get_text("response").or_else(|| draft.get_text("prompt"))?.to_owned();
        Some(Self { system: draft.get_text("system").unwrap_or_default().to_owned(), text })
    }

    fn strict(json: &str) -> Option<Self> {
        let mut messages = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(json);
        MessagesSeed(&mut messages).deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(messages)
    }

    /// Whether a string may be such a list written as text.
    pub(crate) fn begins(text: &str) -> bool {
        let mut bytes = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        bytes.next() == Some(b'[') && bytes.next() == Some(b'{') && bytes.next() == Some(b'"')
    }
}

/// What only bodies of answers, and only those of requests, hold.
const ANSWERS: [&str; 4] = ["choices", "candidates", "generations", "stop_reason"];
const REQUESTS: [&str; 3] = ["messages", "contents", "inputs"];

struct MessagesSeed<'m>(&'m mut Messages);

impl<'de> DeserializeSeed<'de> for MessagesSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MessagesSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut some = false;
        while seq.next_element_seed(MessageSeed(self.0))?.is_some() {
            some = true;
        }
        if some { Ok(()) } else { Err(A::Error::custom("no message")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        MessageSeed(self.0).visit_map(map)
    }
}

struct MessageSeed<'m>(&'m mut Messages);

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut role = None;
        let mut content = String::new();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "role" => role = Some(map.next_value_seed(TextSeed)?),
                "content" | "parts" => map.next_value_seed(ContentSeed(&mut content))?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        match role.as_deref() {
            None => return Err(A::Error::missing_field("role")),
            Some("system" | "developer") => push_line(&mut self.0.system, &content),
            Some(_) => push_line(&mut self.0.text, &content),
        }
        Ok(())
    }
}

/// A string, a part with a `text`, or a list of either.
struct ContentSeed<'t>(&'t mut String);

impl<'de> DeserializeSeed<'de> for ContentSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ContentSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the content of a message")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        push_line(self.0, text);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(ContentSeed(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match name.as_ref() {
                "text" | "content" => map.next_value_seed(ContentSeed(self.0))?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

fn push_line(out: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::Messages;

    #[test]
    fn contents_are_taken_from_every_common_shape() {
        let json = r#"[{"role":"system","content":"be brief"},
            {"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"u"}}]},
            {"role":"assistant","content":null,"tool_calls":[]},
            {"content":"two","role":"user"},
            {"role":"model","parts":[{"text":"three"}]}]"#;
        let messages = Messages::parse(json).unwrap();
        assert_eq!((messages.system.as_str(), messages.text.as_str()), ("be brief", "one\ntwo\nthree"));
    }

    #[test]
    fn other_structures_are_none() {
        for json in ["[]", "[1]", r#"{"a":1}"#, r#"["a"]"#, r#"[{"role":"user"}] x"#, "[{"] {
            assert!(Messages::parse(json).is_none(), "{json}");
        }
    }
}
