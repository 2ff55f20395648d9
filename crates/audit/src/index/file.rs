//! The file: `SWSERVED` · rows · rows of the shorter layer, if there is one · manifest (JSON) · its length (u32) · BLAKE3 of all before (32 bytes) · `DEVRESWS`.
//!
//! Numbers are little-endian. The manifest stands at the end, as in Parquet, so that an index is written in one pass
//! without knowing beforehand how many fingerprints remain. A row is 12 bytes: a u64 of 58 bits of fingerprint and, in
//! the lowest six, the number of origins (63 stands for 63 or more); then a u32 that names one of the origins.
//! Rows of a layer ascend by fingerprint, which is uniform under its key.

use std::io::Write;

use super::manifest::ShorterLayer;
use super::{IndexError, Manifest};

pub(super) const MAGIC: [u8; 8] = *b"SWSERVED";
pub(super) const END: [u8; 8] = *b"DEVRESWS";
pub(super) const ROW_BYTES: usize = 12;
pub(super) const HASH_BYTES: usize = 32;
/// What follows the manifest.
pub(super) const TAIL_BYTES: usize = 4 + HASH_BYTES + END.len();
/// Places in the filter are counted in 32 bits.
pub(super) const MOST_ROWS: u64 = u32::MAX as u64;
const ORIGINS: u64 = 63;

/// A k-gram that was served in answer to this many prompts or more is boilerplate: a refusal, a disclaimer, a famous
/// quotation. It is found, but tells nothing of who was copied. Three leaves room for one prompt asked in two wordings.
pub const BOILERPLATE_ORIGINS: u8 = 3;

/// A k-gram that was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The lowest six bits are zero.
    pub fingerprint: u64,
    /// In answer to how many prompts, or in how many exchanges where the prompts are not known; 63 or more is 63.
    pub origins: u8,
    /// The lowest keyed 32-bit name among the origins, the same in whatever order they came.
    pub origin: u32,
}

impl Row {
    pub(super) fn encode(self) -> [u8; ROW_BYTES] {
        let mut bytes = [0; ROW_BYTES];
        bytes[..8].copy_from_slice(&(self.fingerprint & !ORIGINS | u64::from(self.origins).min(ORIGINS)).to_le_bytes());
        bytes[8..].copy_from_slice(&self.origin.to_le_bytes());
        bytes
    }

    /// `None` of fewer than twelve bytes.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let word = u64::from_le_bytes(*bytes.first_chunk()?);
        let origin = u32::from_le_bytes(*bytes.get(8..)?.first_chunk()?);
        let origins = stillwatch_core::at_most_u8(word & ORIGINS);
        Some(Self { fingerprint: word & !ORIGINS, origins, origin })
    }

    /// The same k-gram in two indexes whose sources are disjoint.
    pub(super) fn unite(self, other: Self) -> Self {
        let origins = self.origins.saturating_add(other.origins).min(63);
        Self { fingerprint: self.fingerprint, origins, origin: self.origin.min(other.origin) }
    }
}

/// Writes an index in one pass.
pub struct IndexWriter<W> {
    out: W,
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
    rows: u64,
    /// Rows of the longer layer, once the shorter one has begun.
    longer: Option<u64>,
    last: Option<u64>,
}

const BUFFER_BYTES: usize = 1 << 18;

impl<W: Write> IndexWriter<W> {
    pub fn new(out: W) -> Self {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES);
        buffer.extend_from_slice(&MAGIC);
        Self { out, hasher: blake3::Hasher::new(), buffer, rows: 0, longer: None, last: None }
    }

    /// Rows ascend strictly by fingerprint.
    pub fn push(&mut self, row: Row) -> Result<(), IndexError> {
        if self.last.is_some_and(|last| last >= row.fingerprint) {
            return Err(IndexError::Order);
        }
        if self.rows >= MOST_ROWS {
            return Err(IndexError::TooLarge { most: MOST_ROWS });
        }
        self.last = Some(row.fingerprint);
        self.rows += 1;
        self.buffer.extend_from_slice(&row.encode());
        if self.buffer.len() + ROW_BYTES > BUFFER_BYTES { self.drain() } else { Ok(()) }
    }

    /// What follows is of the shorter layer.
    pub(super) fn begin_shorter(&mut self) {
        self.longer = Some(self.rows);
        self.last = None;
    }

    /// Writes what ends the file and returns the manifest with the number of rows in it. The caller syncs.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<Manifest, IndexError> {
        manifest.fingerprints = self.longer.unwrap_or(self.rows);
        manifest.shorter = self.longer.map(|longer| ShorterLayer::of(self.rows - longer));
        manifest.order();
        let json = serde_json::to_vec(&manifest).map_err(IndexError::Manifest)?;
        let length = u32::try_from(json.len()).map_err(|_| IndexError::Damaged("its manifest is too long"))?;
        self.buffer.extend_from_slice(&json);
        self.buffer.extend_from_slice(&length.to_le_bytes());
        self.drain()?;
        self.out.write_all(self.hasher.finalize().as_bytes())?;
        self.out.write_all(&END)?;
        self.out.flush()?;
        Ok(manifest)
    }

    fn drain(&mut self) -> Result<(), IndexError> {
        self.hasher.update(&self.buffer);
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
