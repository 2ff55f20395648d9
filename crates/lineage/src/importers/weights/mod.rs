//! Headers of weight files. No weight is loaded: what is read ends where the data begin.
//!
//! What a header *says* (its metadata) is a self-claim; what its tensors *are* (shapes, types, counts) is recomputed
//! from the bytes. Equal shapes are compatible with descent and never show it.

pub mod gguf;
pub mod safetensors;

mod cursor;
mod ggml;
mod gguf_facts;
mod tensors;

pub use tensors::{Tensor, compatible};

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::import::{Import, Origin};

/// Reads the header of a weight file on disk, at most as many bytes as the limits allow. The document's digest is that
/// of the bytes read, so that a file of many gigabytes is named without reading it; `seal` digests whole files.
///
/// # Errors
/// The file cannot be read, or is of neither format.
pub fn read_path(path: &Path, origin: &Origin) -> io::Result<Import> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut start = [0_u8; 8];
    let begun = read_up_to(&mut file, &mut start)?;
    let most = u64::try_from(origin.limits.bytes).unwrap_or(u64::MAX);
    if start[..begun].starts_with(b"GGUF") {
        let mut bytes = start[..begun].to_vec();
        file.take(most.saturating_sub(8)).read_to_end(&mut bytes)?;
        return Ok(gguf::read_prefix(&bytes, length, origin));
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors")) {
        let header = u64::from_le_bytes(start).min(most.saturating_sub(8)).min(length);
        let mut bytes = start[..begun].to_vec();
        file.take(header).read_to_end(&mut bytes)?;
        return Ok(safetensors::read_prefix(&bytes, length, origin));
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "neither GGUF nor safetensors"))
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}
