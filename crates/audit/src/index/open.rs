use std::io;
use std::ops::Range;

use stillwatch_core::Key;
use stillwatch_digest::{KGram, ServedReader};

use super::file::{END, HASH_BYTES, MAGIC, MOST_ROWS, ROW_BYTES, Row, TAIL_BYTES};
use super::filter::{BucketRange, Filter};
use super::{IndexError, Manifest};

/// Bytes that are read by their place: a file, a mapped object, a slice.
pub trait ReadAt {
    /// Fills the buffer from `offset` on, or fails.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// In bytes.
    fn length(&self) -> io::Result<u64>;
}

impl ReadAt for [u8] {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = stillwatch_core::place(offset);
        let bytes = self.get(start..).and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buffer)
    }

    fn length(&self) -> io::Result<u64> {
        self.as_slice().length()
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &R {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buffer)
    }

    fn length(&self) -> io::Result<u64> {
        (**self).length()
    }
}

/// An index that was checked from its first to its last byte and can be asked.
///
/// It takes about 2.5 bytes of memory for each fingerprint; the table stays where it is. Lookups take `&self`, so that
/// threads share one index.
pub struct ServedIndex<R> {
    bytes: R,
    manifest: Manifest,
    longer: Layer,
    /// For passages that are short or broken.
    shorter: Option<Layer>,
    reader: ServedReader,
}

/// One table of the file, by its filter and the number of its first row.
pub(super) struct Layer {
    first: u64,
    filter: Filter,
}

/// A manifest names its sources with 100 bytes each.
const MOST_MANIFEST: u64 = 64 << 20;
const BLOCK_ROWS: usize = 1 << 16;

