use std::io::{self, Read};
use std::path::{Path, PathBuf};

use stillwatch_core::{Date, Limits, count};
use stillwatch_documents::importers::recognise;
use stillwatch_lineage::{Graph, Import, NodeKey, NodeKind, NodeRef, Origin, Scheme};
use stillwatch_seal::{Trust, VerifyError};

use crate::error::{Fault, RunError};
use crate::files::{FileError, open};

/// Documents to import, and what whoever imports them knows of them.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    pub documents: Vec<PathBuf>,
    /// What they are about, where they do not say it: see [`about`].
    pub about: Option<NodeRef>,
    /// Who speaks in them, where they do not say it.
    pub said_by: Option<String>,
    pub said_on: Option<Date>,
    /// Files of keys and certificates that signatures are verified with.
    pub trust: Vec<PathBuf>,
}

/// Why a document cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error(transparent)]
    Open(#[from] FileError),
    #[error("{} cannot be read", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is larger than {} MiB", .path.display(), .most >> 20)]
    TooLarge { path: PathBuf, most: usize },
    #[error("{} is no document that is known", .0.display())]
    Unknown(PathBuf),
    #[error("{} holds no public key and no certificate", .path.display())]
    Trust { path: PathBuf, source: VerifyError },
}

impl RunError for DocumentError {
    fn fault(&self) -> Fault {
        match self {
            Self::Open(error) => error.fault(),
            Self::Unreadable { .. } => Fault::Run,
            Self::TooLarge { .. } | Self::Unknown(_) | Self::Trust { .. } => Fault::Request,
        }
    }

    fn help(&self) -> Option<String> {
        let is_unknown = matches!(self, Self::Unknown(_));
        is_unknown.then(|| {
            "known are CycloneDX, SPDX 2 and 3, cards (Markdown with front matter), config.json, GGUF, safetensors, Croissant, \
             CSV of answers, in-toto, model signatures, permits, Model Openness YAML, collections of the Data Provenance \
             Initiative, Markdown, HTML and PDF"
            .into()
        })
    }
}

/// Reads every document, in their order. One that is not known, or cannot be opened, ends the import before anything is
/// added to a graph.
pub fn import(options: &ImportOptions) -> Result<Vec<Import>, DocumentError> {
    let mut trusted = None;
    let mut imports = Vec::with_capacity(options.documents.len());
    for path in &options.documents {
        drop(open(path)?);
        let origin = Origin {
            said_by: options.said_by.as_deref().map(NodeRef::organisation),
            said_on: options.said_on,
            subject: options.about.clone(),
            ..Origin::named(path.display().to_string())
        };
        if trusted.is_none() {
            trusted = Some(options.trust.iter().map(|path| trust(path)).collect::<Result<Vec<_>, _>>()?);
        }
        let read = recognise::read_path(path, &origin, trusted.as_deref().unwrap_or_default())
            .map_err(|source| DocumentError::Unreadable { path: path.clone(), source })?;
        imports.push(read.ok_or_else(|| DocumentError::Unknown(path.clone()))?);
    }
    Ok(imports)
}

/// What is meant by a name or a key: `model/hf:example/tiny` and `data-set/name:web` say what sort of thing it is; a plain
/// name means the one thing that a graph calls so, and a model where it knows none or a licence alone.
pub fn about(text: &str, known: Option<&Graph<'_>>) -> NodeRef {
    if let Some((kind, scheme, value)) = NodeKey::from(text).parts() {
        return match scheme {
            None => NodeRef::new(kind, value),
            Some(scheme) if scheme == Scheme::HuggingFace => NodeRef::new(kind, value).with(scheme, value),
            Some(scheme) => NodeRef::new(kind, "").with(scheme, value),
        };
    }
    let found = known.map(|graph| (graph, graph.find(text)));
    match found {
        Some((graph, ids)) if ids.len() == 1 && graph.kind(ids[0]) != NodeKind::Licence => {
            NodeRef::new(graph.kind(ids[0]), text)
        }
        _ => NodeRef::model(text),
    }
}

/// Keys or certificates that were received by another way than what they signed.
pub fn trust(path: &Path) -> Result<Trust, DocumentError> {
    drop(open(path)?);
    let bytes = std::fs::read(path).map_err(|source| DocumentError::Unreadable { path: path.into(), source })?;
    Trust::read(&bytes).map_err(|source| DocumentError::Trust { path: path.into(), source })
}

/// A document whole, as far as one is read at all.
pub fn bytes(path: &Path) -> Result<Vec<u8>, DocumentError> {
    let most = Limits::default().bytes;
    let mut bytes = Vec::new();
    open(path)?
        .take(count(most) + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| DocumentError::Unreadable { path: path.into(), source })?;
    if bytes.len() > most {
        return Err(DocumentError::TooLarge { path: path.into(), most });
    }
    Ok(bytes)
}
