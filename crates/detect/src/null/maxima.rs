//! The largest values that chance gives, and the rank of an observed value among them.

use crate::null::test::{FAMILIES, SYNCHRONY, TESTS, Test, Tested, is_independent, smallest_p};

/// Values that differ by less are equal: sums depend on their order in the last digits.
const TIE: f64 = 1e-4;
/// The largest standardised values that chance gave, round by round.
#[derive(Clone, Debug)]
pub(super) struct Maxima {
    columns: [Vec<f64>; TESTS],
    pub(super) scale: [f64; TESTS],
    joint: Vec<f64>,
}

pub(super) fn spread(values: impl Iterator<Item = f64> + Clone, floor: impl Fn(f64) -> f64) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "few rounds")]
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt().max(floor(mean)))
}

impl Maxima {
    pub(super) fn new(values: &[Vec<[f32; TESTS]>], standards: &[[(f64, f64); TESTS]], rounds: usize) -> Self {
        let mut maxima = vec![[0.0_f64; TESTS]; rounds];
        for (list, standard) in values.iter().zip(standards) {
            for (maximum, value) in maxima.iter_mut().zip(list) {
                for at in 0..TESTS {
                    maximum[at] = maximum[at].max(size(at, standardise(f64::from(value[at]), standard[at])));
                }
            }
        }
        let columns: [Vec<f64>; TESTS] = std::array::from_fn(|at| sorted(maxima.iter().map(|row| row[at])));
        // Tests differ in how heavy the tail of their maximum is; its 95 % point puts them on one scale.
        let scale = std::array::from_fn(|at| columns[at].get(rounds * 19 / 20).copied().unwrap_or(1.0).max(1.0));
        let largest = |row: &[f64; TESTS]| {
            (0..TESTS).filter(|&at| is_independent(at)).map(|at| row[at] / scale[at]).fold(0.0, f64::max)
        };
        let joint = sorted(maxima.iter().map(largest));
        Self { columns, scale, joint }
    }

    /// Standardises what was observed on a candidate and ranks it among the maxima.
    pub(super) fn rank(&self, observed: &[f64; TESTS], standard: &[(f64, f64); TESTS]) -> Tested {
        let tests = std::array::from_fn(|at| {
            let z = standardise(observed[at], standard[at]);
            let strength = size(at, z) / self.scale[at];
            let p = if is_independent(at) { rank(&self.joint, strength) } else { rank(&self.columns[at], z) };
            Test { observed: observed[at], mean: standard[at].0, deviation: standard[at].1, z, p, strength }
        });
        Tested { q: smallest_p(&tests), tests }
    }
}

/// As precise as the values of the rounds, so that equal values are equal.
pub(super) fn rounded(value: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
    let short = value as f32;
    short.into()
}

pub(super) fn standardise(value: f64, (mean, deviation): (f64, f64)) -> f64 {
    (value - mean) / deviation
}

/// Synchrony counts on either side: meeting too often, and avoiding each other.
pub(super) fn size(at: usize, z: f64) -> f64 {
    if SYNCHRONY.contains(&at) { z.abs() } else { z }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The share of null values, the observed one counted among them, that reach `value`, for each family of tests.
#[expect(clippy::cast_precision_loss, reason = "few rounds")]
fn rank(sorted: &[f64], value: f64) -> f64 {
    let reached = (1 + sorted.len() - sorted.partition_point(|&null| null < value - TIE)) as f64;
    (FAMILIES * reached / (sorted.len() + 1) as f64).min(1.0)
}
