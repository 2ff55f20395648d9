use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::column_tree::ColumnTree;
use crate::compact::Compact;
use crate::repair::mend;
use crate::text_seed::TextSeed;

/// A value as the source gives it, before it is converted to the type of its column.
#[derive(Clone)]
pub(crate) enum Raw<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(Cow<'a, str>),
    /// A JSON array or object, as compact text.
    Nested(String),
}

/// The values of one row by column; `None` where the source has no such name.
pub(crate) type Row<'a> = Vec<Option<Raw<'a>>>;

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Raw<'_> {
    pub(crate) fn into_owned(self) -> Raw<'static> {
        match self {
            Self::Null => Raw::Null,
            Self::Boolean(value) => Raw::Boolean(value),
            Self::Integer(value) => Raw::Integer(value),
            Self::Float(value) => Raw::Float(value),
            Self::Text(text) => Raw::Text(text.into_owned().into()),
            Self::Nested(text) => Raw::Nested(text),
        }
    }

    /// The beginning of it as it is written, to tell its shape; `None` of lists and objects.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.chars().take(64).collect()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Boolean(value) => Some(value.to_string()),
            Self::Null | Self::Nested(_) => None,
        }
    }
}

/// Reads a JSON object into a row: wanted names only, text borrowed from the line where it holds no escapes.
pub(crate) struct RowSeed<'p, 'r, 'de> {
    pub(crate) root: &'p ColumnTree,
    pub(crate) row: &'r mut Row<'de>,
    /// Told of every name that is not wanted.
    pub(crate) unknown: &'r mut dyn FnMut(&str),
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            if let Some(node) = self.root.children.get(name.as_ref()) {
                map.next_value_seed(PlaceSeed { node, row: self.row })?;
            } else {
                (self.unknown)(&name);
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads what stands at a column or at the path below it when the source holds JSON as text: a CSV cell, a Parquet
/// string, a JSON string. Text that is no JSON leads nowhere.
pub(crate) fn descend(node: &ColumnTree, json: &str, row: &mut Row<'_>) {
    if node.children.is_empty() {
        return;
    }
    if below(node, json, row).is_none()
        && let Some((mended, _)) = mend(json)
    {
        _ = below(node, &mended, row);
    }
}

/// `None` where the text is no JSON.
fn below(node: &ColumnTree, json: &str, row: &mut Row<'_>) -> Option<()> {
    let mut below: Row<'_> = vec![None; row.len()];
    let mut deserializer = serde_json::Deserializer::from_str(json);
    (BelowSeed { node, row: &mut below }).deserialize(&mut deserializer).ok()?;
    for (place, found) in row.iter_mut().zip(below) {
        if let Some(value) = found {
            *place = Some(value.into_owned());
        }
    }
    Some(())
}

/// A place that is wanted itself, or on the way to one.
struct PlaceSeed<'p, 'r, 'de> {
    node: &'p ColumnTree,
    row: &'r mut Row<'de>,
}

impl<'de> DeserializeSeed<'de> for PlaceSeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some((&last, others)) = self.node.targets.split_last() else {
            return BelowSeed { node: self.node, row: self.row }.deserialize(deserializer);
        };
        let raw = RawSeed.deserialize(deserializer)?;
        match &raw {
            Raw::Text(text) => descend(self.node, text, self.row),
            Raw::Nested(text) => descend(self.node, text, self.row),
            _ => {}
        }
        for &target in others {
            self.row[target] = Some(raw.clone());
        }
        self.row[last] = Some(raw);
        Ok(())
    }
}

struct BelowSeed<'p, 'r, 'de> {
    node: &'p ColumnTree,
    row: &'r mut Row<'de>,
}

impl<'de> DeserializeSeed<'de> for BelowSeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BelowSeed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            match self.node.children.get(name.as_ref()) {
                Some(node) => map.next_value_seed(PlaceSeed { node, row: self.row })?,
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for position in 0_usize.. {
            let more = match self.node.children.get(&position.to_string()) {
                Some(node) => seq.next_element_seed(PlaceSeed { node, row: self.row })?.is_some(),
                None => seq.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        descend(self.node, text, self.row);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

struct RawSeed;

impl<'de> DeserializeSeed<'de> for RawSeed {
    type Value = Raw<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RawSeed {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Raw<'de>, E> {
        Ok(Raw::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Raw<'de>, E> {
        // An id of 64 bits without a sign keeps its digits.
        Ok(i64::try_from(value).map_or_else(|_| Raw::Text(value.to_string().into()), Raw::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Raw<'de>, E> {
        Ok(Raw::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Raw<'de>, A::Error> {
        Compact::text(|compact| compact.visit_seq(seq)).map(Raw::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Raw<'de>, A::Error> {
        Compact::text(|compact| compact.visit_map(map)).map(Raw::Nested)
    }
}
