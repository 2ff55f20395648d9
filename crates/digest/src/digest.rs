use thiserror::Error;

use crate::record::Record;
use crate::threshold::{SLOTS, kept};
use crate::{Kind, threshold};

const FORMAT: u8 = 2;
/// Digests without words, whose other contents are the same.
const WITHOUT_WORDS: u8 = 1;
const UNSKETCHED: u8 = 1;
/// Exchanges that the digest of a day keeps one by one; beyond it, a keyed sample.
pub(crate) const DAY_RECORDS: usize = 4_096;

/// The digest of one account on one UTC day, in its canonical form: sorted, distinct and within its bounds.
///
/// # Encoding
/// Little-endian. A format byte, 2; a byte that is 1 when a digest of format 1 is part of it, or else 0; the level and the
/// number (u32) of records, then the records (26 bytes each; the slot, counted from 1, stands in the upper 15 bits of the
/// second, and 0 where an earlier version wrote it); the number (u8) of kinds that occur, and for each in order:
/// the kind, the level, the number of entries (u32), the entries (u64; of words, the upper half as u32 and the slot as u8).
/// Format 1 lacks the second byte and words. It is read and never written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayDigest {
    pub(crate) records: Vec<Record>,
    pub(crate) record_level: u8,
    pub(crate) sets: Vec<KindSet>,
    /// Whether some of its exchanges were digested before words were kept.
    pub(crate) unsketched: bool,
}

/// The entries of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KindSet {
    pub(crate) kind: Kind,
    pub(crate) level: u8,
    pub(crate) entries: Vec<u64>,
}

impl DayDigest {
    /// Exchanges on this day. Exact up to 4,096 a day, an estimate beyond.
    pub fn exchanges(&self) -> u64 {
        (self.records.len() as u64) << self.record_level
    }

    /// Whether the day had more exchanges than are kept one by one.
    pub fn is_sampled(&self) -> bool {
        self.record_level > 0
    }

    /// Served k-grams in ascending order, as [`KGram`](crate::KGram) has them, each with the set of slots in which it
    /// was served; and the level of the sample: one k-gram in 2^level is there. Above level 0, a stretch of 30 words is
    /// no longer found with certainty.
    pub fn served(&self) -> (impl Iterator<Item = (u64, u64)>, u8) {
        let set = self.sets.iter().find(|set| set.kind == Kind::Served);
        let entries = set.map_or(&[][..], |set| &set.entries);
        let k_grams =
            entries.chunk_by(|&a, &b| threshold::fingerprint_of(a) == threshold::fingerprint_of(b)).map(|chunk| {
                (threshold::entry(chunk[0], 0), chunk.iter().fold(0, |set, &e| set | 1 << threshold::slot_of(e)))
            });
        (k_grams, set.map_or(0, |set| set.level))
    }

    /// Whether the words of all its prompts were looked at; not so in digests of earlier versions.
    pub fn is_sketched(&self) -> bool {
        !self.unsketched
    }

    pub fn encode(&self) -> Vec<u8> {
        self.encode_as(FORMAT)
    }

    fn encode_as(&self, format: u8) -> Vec<u8> {
        let entries: usize = self.sets.iter().map(|set| set.entries.len()).sum();
        let mut out = Vec::with_capacity(7 + self.records.len() * Record::BYTES + self.sets.len() * 6 + entries * 8);
        out.push(format);
        if format != WITHOUT_WORDS {
            out.push(u8::from(self.unsketched));
        }
        out.push(self.record_level);
        write_length(&mut out, self.records.len());
        self.records.iter().for_each(|record| record.write(&mut out));
        out.push(stillwatch_core::at_most_u8(self.sets.len()));
        self.sets.iter().for_each(|set| write_set(&mut out, set.kind, set.level, &set.entries));
        out
    }

