use std::num::NonZeroUsize;

use stillwatch_core::{Cancel, Cancelled, ratio};

use super::Scheme;
use super::parallel::in_parallel;

/// How wrong keys are tried. Equal settings give equal results at any number of threads.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Wrong keys; the smallest p that they can show is 1 / (1 + keys).
    pub keys: usize,
    /// From which the wrong keys are counted off.
    pub seed: u64,
    /// N-grams on which they are tried at most; `None` leaves it to the scheme.
    pub ngrams: Option<usize>,
    pub threads: NonZeroUsize,
    /// Ends the test early.
    pub cancel: Cancel,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { keys: 1_000, seed: 0x5711_a7c4, ngrams: None, threads: NonZeroUsize::MIN, cancel: Cancel::default() }
    }
}

/// What wrong keys gave.
pub(crate) struct Null {
    /// Standardised totals over all n-grams that were tried.
    z: Vec<f64>,
    /// The same over the first eighth of them.
    z_eighth: Vec<f64>,
}

/// Scores the n-grams under wrong keys. For a text that knows nothing of the key the right key is one among them, so its
/// rank is uniform, whatever the text repeats.
pub(crate) fn calibrate(scheme: &Scheme, ngrams: &[&[u32]], calibration: &Calibration) -> Result<Null, Cancelled> {
    let (law, eighth) = (scheme.law(), ngrams.len().div_ceil(8));
    let Calibration { keys, seed, threads, cancel, .. } = calibration;
    let pairs = in_parallel(
        *threads,
        *keys,
        cancel,
        || (),
        |(), index| {
            let wrong = scheme.wrong(*seed, index as u64);
            let total = |part: &[&[u32]]| part.iter().map(|ngram| wrong.score(ngram)).sum::<u64>();
            let first = total(&ngrams[..eighth]);
            let all = first + total(&ngrams[eighth..]);
            (law.z(ngrams.len() as u64, all), law.z(eighth as u64, first))
        },
    )?;
    let (z, z_eighth) = pairs.into_iter().unzip();
    Ok(Null { z, z_eighth })
}

impl Null {
    /// (1 + wrong keys that reach `z`) / (1 + wrong keys).
    pub(crate) fn p(&self, z: f64) -> f64 {
        ratio(1 + self.reached(z), 1 + self.z.len())
    }

    pub(crate) fn reached(&self, z: f64) -> usize {
        // Sums of equal scores differ by rounding alone.
        self.z.iter().filter(|&&wrong| wrong >= z - 1e-9).count()
    }

    /// Variance over what the formula says, on all n-grams and on the first eighth.
    pub(crate) fn dispersion(&self) -> (f64, f64) {
        (mean_square(&self.z), mean_square(&self.z_eighth))
    }

    pub(crate) fn smallest_p(&self) -> f64 {
        ratio(1_usize, 1 + self.z.len())
    }
}

#[expect(clippy::cast_precision_loss, reason = "far under 2^53")]
fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|z| z * z).sum::<f64>() / values.len().max(1) as f64
}
