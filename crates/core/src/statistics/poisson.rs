//! Tails of the Poisson law.

use statrs::distribution::{DiscreteCDF, Poisson};

/// P(X ≤ `count`) for X ~ Poisson(`mean`).
pub fn poisson_lower_tail(count: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    Poisson::new(mean).map_or(1.0, |law| law.cdf(count))
}

/// P(X ≥ `count`) for X ~ Poisson(`mean`).
pub fn poisson_upper_tail(count: u64, mean: f64) -> f64 {
    match (count.checked_sub(1), Poisson::new(mean)) {
        (None, _) => 1.0,
        (Some(_), Err(_)) => 0.0,
        (Some(below), Ok(law)) => law.sf(below),
    }
}

#[cfg(test)]
mod tests {
    use super::{poisson_lower_tail, poisson_upper_tail};

    /// Values of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 26.7, and of R's `ppois`.
    #[test]
    fn tails_are_those_of_the_tables() {
        assert!((poisson_lower_tail(2, 1.0) - 0.919_698_6).abs() < 1e-6);
        assert!((poisson_upper_tail(3, 1.0) - 0.080_301_4).abs() < 1e-6);
        assert!((poisson_upper_tail(0, 1.0) - 1.0).abs() < f64::EPSILON);
        assert!(poisson_upper_tail(1, 0.0) < f64::EPSILON);
        assert!((poisson_lower_tail(0, 0.0) - 1.0).abs() < f64::EPSILON);
        // ppois(19, 10, lower.tail = FALSE)
        assert!((poisson_upper_tail(20, 10.0) - 0.003_454_3).abs() < 1e-6);
    }
}
