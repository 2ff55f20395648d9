use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::NodeKind;
use crate::vocabulary::words;

words! {
    /// What an identifier is an identifier in.
    Scheme {
        /// A package URL, as it stands.
        Purl = "purl",
        /// A repository id on Hugging Face, `organisation/name`; the node's kind says whether of a model or a data set.
        HuggingFace = "hf",
        /// Lower-case hexadecimal.
        Sha256 = "sha256",
        Sha384 = "sha384",
        Sha512 = "sha512",
        Blake3 = "blake3",
        /// A weak digest: it names, and proves nothing.
        Md5 = "md5",
        Sha1 = "sha1",
        Cpe = "cpe",
        Swid = "swid",
        Doi = "doi",
        Arxiv = "arxiv",
        /// A licence identifier of the SPDX list, or `LicenseRef-…`.
        Spdx = "spdx",
        /// Legal Entity Identifier, ISO 17442.
        Lei = "lei",
        /// ISO 3166-1 alpha-2, upper case, or `EU`.
        Country = "country",
        Url = "url",
        /// A public key or the identity in a certificate.
        Key = "key",
        /// A name that means something inside its document only: `bom-ref`, `SPDXRef-…`, `@id`.
        Local = "local",
        Other = "other",
    }
}

impl Scheme {
    /// Whether an equal value means the same thing wherever it stands.
    pub fn is_global(self) -> bool {
        !matches!(self, Self::Local | Self::Other)
    }

    /// Whether it is computed from the bytes.
    pub fn is_digest(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha384 | Self::Sha512 | Self::Blake3 | Self::Md5 | Self::Sha1)
    }
}

/// A name in a scheme. Values are compared byte for byte; see [`resolve`](crate::resolve) for what differs by case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "(Scheme, String)", into = "(Scheme, String)")]
#[schemars(with = "(Scheme, String)")]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
}

impl From<(Scheme, String)> for Identifier {
    fn from((scheme, value): (Scheme, String)) -> Self {
        Self { scheme, value }
    }
}

impl From<Identifier> for (Scheme, String) {
    fn from(identifier: Identifier) -> Self {
        (identifier.scheme, identifier.value)
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.value)
    }
}

/// A node as a document names it. Which of them are the same thing is decided later, in the open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct NodeRef {
    pub kind: NodeKind,
    /// As the document writes it; empty where it gives identifiers only.
    pub name: String,
    /// Ascending, each once.
    #[serde(default, rename = "ids", skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

impl NodeRef {
    pub fn new(kind: NodeKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), identifiers: Vec::new() }
    }

    pub fn model(name: impl Into<String>) -> Self {
        Self::new(NodeKind::Model, name)
    }

    pub fn data_set(name: impl Into<String>) -> Self {
        Self::new(NodeKind::DataSet, name)
    }

    pub fn organisation(name: impl Into<String>) -> Self {
        Self::new(NodeKind::Organisation, name)
    }

    pub fn licence(name: impl Into<String>) -> Self {
        Self::new(NodeKind::Licence, name)
    }

    /// The same with one identifier more; an empty value adds none.
    #[must_use]
    pub fn with(mut self, scheme: Scheme, value: impl Into<String>) -> Self {
        let identifier = Identifier { scheme, value: value.into() };
        if !identifier.value.is_empty()
            && let Err(at) = self.identifiers.binary_search(&identifier)
        {
            self.identifiers.insert(at, identifier);
        }
        self
    }
}
