use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stillwatch_core::{Limits, hexadecimal};
use x509_cert::Certificate;

use crate::certificate::{self, ChainError};
use crate::envelope::{Bundle, BundleError, Envelope, Material};
use crate::files::{FilesError, Hasher, Options, Progress, is_ignored, list};
use crate::key::{KeyError, PublicKey};
use crate::manifest::{Manifest, ManifestError};

/// Whom a buyer believes.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The signer's public key, received from the signer by another way than the bundle.
    Key(PublicKey),
    /// Certificates to one of which the signer's must lead.
    Roots(Roots),
}

/// Trusted certificates.
#[derive(Clone, Debug)]
pub struct Roots(Vec<Certificate>);

impl Trust {
    /// A public key or certificates, whichever a file in PEM holds.
    pub fn read(bytes: &[u8]) -> Result<Self, VerifyError> {
        if bytes.windows(27).any(|part| part == b"-----BEGIN CERTIFICATE-----") {
            return Ok(Self::Roots(Roots(certificate::roots(bytes)?)));
        }
        Ok(Self::Key(PublicKey::read(bytes)?))
    }
}

/// Why a signature does not verify. The files were not looked at.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("the signature cannot be read")]
    Bundle(#[from] BundleError),
    #[error("the signed statement cannot be read")]
    Manifest(#[from] ManifestError),
    #[error("the key cannot be read")]
    Key(#[from] KeyError),
    #[error("the certificate is not trusted")]
    Chain(#[from] ChainError),
    #[error("the bundle was signed with another key")]
    OtherKey,
    #[error("the bundle was signed with {signed}, and {given} was given to verify it")]
    Material { signed: &'static str, given: &'static str },
    #[error("the bundle was signed without a key of its own; that needs the transparency log and is not verified here")]
    Keyless,
    #[error("the signature is not that of the signed statement")]
    Signature,
    #[error("the seal is that of the single file `{0}`, not of a folder; verify that file")]
    SingleFile(String),
    #[error("the files cannot be listed")]
    Files(#[from] FilesError),
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    Altered,
    Missing,
    /// It is there and was not sealed.
    Unsealed,
    /// A symbolic link, device or unreadable file stands there.
    Refused,
    Intact,
}

/// A file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileFinding {
    pub name: String,
    pub state: FileState,
    /// Its digest as sealed and as found, where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digests: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl fmt::Display for FileFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            FileState::Altered => "altered",
            FileState::Missing => "missing",
            FileState::Unsealed => "not sealed",
            FileState::Refused => "refused",
            FileState::Intact => "intact",
        };
        write!(f, "{}: {state}", self.name)?;
        if let Some(why) = &self.why {
            write!(f, " ({why})")?;
        }
        Ok(())
    }
}

/// A signature that verified, and the files beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    pub manifest: Manifest,
    /// The key's hint, or the name in the signer's certificate.
    pub signer: String,
    /// The root that the signer's certificate leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// What is wrong, by state and name; files that are as sealed are only counted.
    pub files: Vec<FileFinding>,
    pub intact: usize,
    /// What such a signature could be asked and was not, in words for a report.
    pub unchecked: Vec<String>,
}

impl Verification {
    /// Whether every sealed file is there as it was, and no other.
    pub fn holds(&self) -> bool {
        self.files.is_empty()
    }
}

