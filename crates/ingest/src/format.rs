use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::IngestError;
use crate::appearance::Appearance;
use crate::first_bytes::{ZSTD_WINDOW_LOG, begins_json, first_character};
use crate::scan::{is_concatenated, is_document};
use crate::tally::Reason;
use crate::utf16::{Order, Utf16};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Parquet,
    /// One JSON object a line, or an array of objects.
    Ndjson,
    /// With a header, separated by commas.
    Csv,
}

impl Format {
    /// The format of a file that starts with these bytes; `None` for a compressed one, into which
    /// [`TextReader`](crate::TextReader) looks.
    pub fn detect(first_bytes: &[u8]) -> Option<Self> {
        if Compression::detect(first_bytes).is_some() {
            return None;
        }
        if first_bytes.starts_with(b"PAR1") {
            return Some(Self::Parquet);
        }
        Some(if begins_json(first_bytes) { Self::Ndjson } else { Self::Csv })
    }
}

/// A source of text, decompressed and in UTF-8, its format known.
pub(crate) struct Stream<'a> {
    pub(crate) reader: BufReader<Box<dyn Read + Send + 'a>>,
    pub(crate) format: Format,
    /// Whether it starts as a JSON array.
    pub(crate) array: bool,
    pub(crate) bytes: ByteCount,
    pub(crate) compression: Option<Compression>,
    /// The first bytes, as many as were asked for.
    pub(crate) first: Vec<u8>,
    /// What it is, where that is nothing that can be read as text.
    pub(crate) refused: Option<Appearance>,
}

impl<'a> Stream<'a> {
    /// Looks at the first bytes, and below a compression at the first `look` bytes again.
    pub(crate) fn open(reader: impl Read + Send + 'a, format: Option<Format>, look: u64) -> Result<Self, IngestError> {
        let Decoded { mut reader, bytes, compression, mut first, mut refused } = Decoded::open(reader, look)?;
        if let (None, Some(order)) = (refused, Order::detect(&first)) {
            let text = Peeked::new(Utf16::new(reader, order), look);
            first = text.first_bytes().to_vec();
            reader = Box::new(text);
        }
        let format = format.or_else(|| Format::detect(&first)).unwrap_or(Format::Csv);
        if format == Format::Parquet || first.starts_with(b"PAR1") {
            refused = Some(Appearance::ParquetStream);
        }
        let refused = refused.or_else(|| Appearance::unreadable(&first));
        let array = first_character(&first) == Some(b'[') && begins_json(&first);
        Ok(Self { reader: BufReader::with_capacity(CHUNK, reader), format, array, bytes, compression, first, refused })
    }
}

impl Stream<'_> {
    /// The format, and whether records are cut apart by their braces and not by lines.
    pub(crate) fn shape(&self) -> (Format, bool) {
        (self.format, self.array || is_document(&self.first) || is_concatenated(&self.first))
    }
}

/// A source, decompressed, its first bytes seen but not taken.
pub(crate) struct Decoded<'a> {
    pub(crate) reader: Box<dyn Read + Send + 'a>,
    pub(crate) bytes: ByteCount,
    pub(crate) compression: Option<Compression>,
    /// The first bytes, as many as were asked for.
    pub(crate) first: Vec<u8>,
    /// A container, an encryption or a compression that is not read.
    pub(crate) refused: Option<Appearance>,
}

impl<'a> Decoded<'a> {
    /// Decompresses as often as the source was compressed, within reason: pipelines compress what is compressed already.
    pub(crate) fn open(reader: impl Read + Send + 'a, look: u64) -> Result<Self, IngestError> {
        let bytes = ByteCount::default();
        let source = CountedInput { inner: reader, bytes: bytes.clone() };
        let mut source: Peeked<Box<dyn Read + Send + 'a>> =
            Peeked::new(Box::new(BufReader::with_capacity(CHUNK, source)), PEEK);
        if let Some(error) = source.fault.take() {
            return Err(IngestError::Io(error));
        }
        let (mut compression, mut layers, mut refused) = (None, 0, None);
        while refused.is_none() {
            let first = source.first_bytes();
            refused = Appearance::container(first);
            let Some(kind) = Compression::detect(first).filter(|_| refused.is_none()) else { break };
            if layers == MOST_LAYERS {
                refused = Some(Appearance::Layers);
                break;
            }
            (compression, layers) = (Some(kind), layers + 1);
            source = Peeked::new(kind.decoder(source)?, PEEK);
        }
        let text: Peeked<Box<dyn Read + Send + 'a>> = Peeked::new(Box::new(source), look);
        let first = text.first_bytes().to_vec();
        let refused = refused.or_else(|| Appearance::container(&first));
        Ok(Self { reader: Box::new(text), bytes, compression, first, refused })
    }

