//! Three statistics of two lists of units, and what each is worth under its null.

use std::cmp::Ordering;

use statrs::function::factorial::{ln_binomial, ln_factorial};
use stillwatch_core::Random;
use stillwatch_core::statistics::binomial_upper_tail;

use super::units::Directions;

/// Hits among trials, what chance gives, and the p-value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub(super) hits: u64,
    pub(super) of: u64,
    pub(super) expected: Option<f64>,
    pub(super) p: f64,
    pub(super) smallest: f64,
}

/// Units are put into random pairs, and in each pair it is asked whether the two sit closer to their namesakes in the
/// other model than crosswise. Under the null each answer is a fair coin, independent of the others: exchanging the two
/// units of a pair in one model is one of the relabellings that leave its law unchanged. Ties are left out.
pub(super) fn swap(left: &Directions, right: &Directions, stream: u64) -> (u64, u64) {
    let mut order: Vec<usize> = (0..left.count.min(right.count)).collect();
    Random::new(PAIRS_SEED, stream).shuffle(&mut order);
    let (mut wins, mut losses) = (0, 0);
    for pair in order.chunks_exact(2) {
        let (first, second) = (pair[0], pair[1]);
        let straight = left.closeness(first, right, first) + left.closeness(second, right, second);
        let crossed = left.closeness(first, right, second) + left.closeness(second, right, first);
        match (straight - crossed).total_cmp(&0.0) {
            Ordering::Greater => wins += 1,
            Ordering::Less => losses += 1,
            Ordering::Equal => {}
        }
    }
    (wins, wins + losses)
}

/// The upper tail of the fair coin.
pub(super) fn coins(wins: u64, decided: u64, pairs: u64) -> Score {
    let p = at_least(wins, decided, 0.5);
    #[expect(clippy::cast_precision_loss, reason = "counts of units")]
    let expected = decided as f64 / 2.0;
    Score { hits: wins, of: decided, expected: Some(expected), p, smallest: at_least(pairs, pairs, 0.5) }
}

/// Pairs of units that are each other's nearest, by ascending first unit. Equal distances match nothing.
pub(super) fn mutual(cosines: &[f32], columns: usize) -> Vec<(usize, usize)> {
    if columns == 0 {
        return Vec::new();
    }
    let rows = cosines.len() / columns;
    let mut of_column: Vec<(f32, Option<usize>)> = vec![(f32::NEG_INFINITY, None); columns];
    let mut of_row: Vec<(f32, Option<usize>)> = vec![(f32::NEG_INFINITY, None); rows];
    let better = |best: &mut (f32, Option<usize>), value: f32, place: usize| {
        if value > best.0 {
            *best = (value, Some(place));
        } else if value >= best.0 {
            best.1 = None;
        }
    };
    for (row, line) in cosines.chunks_exact(columns).enumerate() {
        for (column, &value) in line.iter().enumerate() {
            better(&mut of_row[row], value, column);
            better(&mut of_column[column], value, row);
        }
    }
    let nearest = |row: usize| Some((row, of_row[row].1.filter(|&column| of_column[column].1 == Some(row))?));
    (0..rows).filter_map(nearest).collect()
}

/// The longest run of matches that keeps the order of both models. Of `m` matches in random order, a run of `k` has at most the
/// probability `C(m, k) / k!`: so many runs there are, and each is ascending once in `k!` times. It finds units that were
/// left out or moved together, which a comparison place by place does not.
pub(super) fn order(matches: &[(usize, usize)], most: usize) -> Score {
    let mut ends: Vec<usize> = Vec::new();
    for &(_, column) in matches {
        let at = ends.partition_point(|&end| end < column);
        if at == ends.len() {
            ends.push(column);
        } else {
            ends[at] = column;
        }
    }
    let (all, run) = (matches.len() as u64, ends.len() as u64);
    let bound = |all: u64, run: u64| (ln_binomial(all, run) - ln_factorial(run)).exp().clamp(LEAST, 1.0);
    // Vershik and Kerov; Logan and Shepp (1977): the mean is near 2 √m.
    #[expect(clippy::cast_precision_loss, reason = "counts of units")]
    let expected = (2.0 * (all as f64).sqrt()).min(all as f64);
    Score {
        hits: run,
        of: all,
        expected: Some(expected),
        p: bound(all, run),
        smallest: bound(most as u64, most as u64),
    }
}

