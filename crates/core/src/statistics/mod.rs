//! The distributions and procedures that evidence is weighed with, each once for all crates.
//!
//! Special functions come from `statrs`. What it lacks, or stops summing too early for the counts of a corpus, is summed
//! here term by term, in natural logarithms so that nothing underflows.

mod binomial;
mod fisher;
mod gamma;
mod holm;
mod median;
mod normal;
mod permutation;
mod poisson;
mod ratio;

pub use binomial::{binomial_upper_tail, clopper_pearson, ln_binomial_tail};
pub use fisher::fisher_upper_tail;
pub use gamma::ln_gamma_tail;
pub use holm::holm;
pub use median::median;
pub use normal::ln_normal_tail;
pub use permutation::rank_p_value;
pub use poisson::{poisson_lower_tail, poisson_upper_tail};
pub use ratio::{jeffreys_bits, mean, ratio};

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

/// ln(1 − e^`ln`).
fn complement(ln: f64) -> f64 {
    (-ln.exp().min(1.0)).ln_1p()
}