    /// Reads what [`encode`](Self::encode) wrote and refuses everything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, DigestError> {
        let mut union = Union::default();
        union.add(bytes)?;
        let digest = union.finish_day();
        // Format 1 sampled what is said by fingerprints; sets of it that were sampled are sampled again by slots.
        if bytes.first() == Some(&WITHOUT_WORDS) && digest.sets.iter().any(|set| set.level > 0) {
            return Ok(digest);
        }
        // A digest is canonical, so it is what it encodes to.
        if digest.encode_as(bytes.first().copied().unwrap_or(FORMAT)) == bytes {
            Ok(digest)
        } else {
            Err(DigestError::NotCanonical)
        }
    }
}

/// Why bytes are not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DigestError {
    #[error("the digest has format {0}, this version reads formats 1 and {FORMAT}")]
    Format(u8),
    #[error("the digest ends too early")]
    Truncated,
    #[error("the digest holds a value out of range")]
    Range,
    #[error("the digest is not in canonical form")]
    NotCanonical,
    #[error("two digests of the same account and day are given")]
    Overlap,
}

/// A set union under way: parts are appended, and sorted once at the end.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    records: Vec<Record>,
    record_level: u8,
    entries: [Vec<u64>; Kind::COUNT],
    levels: [u8; Kind::COUNT],
    unsketched: bool,
}

impl Default for Union {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            record_level: 0,
            entries: std::array::from_fn(|_| Vec::new()),
            levels: [0; Kind::COUNT],
            unsketched: false,
        }
    }
}

impl Union {
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), DigestError> {
        let mut rest = EncodedBytes(bytes);
        let format = rest.byte()?;
        match format {
            WITHOUT_WORDS => self.unsketched = true,
            FORMAT => match rest.byte()? {
                0 => {}
                UNSKETCHED => self.unsketched = true,
                _ => return Err(DigestError::Range),
            },
            other => return Err(DigestError::Format(other)),
        }
        self.record_level = self.record_level.max(rest.level()?);
        let records = rest.length()?;
        for bytes in
            rest.take(records.checked_mul(Record::BYTES).ok_or(DigestError::Truncated)?)?.chunks_exact(Record::BYTES)
        {
            self.records.push(Record::read(bytes).ok_or(DigestError::Range)?);
        }
        for _ in 0..rest.byte()? {
            let at = usize::from(rest.byte()?);
            let known = Kind::ALL.get(at).filter(|kind| format != WITHOUT_WORDS || **kind != Kind::Word);
            let kind = *known.ok_or(DigestError::Range)?;
            let (entries, level) = (&mut self.entries[at], &mut self.levels[at]);
            *level = (*level).max(rest.level()?);
            let length = rest.length()?;
            let width = if kind.is_short() { SHORT_ENTRY } else { size_of::<u64>() };
            let bytes = rest.take(length.checked_mul(width).ok_or(DigestError::Truncated)?)?;
            if kind.is_short() {
                for entry in bytes.chunks_exact(width) {
                    entries.push(entry.try_into().ok().and_then(long).ok_or(DigestError::Range)?);
                }
            } else {
                entries
                    .extend(bytes.chunks_exact(width).filter_map(|of| Some(u64::from_le_bytes(of.try_into().ok()?))));
            }
        }
        if rest.0.is_empty() { Ok(()) } else { Err(DigestError::NotCanonical) }
    }

    /// The canonical digest of what was added; the union is empty afterwards and keeps its buffers.
    pub(crate) fn finish_day(&mut self) -> DayDigest {
        self.settle();
        let mut digest = DayDigest {
            records: self.records.clone(),
            record_level: self.record_level,
            unsketched: self.unsketched,
            ..DayDigest::default()
        };
        for kind in Kind::ALL {
            if self.occurs(kind) {
                let (level, entries) = (self.levels[kind.index()], self.entries[kind.index()].clone());
                digest.sets.push(KindSet { kind, level, entries });
            }
        }
        self.clear();
        digest
    }

    /// Writes what [`finish_day`](Self::finish_day) would give, encoded.
    pub(crate) fn encode(&mut self, out: &mut Vec<u8>) {
        self.settle();
        out.extend_from_slice(&[FORMAT, u8::from(self.unsketched), self.record_level]);
        write_length(out, self.records.len());
        self.records.iter().for_each(|record| record.write(out));
        let kinds = Kind::ALL.iter().filter(|kind| self.occurs(**kind)).count();
        out.push(stillwatch_core::at_most_u8(kinds));
        for kind in Kind::ALL.into_iter().filter(|kind| self.occurs(*kind)) {
            write_set(out, kind, self.levels[kind.index()], &self.entries[kind.index()]);
        }
        self.clear();
    }

    fn settle(&mut self) {
        self.records.sort_unstable();
        self.records.dedup_by(|later, earlier| {
            let same = later.key == earlier.key;
            if same {
                earlier.unite(later);
            }
            same
        });
        fit_records(&mut self.records, &mut self.record_level, DAY_RECORDS);
        for kind in Kind::ALL {
            let (entries, level) = (&mut self.entries[kind.index()], &mut self.levels[kind.index()]);
            if !entries.is_empty() {
                entries.sort_unstable();
                entries.dedup();
                *level = kind.sampling().fit(entries, *level, kind.day_capacity());
            }
        }
    }

    /// A set that was cut down to nothing still has its level to tell.
    fn occurs(&self, kind: Kind) -> bool {
        !self.entries[kind.index()].is_empty() || self.levels[kind.index()] > 0
    }

    pub(crate) fn clear(&mut self) {
        self.records.clear();
        self.record_level = 0;
        self.entries.iter_mut().for_each(Vec::clear);
        self.levels = [0; Kind::COUNT];
        self.unsketched = false;
    }
}

