use super::file::Row;

/// A static quotient filter over uniform, sorted fingerprints (after Bender et al., "Don't thrash", VLDB 2012).
///
/// The upper bits of a fingerprint name a bucket of about eight, the next sixteen tell the entries of a bucket apart.
/// It answers what a Bloom or xor filter answers, with 2.5 bytes an item and one false alarm in 8,000 lookups; it is
/// filled in the pass that checks the file; and it says *where* in the table an item is, so that the exact comparison
/// costs one read and no search.
pub(super) struct Filter {
    bucket_bits: u32,
    /// Where each bucket starts among the rows, and at the end the number of rows.
    starts: Vec<u32>,
    remainders: Vec<u16>,
}

/// The rows of a bucket.
#[derive(Clone, Copy)]
pub(super) struct BucketRange {
    start: u32,
    end: u32,
}

/// Rows a bucket is to have; between this number and twice as many.
const BUCKET: u64 = 4;
/// Of a bucket of eight uniform fingerprints, P(more than 255) < 10^-250.
const FULLEST: u32 = 255;

impl Filter {
    /// Room for `rows` rows, of which there are fewer than 2^32.
    pub(super) fn new(rows: u64) -> Self {
        let bucket_bits = (rows / BUCKET).checked_ilog2().unwrap_or(0);
        let buckets = 1_usize << bucket_bits;
        let mut starts = Vec::with_capacity(buckets + 1);
        starts.push(0);
        Self { bucket_bits, starts, remainders: Vec::with_capacity(stillwatch_core::place(rows)) }
    }

    /// Takes in the next row; `false` when so many fingerprints begin alike that they are not uniform.
    pub(super) fn push(&mut self, row: Row) -> bool {
        let rows = self.rows();
        self.pad(self.bucket(row.fingerprint) + 1, rows);
        self.remainders.push(self.remainder(row.fingerprint));
        rows - self.starts.last().copied().unwrap_or(0) < FULLEST
    }

    /// To be called after the last row.
    pub(super) fn finish(&mut self) {
        let rows = self.rows();
        self.pad((1 << self.bucket_bits) + 1, rows);
    }

    /// Where to look for a fingerprint.
    #[inline]
    pub(super) fn place(&self, fingerprint: u64) -> BucketRange {
        let bucket = self.bucket(fingerprint);
        let start = |bucket: usize| self.starts.get(bucket).copied().unwrap_or(0);
        BucketRange { start: start(bucket), end: start(bucket + 1) }
    }

    /// Whether the fingerprint may be there at all.
    #[inline]
    pub(super) fn admits(&self, place: BucketRange, fingerprint: u64) -> bool {
        self.entries(place).contains(&self.remainder(fingerprint))
    }

    /// The numbers of the rows that may have this fingerprint.
    #[inline]
    pub(super) fn candidates(&self, place: BucketRange, fingerprint: u64) -> impl Iterator<Item = u64> {
        let entries = self.entries(place);
        let remainder = self.remainder(fingerprint);
        (u64::from(place.start)..).zip(entries).filter(move |(_, entry)| **entry == remainder).map(|(row, _)| row)
    }

    #[inline]
    fn entries(&self, place: BucketRange) -> &[u16] {
        self.remainders.get(place.start as usize..place.end as usize).unwrap_or_default()
    }

    fn rows(&self) -> u32 {
        stillwatch_core::at_most_u32(self.remainders.len())
    }

    fn pad(&mut self, length: usize, rows: u32) {
        if self.starts.len() < length {
            self.starts.resize(length, rows);
        }
    }

    #[inline]
    fn bucket(&self, fingerprint: u64) -> usize {
        // Two shifts, for one by 64 does not exist.
        (fingerprint >> 1 >> (u64::BITS - 1 - self.bucket_bits)) as usize
    }

    #[inline]
    fn remainder(&self, fingerprint: u64) -> u16 {
        ((fingerprint << self.bucket_bits) >> (u64::BITS - u16::BITS)) as u16
    }
}
