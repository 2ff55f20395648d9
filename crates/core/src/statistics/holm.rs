//! Holm's correction for several tests.

/// Corrected p-values in the order given: Holm's step-down procedure (Scandinavian Journal of Statistics 6, 1979), which
/// holds the family-wise error under any dependence.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut ascending: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    ascending.sort_by(|a, b| a.0.total_cmp(&b.0));
    let left = (1..=values.len()).rev().map(crate::float);
    let mut most = 0.0_f64;
    let mut corrected: Vec<(usize, f64)> = ascending
        .into_iter()
        .zip(left)
        .map(|((value, place), left)| {
            most = most.max((left * value).min(1.0));
            (place, most)
        })
        .collect();
    corrected.sort_by_key(|(place, _)| *place);
    corrected.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::holm;

    fn agrees(values: &[f64], expected: &[f64]) {
        let corrected = holm(values);
        assert_eq!(corrected.len(), expected.len());
        for (value, expected) in corrected.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{corrected:?}");
        }
    }

    #[test]
    fn the_order_is_kept_and_one_is_never_exceeded() {
        agrees(&[0.04, 0.01, 0.9], &[0.08, 0.03, 0.9]);
        agrees(&[], &[]);
    }

    /// `p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")` of R.
    #[test]
    fn values_are_those_of_r() {
        agrees(&[0.01, 0.02, 0.03, 0.04, 0.05], &[0.05, 0.08, 0.09, 0.09, 0.09]);
    }
}
