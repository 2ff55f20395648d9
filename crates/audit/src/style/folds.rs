//! What is left out in turn.

use std::collections::{BTreeMap, BTreeSet};

use super::calibration::Regime;
use super::sample::Sample;

/// Parts of the prompts.
const PROMPT_FOLDS: u64 = 2;
/// Parts of the makers when the penalty is chosen.
const TRIALS: usize = 2;
/// Bundles that the makers of a family are dealt into, at most. One bundle of every family is left out at a time.
const MOST_BUNDLES: usize = 8;
/// Documents that are worth a fit.
const LEAST_HELD_OUT: usize = 20;

/// Documents to train on and documents to score.
pub(crate) struct Fold {
    pub(crate) regime: Regime,
    pub(crate) train: Vec<usize>,
    pub(crate) test: Vec<usize>,
}

/// Makers and prompts left out at once: what a penalty must stand.
pub(crate) fn selection(sample: &Sample) -> Vec<Fold> {
    let bundles = bundles(sample, TRIALS);
    (0..TRIALS)
        .map(|trial| {
            let held = |family, maker| bundles.get(&(family, maker)) == Some(&trial);
            let (mut train, mut test) = (Vec::new(), Vec::new());
            for (index, label) in sample.labels.iter().enumerate() {
                match (held(label.family, label.maker), label.group % 2 == 0) {
                    (true, true) => test.push(index),
                    (false, false) => train.push(index),
                    _ => {}
                }
            }
            Fold { regime: Regime::Maker, train, test }
        })
        .filter(|fold| !fold.train.is_empty() && !fold.test.is_empty())
        .collect()
}

/// Every part of the prompts, every maker, every family of a vendor and every domain left out in turn.
pub(crate) fn folds(sample: &Sample, vendors: usize, human: usize) -> Vec<Fold> {
    let mut folds: Vec<Fold> = (0..PROMPT_FOLDS)
        .map(|part| fold(sample, Regime::Prompt, |label| label.group % PROMPT_FOLDS == part))
        .collect();
    let bundles = bundles(sample, MOST_BUNDLES);
    for bundle in 0..MOST_BUNDLES {
        folds.push(fold(sample, Regime::Maker, |label| bundles.get(&(label.family, label.maker)) == Some(&bundle)));
    }
    for vendor in 0..vendors {
        folds.push(fold(sample, Regime::Family, |label| usize::from(label.family) == vendor));
    }
    let families = sample.count(|label| label.family).len();
    for domain in sample.count(|label| label.domain).into_keys() {
        let fold = fold(sample, Regime::Domain, |label| label.domain == domain);
        let left: BTreeSet<u8> = fold.train.iter().map(|&index| sample.labels[index].family).collect();
        // A domain without which a family is gone would measure the missing family instead.
        if left.len() == families && left.iter().any(|family| usize::from(*family) == human) {
            folds.push(fold);
        }
    }
    folds.retain(|fold| fold.test.len() >= LEAST_HELD_OUT && !fold.train.is_empty());
    folds
}

fn fold(sample: &Sample, regime: Regime, held: impl Fn(&super::sample::Label) -> bool) -> Fold {
    Fold { regime, train: sample.select(|label| !held(label)), test: sample.select(&held) }
}

/// Makers of families that have several, dealt into at most `most` bundles a family.
fn bundles(sample: &Sample, most: usize) -> BTreeMap<(u8, u16), usize> {
    let makers: Vec<(u8, u16)> = sample.count(|label| (label.family, label.maker)).into_keys().collect();
    let mut bundles = BTreeMap::new();
    for of_family in makers.chunk_by(|left, right| left.0 == right.0) {
        if of_family.len() > 1 {
            let count = most.min(of_family.len());
            bundles.extend(of_family.iter().enumerate().map(|(index, &key)| (key, index % count)));
        }
    }
    bundles
}
