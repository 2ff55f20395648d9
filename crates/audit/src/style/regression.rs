//! Multinomial logistic regression over sparse documents, by L-BFGS.
//!
//! The objective is Σ wᵢ (−ln softmax(W xᵢ + b)[yᵢ]) / Σ wᵢ + λ/2 ‖W‖²; the bias is not penalised. It is convex, documents are taken
//! in order and the steps are those of Nocedal and Wright, "Numerical Optimization" (2006), algorithm 7.4 with halving of
//! the step until Armijo's condition holds: the same documents give the same weights, bit for bit.

use super::matrix::{Matrix, Row};

/// Pairs of steps and gradients that L-BFGS remembers.
const MEMORY: usize = 6;
/// A fit ends when a step improves the objective by less than this share of it.
const TOLERANCE: f64 = 1e-5;
const HALVINGS: usize = 20;

/// One row of weights a feature, and the bias.
#[derive(Clone, Debug)]
pub(crate) struct Weights<const W: usize> {
    pub(crate) rows: Vec<[f32; W]>,
    pub(crate) bias: [f32; W],
}

/// A fit, whose documents hold columns of `matrix` and whose classes are below `classes`.
pub(crate) struct Problem<'a, const W: usize> {
    pub(crate) matrix: &'a Matrix,
    /// Class and weight of each row of the matrix.
    pub(crate) targets: &'a [(u8, f32)],
    pub(crate) classes: usize,
    pub(crate) lambda: f32,
    pub(crate) iterations: usize,
}

impl<const W: usize> Problem<'_, W> {
    pub(crate) fn solve(&self) -> Weights<W> {
        let size = self.matrix.columns + 1;
        let mut point = vec![[0.0; W]; size];
        let mut gradient = vec![[0.0; W]; size];
        let mut value = self.evaluate(&point, &mut gradient);
        let mut history: Vec<Step<W>> = Vec::with_capacity(MEMORY);
        let (mut trial, mut trial_gradient) = (point.clone(), gradient.clone());
        for _ in 0..self.iterations {
            let direction = descent(&gradient, &history);
            let slope = dot(&gradient, &direction);
            if slope >= 0.0 {
                break;
            }
            let mut length = if history.is_empty() { first_length(&gradient) } else { 1.0 };
            let mut reached = None;
            for _ in 0..HALVINGS {
                combine(&mut trial, &point, length, &direction);
                let found = self.evaluate(&trial, &mut trial_gradient);
                if found <= value + 1e-4 * f64::from(length) * slope {
                    reached = Some(found);
                    break;
                }
                length *= 0.5;
            }
            let Some(found) = reached else { break };
            let step = Step::between(&point, &trial, &gradient, &trial_gradient);
            if step.curvature > 1e-12 {
                if history.len() == MEMORY {
                    history.remove(0);
                }
                history.push(step);
            }
            std::mem::swap(&mut point, &mut trial);
            std::mem::swap(&mut gradient, &mut trial_gradient);
            let gained = value - found;
            value = found;
            if gained <= TOLERANCE * value.abs() {
                break;
            }
        }
        let bias = point.pop().unwrap_or([0.0; W]);
        Weights { rows: point, bias }
    }

    /// The objective, and its gradient in `gradient`. The last row is the bias.
    fn evaluate(&self, point: &[[f32; W]], gradient: &mut [[f32; W]]) -> f64 {
        let (Some((bias, rows)), total) =
            (point.split_last(), self.targets.iter().map(|(_, w)| f64::from(*w)).sum::<f64>())
        else {
            return 0.0;
        };
        gradient.fill([0.0; W]);
        let mut bias_gradient = [0.0_f32; W];
        let mut loss = 0.0_f64;
        #[expect(clippy::cast_possible_truncation, reason = "single precision is what the fit is done in")]
        let scale = (1.0 / total.max(f64::MIN_POSITIVE)) as f32;
        for (row, &(class, weight)) in self.matrix.rows().zip(self.targets) {
            let mut scores = *bias;
            product(row, rows, &mut scores);
            let (log_sum, mut error) = softmax(&scores, self.classes);
            loss += f64::from(weight) * f64::from(log_sum - scores[usize::from(class)]);
            error[usize::from(class)] -= 1.0;
            for value in &mut error {
                *value *= weight * scale;
            }
            for (&column, &entry) in row.columns.iter().zip(row.values) {
                for (slot, value) in gradient[column as usize].iter_mut().zip(&error) {
                    *slot += entry * value;
                }
            }
            for (slot, value) in bias_gradient.iter_mut().zip(&error) {
                *slot += value;
            }
        }
        let mut squares = 0.0_f64;
        for (slots, weights) in gradient.iter_mut().zip(rows) {
            let mut square = 0.0;
            for (slot, weight) in slots.iter_mut().zip(weights) {
                *slot += self.lambda * weight;
                square += weight * weight;
            }
            squares += f64::from(square);
        }
        if let Some(last) = gradient.last_mut() {
            *last = bias_gradient;
        }
        loss / total.max(f64::MIN_POSITIVE) + 0.5 * f64::from(self.lambda) * squares
    }
}

