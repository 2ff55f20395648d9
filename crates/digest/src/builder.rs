use std::mem::size_of;

use crate::DigestError;
use crate::digest::{DayDigest, Union};

/// Below this many bytes, what was added waits to be united.
const LEAST_PENDING: usize = 2_048;
const LENGTH_BYTES: usize = size_of::<u32>();

/// Unites digests as they arrive.
///
/// Parts wait in their encoding until they outgrow what is united already, so that each byte is sorted a logarithmic
/// number of times and a group of a few exchanges costs little more than their bytes.
#[derive(Clone, Debug, Default)]
pub struct DigestBuilder {
    /// Encoded digests, each after its length (u32); the first `united` bytes are the union of what came before.
    parts: Vec<u8>,
    united: usize,
}

/// Buffers in which digests are united; whoever unites many keeps one.
#[derive(Debug, Default)]
pub struct Workspace {
    union: Union,
    encoded: Vec<u8>,
}

impl DigestBuilder {
    /// Adds an encoded digest: of an exchange, or of any number of them.
    pub fn add(&mut self, encoded: &[u8]) -> Result<(), DigestError> {
        self.add_in(encoded, &mut Workspace::default())
    }

    /// As [`add`](Self::add), with buffers from elsewhere.
    pub fn add_in(&mut self, encoded: &[u8], workspace: &mut Workspace) -> Result<(), DigestError> {
        self.append(encoded)?;
        if self.parts.len() - self.united > LEAST_PENDING.max(self.united) {
            self.collect(workspace)?;
            workspace.encoded.clear();
            workspace.union.encode(&mut workspace.encoded);
            self.parts.clear();
            self.append(&workspace.encoded)?;
            self.united = self.parts.len();
        }
        Ok(())
    }

    /// The digest of everything added.
    pub fn finish(self) -> Result<DayDigest, DigestError> {
        let mut workspace = Workspace::default();
        self.collect(&mut workspace)?;
        Ok(workspace.union.finish_day())
    }

    /// The encoded digest of everything added, with buffers from elsewhere.
    pub fn encode_in(self, workspace: &mut Workspace) -> Result<&[u8], DigestError> {
        self.collect(workspace)?;
        workspace.encoded.clear();
        workspace.union.encode(&mut workspace.encoded);
        Ok(&workspace.encoded)
    }

    /// Memory held, in bytes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.parts.capacity()
    }

    fn append(&mut self, encoded: &[u8]) -> Result<(), DigestError> {
        let length = u32::try_from(encoded.len()).map_err(|_| DigestError::Range)?;
        self.parts.extend_from_slice(&length.to_le_bytes());
        self.parts.extend_from_slice(encoded);
        Ok(())
    }

    fn collect(&self, workspace: &mut Workspace) -> Result<(), DigestError> {
        workspace.union.clear();
        let mut rest = self.parts.as_slice();
        while let Some((length, tail)) = rest.split_first_chunk::<LENGTH_BYTES>() {
            let length = u32::from_le_bytes(*length) as usize;
            let (encoded, tail) = tail.split_at_checked(length).ok_or(DigestError::Truncated)?;
            workspace.union.add(encoded)?;
            rest = tail;
        }
        Ok(())
    }
}
