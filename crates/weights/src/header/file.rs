use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use stillwatch_core::Limits;

/// The formats of weight files whose headers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFormat {
    Gguf,
    Safetensors,
}

/// The beginning of a weight file.
#[derive(Clone, Debug)]
pub struct HeaderFile {
    pub format: HeaderFormat,
    /// As much of the header as the limits allow; of GGUF, which does not say how long its header is, more than that.
    pub bytes: Vec<u8>,
    /// Of the whole file.
    pub length: u64,
}

impl HeaderFile {
    /// Reads the beginning of a file on disk, at most as many bytes as the limits allow.
    ///
    /// # Errors
    /// The file cannot be read, or is of neither format.
    pub fn read(path: &Path, limits: &Limits) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut start = [0_u8; 8];
        let begun = read_up_to(&mut file, &mut start)?;
        let most = (limits.bytes as u64).saturating_sub(8);
        let (format, more) = if start[..begun].starts_with(b"GGUF") {
            (HeaderFormat::Gguf, most)
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors")) {
            (HeaderFormat::Safetensors, u64::from_le_bytes(start).min(most).min(length))
        } else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "neither GGUF nor safetensors"));
        };
        let mut bytes = start[..begun].to_vec();
        file.take(more).read_to_end(&mut bytes)?;
        Ok(Self { format, bytes, length })
    }
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
