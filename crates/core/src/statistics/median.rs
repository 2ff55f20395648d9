/// The middle value, or the mean of the two middle ones; zero of nothing. Sorts the values.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let (below, above) = values.split_at(values.len() / 2);
    match (below.last(), above.first()) {
        (Some(lower), Some(upper)) if below.len() == above.len() => f64::midpoint(*lower, *upper),
        (_, middle) => middle.copied().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert!((median(&mut [4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < f64::EPSILON);
        assert!((median(&mut [4.0, 1.0, 3.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&mut []).abs() < f64::EPSILON);
    }
}
