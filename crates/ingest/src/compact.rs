use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::text_seed::TextSeed;

/// Writes JSON as compact text while it is read. No tree is built, which for hostile input would take a hundred times
/// the memory of its text; the depth is bounded by the deserializer.
pub(crate) struct Compact<'o>(&'o mut Vec<u8>);

impl Compact<'_> {
    pub(crate) fn text<E: Error>(write: impl FnOnce(Compact<'_>) -> Result<(), E>) -> Result<String, E> {
        let mut out = Vec::new();
        write(Compact(&mut out))?;
        String::from_utf8(out).map_err(E::custom)
    }

    fn scalar<E: Error>(self, value: &impl serde::Serialize) -> Result<(), E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Compact<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Compact<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let out = self.0;
        out.push(b'[');
        let start = out.len();
        loop {
            let end = out.len();
            if end > start {
                out.push(b',');
            }
            if seq.next_element_seed(Compact(out))?.is_none() {
                out.truncate(end);
                break;
            }
        }
        out.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let out = self.0;
        out.push(b'{');
        let start = out.len();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            if out.len() > start {
                out.push(b',');
            }
            Compact(out).scalar(&name)?;
            out.push(b':');
            map.next_value_seed(Compact(out))?;
        }
        out.push(b'}');
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(&text)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(&())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(&value)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeSeed;

    use super::Compact;

    #[test]
    fn only_white_space_is_lost() {
        let mut json = serde_json::Deserializer::from_str(r#" { "b" : [ 1 , -2.5 , null , [ ] ] , "a\n" : { } } "#);
        let text = Compact::text(|compact| compact.deserialize(&mut json)).unwrap();
        assert_eq!(text, r#"{"b":[1,-2.5,null,[]],"a\n":{}}"#);
    }
}
