use std::collections::BTreeSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stillwatch_core::{Limits, hexadecimal};
use stillwatch_json::{Json, Value as Node};

use crate::files::{FilesError, Hasher, Options, Progress, is_plain, list};

pub(super) const STATEMENT: &str = "https://in-toto.io/Statement/v1";
pub(super) const PREDICATE: &str = "https://model_signing/signature/v1.0";
/// Of release 0.2.0: the files are the subjects, and there is no digest over all.
const OLD_PREDICATE: &str = "https://model_signing/Digests/v0.1";

/// A file and its digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// Below the sealed folder, with `/`; `.` for a file that was sealed alone.
    pub name: String,
    /// SHA-256, lower-case hexadecimal.
    pub digest: String,
}

/// What a seal covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// What was sealed: the name of the folder or file.
    pub name: String,
    /// Each name once, in the order of the statement.
    pub resources: Vec<Resource>,
    /// Paths that the signer left out, ascending.
    pub ignored: Vec<String>,
}

/// Why a statement is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("the payload is no JSON object")]
    Json,
    #[error("the statement is of type `{0}`")]
    Statement(String),
    #[error("predicate `{0}` is not one of model signing")]
    Predicate(String),
    #[error("`{0}` is missing or of the wrong type")]
    Field(&'static str),
    #[error("files are listed by method `{0}`; only whole files are read")]
    Method(String),
    #[error("digests are of type `{0}`; only sha256 is read")]
    Algorithm(String),
    #[error("`{0}` is no name of a file below the sealed folder")]
    Name(String),
    #[error("`{0}` is listed twice")]
    Twice(String),
    #[error("the digest over all files is not that of the files listed")]
    Root,
}

