//! Which importer reads a document, by what it is called and how it begins.

use std::io;
use std::path::Path;

use stillwatch_lineage::{Import, Origin};
use stillwatch_seal::Trust;

use super::registry::IMPORTERS;
use super::{Importer, Input, Sign, weights};

/// Reads a document in whatever format it is; `None` for one that is not known.
pub fn read(bytes: &[u8], origin: &Origin) -> Option<Import> {
    read_trusting(bytes, origin, &[])
}

/// Reads a document; in-toto statements and model signatures are verified with keys or certificates that the reader
/// received by another way, and count as signed if one of them made the signature.
pub fn read_trusting(bytes: &[u8], origin: &Origin, trusted: &[Trust]) -> Option<Import> {
    let input = Input::trusting(bytes, origin, trusted);
    recognise(&input).map(|importer| (importer.import)(&input))
}

/// Reads a file; of weights only the header. Signatures are verified as [`read_trusting`] does.
pub fn read_path(path: &Path, origin: &Origin, trusted: &[Trust]) -> io::Result<Option<Import>> {
    if Input::new(&[], origin).ends_with(&[".gguf", ".safetensors"]) {
        return weights::read_path(path, origin).map(Some);
    }
    let length = path.metadata()?.len();
    if length > origin.limits.bytes as u64 {
        return Err(io::Error::other(format!("the document has {length} bytes, {} are read", origin.limits.bytes)));
    }
    Ok(read_trusting(&std::fs::read(path)?, origin, trusted))
}

/// The importer of a document that is no weight file: the first in the registry that knows its sign.
pub fn recognise(input: &Input<'_>) -> Option<&'static Importer> {
    let root = if input.begins_as_json() { input.json().root() } else { None };
    IMPORTERS.iter().find(|importer| match importer.sign {
        Sign::Bytes(is_known) => is_known(input),
        Sign::Json(is_known) => root.is_some_and(|root| is_known(root, input)),
    })
}
