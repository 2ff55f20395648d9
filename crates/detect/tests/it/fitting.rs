//! The regression behind the weights of the signs, on data whose answer is known.

#[path = "../../benches/worlds/regression.rs"]
mod regression;

use regression::{Bound, Example, Fitted};

/// Of 100 examples with the column, so many are positive; of 100 without it, half are.
fn examples(positive: usize) -> Vec<Example> {
    let with = (0..100).map(move |at| Example { columns: vec![0], positive: at < positive, weight: 1.0 });
    let without = (0..100).map(|at| Example { columns: vec![], positive: at % 2 == 0, weight: 1.0 });
    with.chain(without).collect()
}

#[test]
fn a_weight_is_the_logarithm_of_the_odds_that_it_changes() {
    let fitted = Fitted::new(&examples(80), &[Bound::NotNegative], 1e-6, 10.0);
    assert!((fitted.weights[0] - 4.0_f64.ln()).abs() < 1e-3, "{fitted:?}");
    assert!(fitted.start.abs() < 1e-3);
    assert!((fitted.score(&[0]) - 4.0_f64.ln()).abs() < 2e-3);
}

#[test]
fn a_weight_keeps_to_its_side_and_its_size() {
    let against = Fitted::new(&examples(20), &[Bound::NotNegative], 1e-6, 10.0);
    assert!(against.weights[0].abs() < 1e-12, "{against:?}");
    let free = Fitted::new(&examples(20), &[Bound::NotPositive], 1e-6, 10.0);
    assert!(free.weights[0] < -1.0, "{free:?}");
    let cut = Fitted::new(&examples(99), &[Bound::NotNegative], 1e-6, 1.5);
    assert!((cut.weights[0] - 1.5).abs() < 1e-9, "{cut:?}");
}

#[test]
fn a_penalty_makes_weights_smaller_and_never_turns_them() {
    let [loose, strict] =
        [0.1, 30.0].map(|ridge| Fitted::new(&examples(80), &[Bound::NotNegative], ridge, 10.0).weights[0]);
    assert!(0.0 < strict && strict < loose, "{strict} {loose}");
}