fn fit_records(records: &mut Vec<Record>, level: &mut u8, capacity: usize) {
    records.truncate(records.partition_point(|record| kept(record.key, *level)));
    while records.len() > capacity && *level < 63 {
        *level += 1;
        records.truncate(records.partition_point(|record| kept(record.key, *level)));
    }
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    // Bounded far below by the capacities.
    out.extend_from_slice(&stillwatch_core::at_most_u32(length).to_le_bytes());
}

fn write_set(out: &mut Vec<u8>, kind: Kind, level: u8, entries: &[u64]) {
    out.extend_from_slice(&[kind as u8, level]);
    write_length(out, entries.len());
    for &entry in entries {
        write_entry(out, kind, entry);
    }
}

/// Bytes of an entry of which 32 bits of the fingerprint are kept, and the slot.
const SHORT_ENTRY: usize = 5;

fn write_entry(out: &mut Vec<u8>, kind: Kind, entry: u64) {
    let bytes = entry.to_le_bytes();
    if kind.is_short() {
        out.extend_from_slice(&bytes[4..]);
        out.push(bytes[0]);
    } else {
        out.extend_from_slice(&bytes);
    }
}

/// `None` where the slot is none.
fn long([a, b, c, d, slot]: [u8; SHORT_ENTRY]) -> Option<u64> {
    (u32::from(slot) < SLOTS).then(|| u64::from_le_bytes([slot, 0, 0, 0, a, b, c, d]))
}

struct EncodedBytes<'a>(&'a [u8]);

impl<'a> EncodedBytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], DigestError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(DigestError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, DigestError> {
        Ok(self.take(1)?[0])
    }

    fn level(&mut self) -> Result<u8, DigestError> {
        let level = self.byte()?;
        if level < 64 { Ok(level) } else { Err(DigestError::Range) }
    }

    fn length(&mut self) -> Result<usize, DigestError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
    }
}

/// The digest of a single exchange, written directly in its encoding.
pub(crate) fn encode_one(record: &Record, slot: u64, entries: &[(Kind, Vec<u64>)], out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&[FORMAT, 0, 0]);
    write_length(out, 1);
    record.write(out);
    let present = || entries.iter().filter(|(_, fingerprints)| !fingerprints.is_empty());
    out.push(stillwatch_core::at_most_u8(present().count()));
    for (kind, fingerprints) in present() {
        out.extend_from_slice(&[*kind as u8, 0]);
        write_length(out, fingerprints.len());
        for &fingerprint in fingerprints {
            write_entry(out, *kind, threshold::entry(fingerprint, slot));
        }
    }
}
