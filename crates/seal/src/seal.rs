use std::path::Path;

use crate::envelope::Bundle;
use crate::files::{FilesError, Options, Progress};
use crate::key::{KeyError, PrivateKey};
use crate::manifest::Manifest;

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the files cannot be listed")]
    Files(#[from] FilesError),
    #[error("the key cannot be used")]
    Key(#[from] KeyError),
    #[error("there is no file to seal")]
    Empty,
}

/// Signs the digests of all files of a folder, or of one file. The text is a Sigstore bundle; the caller writes it,
/// into the folder under [`Options::signature`] or anywhere else.
pub fn seal(
    path: &Path,
    key: &PrivateKey,
    options: &Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<String, SealError> {
    let manifest = Manifest::of(path, options, progress)?;
    if manifest.resources.is_empty() {
        return Err(SealError::Empty);
    }
    let payload = manifest.statement();
    let signature = key.sign(&Bundle::authenticated(payload.as_bytes()));
    Ok(Bundle::write(payload.as_bytes(), &signature, &key.public().hint()?))
}