/// Verifies a signature of an envelope: the first that is one of those whom a buyer believes. Of several mistakes the
/// last is told.
pub fn verify_envelope(envelope: &Envelope, trusted: &[Trust]) -> Result<Signer, VerifyError> {
    let message = envelope.authenticated();
    let mut last = VerifyError::Signature;
    for (signature, material) in &envelope.signatures {
        for trust in trusted {
            match Signer::of(material, trust) {
                Ok(mut signer) if signer.key.verifies(&message, signature) => {
                    signer.unchecked.push("a transparency log".to_owned());
                    return Ok(signer);
                }
                Ok(_) => last = VerifyError::Signature,
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

/// Whose signature it must be.
pub struct Signer {
    key: PublicKey,
    /// The key's hint, or the name in the signer's certificate.
    pub name: String,
    /// The root that the signer's certificate leads to.
    pub root: Option<String>,
    pub unchecked: Vec<String>,
}

impl Signer {
    fn of(material: &Material, trust: &Trust) -> Result<Self, VerifyError> {
        match (material, trust) {
            (Material::Keyless, _) => Err(VerifyError::Keyless),
            (Material::Key(hint), Trust::Key(key)) => {
                let own = key.hint()?;
                if !hint.is_empty() && *hint != own {
                    return Err(VerifyError::OtherKey);
                }
                Ok(Self { key: key.clone(), name: own, root: None, unchecked: Vec::new() })
            }
            (Material::Bare, Trust::Key(key)) => {
                Ok(Self { key: key.clone(), name: key.hint()?, root: None, unchecked: Vec::new() })
            }
            (Material::Chain(chain), Trust::Roots(Roots(roots))) => {
                let signer = certificate::verify(chain, roots)?;
                let unchecked = [
                    "revocation of certificates",
                    "the time of signing: certificates were judged at the signer's first moment",
                ];
                let unchecked = unchecked.map(str::to_owned).to_vec();
                Ok(Self { key: signer.key, name: signer.name, root: Some(signer.root), unchecked })
            }
            (Material::Key(_) | Material::Bare, Trust::Roots(_)) => {
                Err(VerifyError::Material { signed: "a key", given: "a certificate" })
            }
            (Material::Chain(_), Trust::Key(_)) => {
                Err(VerifyError::Material { signed: "a certificate", given: "a key" })
            }
        }
    }
}

/// Verifies the signature alone: who signed what. The files are listed as sealed and were not looked at.
pub fn verify_signature(bundle: &[u8], trust: &Trust, limits: &Limits) -> Result<Verification, VerifyError> {
    verify_bundle(&Bundle::parse(bundle, limits)?, trust, limits)
}

/// Verifies the signature of a bundle that was read already.
pub fn verify_bundle(bundle: &Bundle, trust: &Trust, limits: &Limits) -> Result<Verification, VerifyError> {
    let Signer { key, name: signer, root, mut unchecked } = Signer::of(&bundle.material, trust)?;
    if !key.verifies(&Bundle::authenticated(&bundle.payload), &bundle.signature) {
        // Release 0.2 signed with SHA-256 on any curve.
        let old = Bundle::authenticated_before_1_0(&bundle.payload);
        let old =
            key.verifies(&old, &bundle.signature) || key.verifies_digest(&Sha256::digest(&old), &bundle.signature);
        if !old {
            return Err(VerifyError::Signature);
        }
        unchecked.push("the encoding is that of releases before 1.0 of the reference tool".to_owned());
    }
    unchecked.push("a transparency log".to_owned());
    let manifest = Manifest::parse(&bundle.payload, limits)?;
    Ok(Verification { manifest, signer, root, files: Vec::new(), intact: 0, unchecked })
}

/// Verifies a signature, then every file. A signature that does not verify is an error; what is wrong with the files
/// is a finding.
pub fn verify(
    path: &Path,
    bundle: &[u8],
    trust: &Trust,
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification, VerifyError> {
    let mut told = verify_signature(bundle, trust, &Limits::default())?;
    let single = told.manifest.resources.iter().any(|resource| resource.name == ".");
    if single && path.is_dir() {
        return Err(VerifyError::SingleFile(told.manifest.name.clone()));
    }
    // What a verifier passes over is not sealed: a sealed file is looked at all the same.
    let mut ignored = Options { ignore: Vec::new(), ..options.clone() }.ignored();
    ignored.extend(told.manifest.ignored.iter().cloned());
    let mut refused = Vec::new();
    let mut there = list(path, &ignored, options, Some(&mut refused))?;
    let of = told.manifest.resources.iter().filter_map(|resource| there.get(&resource.name)).sum();
    let mut hasher = Hasher::new(path, of, progress);
    let mut refused: BTreeMap<String, FilesError> = refused.into_iter().collect();
    let mut findings = Vec::new();
    let mut found = |name: &str, state, digests, why| {
        findings.push(FileFinding { name: name.to_owned(), state, digests, why });
    };
    for resource in &told.manifest.resources {
        let name = resource.name.as_str();
        let Some(size) = there.remove(name) else {
            match refused.remove(name) {
                Some(error) => found(name, FileState::Refused, None, Some(error.to_string())),
                None => found(name, FileState::Missing, None, None),
            }
            continue;
        };
        match hasher.hash(name, size).map(|digest| hexadecimal(&digest)) {
            Ok(digest) if digest == resource.digest => told.intact += 1,
            Ok(digest) => found(name, FileState::Altered, Some((resource.digest.clone(), digest)), None),
            Err(error) => found(name, FileState::Refused, None, Some(error.to_string())),
        }
    }
    for name in there.keys().filter(|name| !is_ignored(name, &options.ignore)) {
        found(name, FileState::Unsealed, None, None);
    }
    for (name, error) in refused.iter().filter(|(name, _)| !is_ignored(name, &options.ignore)) {
        found(name, FileState::Refused, None, Some(error.to_string()));
    }
    findings.sort_by(|left, right| (left.state, &left.name).cmp(&(right.state, &right.name)));
    told.files = findings;
    Ok(told)
}
