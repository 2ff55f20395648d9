//! Headers of weight files. What a header *says* (its metadata) is a self-claim; what its tensors *are* (shapes, types,
//! counts) is recomputed from the bytes. Equal shapes are compatible with descent and never show it.

pub mod gguf;
pub mod safetensors;

mod shapes;

use std::io;
use std::path::Path;

use stillwatch_lineage::{Draft, Import, Origin, StrictVerdict};
use stillwatch_weights::{HeaderFile, HeaderFormat};

/// Reads the header of a weight file on disk, at most as many bytes as the limits allow. The document's digest is that
/// of the bytes read, so that a file of many gigabytes is named without reading it; `seal` digests whole files.
///
/// # Errors
/// The file cannot be read, or is of neither format.
pub fn read_path(path: &Path, origin: &Origin) -> io::Result<Import> {
    let HeaderFile { format, bytes, length } = HeaderFile::read(path, &origin.limits)?;
    Ok(match format {
        HeaderFormat::Gguf => gguf::read_prefix(&bytes, length, origin),
        HeaderFormat::Safetensors => safetensors::read_prefix(&bytes, length, origin),
    })
}

fn finish(draft: Draft, against: &str) -> Import {
    let against = against.to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}
