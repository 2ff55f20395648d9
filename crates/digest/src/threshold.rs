//! Sampling of *(fingerprint, slot)* entries: by slots where they come from text, by keyed thresholds where they do not.
//!
//! What an account says is sampled by whole slots, that is by exchanges: the slots below 64, 32, 16, … are kept. What is kept
//! then follows from moments and tokens, is the same under any key, and says nothing of text; what an account repeats in all
//! its exchanges is there at every level. Beyond the last slot, and for identities at once, a set keeps the fingerprints
//! below 2^(64 − level), as the key has them. Both are the same in whatever order a union is formed.

/// Slots an occurrence can fall in.
pub const SLOTS: u32 = 64;
pub(crate) const SLOT_BITS: u32 = SLOTS.trailing_zeros();
const HIGHEST_LEVEL: u8 = 57;

/// An occurrence of a fingerprint in an exchange: the upper 58 bits of the fingerprint, then the slot.
pub(crate) fn entry(fingerprint: u64, slot: u64) -> u64 {
    fingerprint >> SLOT_BITS << SLOT_BITS | slot
}

/// The slot of an exchange, from numbers that tell it apart. It depends neither on a key (the counts must be the same under
/// any) nor on text (which a guess could be checked against).
pub(crate) fn slot(exchange: [u64; 3]) -> u64 {
    let hash =
        exchange.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &word| fold(hash ^ word, 0x9e37_79b9_7f4a_7c15) ^ word);
    fold(hash, 0xd6e8_feb8_6659_fd93) >> (64 - SLOT_BITS)
}

/// The fingerprint that an entry belongs to.
pub(crate) fn fingerprint_of(entry: u64) -> u64 {
    entry >> SLOT_BITS
}

/// The slot of an entry, 0 to 63.
pub(crate) fn slot_of(entry: u64) -> u64 {
    entry & u64::from(SLOTS - 1)
}

/// Whether the fingerprint of a record or an entry is below the threshold of a level.
pub(crate) fn kept(entry: u64, level: u8) -> bool {
    level == 0 || entry < 1 << (64 - level)
}

/// What a set is sampled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// By slots first, and by fingerprints when one slot is left.
    Slots,
    Fingerprints,
}

/// Levels at which slots are halved.
const SLOT_LEVELS: u8 = 6;

impl Sampling {
    fn keeps(self, entry: u64, level: u8) -> bool {
        match self {
            Self::Fingerprints => kept(entry, level),
            Self::Slots => {
                slot_of(entry) < u64::from(SLOTS) >> level.min(SLOT_LEVELS)
                    && kept(entry, level.saturating_sub(SLOT_LEVELS))
            }
        }
    }

    /// The lowest level, at least `level`, at which sorted, distinct `entries` hold no more than `capacity` different
    /// fingerprints; entries above it are left out.
    pub(crate) fn fit(self, entries: &mut Vec<u64>, mut level: u8, capacity: usize) -> u8 {
        let exceed = |entries: &[u64]| {
            entries.len() > capacity
                && entries.chunk_by(|&a, &b| fingerprint_of(a) == fingerprint_of(b)).count() > capacity
        };
        if level > 0 {
            entries.retain(|&entry| self.keeps(entry, level));
        }
        while level < HIGHEST_LEVEL && exceed(entries) {
            level += 1;
            entries.retain(|&entry| self.keeps(entry, level));
        }
        level
    }
}

/// The slots that a set sampled by slots keeps at a level.
pub(crate) fn slots_at(level: u8) -> u64 {
    u64::MAX >> (SLOTS - (SLOTS >> level.min(SLOT_LEVELS)))
}

/// The number of exchanges that fill `slots` of the 64 slots, by linear counting; all 64 stand for "266 or more".
pub fn estimated_count(slots: u32) -> f64 {
    let total = f64::from(SLOTS);
    let empty = f64::from(SLOTS.saturating_sub(slots)).max(1.0);
    total * (total / empty).ln()
}

/// Multiply two words and fold the 128-bit product.
pub(crate) fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::{Sampling, entry, estimated_count, fingerprint_of, kept, slot, slot_of, slots_at};

    #[test]
    fn the_level_rises_only_above_the_capacity() {
        let mut entries: Vec<u64> = (0..100_u64).map(|i| (i << 57) | (i << 6)).collect();
        entries.sort_unstable();
        assert_eq!(Sampling::Fingerprints.fit(&mut entries.clone(), 0, 100), 0);
        let level = Sampling::Fingerprints.fit(&mut entries, 0, 50);
        assert!(level >= 1 && entries.len() <= 50 && entries.iter().all(|&entry| kept(entry, level)));
    }

    #[test]
    fn what_is_said_is_sampled_by_whole_slots() {
        // A thousand passages said once each, and one that all exchanges hold.
        let mut entries: Vec<u64> = (0..1_000_u64).map(|i| entry((i + 1) << 40, i % 64)).collect();
        entries.extend((0..64).map(|slot| entry(0, slot)));
        entries.sort_unstable();
        let mut at_once = entries.clone();
        let level = Sampling::Slots.fit(&mut at_once, 0, 300);
        assert_eq!((level, at_once.iter().filter(|entry| fingerprint_of(**entry) == 0).count()), (2, 16));
        assert!(at_once.iter().all(|entry| slots_at(2) >> slot_of(*entry) & 1 == 1));
        // By halves it is the same.
        let (mut left, mut right) = (entries[..500].to_vec(), entries[500..].to_vec());
        let levels = (Sampling::Slots.fit(&mut left, 0, 300), Sampling::Slots.fit(&mut right, 0, 300));
        left.extend(right);
        left.sort_unstable();
        assert_eq!(Sampling::Slots.fit(&mut left, levels.0.max(levels.1), 300), level);
        assert_eq!(left, at_once);
        // One slot that is too full is sampled by fingerprints.
        let mut full: Vec<u64> = (0..1_000_u64).map(|i| entry(i << 54, 0)).collect();
        assert!(Sampling::Slots.fit(&mut full, 0, 100) > 6 && (1..=100).contains(&full.len()));
        assert_eq!((slots_at(0), slots_at(5), slots_at(9)), (u64::MAX, 3, 1));
    }

    #[test]
    fn the_same_exchange_fills_the_same_slot() {
        assert_eq!(slot([7, 8, 9]), slot([7, 8, 9]));
        let mut filled = [0_usize; 64];
        (0..64_000).for_each(|i| filled[usize::try_from(slot([i * 1_000_000, 0, 0])).unwrap()] += 1);
        assert!(filled.iter().all(|&of| (800..1_200).contains(&of)), "{filled:?}");
        assert_eq!(fingerprint_of(entry(u64::MAX, 5)), fingerprint_of(entry(u64::MAX, 6)));
    }

    #[test]
    fn estimates_start_at_one_and_stay_finite() {
        assert!((estimated_count(1) - 1.0).abs() < 0.01);
        assert!(estimated_count(64) > 200.0 && estimated_count(64).is_finite());
    }
}
