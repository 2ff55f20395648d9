//! A trained model, and how it scores a text.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calibration::{Calibration, Regime, Unit, unpack};
use super::card::Card;
use super::columns::Columns;
use super::family::MOST_FAMILIES;
use super::feature::{Known, ROWS, Scratch};
use super::sample::{Fit, unit_scale};
use super::temperature::log_probabilities;

/// Tells families of models, people and others apart by wording, and knows how well it does.
#[derive(Clone, Debug, PartialEq)]
pub struct StyleModel {
    pub(crate) card: Card,
    pub(crate) table: Table,
    pub(crate) calibration: Calibration,
}

impl StyleModel {
    pub(crate) fn new(card: Card, table: Table, calibration: Calibration) -> Self {
        Self { card, table, calibration }
    }

    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Names of the families, in the order of scores.
    pub fn families(&self) -> impl ExactSizeIterator<Item = &str> {
        self.card.families.iter().map(|family| family.name.as_str())
    }

    /// The confusion matrix of what was left out, a row a maker and domain.
    pub fn held_out(&self) -> Vec<HeldOut> {
        let classes = self.calibration.classes;
        let of_unit = |unit: &Unit| {
            let mut calls = vec![0; classes];
            for row in unit.rows.chunks_exact(classes) {
                // Packed values fall as probabilities rise.
                if let Some(best) = (0..classes).min_by_key(|class| row[*class]) {
                    calls[best] += 1;
                }
            }
            HeldOut {
                left_out: unit.regime,
                family: self.card.families[usize::from(unit.family)].name.clone(),
                maker: unit.maker.clone(),
                domain: unit.domain.clone(),
                calls,
            }
        };
        self.calibration.units.iter().map(of_unit).collect()
    }

    /// How far corpora of `documents` by makers left out lie from mixtures of the others, 95 times in 100: what the residual of
    /// a corpus is held against.
    pub fn residual_tolerance(&self, documents: usize) -> f64 {
        Columns::of(&self.calibration).tolerance(self.calibration.classes, documents.max(1))
    }

    /// Mean probability of a family over each source of another one, by the model that knew least of it.
    pub fn null_scores(&self, family: usize) -> Vec<f64> {
        let classes = self.calibration.classes;
        let mut nulls: BTreeMap<(u8, &str), (Regime, Vec<f64>)> = BTreeMap::new();
        for unit in self.calibration.units.iter().filter(|unit| usize::from(unit.family) != family) {
            let values = unit.rows.chunks_exact(classes).map(|row| f64::from(libm::expf(unpack(row[family]))));
            let (regime, known) = nulls.entry((unit.family, &unit.maker)).or_insert_with(|| (unit.regime, Vec::new()));
            if unit.regime > *regime {
                *regime = unit.regime;
                known.clear();
            }
            if unit.regime == *regime {
                known.extend(values);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a mean over documents")]
        nulls.into_values().map(|(_, values)| values.iter().sum::<f64>() / values.len().max(1) as f64).collect()
    }

    /// Writes the natural logarithm of each family's probability to `scores` (as many as there are families).
    ///
    /// # Panics
    /// When `scores` has another length than [`families`](Self::families).
    pub fn score(&self, text: &str, scratch: &mut Scratch, scores: &mut [f32]) {
        assert_eq!(scores.len(), self.card.families.len(), "a score for each family");
        let mut raw = [0.0; MOST_FAMILIES];
        self.table.scores(text, scratch, &mut raw);
        for (score, value) in
            scores.iter_mut().zip(log_probabilities(&raw, self.card.families.len(), self.card.temperature))
        {
            *score = value;
        }
    }
}

/// How the documents of one maker in one domain were called by a model that had not seen them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldOut {
    pub left_out: Regime,
    pub family: String,
    pub maker: String,
    pub domain: String,
    /// Documents by the likeliest family, in the order of the model.
    pub calls: Vec<usize>,
}

/// Weights of a byte each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) known: Known,
    pub(crate) classes: usize,
    /// Weights a row: the number of classes, brought up to a multiple of eight.
    pub(crate) width: usize,
    pub(crate) weights: Vec<i8>,
    /// What a step of a class's weights is worth.
    pub(crate) steps: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Table {
    pub(crate) fn quantised<const W: usize>(fit: &Fit<W>, classes: usize) -> Self {
        let largest =
            |class: usize| fit.weights.rows.iter().map(|row| row[class].abs()).fold(f32::MIN_POSITIVE, f32::max);
        let steps: Vec<f32> = (0..classes).map(|class| largest(class) / 127.0).collect();
        let (mut known, mut weights) = (Known::none(), vec![0; ROWS * W]);
        for (row, &column) in (0_u32..).zip(&fit.columns).filter(|(_, column)| **column != u32::MAX) {
            known.insert(row);
            let slots = &mut weights[row as usize * W..][..classes];
            for ((slot, value), step) in slots.iter_mut().zip(fit.weights.rows[column as usize]).zip(&steps) {
                #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
                {
                    *slot = (value / step).round() as i8;
                }
            }
        }
        Self { known, classes, width: W, weights, steps, bias: fit.weights.bias[..classes].to_vec() }
    }

    fn scores(&self, text: &str, scratch: &mut Scratch, scores: &mut [f32; MOST_FAMILIES]) {
        match self.width {
            8 => self.scores_wide::<8>(text, scratch, scores),
            16 => self.scores_wide::<16>(text, scratch, scores),
            24 => self.scores_wide::<24>(text, scratch, scores),
            _ => self.scores_wide::<32>(text, scratch, scores),
        }
    }

    fn scores_wide<const W: usize>(&self, text: &str, scratch: &mut Scratch, scores: &mut [f32; MOST_FAMILIES]) {
        let (table, _) = self.weights.as_chunks::<W>();
        let (mut sums, mut squares) = ([0_i32; W], 0_u64);
        scratch.read(text, &self.known, |row, count| {
            squares += u64::from(count) * u64::from(count);
            for (sum, &weight) in sums.iter_mut().zip(&table[row as usize]) {
                *sum += i32::from(count) * i32::from(weight);
            }
        });
        let scale = unit_scale(squares);
        for (class, score) in scores.iter_mut().enumerate().take(self.classes) {
            #[expect(clippy::cast_precision_loss, reason = "a sum is below 2^31 and its last bits are noise")]
            {
                *score = sums[class] as f32 * self.steps[class] * scale + self.bias[class];
            }
        }
    }
}
