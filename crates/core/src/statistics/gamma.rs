//! The tail of the gamma law.

use statrs::function::gamma::ln_gamma;

use super::{complement, series};
use crate::float;

/// ln Q(`shape`, `sum`): the chance that `shape` exponential variables of mean one add up to at least `sum`.
pub fn ln_gamma_tail(shape: u64, sum: f64) -> f64 {
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

#[cfg(test)]
mod tests {
    use statrs::function::gamma::gamma_ur;

    use super::ln_gamma_tail;
    use crate::statistics::ln_normal_tail;

    #[test]
    fn tails_are_those_of_the_incomplete_gamma_function() {
        for shape in [1_u32, 2, 10, 300] {
            for sum in [0.1, 1.0, 9.0, 12.0, 280.0, 320.0] {
                let expected = gamma_ur(shape.into(), sum);
                assert!((ln_gamma_tail(shape.into(), sum).exp() - expected).abs() < 1e-11, "{shape} {sum}");
            }
        }
        assert!(ln_gamma_tail(0, 0.0).abs() < f64::EPSILON);
    }

    #[test]
    fn large_shapes_approach_the_normal_law() {
        let z = 3.0_f64;
        assert!((ln_gamma_tail(1_000_000, 1e6 + z * 1e3) - ln_normal_tail(z)).abs() < 0.02);
    }
}
