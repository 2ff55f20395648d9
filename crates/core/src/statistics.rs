//! The few distributions that evidence is weighed with.

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

/// The middle value, or the mean of the two middle ones; zero of nothing.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_tables() {
        assert!((poisson_lower_tail(2, 1.0) - 0.919_698_6).abs() < 1e-6);
        assert!((poisson_upper_tail(3, 1.0) - 0.080_301_4).abs() < 1e-6);
        assert!((poisson_upper_tail(0, 1.0) - 1.0).abs() < f64::EPSILON);
        assert!(poisson_upper_tail(1, 0.0) < f64::EPSILON);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert!((median(&mut [4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < f64::EPSILON);
    }
}
