//! Whether the weights of two models were made independently of each other, as a p-value that a buyer can read.
//!
//! The idea is that of Zhu et al., "Independence Tests for Language Models" (ICML 2025, arXiv
//! 2502.12292). Before training, no hidden unit of a layer and no dimension of the residual stream differs from the next
//! but by its random numbers, and training treats all alike. So a model with its units in another order was exactly
//! as likely, **whatever it learnt from**; and if two models began from different random numbers, nothing in one says
//! which unit stands where in the other. What does say so was copied: an initialisation, an ancestor, the weights.
//!
//! | trial | what it asks | finds | null |
//! |---|---|---|---|
//! | [`Method::Swap`] | in random pairs, are units closer to their namesakes than crosswise? | training on, merging, pruning of weights, quantisation | exact: fair coins |
//! | [`Method::Order`] | do units that match stand in the same order? | units, layers left out | exact: `C(m, k) / k!` |
//! | [`Method::Coincidence`] | do two matrices match the same units? | units in another order | counted on relabelled dimensions |
//!
//! Each is made in place and, if the residual stream was moved, along the dimensions that the tables over the vocabulary
//! match. The paper matches units by linear assignment and correlates ranks; pairs and mutual neighbours need no cubic
//! time, do not depend on which model is named first, and have exact tails at any size. The smallest p-value is
//! multiplied by the number of trials (Bonferroni), which no dependence between trials can break.
//!
//! Left out, since strangers share it: what has one dimension (norms and biases start equal, and follow the units that they
//! belong to), tables of positions (they may be computed), rows of embeddings (tokens have the same frequency for all),
//! units that are zero or equal to another. Scales do not matter: directions are compared.
//!
//! **What it cannot show.** A model that learnt from another's outputs and began from its own random numbers is independent
//! by this test, and every result says so. A rejection has no direction, and one seed used twice is enough for it.
//!
//! Memory: the headers, and at most 1,024 units (4 million numbers a matrix) of one layer of either model at a time, twice;
//! about 200 MB for two models of seven billion parameters. Time: all layers are held against each other in place; in
//! another order, units are looked for in eight layers at most.

mod anatomy;
mod blocks;
mod compare;
mod result;
mod statistic;
mod units;
mod weights;

pub use result::{Alignment, HeaderVerdict, Kinship, KinshipVerdict, Method, Trial, UnitKind};
pub use weights::{Weights, WeightsError, parts_of_index};

use std::io::{Read, Seek};

use compare::{Comparison, Side, compare};

use crate::{Tensor, compatible};

/// How rare a false rejection must be.
///
/// All pairs of a catalogue of a thousand models are half a million tests: at this level they give half a false accusation
/// in all. Most true descent lies many orders below.
pub const ALPHA: f64 = 1e-6;

/// Compares two models. The result is the same whichever is named first, but for the order of its names.
///
/// # Errors
/// The weights cannot be read where the header says that they are.
pub fn kinship<R: Read + Seek, S: Read + Seek>(
    left: &mut Weights<R>,
    right: &mut Weights<S>,
    alpha: f64,
) -> Result<Kinship, WeightsError> {
    let header = if compatible(left.tensors(), right.tensors()) {
        HeaderVerdict::CompatibleWithDerivation
    } else {
        HeaderVerdict::NotCompatible
    };
    let (found, why) = if left.start <= right.start {
        sides(left, right)?
    } else {
        let (mut found, why) = sides(right, left)?;
        for trial in &mut found.trials {
            std::mem::swap(&mut trial.left, &mut trial.right);
        }
        (found, why)
    };
    Ok(concluded(found, why, header, alpha, [left.digest(), right.digest()]))
}

