//! What families look like to a model that had not seen the maker, and redraws of it.

use stillwatch_core::Random;

use super::calibration::{Calibration, Regime, Unit, unpack};
use super::simplex::closest;

/// Pseudo-corpora of held-out makers that the tolerance is the upper end of.
const PSEUDO: usize = 60;
const SEED: u64 = 0x544f_4c45;

/// Means over documents of each probability and of its square.
pub(crate) struct Moments;

impl Moments {
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a [f32]>, classes: usize) -> Vec<f64> {
        let (mut sums, mut count) = (vec![0.0; 2 * classes], 0.0_f64);
        for row in rows {
            for (class, value) in row.iter().enumerate() {
                let probability = f64::from(libm::expf(*value));
                sums[class] += probability;
                sums[classes + class] += probability * probability;
            }
            count += 1.0;
        }
        sums.into_iter().map(|sum| sum / count.max(1.0)).collect()
    }
}

/// One maker in one domain, as a model saw it that did not know the maker, the domain or the prompts.
struct HeldOutSource<'a> {
    family: usize,
    maker: &'a str,
    regime: Regime,
    moments: Vec<f64>,
    documents: usize,
}

/// Sources of each family, and strangers.
pub(crate) struct Columns<'a> {
    sources: Vec<HeldOutSource<'a>>,
    /// Indices of sources that stand for what is unknown.
    strangers: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(calibration: &'a Calibration) -> Self {
        let sources: Vec<HeldOutSource<'a>> =
            calibration.units.iter().map(|unit| source(unit, calibration.classes)).collect();
        let last = calibration.classes - 1;
        let strange = |source: &HeldOutSource<'_>| match source.regime {
            Regime::Family => true,
            // Other laboratories, and people.
            Regime::Maker | Regime::Domain => source.family + 2 > last,
            Regime::Prompt => false,
        };
        let strangers = (0..sources.len()).filter(|&at| strange(&sources[at]) && sources[at].documents >= 20).collect();
        Self { sources, strangers }
    }

    pub(crate) fn strangers(&self) -> usize {
        self.strangers.len()
    }

    /// The column of a stranger; the one beyond the last is nobody.
    pub(crate) fn stranger(&self, stranger: usize) -> Option<Vec<f64>> {
        self.strangers.get(stranger).map(|&at| self.sources[at].moments.clone())
    }

    fn of_family(&self, family: usize) -> impl Iterator<Item = &HeldOutSource<'a>> {
        self.sources.iter().filter(move |source| source.family == family && source.regime != Regime::Family)
    }

    /// A family without sources.
    pub(crate) fn missing(&self, classes: usize) -> Option<usize> {
        (0..classes).find(|family| self.of_family(*family).next().is_none())
    }

    /// Every source of a family alike.
    pub(crate) fn plain(&self, classes: usize) -> Vec<Vec<f64>> {
        (0..classes).map(|family| weighted(self.of_family(family).map(|source| (1.0, source)), classes)).collect()
    }

    /// Sources at random weights: squares of exponential ones, so that a single maker often stands for most of a family.
    pub(crate) fn redrawn(&self, classes: usize, random: &mut Random) -> Vec<Vec<f64>> {
        (0..classes)
            .map(|family| {
                let weighed: Vec<(f64, &HeldOutSource<'_>)> = self
                    .of_family(family)
                    .map(|source| {
                        let weight = -libm::log(1.0 - random.unit());
                        (weight * weight, source)
                    })
                    .collect();
                weighted(weighed.into_iter(), classes)
            })
            .collect()
    }

    /// How far a corpus of `documents` by makers left out lies from mixtures of the other makers: the 95th of a hundred.
    pub(crate) fn tolerance(&self, classes: usize, documents: usize) -> f64 {
        let mut distances: Vec<f64> = (0..PSEUDO).map(|index| self.pseudo(classes, documents, index)).collect();
        distances.sort_by(f64::total_cmp);
        distances.get(PSEUDO * 95 / 100).copied().unwrap_or(0.0)
    }

    fn pseudo(&self, classes: usize, documents: usize, index: usize) -> f64 {
        let mut random = Random::new(SEED, index as u64);
        let mut target = vec![0.0; 2 * classes];
        let mut total = 0.0;
        let mut columns = Vec::with_capacity(classes);
        for family in 0..classes {
            let makers: Vec<&HeldOutSource<'_>> =
                self.of_family(family).filter(|source| source.regime == Regime::Maker).collect();
            let makers = if makers.is_empty() { self.of_family(family).collect() } else { makers };
            let chosen = makers[random.below(makers.len())];
            let share = -libm::log(1.0 - random.unit());
            let share = share * share;
            total += share;
            for (slot, value) in target.iter_mut().zip(&chosen.moments) {
                *slot += share * value;
            }
            let others: Vec<(f64, &HeldOutSource<'_>)> = self
                .of_family(family)
                .filter(|source| source.maker != chosen.maker)
                .map(|source| (1.0, source))
                .collect();
            let others = if others.is_empty() { vec![(1.0, chosen)] } else { others };
            columns.push(weighted(others.into_iter(), classes));
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of documents")]
        let spread = (1.0 / documents as f64).sqrt();
        for (at, slot) in target.iter_mut().enumerate() {
            *slot /= total;
            // Sampling: a normal number by twelve uniform ones, with the spread of a mean of that many documents.
            let normal: f64 = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
            let variance = if at < classes { *slot * (1.0 - *slot) } else { *slot * (1.0 - *slot) / 2.0 };
            *slot += 0.6 * normal * spread * variance.max(0.0).sqrt();
        }
        closest(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>(), &target).1
    }
}

fn source(unit: &Unit, classes: usize) -> HeldOutSource<'_> {
    let rows: Vec<f32> = unit.rows.iter().map(|packed| unpack(*packed)).collect();
    HeldOutSource {
        family: usize::from(unit.family),
        maker: &unit.maker,
        regime: unit.regime,
        moments: Moments::of(rows.chunks_exact(classes), classes),
        documents: rows.len() / classes,
    }
}

fn weighted<'s>(sources: impl Iterator<Item = (f64, &'s HeldOutSource<'s>)>, classes: usize) -> Vec<f64> {
    let (mut sums, mut total) = (vec![0.0; 2 * classes], 0.0);
    for (weight, source) in sources {
        total += weight;
        for (sum, value) in sums.iter_mut().zip(&source.moments) {
            *sum += weight * value;
        }
    }
    sums.into_iter().map(|sum| sum / total.max(f64::MIN_POSITIVE)).collect()
}