impl<const W: usize> Weights<W> {
    pub(crate) fn scores(&self, row: Row<'_>) -> [f32; W] {
        let mut scores = self.bias;
        product(row, &self.rows, &mut scores);
        scores
    }
}

fn product<const W: usize>(row: Row<'_>, weights: &[[f32; W]], scores: &mut [f32; W]) {
    for (&column, &entry) in row.columns.iter().zip(row.values) {
        for (score, weight) in scores.iter_mut().zip(&weights[column as usize]) {
            *score += entry * weight;
        }
    }
}

/// The logarithm of the sum of exponentials of the first `classes` scores, and the probabilities; zero beyond.
pub(crate) fn softmax<const W: usize>(scores: &[f32; W], classes: usize) -> (f32, [f32; W]) {
    let most = scores[..classes].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut probabilities = [0.0; W];
    let mut sum = 0.0;
    for (probability, score) in probabilities.iter_mut().zip(&scores[..classes]) {
        *probability = libm::expf(score - most);
        sum += *probability;
    }
    for probability in &mut probabilities {
        *probability /= sum;
    }
    (most + libm::logf(sum), probabilities)
}

struct Step<const W: usize> {
    moved: Vec<[f32; W]>,
    turned: Vec<[f32; W]>,
    /// `moved · turned`, above zero where the objective curves upwards.
    curvature: f64,
}

impl<const W: usize> Step<W> {
    fn between(from: &[[f32; W]], to: &[[f32; W]], before: &[[f32; W]], after: &[[f32; W]]) -> Self {
        let (moved, turned) = (difference(to, from), difference(after, before));
        let curvature = dot(&moved, &turned);
        Self { moved, turned, curvature }
    }
}

/// −H g by the two-loop recursion.
fn descent<const W: usize>(gradient: &[[f32; W]], history: &[Step<W>]) -> Vec<[f32; W]> {
    let mut direction: Vec<[f32; W]> = gradient.iter().map(|row| row.map(|value| -value)).collect();
    let mut shares = Vec::with_capacity(history.len());
    for step in history.iter().rev() {
        let share = dot(&step.moved, &direction) / step.curvature;
        add(&mut direction, -share, &step.turned);
        shares.push(share);
    }
    if let Some(last) = history.last() {
        let scale = last.curvature / dot(&last.turned, &last.turned).max(f64::MIN_POSITIVE);
        for row in &mut direction {
            *row = row.map(|value| value * narrow(scale));
        }
    }
    for (step, share) in history.iter().zip(shares.into_iter().rev()) {
        let back = dot(&step.turned, &direction) / step.curvature;
        add(&mut direction, share - back, &step.moved);
    }
    direction
}

fn first_length<const W: usize>(gradient: &[[f32; W]]) -> f32 {
    narrow(1.0 / dot(gradient, gradient).sqrt().max(1e-6))
}

fn dot<const W: usize>(left: &[[f32; W]], right: &[[f32; W]]) -> f64 {
    let row = |(a, b): (&[f32; W], &[f32; W])| f64::from(a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>());
    left.iter().zip(right).map(row).sum()
}

fn add<const W: usize>(target: &mut [[f32; W]], factor: f64, direction: &[[f32; W]]) {
    let factor = narrow(factor);
    for (slots, values) in target.iter_mut().zip(direction) {
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot += factor * value;
        }
    }
}

fn combine<const W: usize>(target: &mut [[f32; W]], point: &[[f32; W]], length: f32, direction: &[[f32; W]]) {
    for ((slots, from), step) in target.iter_mut().zip(point).zip(direction) {
        for ((slot, from), step) in slots.iter_mut().zip(from).zip(step) {
            *slot = from + length * step;
        }
    }
}

fn difference<const W: usize>(left: &[[f32; W]], right: &[[f32; W]]) -> Vec<[f32; W]> {
    left.iter().zip(right).map(|(a, b)| std::array::from_fn(|class| a[class] - b[class])).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is what the fit is done in")]
fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::super::matrix::Matrix;
    use super::{Problem, softmax};

    #[test]
    fn probabilities_sum_to_one_over_the_classes_alone() {
        let (log_sum, probabilities) = softmax(&[1.0_f32, 1.0, 9.0, 9.0], 2);
        assert!((log_sum - 1.693_147).abs() < 1e-5);
        assert_eq!(probabilities, [0.5, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn the_fit_reaches_the_minimum_known_in_closed_form() {
        // One document a class, one feature of its own each: by symmetry the weights are a, −a/2, −a/2 with
        // 3 λ a (e^{1.5 a} + 2) = 2 · 1 (from the stationarity of a).
        let mut matrix = Matrix::new(3);
        for column in 0..3 {
            matrix.push([(column, 1.0)]);
        }
        let targets = [(0, 1.0), (1, 1.0), (2, 1.0)];
        let problem = Problem::<8> { matrix: &matrix, targets: &targets, classes: 3, lambda: 0.01, iterations: 200 };
        let weights = problem.solve();
        let a = f64::from(weights.rows[0][0]);
        let residual = 3.0 * 0.01 * a - 2.0 / ((1.5 * a).exp() + 2.0);
        assert!(residual.abs() < 2e-3, "{a} {residual}");
        assert!((weights.rows[0][1] + weights.rows[0][0] / 2.0).abs() < 1e-2);
    }
}