fn sides<R: Read + Seek, S: Read + Seek>(
    left: &mut Weights<R>,
    right: &mut Weights<S>,
) -> Result<(Comparison, Option<String>), WeightsError> {
    let of = |tensors: &[Tensor], readable: &dyn Fn(usize) -> bool| anatomy::anatomy(tensors, readable);
    let own = of(left.tensors(), &|at| left.is_readable(at));
    let others = of(right.tensors(), &|at| right.is_readable(at));
    if own.is_adapter || others.is_adapter {
        let why = "an adapter holds differences to another model's weights: merge it first".to_owned();
        return Ok((Comparison::default(), Some(why)));
    }
    let widths = [own.width, others.width];
    let skipped: std::collections::BTreeSet<String> = own.skipped.iter().chain(&others.skipped).cloned().collect();
    let mut found = compare(&mut Side { weights: left, anatomy: own }, &mut Side { weights: right, anatomy: others })?;
    found.not_tested.extend(skipped);
    let mut widths = widths.map(|width| width.to_string());
    widths.sort();
    let why = found.trials.is_empty().then(|| match widths {
        [one, other] if one == other => "no tensors of the two correspond".to_owned(),
        [one, other] => format!("no tensors of the two correspond: their widths are {one} and {other}"),
    });
    Ok((found, why))
}

fn concluded(
    found: Comparison,
    why: Option<String>,
    header: HeaderVerdict,
    alpha: f64,
    digests: [String; 2],
) -> Kinship {
    let Comparison { mut trials, spared, mut not_tested } = found;
    let corrected_for = trials.len() + spared;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred trials")]
    let corrected = |p: f64| (p * corrected_for.max(1) as f64).min(1.0);
    let least = |of: fn(&Trial) -> f64| trials.iter().map(of).fold(1.0, f64::min);
    let (p_value, smallest) = (corrected(least(|trial| trial.p_value)), corrected(least(|trial| trial.smallest)));
    if let Some(best) = (0..trials.len()).min_by(|&a, &b| trials[a].p_value.total_cmp(&trials[b].p_value)) {
        trials[..=best].rotate_right(1);
    }
    not_tested.push("heads of attention in another order, and matrices of attention alone".into());
    let verdict = match why {
        Some(why) => KinshipVerdict::NotComparable { why },
        None if p_value <= alpha => KinshipVerdict::NotIndependent,
        None if smallest > alpha => KinshipVerdict::NotComparable {
            why: format!(
                "so few units that no p-value below {smallest:.1e} was possible, and the level is {alpha:.1e}"
            ),
        },
        None => KinshipVerdict::NoEvidenceOfDependence,
    };
    let statement = statement(&verdict, header, p_value, alpha, corrected_for, trials.first());
    let limits = LIMITS.map(str::to_owned).to_vec();
    let null = NULL.to_owned();
    Kinship {
        verdict,
        header,
        p_value,
        smallest,
        alpha,
        null,
        corrected_for,
        trials,
        not_tested,
        statement,
        limits,
        digests,
    }
}

/// As it is down to a thousandth, in powers of ten below.
fn probability(p: f64) -> String {
    if p >= 0.001 { format!("{p:.3}") } else { format!("{p:.1e}") }
}

fn statement(
    verdict: &KinshipVerdict,
    header: HeaderVerdict,
    p: f64,
    alpha: f64,
    corrected_for: usize,
    best: Option<&Trial>,
) -> String {
    let header = header.as_str();
    let best = best.map(ToString::to_string).unwrap_or_default();
    match verdict {
        KinshipVerdict::NotIndependent => format!(
            "the weights are not independent (p ≤ {p:.1e}, level {alpha:.0e}, corrected for {corrected_for} trials): a shared initialisation, a shared ancestor, or descent in either direction. {best}. Names and shapes: {header}"
        ),
        KinshipVerdict::NoEvidenceOfDependence => format!(
            "no evidence that the weights depend on each other (p = {}, level {alpha:.0e}, corrected for {corrected_for} trials). Names and shapes: {header}, which every model of one configuration is",
            probability(p)
        ),
        KinshipVerdict::NotComparable { why } => {
            format!("the weights cannot be compared: {why}. Names and shapes: {header}")
        }
    }
}

/// The null, as results name it.
const NULL: &str = "the two began from independent random numbers, and training treats all units of a layer and all dimensions of the residual stream alike (Zhu et al., ICML 2025, arXiv 2502.12292, constrained setting)";

const LIMITS: [&str; 3] = [
    "a model that learnt from another's outputs and began from random numbers of its own shares nothing with its weights: distillation cannot be seen here",
    "not independent is not derived: one seed used twice, or an ancestor of both, gives the same, and no direction is shown",
    "no evidence of dependence is not independence: weights may have been changed beyond recognition, for instance by rotating the residual stream",
];
