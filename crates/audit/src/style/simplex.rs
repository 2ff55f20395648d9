//! Least squares over shares: the mixture of columns that comes closest to a mean.

/// Steps of a fit; a step moves share between two columns as far as it helps.
const MOST_STEPS: usize = 2000;
const ENOUGH: f64 = 1e-9;

/// The q ≥ 0 with Σ q = 1 for which ‖A q − b‖ is least, and that distance.
///
/// Pairs of columns are taken in turn, always the two between which the gradient differs most (the decomposition that
/// Platt's SMO makes of a problem with one linear constraint).
pub(crate) fn closest(columns: &[&[f64]], target: &[f64]) -> (Vec<f64>, f64) {
    let count = columns.len();
    let product = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
    let gram: Vec<Vec<f64>> = columns.iter().map(|a| columns.iter().map(|b| product(a, b)).collect()).collect();
    #[expect(clippy::cast_precision_loss, reason = "a few columns")]
    let mut shares = vec![1.0 / count.max(1) as f64; count];
    let mut slope: Vec<f64> = (0..count).map(|at| product(&gram[at], &shares) - product(columns[at], target)).collect();
    for _ in 0..MOST_STEPS {
        let to = (0..count).min_by(|&a, &b| slope[a].total_cmp(&slope[b]));
        let from = (0..count).filter(|&at| shares[at] > 0.0).max_by(|&a, &b| slope[a].total_cmp(&slope[b]));
        let (Some(to), Some(from)) = (to, from) else { break };
        let gain = slope[from] - slope[to];
        if gain < ENOUGH {
            break;
        }
        let curve = (gram[to][to] + gram[from][from] - 2.0 * gram[to][from]).max(1e-12);
        let moved = (gain / curve).min(shares[from]);
        shares[to] += moved;
        shares[from] -= moved;
        for (at, slope) in slope.iter_mut().enumerate() {
            *slope += moved * (gram[at][to] - gram[at][from]);
        }
    }
    let distance = target
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let fitted: f64 = columns.iter().zip(&shares).map(|(column, share)| column[at] * share).sum();
            (fitted - value) * (fitted - value)
        })
        .sum::<f64>();
    (shares, distance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_mixture_is_taken_apart() {
        let columns: [&[f64]; 3] = [&[0.8, 0.1, 0.1], &[0.2, 0.6, 0.2], &[0.3, 0.3, 0.4]];
        let mixed: Vec<f64> = (0..3).map(|at| 0.5 * columns[0][at] + 0.5 * columns[2][at]).collect();
        let (shares, distance) = closest(&columns, &mixed);
        assert!(distance < 1e-6);
        assert!((shares[0] - 0.5).abs() < 1e-4 && shares[1] < 1e-4, "{shares:?}");
    }

    #[test]
    fn what_lies_outside_is_brought_to_the_edge() {
        let (shares, distance) = closest(&[&[0.8, 0.2], &[0.4, 0.6]], &[1.0, 0.0]);
        assert!((shares[0] - 1.0).abs() < 1e-9);
        assert!((distance - 0.08_f64.sqrt()).abs() < 1e-9);
    }
}
