/// The p-value of `statistic` among values of its null (permutation or conformal), the observed one counted among them,
/// and the smallest that so many values can give. A statistic that is not a number is evidence of nothing.
pub fn rank_p_value(statistic: f64, nulls: &[f64]) -> (f64, f64) {
    let above = nulls.iter().filter(|null| statistic.is_nan() || **null >= statistic).count();
    let share = |count: usize| crate::float(1 + count) / crate::float(1 + nulls.len());
    (share(above), share(0))
}

#[cfg(test)]
mod tests {
    use super::rank_p_value;

    #[test]
    fn p_is_bounded_by_the_number_of_nulls() {
        let close = |left: (f64, f64), right: (f64, f64)| (left.0 - right.0).abs() + (left.1 - right.1).abs() < 1e-12;
        assert!(close(rank_p_value(0.9, &[0.1; 19]), (0.05, 0.05)));
        assert!(close(rank_p_value(0.1, &[0.1; 19]), (1.0, 0.05)));
        assert!(close(rank_p_value(0.9, &[]), (1.0, 1.0)));
        assert!(close(rank_p_value(f64::NAN, &[0.1; 4]), (1.0, 0.2)));
    }
}
