use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use crate::source::json::Json;
use crate::{address, moment};

/// A field of an unknown log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeenField {
    /// The names that lead to it, with `/` between them; 0 is the first element of a list.
    pub path: String,
    pub types: Vec<&'static str>,
    /// What its values look like, where nearly all look alike.
    pub looks_like: Option<FieldKind>,
    /// Of the records, those in which it holds something.
    pub filled: f64,
    /// Different values among those looked at.
    #[serde(skip)]
    pub(super) different: usize,
    /// All of its addresses are of networks that are not the public one.
    #[serde(skip)]
    pub(super) is_private: bool,
}

/// What the values of a field look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Time,
    Address,
    Uuid,
    /// Text of several words.
    Words,
    /// A name or an id.
    Word,
    Number,
}

impl FieldKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "times",
            Self::Address => "addresses",
            Self::Uuid => "UUIDs",
            Self::Words => "several words",
            Self::Word => "names or ids",
            Self::Number => "numbers",
        }
    }
}

/// What has been seen of a field so far.
#[derive(Default)]
pub(super) struct Seen {
    types: BTreeSet<&'static str>,
    filled: u64,
    kinds: [u64; 6],
    different: BTreeSet<u64>,
    /// Addresses of the public network.
    public: u64,
}

const KINDS: [FieldKind; 6] =
    [FieldKind::Time, FieldKind::Address, FieldKind::Uuid, FieldKind::Words, FieldKind::Word, FieldKind::Number];
/// From this share on values look alike.
const NEARLY_ALL: f64 = 0.8;
const MOST_DIFFERENT: usize = 1000;
const LONGEST_WORD: usize = 128;

impl Seen {
    pub(super) fn note(&mut self, value: &Json) {
        let kind = match value {
            Json::Null => return,
            Json::Boolean(_) => "boolean",
            Json::Integer(_) => "integer",
            Json::Float(_) => "number",
            Json::Text(_) => "text",
            Json::List(_) => "list",
            Json::Map(_) => "object",
        };
        self.types.insert(kind);
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        if let Some(at) = look(value).and_then(|kind| KINDS.iter().position(|it| *it == kind)) {
            self.kinds[at] += 1;
        }
        if let Json::Text(text) = value
            && text.contains(['.', ':'])
            && address::normalise(text).is_some_and(|address| !address::is_private(&address))
        {
            self.public += 1;
        }
        if self.different.len() < MOST_DIFFERENT {
            let mut hasher = DefaultHasher::new();
            value.compact().hash(&mut hasher);
            self.different.insert(hasher.finish());
        }
    }

    /// Whether its values are something else than words.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.kind(), Some(FieldKind::Time | FieldKind::Address | FieldKind::Uuid | FieldKind::Number))
    }

    fn kind(&self) -> Option<FieldKind> {
        #[expect(clippy::cast_precision_loss, reason = "at most some hundred records are looked at")]
        let share = |count: u64| count as f64 / self.filled.max(1) as f64;
        KINDS.iter().zip(self.kinds).find(|(_, count)| share(*count) >= NEARLY_ALL).map(|(kind, _)| *kind)
    }

    pub(super) fn field(self, path: String, records: u64) -> SeenField {
        #[expect(clippy::cast_precision_loss, reason = "at most some hundred records are looked at")]
        let filled = self.filled as f64 / records.max(1) as f64;
        SeenField {
            path,
            looks_like: self.kind(),
            filled: filled.min(1.0),
            different: self.different.len(),
            is_private: self.public == 0,
            types: self.types.into_iter().collect(),
        }
    }
}

fn look(value: &Json) -> Option<FieldKind> {
    match value {
        Json::Integer(number) => {
            // Smaller numbers are counts rather than seconds since 1970.
            let is_epoch = *number > 900_000_000 && moment::plausible(moment::from_integer(*number));
            Some(if is_epoch { FieldKind::Time } else { FieldKind::Number })
        }
        Json::Float(number) => {
            let is_epoch = *number > 900_000_000.0 && moment::from_float(*number).is_some_and(moment::plausible);
            Some(if is_epoch { FieldKind::Time } else { FieldKind::Number })
        }
        Json::Text(text) => Some(of_text(text.trim())),
        Json::Map(_) => {
            moment::from_json(&value.compact()).filter(|it| moment::plausible(*it)).map(|_| FieldKind::Time)
        }
        _ => None,
    }
}

fn of_text(text: &str) -> FieldKind {
    if let Ok(number) = text.parse::<f64>() {
        let is_epoch = number > 900_000_000.0 && moment::parse(text).is_some_and(moment::plausible);
        return if is_epoch { FieldKind::Time } else { FieldKind::Number };
    }
    let is_uuid = text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_uuid {
        return FieldKind::Uuid;
    }
    if moment::parse(text).is_some_and(moment::plausible) {
        return FieldKind::Time;
    }
    // Before odd times: an address with a port has their marks too.
    if text.contains(['.', ':']) && address::normalise(text).is_some() {
        return FieldKind::Address;
    }
    if is_odd_time(text) {
        return FieldKind::Time;
    }
    if text.len() <= LONGEST_WORD && !text.contains(char::is_whitespace) { FieldKind::Word } else { FieldKind::Words }
}

/// Digits with the marks of a date and a clock in a spelling that is not read: the field is still where the time stands.
fn is_odd_time(text: &str) -> bool {
    let marks = text.bytes().filter(|byte| b"/.-:".contains(byte)).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() <= 40 && text.contains(':') && marks >= 3 && digits >= 6 && digits * 2 > text.len() - marks
}
