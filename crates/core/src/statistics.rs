//! The few distributions that evidence is weighed with.

use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

/// P(X ≥ `count`) for X ~ Poisson(`mean`).
pub fn poisson_upper_tail(count: u64, mean: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    if mean <= 0.0 {
        return 0.0;
    }
    Poisson::new(mean).map_or(1.0, |law| law.sf(count - 1))
}

/// P(X ≤ `count`) for X ~ Poisson(`mean`).
pub fn poisson_lower_tail(count: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    Poisson::new(mean).map_or(1.0, |law| law.cdf(count))
}

/// P(X ≥ `count`) for X ~ Binomial(`trials`, `probability`).
pub fn binomial_upper_tail(count: u64, trials: u64, probability: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    Binomial::new(probability.clamp(0.0, 1.0), trials).map_or(1.0, |law| law.sf(count - 1))
}

/// Benjamini-Yekutieli adjusted p-values (Annals of Statistics 29, 2001), in the order given. They control the
/// false-discovery rate under any dependence.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    let count = p_values.len();
    #[expect(clippy::cast_precision_loss, reason = "numbers of hypotheses are small")]
    let (total, harmonic) = (count as f64, (1..=count).map(|rank| 1.0 / rank as f64).sum::<f64>());
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]).then(a.cmp(&b)));
    let mut adjusted = vec![1.0; count];
    let mut smallest: f64 = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
        let position = (rank + 1) as f64;
        smallest = smallest.min(p_values[index] * total * harmonic / position);
        adjusted[index] = smallest;
    }
    adjusted
}

/// log(Σ exp(x)), without overflow.
pub fn log_sum_exp(values: &[f64]) -> f64 {
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if highest.is_infinite() {
        return highest;
    }
    highest + values.iter().map(|value| (value - highest).exp()).sum::<f64>().ln()
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
        assert!((poisson_upper_tail(3, 1.0) - 0.080_301_4).abs() < 1e-6);
        assert!((poisson_lower_tail(2, 1.0) - 0.919_698_6).abs() < 1e-6);
        assert!((binomial_upper_tail(9, 10, 0.5) - 0.010_742_2).abs() < 1e-6);
        assert!(poisson_upper_tail(1, 0.0).abs() < f64::EPSILON);
    }

    #[test]
    fn adjusted_values_follow_the_paper() {
        // Three hypotheses: factor 3 · (1 + 1/2 + 1/3) = 5.5.
        let q = benjamini_yekutieli(&[0.03, 0.001, 0.02]);
        assert!((q[1] - 0.005_5).abs() < 1e-12);
        assert!((q[0] - 0.055).abs() < 1e-12);
        assert!((q[2] - 0.055).abs() < 1e-12);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert!((median(&mut [4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < f64::EPSILON);
    }
}
