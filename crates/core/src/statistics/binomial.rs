//! Tails and intervals of the binomial law.

use statrs::distribution::{Binomial, DiscreteCDF};
use statrs::function::beta::beta_reg;
use statrs::function::factorial::ln_binomial;

use super::{complement, series};
use crate::float;

/// P(X ≥ `successes`) for X ~ Binomial(`trials`, `probability`); certain where the law has no such parameters.
pub fn binomial_upper_tail(successes: u64, trials: u64, probability: f64) -> f64 {
    let Some(below) = successes.checked_sub(1) else { return 1.0 };
    Binomial::new(probability, trials).map_or(1.0, |law| law.sf(below))
}

/// ln P(X ≥ `successes`) for X ~ Binomial(`trials`, `probability`): the regularised incomplete beta function
/// I_probability(successes, 1 + trials − successes). Nothing seen out of nothing is certain: 0.
///
/// `statrs` stops its incomplete beta function after 140 steps, too few for the counts of a corpus; the terms of this sum
/// fall off after about the square root of the count.
pub fn ln_binomial_tail(trials: u64, successes: u64, probability: f64) -> f64 {
    if successes == 0 {
        return 0.0;
    }
    if successes > trials || probability <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if probability >= 1.0 {
        return 0.0;
    }
    let (n, odds) = (float(trials), probability / (1.0 - probability));
    let ln_term =
        |k: u64| ln_binomial(trials, k) + float(k) * probability.ln() + float(trials - k) * (-probability).ln_1p();
    if float(successes) > n * probability {
        let terms = series((successes..trials).map(|k| float(trials - k) / float(k + 1) * odds));
        ln_term(successes) + terms.ln()
    } else {
        let last = successes - 1;
        let terms = series((1..=last).rev().map(|k| float(k) / float(trials - k + 1) / odds));
        complement(ln_term(last) + terms.ln())
    }
}

/// The exact interval of a share, from `successes` of `trials`, after Clopper and Pearson (Biometrika 26, 1934), at a
/// confidence such as 0.95.
pub fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> (f64, f64) {
    let (hits, all) = (float(successes.min(trials)), float(trials));
    let tail = ((1.0 - confidence) / 2.0).clamp(0.0, 0.5);
    let lower = if successes == 0 { 0.0 } else { beta_quantile(hits, all - hits + 1.0, tail) };
    let upper = if successes >= trials { 1.0 } else { beta_quantile(hits + 1.0, all - hits, 1.0 - tail) };
    (lower, upper)
}

/// Where the beta distribution reaches `probability`, by bisection.
fn beta_quantile(a: f64, b: f64, probability: f64) -> f64 {
    const STEPS: usize = 60;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if beta_reg(a, b, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use statrs::function::beta::beta_reg;

    use super::{binomial_upper_tail, clopper_pearson, ln_binomial_tail};

    #[test]
    fn tails_are_those_of_a_fair_coin() {
        assert!((binomial_upper_tail(10, 10, 0.5) - 1.0 / 1024.0).abs() < 1e-12);
        assert!((binomial_upper_tail(8, 10, 0.5) - 56.0 / 1024.0).abs() < 1e-12);
        assert!((binomial_upper_tail(0, 0, 0.5) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn logarithms_of_tails_are_those_of_the_incomplete_beta_function() {
        for trials in [1_u32, 2, 17, 125, 400] {
            for successes in 1..=trials {
                for probability in [0.05, 0.25, 0.5, 0.9] {
                    let expected = beta_reg(successes.into(), f64::from(1 + trials - successes), probability);
                    let tail = ln_binomial_tail(trials.into(), successes.into(), probability).exp();
                    assert!((tail - expected).abs() < 1e-11, "{successes} of {trials} at {probability}");
                }
            }
        }
    }

    #[test]
    fn large_counts_approach_a_half_and_the_far_tail_stays_finite() {
        let tail = ln_binomial_tail(30_000_000, 15_000_001, 0.5).exp();
        assert!((tail - 0.5).abs() < 1e-3, "{tail}");
        assert!(ln_binomial_tail(0, 0, 0.25).abs() < f64::EPSILON && ln_binomial_tail(2, 0, 0.25).abs() < f64::EPSILON);
        assert!(ln_binomial_tail(100_000, 90_000, 0.25).is_finite());
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        let (lower, upper) = clopper_pearson(3, 100, 0.95);
        assert!((lower - 0.006_230).abs() < 1e-5 && (upper - 0.085_176).abs() < 1e-5, "{lower} {upper}");
        // The rule of three, exactly: 1 - 0.025^(1/n).
        let (lower, upper) = clopper_pearson(0, 50, 0.95);
        assert!(lower.abs() < 1e-12 && (upper - (1.0 - 0.025_f64.powf(0.02))).abs() < 1e-9);
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
        let (lower, upper) = clopper_pearson(10, 10, 0.95);
        assert!((lower - 0.691_503).abs() < 1e-5 && (upper - 1.0).abs() < f64::EPSILON, "{lower}");
    }
}
