use std::mem::size_of;

use crate::DigestError;
use crate::digest::{DayDigest, KindSet, Union};
use crate::record::Record;

/// Below this many bytes, what was added waits to be united.
const LEAST_PENDING: usize = 2_048;

/// Unites digests as they arrive.
///
/// Parts wait in their encoding until they outgrow what is united already, so that each byte is sorted a logarithmic
/// number of times and a group of a few exchanges costs little more than their bytes.
#[derive(Clone, Debug, Default)]
pub struct DigestBuilder {
    united: Option<Box<DayDigest>>,
    united_bytes: usize,
    pending: Vec<u8>,
}

impl DigestBuilder {
    /// Adds an encoded digest: of an exchange, or of any number of them.
    pub fn add(&mut self, encoded: &[u8]) -> Result<(), DigestError> {
        let length = u32::try_from(encoded.len()).map_err(|_| DigestError::Range)?;
        self.pending.extend_from_slice(&length.to_le_bytes());
        self.pending.extend_from_slice(encoded);
        if self.pending.len() > LEAST_PENDING.max(self.united_bytes) {
            self.unite()?;
        }
        Ok(())
    }

    /// The digest of everything added.
    pub fn finish(mut self) -> Result<DayDigest, DigestError> {
        self.unite()?;
        Ok(self.united.map(|united| *united).unwrap_or_default())
    }

    /// Memory held, in bytes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.united_bytes + self.pending.capacity()
    }

    fn unite(&mut self) -> Result<(), DigestError> {
        let mut union = Union::default();
        if let Some(united) = &self.united {
            union.add_digest(united);
        }
        let mut rest = self.pending.as_slice();
        while let Some((length, tail)) = rest.split_first_chunk::<4>() {
            let length = u32::from_le_bytes(*length) as usize;
            let (encoded, tail) = tail.split_at_checked(length).ok_or(DigestError::Truncated)?;
            union.add(encoded)?;
            rest = tail;
        }
        let united = union.finish_day();
        self.united_bytes = size_of::<DayDigest>()
            + united.records.len() * size_of::<Record>()
            + united.sets.iter().map(|set| size_of::<KindSet>() + set.entries.len() * 8).sum::<usize>();
        self.united = Some(Box::new(united));
        self.pending.clear();
        self.pending.shrink_to(LEAST_PENDING);
        Ok(())
    }
}
