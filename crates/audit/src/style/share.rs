//! How much of a corpus is whose: two estimators side by side, and the width that shift demands.
//!
//! **EM** (Saerens, Latinne and Decaestecker, Neural Computation 2002) moves the class shares until they explain the
//! probabilities of the documents. **PACC** (Bella et al., ICDM 2010) takes the mean of the probabilities and of their squares
//! apart into the means of the families, by least squares over shares.
//!
//! Neither can see a laboratory that it does not know. So the columns are redrawn from makers and domains that were left out,
//! and each stranger in turn (a family left out whole, a laboratory among the others, people of a domain left out) is
//! offered as one more column. The interval is the union over strangers, and it starts at zero where any of them explains
//! the corpus without the family. Where it is too wide to mean anything, the answer is "not estimable".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Random;

use super::columns::{Columns, Moments};
use super::family::{HUMAN, OTHER};
use super::model::StyleModel;
use super::simplex::closest;

/// An interval wider than this says nothing.
pub const WIDEST_INTERVAL: f64 = 0.20;
/// Shares are useless of fewer documents.
pub const LEAST_SCORED: usize = 100;
/// Redraws for each stranger.
const REDRAWS: usize = 12;
/// EM stops after this many rounds or when no share moves by a hundred-thousandth.
const ROUNDS: usize = 500;
/// Chance left outside an interval, half on each side.
const OUTSIDE: f64 = 0.05;
const SEED: u64 = 0x5348_4152;

/// Log-probabilities of the documents of a corpus, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    classes: usize,
    rows: Vec<f32>,
}

/// The share of one family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyShare {
    pub family: String,
    pub share: ShareEstimate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "outcome", deny_unknown_fields)]
pub enum ShareEstimate {
    /// Shares between 0 and 1. The upper end is the largest share that mixtures of held-out makers do not refute; the
    /// interval is meant to hold the truth in 95 of 100 cases, shift included.
    Estimated {
        em: f64,
        pacc: f64,
        interval: [f64; 2],
    },
    NotEstimable {
        why: String,
    },
}

impl ShareEstimate {
    /// All that a share by style may say.
    pub fn wording(&self) -> &'static str {
        match self {
            Self::NotEstimable { .. } => "not estimable",
            Self::Estimated { interval: [low, _], .. } if *low > 0.0 => "consistent with",
            Self::Estimated { .. } => "not shown",
        }
    }
}

impl Shares {
    pub fn new(model: &StyleModel) -> Self {
        Self { classes: model.families().len(), rows: Vec::new() }
    }

    /// Appends a document, as [`StyleModel::score`] scored it.
    ///
    /// # Panics
    /// When it has another number of scores than the model has families.
    pub fn push(&mut self, scores: &[f32]) {
        assert_eq!(scores.len(), self.classes, "a score for each family");
        self.rows.extend_from_slice(scores);
    }

    pub fn len(&self) -> usize {
        self.rows.len() / self.classes.max(1)
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Mean log-probability of each family: of documents of one source, the highest is the likeliest.
    pub fn mean(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.classes];
        for row in self.rows.chunks_exact(self.classes.max(1)) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += f64::from(*value);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a mean over documents")]
        let count = self.len().max(1) as f64;
        sums.into_iter().map(|sum| sum / count).collect()
    }

    /// Mean probability of one family.
    pub fn mean_probability(&self, family: usize) -> f64 {
        let values = self.rows.chunks_exact(self.classes.max(1)).filter_map(|row| row.get(family));
        #[expect(clippy::cast_precision_loss, reason = "a mean over documents")]
        let count = self.len().max(1) as f64;
        values.map(|value| f64::from(libm::expf(*value))).sum::<f64>() / count
    }

    /// Saerens' shares, from the shares of the families in training.
    pub fn em(&self, model: &StyleModel) -> Vec<f64> {
        let prior: Vec<f64> = model.card().prior.iter().map(|share| f64::from(*share).max(1e-6)).collect();
        let ratios: Vec<f64> = self
            .rows
            .chunks_exact(self.classes.max(1))
            .flat_map(|row| row.iter().zip(&prior).map(|(value, prior)| f64::from(libm::expf(*value)) / prior))
            .collect();
        let mut shares = prior;
        for _ in 0..ROUNDS {
            let mut next = vec![0.0; self.classes];
            for row in ratios.chunks_exact(self.classes.max(1)) {
                let total: f64 = row.iter().zip(&shares).map(|(ratio, share)| ratio * share).sum();
                if total > 0.0 {
                    for ((next, ratio), share) in next.iter_mut().zip(row).zip(&shares) {
                        *next += ratio * share / total;
                    }
                }
            }
            let sum: f64 = next.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            let moved = next.iter_mut().zip(&shares).map(|(next, share)| {
                *next /= sum;
                (*next - share).abs()
            });
            let most = moved.fold(0.0, f64::max);
            shares = next;
            if most < 1e-5 {
                break;
            }
        }
        shares
    }

    /// The share of each family, in the order of the model.
    pub fn estimate(&self, model: &StyleModel) -> Vec<FamilyShare> {
        let shares = self.outcomes(model);
        model.families().zip(shares).map(|(family, share)| FamilyShare { family: family.to_owned(), share }).collect()
    }

