/// Reads numbers and texts from a slice. Every read says where it failed and none goes beyond the end.
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
    big_endian: bool,
}

/// The slice ends at this place, in the middle of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended(pub(super) usize);

impl<'b> Cursor<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, big_endian: false }
    }

    pub(super) fn set_big_endian(&mut self) {
        self.big_endian = true;
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn take(&mut self, count: u64) -> Result<&'b [u8], Ended> {
        let count = usize::try_from(count).map_err(|_| Ended(self.at))?;
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len()).ok_or(Ended(self.at))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// An unsigned number of 1, 2, 4 or 8 bytes.
    pub(super) fn unsigned(&mut self, bytes: u64) -> Result<u64, Ended> {
        let taken = self.take(bytes)?;
        let add = |number: u64, &byte: &u8| (number << 8) | u64::from(byte);
        Ok(if self.big_endian { taken.iter().fold(0, add) } else { taken.iter().rev().fold(0, add) })
    }

    pub(super) fn u32(&mut self) -> Result<u32, Ended> {
        let at = self.at;
        let bytes = *self.take(4)?.first_chunk().ok_or(Ended(at))?;
        Ok(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(super) fn u64(&mut self) -> Result<u64, Ended> {
        self.unsigned(8)
    }

    /// Eight bytes of length and as many of text.
    pub(super) fn text(&mut self) -> Result<&'b [u8], Ended> {
        let length = self.u64()?;
        self.take(length)
    }
}
