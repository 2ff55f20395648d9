//! Scores into probabilities that mean what they say (Guo et al., ICML 2017: temperature scaling).

const LOWEST: f32 = 0.25;
const STEPS: usize = 48;
/// Each step is this factor; the range is a quarter to sixteen.
const FACTOR: f32 = 1.090_507_7;

/// The temperature under which held-out scores have the least mean loss in nats, and that loss.
pub(crate) fn fit<const W: usize>(pairs: &[(&[f32; W], u8)], classes: usize) -> (f32, f32) {
    let mut best = (1.0, f64::INFINITY);
    let mut temperature = LOWEST;
    for _ in 0..=STEPS {
        let loss = pairs
            .iter()
            .map(|(scores, class)| {
                let row = log_probabilities(&scores[..], classes, temperature).nth(usize::from(*class));
                f64::from(-row.unwrap_or(f32::NEG_INFINITY))
            })
            .sum::<f64>();
        if loss < best.1 {
            best = (temperature, loss);
        }
        temperature *= FACTOR;
    }
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a mean over documents")]
    let loss = (best.1 / pairs.len().max(1) as f64) as f32;
    (best.0, loss)
}

/// Natural logarithms of the probabilities of the first `classes` classes.
pub(crate) fn log_probabilities(scores: &[f32], classes: usize, temperature: f32) -> impl Iterator<Item = f32> {
    let scores = &scores[..classes];
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = scores.iter().map(|score| libm::expf((score - most) / temperature)).sum();
    let log_sum = libm::logf(sum);
    scores.iter().map(move |score| (score - most) / temperature - log_sum)
}

#[cfg(test)]
mod tests {
    use super::{fit, log_probabilities};

    #[test]
    fn overconfident_scores_are_cooled() {
        // Scores say 0.98, the truth is 3 of 4.
        let (sure, wrong) = ([4.0_f32, 0.0], 1);
        let (temperature, loss) = fit(&[(&sure, 0), (&sure, 0), (&sure, 0), (&sure, wrong)], 2);
        let confidence = log_probabilities(&sure, 2, temperature).next().unwrap().exp();
        assert!((confidence - 0.75).abs() < 0.03, "{confidence}");
        assert!(loss < 0.57);
    }
}
