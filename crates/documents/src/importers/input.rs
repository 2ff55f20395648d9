use std::cell::OnceCell;

use stillwatch_json::{Json, Value};
use stillwatch_lineage::{DocumentKind, Draft, Import, Origin};
use stillwatch_seal::Trust;

/// A document that is to be imported. If it is JSON, that is read once, whoever asks for it.
#[derive(Debug)]
pub struct Input<'a> {
    pub bytes: &'a [u8],
    pub origin: &'a Origin,
    /// Keys and certificates that the reader received by another way than the document.
    pub trusted: &'a [Trust],
    json: OnceCell<Json<'a>>,
}

/// A format that is read: how a document of it is told from others, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Importer {
    /// What the format is called.
    pub format: &'static str,
    pub sign: Sign,
    /// Reads a document. It never fails: see [`Import`].
    pub import: fn(&Input<'_>) -> Import,
}

/// How a document is told to be of a format.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// By its name and its bytes.
    Bytes(fn(&Input<'_>) -> bool),
    /// By what JSON holds; not asked of what is no JSON.
    Json(fn(Value<'_>, &Input<'_>) -> bool),
}

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8], origin: &'a Origin) -> Self {
        Self::trusting(bytes, origin, &[])
    }

    /// A document whose signatures are verified with these keys and certificates.
    pub fn trusting(bytes: &'a [u8], origin: &'a Origin, trusted: &'a [Trust]) -> Self {
        Self { bytes, origin, trusted, json: OnceCell::new() }
    }

    /// The document as JSON, with what is wrong with it.
    pub fn json(&self) -> &Json<'a> {
        self.json.get_or_init(|| Json::read(self.bytes, &self.origin.limits))
    }

    /// Begins an import of JSON: what the reader found wrong is told.
    pub fn json_draft(&self, kind: DocumentKind) -> (Draft, &Json<'a>) {
        self.json_draft_of(self.origin, kind)
    }

    /// The same for an origin of which more is known by now.
    pub fn json_draft_of(&self, origin: &Origin, kind: DocumentKind) -> (Draft, &Json<'a>) {
        let mut draft = Draft::new(self.bytes, origin, kind);
        let json = self.json();
        draft.tell_all(json.diagnostics());
        (draft, json)
    }

    /// Whether the first byte is one with which JSON of an object or an array begins.
    pub fn begins_as_json(&self) -> bool {
        let is_mark = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf);
        matches!(self.bytes.iter().find(|byte| !is_mark(byte)), Some(b'{' | b'['))
    }

    /// The name in lower case.
    pub fn name(&self) -> String {
        self.origin.name.to_ascii_lowercase()
    }

    /// Whether the name has one of these endings.
    pub fn ends_with(&self, endings: &[&str]) -> bool {
        let name = self.name();
        endings.iter().any(|ending| name.ends_with(ending))
    }
}
