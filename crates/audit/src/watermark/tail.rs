//! Upper tails of the null distributions, in natural logarithms so that they do not underflow.
//!
//! The library's incomplete beta function stops after 140 steps, too few for the counts of a corpus, so the sums are
//! taken term by term; they fall off after about the square root of the count.

use statrs::function::erf::erfc;
use statrs::function::factorial::ln_binomial;
use statrs::function::gamma::ln_gamma;

/// ln P(X ≥ `successes`) for X ~ Binomial(`trials`, `probability`): the regularised incomplete beta function
/// I_probability(successes, 1 + trials − successes). Nothing seen out of nothing is certain: 0.
pub(crate) fn ln_binomial_tail(trials: u64, successes: u64, probability: f64) -> f64 {
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

/// ln Q(`shape`, `sum`): the chance that `shape` exponential variables of mean one add up to at least `sum`.
pub(crate) fn ln_gamma_tail(shape: u64, sum: f64) -> f64 {
    if sum <= 0.0 {
        return 0.0;
    }
    if shape == 0 {
        return f64::NEG_INFINITY;
    }
    let ln_term = |k: u64| float(k) * sum.ln() - sum - ln_gamma(float(k) + 1.0);
    if sum > float(shape) {
        ln_term(shape - 1) + series((1..shape).rev().map(|k| float(k) / sum)).ln()
    } else {
        complement(ln_term(shape) + series((shape + 1..).map(|k| sum / float(k))).ln())
    }
}

/// ln P(Z ≥ `z`) for a standard normal Z.
pub(crate) fn ln_normal_tail(z: f64) -> f64 {
    if z < 20.0 {
        return (erfc(z / std::f64::consts::SQRT_2) / 2.0).ln();
    }
    // Laplace's continued fraction; relative error under 1e-8 from 20 on.
    let fraction = z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / z)));
    -z * z / 2.0 - (2.0 * std::f64::consts::PI).sqrt().ln() - fraction.ln()
}

/// 1 + a + ab + …, where the ratios fall.
fn series(ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

fn complement(ln: f64) -> f64 {
    (-ln.exp().min(1.0)).ln_1p()
}

#[expect(clippy::cast_precision_loss, reason = "counts lie far under 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};
    use statrs::function::beta::beta_reg;
    use statrs::function::gamma::gamma_ur;

    use super::{ln_binomial_tail, ln_gamma_tail, ln_normal_tail};

    #[test]
    fn binomial_tails_are_those_of_the_incomplete_beta_function() {
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
    fn gamma_tails_are_those_of_the_incomplete_gamma_function() {
        for shape in [1_u32, 2, 10, 300] {
            for sum in [0.1, 1.0, 9.0, 12.0, 280.0, 320.0] {
                let expected = gamma_ur(shape.into(), sum);
                assert!((ln_gamma_tail(shape.into(), sum).exp() - expected).abs() < 1e-11, "{shape} {sum}");
            }
        }
    }

    #[test]
    fn large_counts_approach_the_normal_law() {
        let tail = ln_binomial_tail(30_000_000, 15_000_001, 0.5).exp();
        assert!((tail - 0.5).abs() < 1e-3, "{tail}");
        let z = 3.0_f64;
        let sum = 1e6 + z * 1e3;
        assert!((ln_gamma_tail(1_000_000, sum) - ln_normal_tail(z)).abs() < 0.02);
    }

    #[test]
    fn what_was_not_seen_proves_nothing_and_the_far_tail_stays_finite() {
        assert!(ln_binomial_tail(0, 0, 0.25).abs() < f64::EPSILON && ln_binomial_tail(2, 0, 0.25).abs() < f64::EPSILON);
        assert!(ln_gamma_tail(0, 0.0).abs() < f64::EPSILON);
        assert!(ln_binomial_tail(100_000, 90_000, 0.25).is_finite());
        let normal = Normal::standard();
        assert!((ln_normal_tail(19.99) - ln_normal_tail(20.01) - 0.4).abs() < 0.01);
        assert!((ln_normal_tail(5.0).exp() / normal.sf(5.0) - 1.0).abs() < 1e-9);
    }
}