    fn outcomes(&self, model: &StyleModel) -> Vec<ShareEstimate> {
        let all = |why: String| vec![ShareEstimate::NotEstimable { why }; self.classes];
        if self.classes != model.families().len() {
            return all("the scores are of another model".to_owned());
        }
        if self.len() < LEAST_SCORED {
            return all(format!("{} documents, and at least {LEAST_SCORED} are needed", self.len()));
        }
        let columns = Columns::of(&model.calibration);
        if let Some(family) = columns.missing(self.classes) {
            let name = model.families().nth(family).unwrap_or_default();
            return all(format!("no held-out texts of the family `{name}` to calibrate with"));
        }
        let rows: Vec<&[f32]> = self.rows.chunks_exact(self.classes).collect();
        let whole = Moments::of(rows.iter().copied(), self.classes);
        let plain = columns.plain(self.classes);
        let (pacc, _) = closest(&plain.iter().map(Vec::as_slice).collect::<Vec<_>>(), &whole);
        let em = self.em(model);
        let tolerance = columns.tolerance(self.classes, self.len());
        let mut best = f64::INFINITY;
        // Lower and upper end of each family under each stranger.
        let mut low = vec![f64::INFINITY; self.classes];
        let mut high = vec![f64::NEG_INFINITY; self.classes];
        for stranger in 0..=columns.strangers() {
            let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(REDRAWS); self.classes];
            for redraw in 0..REDRAWS {
                let mut random = Random::new(SEED, (stranger * REDRAWS + redraw) as u64);
                let sample = (0..rows.len()).map(|_| rows[random.below(rows.len())]);
                let target = Moments::of(sample, self.classes);
                let mut world = columns.redrawn(self.classes, &mut random);
                world.extend(columns.stranger(stranger));
                let views: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
                let (shares, distance) = closest(&views, &target);
                best = best.min(distance);
                if distance > tolerance {
                    continue;
                }
                for (family, drawn) in drawn.iter_mut().enumerate() {
                    let rest: Vec<&[f64]> =
                        views.iter().enumerate().filter(|(at, _)| *at != family).map(|(_, view)| *view).collect();
                    // Worlds that explain the corpus as well without the family do not show it.
                    let without = shares[family] > 0.0 && closest(&rest, &target).1 > tolerance;
                    drawn.push(if without { shares[family] } else { 0.0 });
                    let own = views.get(family).copied().unwrap_or_default();
                    let least = high[family].max(shares[family]);
                    high[family] = most(own, &rest, &target, tolerance, least);
                }
            }
            for (family, drawn) in drawn.iter_mut().enumerate() {
                drawn.sort_by(f64::total_cmp);
                if let Some(end) = drawn.first() {
                    low[family] = low[family].min(*end);
                }
            }
        }
        if best > tolerance {
            return all(format!(
                "the corpus is like no mixture of what the model knows: distance {best:.3}, and 95 of 100 mixtures of held-out \
                 makers stay below {tolerance:.3}"
            ));
        }
        let open = |name: &str| [HUMAN, OTHER].contains(&name);
        let ends = model.families().enumerate().map(|(family, name)| {
            // People and laboratories that the model has not read may be worded like anything it knows.
            let high = if open(name) { 1.0 } else { high[family] };
            outcome(em[family], pacc[family], low[family], high)
        });
        ends.collect()
    }
}

/// The largest share of a family with which these columns still explain the mean: an end that a mixture of held-out
/// makers would refute is none. `least` is known to be reached, in this world or in another.
fn most(own: &[f64], rest: &[&[f64]], target: &[f64], tolerance: f64, least: f64) -> f64 {
    /// Halvings: to within a hundredth.
    const STEPS: usize = 7;
    let explains = |share: f64| {
        let left = 1.0 - share;
        let remaining: Vec<f64> = target.iter().zip(own).map(|(all, own)| (all - share * own) / left).collect();
        // The rest weighs as much as it is a part of the whole.
        left * closest(rest, &remaining).1 <= tolerance
    };
    // Beyond this the interval says nothing anyway.
    let (mut low, mut high) = (least, (least + WIDEST_INTERVAL + 0.05).min(0.99));
    if low >= high || !explains(low + 0.005) {
        return least;
    }
    if explains(high) {
        return high;
    }
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if explains(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

fn outcome(em: f64, pacc: f64, low: f64, high: f64) -> ShareEstimate {
    let (low, high) = (low.min(pacc).max(0.0), high.max(pacc).min(1.0));
    let percent = |share: f64| 100.0 * share;
    if high - low > WIDEST_INTERVAL {
        return ShareEstimate::NotEstimable {
            why: format!(
                "with other makers or with one that the model does not know the share could be anything from {:.0} % to {:.0} %",
                percent(low),
                percent(high)
            ),
        };
    }
    if em < low - OUTSIDE || em > high + OUTSIDE {
        return ShareEstimate::NotEstimable {
            why: format!(
                "two estimators disagree: EM {:.0} %, calibrated inversion {:.0} % ({:.0} % to {:.0} %)",
                percent(em),
                percent(pacc),
                percent(low),
                percent(high)
            ),
        };
    }
    ShareEstimate::Estimated { em, pacc, interval: [low.min(em), high.max(em)] }
}
