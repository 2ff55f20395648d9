use stillwatch_core::SECONDS_PER_DAY;

use crate::threshold::SLOTS;

/// Bits of a second of the day; the slot, counted from 1, stands above them.
const SECOND_BITS: u32 = 17;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Answered,
    /// Refused for its rate (HTTP 429).
    Limited,
    /// Any other status of 400 or above.
    Failed,
}

/// The times and numbers of one exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Keyed hash of account, time, request id, outcome and wording: what makes two lines of a log the same exchange.
    /// One id is not one act, for clients may choose it; and the same act in two logs has one key.
    pub key: u64,
    /// Second of the UTC day.
    pub second: u32,
    /// The slot that its fingerprints fill, 0 to 63; nothing in digests of earlier versions.
    pub slot: Option<u8>,
    pub input_tokens: u32,
    pub output_tokens: u32,
    pub cached_tokens: u32,
    /// Completions asked for.
    pub completions: u8,
    pub flags: u8,
}

impl Record {
    pub(crate) const BYTES: usize = 26;
    pub(crate) const LIMITED: u8 = 1;
    pub(crate) const FAILED: u8 = 2;
    pub(crate) const IN_CONVERSATION: u8 = 4;
    pub(crate) const HAS_TEXT: u8 = 8;

    pub fn outcome(&self) -> Outcome {
        if self.flags & Self::LIMITED != 0 {
            Outcome::Limited
        } else if self.flags & Self::FAILED != 0 {
            Outcome::Failed
        } else {
            Outcome::Answered
        }
    }

    /// Whether it carries a conversation id.
    pub fn in_conversation(&self) -> bool {
        self.flags & Self::IN_CONVERSATION != 0
    }

    /// Whether it had a prompt that may be fingerprinted.
    pub fn has_text(&self) -> bool {
        self.flags & Self::HAS_TEXT != 0
    }

    /// What orders records of the same second under any key.
    pub(crate) fn numbers(&self) -> ([u32; 3], u8, u8) {
        ([self.input_tokens, self.output_tokens, self.cached_tokens], self.completions, self.flags)
    }

    /// Two sightings of one exchange: the greater of each field, so that the order of sighting does not matter.
    pub(crate) fn unite(&mut self, other: &Self) {
        self.second = self.second.max(other.second);
        self.slot = self.slot.max(other.slot);
        self.input_tokens = self.input_tokens.max(other.input_tokens);
        self.output_tokens = self.output_tokens.max(other.output_tokens);
        self.cached_tokens = self.cached_tokens.max(other.cached_tokens);
        self.completions = self.completions.max(other.completions);
        self.flags |= other.flags;
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        let slot = self.slot.map_or(0, |slot| u32::from(slot) + 1);
        for field in [self.second | slot << SECOND_BITS, self.input_tokens, self.output_tokens, self.cached_tokens] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        out.extend_from_slice(&[self.completions, self.flags]);
    }

    /// `None` when the bytes are too few or the second lies outside a day.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let moment = word(8)?;
        let slot = match moment >> SECOND_BITS {
            0 => None,
            slot => Some(u8::try_from(slot - 1).ok().filter(|slot| u32::from(*slot) < SLOTS)?),
        };
        let record = Self {
            key: u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?),
            second: moment & ((1 << SECOND_BITS) - 1),
            slot,
            input_tokens: word(12)?,
            output_tokens: word(16)?,
            cached_tokens: word(20)?,
            completions: *bytes.get(24)?,
            flags: *bytes.get(25)?,
        };
        (i64::from(record.second) < SECONDS_PER_DAY).then_some(record)
    }
}