    /// The same, or an error where it cannot be decompressed. What it is apart from that is for the reader to tell.
    pub(crate) fn decompressed(self) -> Result<Self, IngestError> {
        match self.refused {
            Some(Appearance::Compressed { name, .. }) => Err(IngestError::Compression(name)),
            Some(Appearance::ZipArchive) => Err(IngestError::Compression("zip")),
            Some(appearance @ (Appearance::Encrypted(_) | Appearance::LongWindow(_) | Appearance::Layers)) => {
                Err(IngestError::Container(appearance))
            }
            _ => Ok(self),
        }
    }
}

/// Bytes read so far from the source.
#[derive(Clone, Default)]
pub(crate) struct ByteCount(Arc<AtomicU64>);

impl ByteCount {
    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    fn decoder<'a>(self, source: impl Read + Send + 'a) -> Result<Box<dyn Read + Send + 'a>, IngestError> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(source)),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(source).map_err(IngestError::Io)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(IngestError::Io)?;
                Box::new(decoder)
            }
        })
    }

    pub(crate) fn detect(first_bytes: &[u8]) -> Option<Self> {
        if first_bytes.starts_with(&[0x1f, 0x8b]) {
            return Some(Self::Gzip);
        }
        // pzstd begins with a skippable frame (RFC 8878, section 3.1.2).
        let skippable = matches!(first_bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
        (skippable || first_bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])).then_some(Self::Zstd)
    }

    /// What an error means that came out of the decoder: the source's own failure, or the reason for which the rest of
    /// the stream is lost.
    pub(crate) fn explain(self, error: io::Error) -> Result<Reason, io::Error> {
        let name = match self {
            Self::Gzip => "gzip stream",
            Self::Zstd => "zstd stream",
        };
        if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<SourceFailure>) {
            return Err(error);
        }
        Ok(match error.kind() {
            io::ErrorKind::UnexpectedEof => Reason::Truncated(name),
            // The library has no kind of error for it.
            _ if error.to_string().contains("too much memory") => Reason::LongWindow(1 << (ZSTD_WINDOW_LOG - 20)),
            _ => Reason::Damaged(name),
        })
    }
}

const CHUNK: usize = 64 << 10;
/// Enough to tell a format.
pub(crate) const PEEK: u64 = 512;
/// A stream that is compressed more often is a bomb rather than a log.
const MOST_LAYERS: usize = 3;

/// Marks an error as the source's own, so that it can be told from a decoder's.
#[derive(Debug, thiserror::Error)]
#[error("the source failed")]
struct SourceFailure(#[source] io::Error);

/// Counts bytes, retries interrupted reads and marks errors.
struct CountedInput<R> {
    inner: R,
    bytes: ByteCount,
}

impl<R: Read> Read for CountedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Ok(count) => {
                    self.bytes.0.fetch_add(count as u64, Ordering::Relaxed);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io::Error::new(error.kind(), SourceFailure(error))),
            }
        }
    }
}

/// A reader whose first bytes have been seen. An error met while looking is given out after them.
struct Peeked<R> {
    first: Cursor<Vec<u8>>,
    fault: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    fn new(mut rest: R, look: u64) -> Self {
        let mut first = Vec::new();
        let fault = rest.by_ref().take(look).read_to_end(&mut first).err();
        Self { first: Cursor::new(first), fault, rest }
    }

    fn first_bytes(&self) -> &[u8] {
        self.first.get_ref()
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.first.read(buffer)?;
        if count > 0 {
            return Ok(count);
        }
        match self.fault.take() {
            Some(fault) => Err(fault),
            None => self.rest.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        assert_eq!(Format::detect(b"PAR1\x15\x04"), Some(Format::Parquet));
        assert_eq!(Format::detect(b"\xef\xbb\xbf \n{\"time\""), Some(Format::Ndjson));
        assert_eq!(Format::detect(b"[{"), Some(Format::Ndjson));
        assert_eq!(Format::detect(b"time,account"), Some(Format::Csv));
        assert_eq!(Format::detect(b""), Some(Format::Csv));
        assert_eq!(Format::detect(&[0x1f, 0x8b, 8]), None);
    }
}
