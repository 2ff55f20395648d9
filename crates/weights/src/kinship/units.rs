use std::io::{Read, Seek};

use stillwatch_core::Random;

use super::anatomy::View;
use super::weights::{Weights, WeightsError};

/// Units of one model as raw vectors: for each role of a matrix, a row of `length` numbers a unit.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) count: usize,
    pub(super) length: usize,
    pub(super) roles: Vec<Vec<f32>>,
}

impl Units {
    /// Reads the units named, with the numbers that they have on the other side of each matrix.
    pub(super) fn read<R: Read + Seek>(
        weights: &mut Weights<R>,
        views: &[&View],
        units: &[usize],
        others: &[usize],
    ) -> Result<Self, WeightsError> {
        let mut roles = Vec::with_capacity(views.len());
        for view in views {
            let own: Vec<usize> = units.iter().map(|unit| unit + view.offset).collect();
            roles.push(if view.units_are_rows {
                weights.gather(view.tensor, &own, others)?
            } else {
                transposed(&weights.gather(view.tensor, others, &own)?, own.len())
            });
        }
        Ok(Self { count: units.len(), length: others.len(), roles })
    }

    /// Directions of the units on those dimensions, in that order: what all units have in common is taken away, and
    /// each is scaled to length one. A unit that is zero or holds what is no finite number has no direction and
    /// becomes zero.
    pub(super) fn directions(&self, dimensions: &[usize]) -> Directions {
        let roles = self.roles.iter().map(|raw| {
            let mut rows: Vec<f32> = Vec::with_capacity(self.count * dimensions.len());
            for unit in raw.chunks_exact(self.length.max(1)) {
                rows.extend(dimensions.iter().map(|&dimension| unit[dimension]));
            }
            direct(&mut rows, dimensions.len());
            rows
        });
        Directions { count: self.count, length: dimensions.len(), roles: roles.collect() }
    }
}

#[derive(Debug)]
pub(super) struct Directions {
    pub(super) count: usize,
    pub(super) length: usize,
    pub(super) roles: Vec<Vec<f32>>,
}

impl Directions {
    fn row(&self, role: usize, unit: usize) -> &[f32] {
        &self.roles[role][unit * self.length..(unit + 1) * self.length]
    }

    /// The cosine of two units, added up over all matrices.
    pub(super) fn closeness(&self, unit: usize, other: &Self, others: usize) -> f32 {
        (0..self.roles.len()).map(|role| dot(self.row(role, unit), other.row(role, others))).sum()
    }

    /// Cosines of all units with all units of the other in one matrix, row by row.
    pub(super) fn cosines(&self, other: &Self, role: usize) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.count * other.count);
        for unit in 0..self.count {
            let own = self.row(role, unit);
            all.extend((0..other.count).map(|others| dot(own, other.row(role, others))));
        }
        all
    }
}

/// As many numbers below `count` as are asked for, ascending; all of them where there are no more. The same for the same
/// counts, whatever the weights are.
pub(super) fn sample(count: usize, most: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    if count > most {
        Random::new(SAMPLE_SEED, count as u64).shuffle(&mut all);
        all.truncate(most);
        all.sort_unstable();
    }
    all
}

fn transposed(rows: &[f32], columns: usize) -> Vec<f32> {
    let count = rows.len() / columns.max(1);
    let mut turned = Vec::with_capacity(rows.len());
    for column in 0..columns {
        turned.extend((0..count).map(|row| rows[row * columns + column]));
    }
    turned
}

fn direct(rows: &mut [f32], length: usize) {
    let length = length.max(1);
    let mut mean = vec![0.0_f64; length];
    let mut live = 0.0;
    for row in rows.chunks_exact_mut(length) {
        if !row.iter().all(|value| value.is_finite()) || row.iter().all(|&value| value == 0.0) {
            row.fill(0.0);
            continue;
        }
        live += 1.0;
        mean.iter_mut().zip(row.iter()).for_each(|(mean, &value)| *mean += f64::from(value));
    }
    if live > 0.0 {
        for mean in &mut mean {
            *mean /= live;
        }
    }
    for row in rows.chunks_exact_mut(length) {
        if row.iter().all(|&value| value == 0.0) {
            continue;
        }
        let square: f64 = row.iter().zip(&mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum();
        let norm = square.sqrt();
        #[expect(clippy::cast_possible_truncation, reason = "a direction needs no more than single precision")]
        for (value, mean) in row.iter_mut().zip(&mean) {
            *value = if norm > 0.0 && norm.is_finite() { ((f64::from(*value) - mean) / norm) as f32 } else { 0.0 };
        }
    }
}

/// Eight sums side by side, which a compiler turns into vector instructions and which add up in the same order everywhere.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (left_parts, right_parts) = (left.chunks_exact(8), right.chunks_exact(8));
    let rest: f32 = left_parts.remainder().iter().zip(right_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in left_parts.zip(right_parts) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

const SAMPLE_SEED: u64 = 0x6b69_6e73_6869_7001;
