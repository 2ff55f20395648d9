//! Shares and how surprising they are.

use crate::count::{Count, float};

/// One count over another, 0 to 1 where the first is a part of the second; 0 of nothing.
pub fn ratio(part: impl Count, whole: impl Count) -> f64 {
    float(part) / float(whole.count().max(1))
}

/// The mean of some values; 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / float(values.len().max(1))
}

/// log2 of how much likelier one group is to show something than another, half a count added to each (Jeffreys).
pub fn jeffreys_bits(inside: impl Count, members: impl Count, outside: impl Count, others: impl Count) -> f64 {
    let rate = |count: f64, of: f64| (count + 0.5) / (of + 1.0);
    (rate(float(inside), float(members)) / rate(float(outside), float(others))).log2()
}

#[cfg(test)]
mod tests {
    use super::{jeffreys_bits, mean, ratio};

    #[test]
    fn nothing_of_nothing_is_nothing() {
        assert!(ratio(0_u64, 0_u64).abs() < f64::EPSILON && mean(&[]).abs() < f64::EPSILON);
        assert!((ratio(1_usize, 4_u64) - 0.25).abs() < f64::EPSILON);
        assert!((mean(&[1.0, 2.0]) - 1.5).abs() < f64::EPSILON);
    }

    #[test]
    fn equal_rates_say_nothing_and_unequal_ones_are_bounded() {
        assert!(jeffreys_bits(3_u64, 9_u64, 3_u64, 9_u64).abs() < 1e-12);
        // (4.5 / 5) / (0.5 / 10) = 18
        assert!((jeffreys_bits(4_u64, 4_u64, 0_u64, 9_u64) - 18.0_f64.log2()).abs() < 1e-12);
    }
}