impl Manifest {
    /// Lists and hashes a folder or a file.
    pub fn of(path: &Path, options: &Options, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Self, FilesError> {
        let ignored = options.ignored();
        let files = list(path, &ignored, options, None)?;
        let mut hasher = Hasher::new(path, files.values().sum(), progress);
        let mut resources = Vec::with_capacity(files.len());
        for (name, size) in files {
            let digest = hexadecimal(&hasher.hash(&name, size)?);
            resources.push(Resource { name, digest });
        }
        // By parts of the path, as the reference tool sorts.
        resources.sort_by(|left, right| left.name.split('/').cmp(right.name.split('/')));
        let whole = path.canonicalize().map_err(|source| FilesError::Read { path: path.to_owned(), source })?;
        let name = whole.file_name().map_or_else(|| ".".into(), |name| name.to_string_lossy().into_owned());
        Ok(Self { name, resources, ignored })
    }

    /// SHA-256 over the digests in their order.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for resource in &self.resources {
            hash.update(bytes(&resource.digest).unwrap_or_default());
        }
        hexadecimal(&hash.finalize())
    }

    /// The in-toto statement.
    pub(super) fn statement(&self) -> String {
        let resources: Vec<serde_json::Value> = self
            .resources
            .iter()
            .map(
                |resource| serde_json::json!({"name": resource.name, "algorithm": "sha256", "digest": resource.digest}),
            )
            .collect();
        serde_json::json!({
            "_type": STATEMENT,
            "subject": [{"name": self.name, "digest": {"sha256": self.digest()}}],
            "predicateType": PREDICATE,
            "predicate": {
                "serialization": {
                    "method": "files",
                    "hash_type": "sha256",
                    "allow_symlinks": false,
                    "ignore_paths": self.ignored,
                },
                "resources": resources,
            },
        })
        .to_string()
    }

    /// Reads a statement, and refuses one whose names lead elsewhere or whose own digest does not hold.
    pub fn parse(payload: &[u8], limits: &Limits) -> Result<Self, ManifestError> {
        let json = Json::read(payload, limits);
        // With two equal keys, two readers could see two manifests.
        let root = json.root().filter(|root| root.is_object() && json.is_sound()).ok_or(ManifestError::Json)?;
        let text = |at: Node<'_>, key: &'static str| {
            at.text_of(key).map(std::borrow::Cow::into_owned).ok_or(ManifestError::Field(key))
        };
        let statement = text(root, "_type")?;
        if statement != STATEMENT {
            return Err(ManifestError::Statement(statement));
        }
        let subjects =
            root.get("subject").filter(|subject| subject.is_array()).ok_or(ManifestError::Field("subject"))?;
        let predicate = text(root, "predicateType")?;
        let mut manifest = Self { name: String::new(), resources: Vec::new(), ignored: Vec::new() };
        match predicate.as_str() {
            PREDICATE => {
                let mut every = subjects.items();
                let (Some(subject), None) = (every.next(), every.next()) else {
                    return Err(ManifestError::Field("subject"));
                };
                manifest.name = text(subject, "name")?;
                let expected = subject.at(&["digest", "sha256"]).and_then(Node::text);
                let predicate = root.get("predicate").ok_or(ManifestError::Field("predicate"))?;
                manifest.serialization(predicate)?;
                let resources = predicate.get("resources").filter(|list| list.is_array());
                for resource in resources.ok_or(ManifestError::Field("resources"))?.items() {
                    let algorithm = text(resource, "algorithm")?;
                    if algorithm != "sha256" {
                        return Err(ManifestError::Algorithm(algorithm));
                    }
                    manifest
                        .resources
                        .push(Resource { name: text(resource, "name")?, digest: text(resource, "digest")? });
                }
                if expected.as_deref() != Some(manifest.digest().as_str()) {
                    return Err(ManifestError::Root);
                }
            }
            OLD_PREDICATE => {
                for subject in subjects.items() {
                    let digest = subject.at(&["digest", "sha256"]).and_then(Node::text);
                    let digest = digest.ok_or(ManifestError::Field("digest"))?.into_owned();
                    manifest.resources.push(Resource { name: text(subject, "name")?, digest });
                }
            }
            _ => return Err(ManifestError::Predicate(predicate)),
        }
        manifest.checked()
    }

    fn serialization(&mut self, predicate: Node<'_>) -> Result<(), ManifestError> {
        let own = predicate.get("serialization").ok_or(ManifestError::Field("serialization"))?;
        let method = own.text_of("method").unwrap_or_default();
        if method != "files" {
            return Err(ManifestError::Method(method.into_owned()));
        }
        let kind = own.text_of("hash_type").unwrap_or("sha256".into());
        if kind != "sha256" {
            return Err(ManifestError::Algorithm(kind.into_owned()));
        }
        for path in own.get("ignore_paths").into_iter().flat_map(Node::items) {
            let path = path.text().ok_or(ManifestError::Field("ignore_paths"))?;
            // A path outside the folder leaves out nothing of it.
            if is_plain(&path) {
                self.ignored.push(path.into_owned());
            }
        }
        self.ignored.sort();
        Ok(())
    }

    fn checked(self) -> Result<Self, ManifestError> {
        let mut names = BTreeSet::new();
        for resource in &self.resources {
            let alone = resource.name == "." && self.resources.len() == 1;
            if !alone && !is_plain(&resource.name) {
                return Err(ManifestError::Name(stillwatch_core::shown(&resource.name)));
            }
            if bytes(&resource.digest).is_none() {
                return Err(ManifestError::Field("digest"));
            }
            if !names.insert(resource.name.as_str()) {
                return Err(ManifestError::Twice(stillwatch_core::shown(&resource.name)));
            }
        }
        Ok(self)
    }
}

/// The 32 bytes of 64 lower-case hexadecimal digits.
fn bytes(digest: &str) -> Option<Vec<u8>> {
    let plain = digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    plain.then(|| (0..32).filter_map(|at| u8::from_str_radix(&digest[at * 2..at * 2 + 2], 16).ok()).collect())
}
