//! Keyed threshold sampling of *(fingerprint, slot)* entries.

/// Slots an occurrence can fall in.
pub const SLOTS: u32 = 64;
pub(crate) const SLOT_BITS: u32 = SLOTS.trailing_zeros();
const HIGHEST_LEVEL: u8 = 57;

/// An occurrence of a fingerprint in an exchange: the upper 58 bits of the fingerprint, then the slot.
pub(crate) fn entry(fingerprint: u64, slot: u64) -> u64 {
    fingerprint >> SLOT_BITS << SLOT_BITS | slot
}

/// The slot of an exchange. It depends on who asked and when, never on a key (the counts must be the same under any)
/// and never on text (which a guess could be checked against).
pub(crate) fn slot(exchange: &[u8]) -> u64 {
    let hash =
        exchange.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| fold(hash ^ u64::from(byte), 0x9e37_79b9_7f4a_7c15));
    hash >> (64 - SLOT_BITS)
}

/// The fingerprint that an entry belongs to.
pub(crate) fn fingerprint_of(entry: u64) -> u64 {
    entry >> SLOT_BITS
}

/// The slot of an entry, 0 to 63.
pub(crate) fn slot_of(entry: u64) -> u64 {
    entry & u64::from(SLOTS - 1)
}

/// Whether a set at this level keeps the entry.
pub(crate) fn kept(entry: u64, level: u8) -> bool {
    level == 0 || entry < 1 << (64 - level)
}

/// The lowest level, at least `level`, at which sorted, distinct `entries` hold no more than `capacity` different
/// fingerprints; entries above it are cut off.
pub(crate) fn fit(entries: &mut Vec<u64>, mut level: u8, capacity: usize) -> u8 {
    entries.truncate(entries.partition_point(|&entry| kept(entry, level)));
    let exceed = |entries: &[u64]| {
        entries.len() > capacity && entries.chunk_by(|&a, &b| fingerprint_of(a) == fingerprint_of(b)).count() > capacity
    };
    while level < HIGHEST_LEVEL && exceed(entries) {
        level += 1;
        entries.truncate(entries.partition_point(|&entry| kept(entry, level)));
    }
    level
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
    use super::{entry, estimated_count, fingerprint_of, fit, kept, slot};

    #[test]
    fn the_level_rises_only_above_the_capacity() {
        let mut entries: Vec<u64> = (0..100_u64).map(|i| (i << 57) | (i << 6)).collect();
        entries.sort_unstable();
        assert_eq!(fit(&mut entries.clone(), 0, 100), 0);
        let level = fit(&mut entries, 0, 50);
        assert!(level >= 1 && entries.len() <= 50 && entries.iter().all(|&entry| kept(entry, level)));
    }

    #[test]
    fn the_same_exchange_fills_the_same_slot() {
        assert_eq!(slot(b"exchange"), slot(b"exchange"));
        let filled: std::collections::BTreeSet<u64> = (0..10_000_u32).map(|i| slot(&i.to_le_bytes())).collect();
        assert_eq!(filled.len(), 64);
        assert_eq!(fingerprint_of(entry(u64::MAX, 5)), fingerprint_of(entry(u64::MAX, 6)));
    }

    #[test]
    fn estimates_start_at_one_and_stay_finite() {
        assert!((estimated_count(1) - 1.0).abs() < 0.01);
        assert!(estimated_count(64) > 200.0 && estimated_count(64).is_finite());
    }
}