impl<R: ReadAt> ServedIndex<R> {
    /// Reads the whole file once: its checksum and the order of its rows are checked, and the filter is filled.
    pub fn open(bytes: R, key: &Key) -> Result<Self, IndexError> {
        let manifest = read_manifest(&bytes)?;
        manifest.check_version()?;
        manifest.check_key(key)?;
        let (longer, shorter) = check(&bytes, &manifest)?;
        Ok(Self { bytes, manifest, longer, shorter, reader: ServedReader::new(key) })
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What reads documents as this index reads them.
    pub fn reader(&self) -> ServedReader {
        self.reader.clone()
    }

    /// The row of a k-gram, compared exactly; at most one read for each entry that the filter lets through.
    pub fn lookup(&self, fingerprint: u64) -> Result<Option<Row>, IndexError> {
        self.lookup_in(&self.longer, fingerprint)
    }

    pub(super) fn lookup_in(&self, layer: &Layer, fingerprint: u64) -> Result<Option<Row>, IndexError> {
        let filter = &layer.filter;
        for number in filter.candidates(filter.place(fingerprint), fingerprint) {
            let row = self.row(layer.first + number)?;
            if row.fingerprint == fingerprint {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Writes to `admitted` which of the k-grams the filter lets through, by their number. In loops of few
    /// instructions, so that the memory of many lookups is fetched side by side.
    pub(super) fn admit(&self, k_grams: &[KGram], places: &mut Vec<BucketRange>, admitted: &mut Vec<usize>) {
        self.longer.admit(k_grams, places, admitted);
    }

    /// The layer for passages that are short or broken.
    pub(super) fn shorter(&self) -> Option<&Layer> {
        self.shorter.as_ref()
    }

    /// How many lookups of k-grams that were never served are expected to succeed, for two fingerprints are equal by
    /// chance with probability 2^-58.
    pub fn chance(&self, lookups: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an expectation")]
        let pairs = lookups as f64 * self.manifest.fingerprints as f64;
        pairs * (-f64::from(self.manifest.bits)).exp2()
    }

    fn row(&self, number: u64) -> Result<Row, IndexError> {
        let mut bytes = [0; ROW_BYTES];
        self.bytes.read_at(MAGIC.len() as u64 + number * ROW_BYTES as u64, &mut bytes)?;
        Row::decode(&bytes).ok_or(IndexError::Damaged("a row is short"))
    }

    /// Calls `each` with every row, in ascending order.
    pub(super) fn rows(&self) -> Rows<'_, R> {
        Rows::new(&self.bytes, 0..self.manifest.fingerprints)
    }

    /// Those of the shorter layer.
    pub(super) fn shorter_rows(&self) -> Option<Rows<'_, R>> {
        self.shorter.as_ref().map(|_| Rows::new(&self.bytes, self.manifest.fingerprints..self.manifest.rows()))
    }
}

impl Layer {
    /// See [`ServedIndex::admit`].
    pub(super) fn admit(&self, k_grams: &[KGram], places: &mut Vec<BucketRange>, admitted: &mut Vec<usize>) {
        places.clear();
        places.extend(k_grams.iter().map(|k_gram| self.filter.place(k_gram.fingerprint)));
        admitted.clear();
        for (number, (k_gram, place)) in k_grams.iter().zip(places.iter()).enumerate() {
            if self.filter.admits(*place, k_gram.fingerprint) {
                admitted.push(number);
            }
        }
    }
}

/// What an index says of itself. The key is not needed, and nothing but the manifest is read.
pub fn info(bytes: &impl ReadAt) -> Result<Manifest, IndexError> {
    let manifest = read_manifest(bytes)?;
    manifest.check_version()?;
    Ok(manifest)
}

fn read_manifest(bytes: &impl ReadAt) -> Result<Manifest, IndexError> {
    let length = bytes.length()?;
    let fixed = (MAGIC.len() + TAIL_BYTES) as u64;
    let mut magic = [0; MAGIC.len()];
    if length < MAGIC.len() as u64 {
        return Err(IndexError::NotAnIndex);
    }
    bytes.read_at(0, &mut magic)?;
    if magic != MAGIC {
        return Err(IndexError::NotAnIndex);
    }
    if length < fixed {
        return Err(IndexError::Truncated("it ends before its manifest"));
    }
    let mut tail = [0; TAIL_BYTES];
    bytes.read_at(length - TAIL_BYTES as u64, &mut tail)?;
    if !tail.ends_with(&END) {
        return Err(IndexError::Truncated("its end is missing"));
    }
    let json_length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if json_length > MOST_MANIFEST || json_length > length - fixed {
        return Err(IndexError::Damaged("its manifest would be longer than the file"));
    }
    let mut json = vec![0; stillwatch_core::place(json_length)];
    bytes.read_at(length - TAIL_BYTES as u64 - json_length, &mut json)?;
    let schema: Schema = serde_json::from_slice(&json).map_err(IndexError::Manifest)?;
    if schema.schema != super::SCHEMA {
        let (found, expected) = (schema.schema.chars().take(40).collect(), super::SCHEMA.into());
        return Err(IndexError::Version { field: "schema", found, expected });
    }
    let manifest: Manifest = serde_json::from_slice(&json).map_err(IndexError::Manifest)?;
    let rows = length - fixed - json_length;
    if manifest.rows() > MOST_ROWS || rows != manifest.rows() * ROW_BYTES as u64 {
        return Err(IndexError::Truncated("its rows are not as many as its manifest says"));
    }
    Ok(manifest)
}

/// The one field that every version has.
#[derive(serde::Deserialize)]
struct Schema {
    schema: String,
}

fn check(bytes: &impl ReadAt, manifest: &Manifest) -> Result<(Layer, Option<Layer>), IndexError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&MAGIC);
    let mut layer = |rows: Range<u64>| {
        let first = rows.start;
        let mut filter = Filter::new(rows.end - rows.start);
        let (mut rows, mut last) = (Rows::new(bytes, rows), None);
        while let Some(row) = rows.next(|block| {
            hasher.update(block);
        })? {
            if last.is_some_and(|last| last >= row.fingerprint) {
                return Err(IndexError::Damaged("its rows are not in order"));
            }
            last = Some(row.fingerprint);
            if !filter.push(row) {
                return Err(IndexError::Damaged("its fingerprints are not uniform"));
            }
        }
        filter.finish();
        Ok(Layer { first, filter })
    };
    let longer = layer(0..manifest.fingerprints)?;
    let shorter = manifest.shorter.map(|_| layer(manifest.fingerprints..manifest.rows())).transpose()?;
    let (length, start) = (bytes.length()?, MAGIC.len() as u64 + manifest.rows() * ROW_BYTES as u64);
    let rest = length.saturating_sub(start).min(MOST_MANIFEST + TAIL_BYTES as u64);
    let mut rest = vec![0; stillwatch_core::place(rest)];
    bytes.read_at(start, &mut rest)?;
    let (hashed, tail) = rest.split_at(rest.len().saturating_sub(HASH_BYTES + END.len()));
    hasher.update(hashed);
    if tail.starts_with(hasher.finalize().as_bytes()) {
        Ok((longer, shorter))
    } else {
        Err(IndexError::Damaged("its checksum does not match"))
    }
}

/// The rows in order, read by the block.
pub(super) struct Rows<'b, R> {
    bytes: &'b R,
    /// The numbers of the rows that are still to be read.
    left: Range<u64>,
    block: Vec<u8>,
    at: usize,
}

impl<'b, R: ReadAt> Rows<'b, R> {
    fn new(bytes: &'b R, left: Range<u64>) -> Self {
        Self { bytes, left, block: Vec::new(), at: 0 }
    }

    /// `read` sees each block of bytes once.
    pub(super) fn next(&mut self, mut read: impl FnMut(&[u8])) -> Result<Option<Row>, IndexError> {
        if self.at == self.block.len() {
            let rows = stillwatch_core::place(self.left.end - self.left.start).min(BLOCK_ROWS);
            if rows == 0 {
                return Ok(None);
            }
            self.block.resize(rows * ROW_BYTES, 0);
            self.bytes.read_at(MAGIC.len() as u64 + self.left.start * ROW_BYTES as u64, &mut self.block)?;
            read(&self.block);
            self.left.start += rows as u64;
            self.at = 0;
        }
        let row = Row::decode(&self.block[self.at..]).ok_or(IndexError::Damaged("a row is short"))?;
        self.at += ROW_BYTES;
        Ok(Some(row))
    }
}
