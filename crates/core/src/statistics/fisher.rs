//! Fisher's exact test.

use statrs::distribution::{DiscreteCDF, Hypergeometric};

/// P(X ≥ `least`) for the number X of successes in `drawn` of `population`, `successes` of which are successes: the
/// hypergeometric law. Certain where the law has no such parameters.
pub fn fisher_upper_tail(population: u64, successes: u64, drawn: u64, least: u64) -> f64 {
    match least.checked_sub(1) {
        None => 1.0,
        Some(below) => Hypergeometric::new(population, successes.min(population), drawn)
            .map_or(1.0, |law| law.sf(below).clamp(0.0, 1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::fisher_upper_tail;

    /// Fisher, The Design of Experiments (1935), chapter 2.
    #[test]
    fn the_lady_tastes_tea() {
        assert!((fisher_upper_tail(8, 4, 4, 3) - 17.0 / 70.0).abs() < 1e-12);
        assert!((fisher_upper_tail(8, 4, 4, 4) - 1.0 / 70.0).abs() < 1e-12);
        assert!((fisher_upper_tail(8, 4, 4, 0) - 1.0).abs() < f64::EPSILON);
    }
}