/// Pairs of units that are each other's nearest by one matrix and by another. The background is the same count with the
/// residual dimensions relabelled at random, `backgrounds` times; given the sum of all, the count is binomial if the rates
/// are equal.
pub(super) fn coincidences(hits: u64, of: u64, background: u64, backgrounds: u64) -> Score {
    #[expect(clippy::cast_precision_loss, reason = "counts of units")]
    let (share, expected) = (1.0 / (backgrounds + 1) as f64, background as f64 / backgrounds.max(1) as f64);
    let p = at_least(hits, hits.saturating_add(background), share);
    Score { hits, of, expected: Some(expected), p, smallest: at_least(of, of, share) }
}

/// Units that both matrices match to the same unit. Where there is a gate, the other two may have changed their signs
/// together without changing what the model computes, so their signs are ignored.
pub(super) fn agreeing(left: &Directions, right: &Directions, gate: Option<usize>) -> u64 {
    let first = gate.unwrap_or(0);
    let by_first = mutual(&left.cosines(right, first), right.count);
    let mut rest = vec![0.0_f32; left.count * right.count];
    for role in (0..left.roles.len()).filter(|&role| role != first) {
        let cosines = left.cosines(right, role);
        let sign = |value: f32| if gate.is_some() { value.abs() } else { value };
        rest.iter_mut().zip(cosines).for_each(|(sum, value)| *sum += sign(value));
    }
    let by_rest = mutual(&rest, right.count);
    // Both ascend by their first unit.
    let mut rest = by_rest.iter().peekable();
    let mut agreeing = 0;
    for pair in &by_first {
        while rest.next_if(|other| other.0 < pair.0).is_some() {}
        agreeing += u64::from(rest.peek() == Some(&pair));
    }
    agreeing
}

/// P(X ≥ hits) of a binomial law.
fn at_least(hits: u64, of: u64, share: f64) -> f64 {
    binomial_upper_tail(hits, of, share).clamp(LEAST, 1.0)
}

const PAIRS_SEED: u64 = 0x6b69_6e73_6869_7002;
/// No probability below it is stated: the law of two models is not known to so many places.
const LEAST: f64 = 1e-300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_coin_and_of_the_orders() {
        assert!((coins(10, 10, 10).p - 1.0 / 1024.0).abs() < 1e-12);
        assert!((coins(0, 10, 10).p - 1.0).abs() < 1e-12);
        assert!((coins(0, 0, 0).p - 1.0).abs() < 1e-12);
        let run: Vec<(usize, usize)> = (0..5).map(|at| (at, at + 3)).collect();
        assert!((order(&run, 5).p - 1.0 / 120.0).abs() < 1e-12);
        assert_eq!(order(&[(0, 3), (1, 1), (2, 2), (3, 0)], 4).hits, 2);
        assert!((order(&[], 0).p - 1.0).abs() < 1e-12);
        assert!((coincidences(2, 9, 0, 8).p - 1.0 / 81.0).abs() < 1e-12);
    }

    #[test]
    fn the_bound_on_runs_is_above_their_frequency() {
        let mut random = Random::new(1, 1);
        let draws = 20_000;
        let mut below = 0;
        for _ in 0..draws {
            let mut columns: Vec<usize> = (0..30).collect();
            random.shuffle(&mut columns);
            let matches: Vec<(usize, usize)> = columns.into_iter().enumerate().collect();
            below += u32::from(order(&matches, 30).p <= 0.05);
        }
        assert!(f64::from(below) <= 0.05 * f64::from(draws), "{below}");
    }

    #[test]
    fn only_a_single_nearest_matches() {
        assert_eq!(mutual(&[0.9, 0.1, 0.2, 0.8], 2), [(0, 0), (1, 1)]);
        assert_eq!(mutual(&[0.9, 0.9, 0.2, 0.8], 2), []);
        assert_eq!(mutual(&[0.5, 0.5, 0.5, 0.5], 2), []);
        assert_eq!(mutual(&[f32::NAN, 0.5], 2), [(0, 1)]);
        assert_eq!(mutual(&[], 0), []);
    }
}
