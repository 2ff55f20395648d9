use std::sync::Arc;

use stillwatch_core::{Random, place, signed};

/// The random numbers for one purpose, such as `"crowd:classroom"`, and one index within it.
pub(crate) fn stream(seed: u64, purpose: &str, index: u64) -> Random {
    let purpose = hash(purpose);
    Random::new(seed ^ purpose, purpose.rotate_left(32).wrapping_add(index))
}

/// FNV-1a.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Draws that use nothing but integers, division and square roots: IEEE 754 rounds those alike on every machine,
/// which it does not promise of logarithms and powers.
pub(crate) trait Draw {
    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T;
    fn word(&mut self, words: &[&'static str]) -> &'static str;
    /// An item whose chance is proportional to its weight.
    fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> &'a T;
    fn chance(&mut self, percent: usize) -> bool;
    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: usize, high: usize) -> usize;
    fn between_seconds(&mut self, low: i64, high: i64) -> i64;
    /// A rank below `ranks` with density close to 1 / rank.
    fn rank(&mut self, ranks: usize) -> usize;
    /// A count with a Pareto tail (exponent 2) that starts at `base`, at most 60 times it.
    fn heavy(&mut self, base: usize) -> usize;
    fn hexadecimal(&mut self, prefix: &str, digits: usize) -> Arc<str>;
}

impl Draw for Random {
    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> &'a T {
        let total: usize = items.iter().map(|(weight, _)| *weight as usize).sum();
        let mut left = self.below(total.max(1));
        for (weight, item) in items {
            let weight = *weight as usize;
            if left < weight {
                return item;
            }
            left -= weight;
        }
        &items[0].1
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    fn between_seconds(&mut self, low: i64, high: i64) -> i64 {
        let width = place(high.saturating_sub(low).max(0).unsigned_abs());
        low + signed(self.below(width + 1))
    }

    fn rank(&mut self, ranks: usize) -> usize {
        let octaves = usize::BITS - ranks.leading_zeros();
        let octave = self.below(octaves.max(1) as usize);
        let rank = (1 << octave) - 1 + self.below(1 << octave);
        rank.min(ranks.saturating_sub(1))
    }

    fn heavy(&mut self, base: usize) -> usize {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = (base as f64 / (1.0 - self.unit()).sqrt()) as usize;
        count.min(base.saturating_mul(60))
    }

    fn hexadecimal(&mut self, prefix: &str, digits: usize) -> Arc<str> {
        let mut text = format!("{prefix}{:016x}", self.next_u64());
        text.truncate(prefix.len() + digits);
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Random;

    use super::Draw;

    #[test]
    fn ranks_fall_off_and_stay_inside() {
        let mut random = Random::new(1, 1);
        let ranks: Vec<usize> = (0..10_000).map(|_| random.rank(1000)).collect();
        assert!(ranks.iter().all(|rank| *rank < 1000));
        let first = ranks.iter().filter(|rank| **rank == 0).count();
        let middle = ranks.iter().filter(|rank| **rank == 100).count();
        assert!(first > 30 * middle.max(1), "{first} {middle}");
    }

    #[test]
    fn heavy_counts_have_a_tail() {
        let mut random = Random::new(1, 2);
        let counts: Vec<usize> = (0..10_000).map(|_| random.heavy(10)).collect();
        assert!(counts.iter().all(|count| (10..=600).contains(count)));
        assert!(counts.iter().any(|count| *count > 200));
    }
}
