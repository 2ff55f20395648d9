pub use stillwatch_core::counted;
pub use stillwatch_core::number::count;

/// A probability: as it is down to a thousandth, in powers of ten below.
pub(crate) fn probability(value: f64) -> String {
    if value == 0.0 {
        "0".into()
    } else if value >= 0.001 {
        format!("{value:.3}")
    } else {
        format!("{value:.1e}")
    }
}

#[cfg(test)]
mod tests {
    use super::probability;

    #[test]
    fn small_probabilities_keep_their_size() {
        assert_eq!([0.0, 0.05, 0.000_012].map(probability), ["0", "0.050", "1.2e-5"]);
    }
}
