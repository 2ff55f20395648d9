//! Whose documents are, when they all are of one source.

use super::calibration::{Regime, unpack};
use super::model::StyleModel;
use super::share::Shares;

/// Added to every variance, in squared nats: log-probabilities are kept to a thousandth and their sum is fixed.
const RIDGE: f64 = 0.05;

/// The family, by its place in the model, whose known makers write most like these documents.
///
/// Linear discriminant analysis on log-probabilities: each maker in each domain is a centre, as a model saw it that did not
/// know the prompts; the spread within centres is pooled. The mean over documents is held against the centres, which is what
/// summing log-likelihoods comes to. It presumes one source, and one that the model knows: it is no share and no finding.
/// `None` of no documents.
pub fn likeliest_source(model: &StyleModel, shares: &Shares) -> Option<usize> {
    if shares.is_empty() {
        return None;
    }
    let classes = model.calibration.classes;
    let mut pooled = vec![vec![0.0; classes]; classes];
    let (mut centres, mut documents) = (Vec::new(), 0.0_f64);
    for unit in model.calibration.units.iter().filter(|unit| unit.regime == Regime::Prompt) {
        let rows: Vec<Vec<f64>> = unit
            .rows
            .chunks_exact(classes)
            .map(|row| row.iter().map(|value| f64::from(unpack(*value))).collect())
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "a mean over documents")]
        let count = rows.len().max(1) as f64;
        let centre: Vec<f64> = (0..classes).map(|at| rows.iter().map(|row| row[at]).sum::<f64>() / count).collect();
        for row in &rows {
            for (left, sums) in pooled.iter_mut().enumerate() {
                for (right, sum) in sums.iter_mut().enumerate() {
                    *sum += (row[left] - centre[left]) * (row[right] - centre[right]);
                }
            }
        }
        documents += count;
        centres.push((usize::from(unit.family), centre));
    }
    for (at, sums) in pooled.iter_mut().enumerate() {
        for sum in sums.iter_mut() {
            *sum /= documents.max(1.0);
        }
        sums[at] += RIDGE;
    }
    let factor = cholesky(pooled);
    let mean = shares.mean();
    let distance = |centre: &[f64]| {
        let mut whitened: Vec<f64> = mean.iter().zip(centre).map(|(mean, centre)| mean - centre).collect();
        for at in 0..classes {
            let known: f64 = factor[at][..at].iter().zip(&whitened).map(|(a, b)| a * b).sum();
            whitened[at] = (whitened[at] - known) / factor[at][at];
        }
        whitened.iter().map(|value| value * value).sum::<f64>()
    };
    let nearest = centres.iter().map(|(family, centre)| (distance(centre), *family));
    nearest.min_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, family)| family)
}

/// The lower factor of a positive definite matrix.
fn cholesky(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for row in 0..matrix.len() {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|at| matrix[row][at] * matrix[column][at]).sum();
            let left = matrix[row][column] - sum;
            matrix[row][column] =
                if row == column { left.max(f64::MIN_POSITIVE).sqrt() } else { left / matrix[column][column] };
        }
    }
    matrix
}
