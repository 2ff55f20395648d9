//! The tail of the normal law.

use statrs::function::erf::erfc;

/// ln P(Z ≥ `z`) for a standard normal Z.
pub fn ln_normal_tail(z: f64) -> f64 {
    if z < 20.0 {
        return (erfc(z / std::f64::consts::SQRT_2) / 2.0).ln();
    }
    // Laplace's continued fraction; relative error under 1e-8 from 20 on.
    let fraction = z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / z)));
    -z * z / 2.0 - (2.0 * std::f64::consts::PI).sqrt().ln() - fraction.ln()
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::ln_normal_tail;

    #[test]
    fn the_far_tail_joins_the_near_one() {
        assert!((ln_normal_tail(19.99) - ln_normal_tail(20.01) - 0.4).abs() < 0.01);
        assert!((ln_normal_tail(5.0).exp() / Normal::standard().sf(5.0) - 1.0).abs() < 1e-9);
        // The familiar quantile of 5 %, two-sided.
        assert!((ln_normal_tail(1.959_963_985).exp() - 0.025).abs() < 1e-9);
    }
}
