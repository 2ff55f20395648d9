//! Seals: a signed list of every file of a model or data set, and what has become of the files since.
//!
//! The format is OpenSSF Model Signing v1.0 (sigstore/model-transparency): an in-toto statement of names and SHA-256
//! digests, in a DSSE envelope, in a Sigstore bundle. Signed with a key of the curve P-256 or P-384, or with a
//! certificate; seals made here verify with the reference tool and the other way round.
//!
//! What is not checked: keyless signatures (transparency log and identity need the network's trust root), revocation of
//! certificates, and time: certificates are judged at the first moment of the signer's, as the reference tool does.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use stillwatch_seal::{Options, PrivateKey, Trust, seal, verify};
//!
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("weights.bin"), "weights")?;
//! let key = PrivateKey::generate()?;
//! let bundle = seal(folder.path(), &key, &Options::default(), &mut |_| {})?;
//! std::fs::write(folder.path().join("model.sig"), &bundle)?;
//!
//! std::fs::write(folder.path().join("weights.bin"), "Weights")?;
//! let trust = Trust::Key(key.public());
//! let told = verify(folder.path(), bundle.as_bytes(), &trust, &Options::default(), &mut |_| {})?;
//! assert!(!told.holds());
//! assert_eq!(told.files[0].to_string(), "weights.bin: altered");
//! # Ok(())
//! # }
//! ```

mod certificate;
mod envelope;
mod files;
mod key;
mod manifest;
mod seal;
mod verify;

pub use certificate::ChainError;
pub use envelope::{Bundle, BundleError, Envelope, base64};
pub use files::{FilesError, Options, Progress};
pub use key::{KeyError, PrivateKey, PublicKey};
pub use manifest::{Manifest, ManifestError, Resource};
pub use seal::{SealError, seal};
pub use verify::{
    FileFinding, FileState, Roots, Signer, Trust, Verification, VerifyError, verify, verify_bundle, verify_envelope,
    verify_signature,
};
