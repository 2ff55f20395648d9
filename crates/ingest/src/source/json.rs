use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::raw::Raw;
use crate::repair::{Repairs, mend};
use crate::tally::Reason;
use crate::text_seed::TextSeed;

/// One foreign record as a tree. It holds text, so it implements no `Debug`.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum Json {
    #[default]
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

static NULL: Json = Json::Null;

/// Values in one tree, at most: an empty list takes three bytes of text and sixty of memory.
const MOST_VALUES: usize = 400_000;

impl Json {
    /// Reads a tree. Token probabilities of answers are left out: they are most of such an answer and nothing reads them.
    pub(crate) fn parse(text: &str) -> Result<Self, Reason> {
        Self::repaired(text, &mut Repairs::default())
    }

    /// Reads a tree; values that are bad by themselves are set right and counted.
    pub(crate) fn repaired(text: &str, repairs: &mut Repairs) -> Result<Self, Reason> {
        match Self::strict(text) {
            Err(Reason::MalformedJson) => {
                let (mended, more) = mend(text).ok_or(Reason::MalformedJson)?;
                let tree = Self::strict(&mended)?;
                repairs.add(more);
                Ok(tree)
            }
            read => read,
        }
    }

    fn strict(text: &str) -> Result<Self, Reason> {
        let left = Cell::new(MOST_VALUES);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = TreeSeed { left: &left, flat: false }.deserialize(&mut deserializer);
        read.and_then(|tree| deserializer.end().map(|()| tree)).map_err(|_| match left.get() {
            0 => Reason::TooManyValues(MOST_VALUES),
            _ => Reason::MalformedJson,
        })
    }

    pub(crate) fn text_of(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The member of that name, null where there is none.
    pub(crate) fn get(&self, name: &str) -> &Self {
        self.entries().iter().find(|(key, _)| key == name).map_or(&NULL, |(_, value)| value)
    }

    /// The first member, of those named, that is not null or empty.
    pub(crate) fn first(&self, names: &[&str]) -> &Self {
        names.iter().map(|name| self.get(name)).find(|value| !value.is_empty()).unwrap_or(&NULL)
    }

    /// What stands at a path of names and positions, separated by `/`.
    pub(crate) fn at(&self, path: &str) -> &Self {
        path.split('/').fold(self, |place, segment| match place {
            Self::List(items) => segment.parse().ok().and_then(|at: usize| items.get(at)).unwrap_or(&NULL),
            place => place.get(segment),
        })
    }

    pub(crate) fn entries(&self) -> &[(String, Self)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// Text that says something: neither empty nor a spelling of null.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !matches!(text.trim(), "" | "None" | "null" | "NULL") => Some(text),
            _ => None,
        }
    }

    /// Text or a number, as text: ids are either.
    pub(crate) fn word(&self) -> Option<String> {
        match self {
            Self::Integer(number) => Some(number.to_string()),
            other => other.text().map(|text| text.trim().to_owned()),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a measure, not an id")]
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            other => other.text()?.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            other => whole(other.number()?),
        }
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            Self::Integer(number) => Some(*number != 0),
            other => match other.text()?.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(_) => self.text().is_none(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// As a value of a row; `None` where there is nothing.
    pub(crate) fn raw(&self) -> Option<Raw<'static>> {
        match self {
            _ if self.is_empty() => None,
            Self::Boolean(value) => Some(Raw::Boolean(*value)),
            Self::Integer(number) => Some(Raw::Integer(*number)),
            Self::Float(number) => Some(Raw::Float(*number)),
            Self::Text(text) => Some(Raw::Text(text.trim().to_owned().into())),
            nested => Some(Raw::Nested(nested.compact())),
        }
    }

    pub(crate) fn compact(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Replaces text that holds JSON by what it holds, at a path. Other text stays.
    pub(crate) fn open(&mut self, path: &str) {
        let mut place = self;
        for segment in path.split('/') {
            place.unwrap_text();
            let next = match place {
                Self::List(items) => segment.parse().ok().and_then(|at: usize| items.get_mut(at)),
                Self::Map(entries) => entries.iter_mut().find(|(key, _)| key == segment).map(|(_, value)| value),
                _ => None,
            };
            let Some(next) = next else { return };
            place = next;
        }
        place.unwrap_text();
    }

    /// Two times at most: some exporters write JSON as text inside text.
    fn unwrap_text(&mut self) {
        for _ in 0..2 {
            let Self::Text(text) = self else { return };
            if !text.trim_start().starts_with(['{', '[', '"']) {
                return;
            }
            let Ok(inner) = Self::parse(text) else { return };
            *self = inner;
        }
    }
}

/// A float without a fraction, below 2^53.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::float_cmp, reason = "a whole number equals its truncation exactly")]
    let whole = number.trunc() == number && number.abs() < 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2^53")]
    whole.then_some(number as i64)
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

#[derive(Clone, Copy)]
struct TreeSeed<'c> {
    left: &'c Cell<usize>,
    /// Whether lists and objects are left out.
    flat: bool,
}

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        if left == 0 {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        #[expect(clippy::cast_precision_loss, reason = "what no integer column can hold is a large float")]
        Ok(i64::try_from(value).map_or(Json::Float(value as f64), Json::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        if self.flat {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Json::Null);
        }
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        if self.flat {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Json::Null);
        }
        let mut entries = Vec::new();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            let flat = matches!(name.as_ref(), "logprobs" | "top_logprobs");
            let value = map.next_value_seed(Self { flat, ..self })?;
            entries.push((name.into_owned(), value));
        }
        Ok(Json::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;
    use crate::tally::Reason;

    #[test]
    fn places_are_found_and_text_is_opened() {
        let mut tree =
            Json::parse(r#"{"a": "{\"b\": [1, \"x\"]}", "logprobs": {"content": [1]}, "n": "None"}"#).unwrap();
        assert!(tree.at("a/b/1").is_empty());
        tree.open("a/b");
        assert_eq!(tree.at("a/b/1").text(), Some("x"));
        assert!(tree.get("logprobs").is_empty() && tree.get("n").is_empty());
        assert_eq!(tree.at("a").compact(), r#"{"b":[1,"x"]}"#);
    }

    #[test]
    fn a_tree_has_a_bound() {
        let wide = format!("[{}0]", "[],".repeat(500_000));
        assert!(matches!(Json::parse(&wide), Err(Reason::TooManyValues(_))));
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert!(Json::parse(&deep).is_ok_and(|tree| !tree.is_empty()));
        assert!(matches!(Json::parse("{"), Err(Reason::MalformedJson)));
    }
}
