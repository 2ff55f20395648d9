//! The largest values that chance gives, and the rank of an observed value among them.

use stillwatch_core::{float, ratio};

use crate::null::test::{Each, FAMILIES, Test, Tested};

/// Values that differ by less are equal: sums depend on their order in the last digits.
const TIE: f64 = 1e-4;

/// What a statistic is under its null: mean and deviation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standard {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

impl Standard {
    /// From the values of the rounds; the deviation is believed to be no less than a floor, which may depend on the mean.
    pub(super) fn new(values: impl Iterator<Item = f64> + Clone, floor: impl Fn(f64) -> f64) -> Self {
        let count = float(values.clone().count().max(1));
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        Self { mean, deviation: variance.sqrt().max(floor(mean)) }
    }

    /// How many deviations a value lies above the mean.
    pub(super) fn standardise(self, value: f64) -> f64 {
        (value - self.mean) / self.deviation
    }
}

/// The largest standardised values that chance gave, round by round, in ascending order.
#[derive(Clone, Debug)]
pub(super) struct Maxima {
    columns: Each<Vec<f64>>,
    pub(super) scale: Each<f64>,
    joint: Vec<f64>,
}

/// The values of one candidate in the rounds.
pub(super) type Values = Vec<Each<f32>>;

impl Maxima {
    pub(super) fn new(values: &[Values], standards: &[Each<Standard>], rounds: usize) -> Self {
        let mut maxima: Vec<Each<f64>> = vec![Each::new(|_| 0.0); rounds];
        for (list, standard) in values.iter().zip(standards) {
            for (maximum, value) in maxima.iter_mut().zip(list) {
                for ((statistic, maximum), (_, &value)) in maximum.iter_mut().zip(value.iter()) {
                    let z = standard.of(statistic).standardise(value.into());
                    *maximum = maximum.max(statistic.size(z));
                }
            }
        }
        let columns = Each::new(|statistic| sorted(maxima.iter().map(|round| *round.of(statistic))));
        // Tests differ in how heavy the tail of their maximum is; its 95 % point puts them on one scale.
        let scale: Each<f64> =
            Each::new(|statistic| columns.of(statistic).get(rounds * 19 / 20).copied().unwrap_or(1.0).max(1.0));
        let largest = |round: &Each<f64>| {
            let independent = round.iter().filter(|(statistic, _)| statistic.is_independent());
            independent.map(|(statistic, maximum)| maximum / scale.of(statistic)).fold(0.0, f64::max)
        };
        let joint = sorted(maxima.iter().map(largest));
        Self { columns, scale, joint }
    }

    /// Standardises what was observed on a candidate and ranks it among the maxima.
    pub(super) fn rank(&self, observed: &Each<f64>, standards: &Each<Standard>) -> Tested {
        Tested::new(|statistic| {
            let (observed, standard) = (*observed.of(statistic), *standards.of(statistic));
            let z = standard.standardise(observed);
            let strength = statistic.size(z) / self.scale.of(statistic);
            let p = if statistic.is_independent() {
                rank(&self.joint, strength)
            } else {
                rank(self.columns.of(statistic), z)
            };
            Test { observed, mean: standard.mean, deviation: standard.deviation, z, p, raw_p: p, taken_back: None }
        })
    }
}

/// As precise as the values of the rounds, so that equal values are equal.
pub(super) fn rounded(value: f64) -> f64 {
    shortened(value).into()
}

/// Seven digits, which are enough for a null.
pub(super) fn shortened(value: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
    let short = value as f32;
    short
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The share of null values, the observed one counted among them, that reach `value`, for each family of tests.
fn rank(sorted: &[f64], value: f64) -> f64 {
    let reached = 1 + sorted.len() - sorted.partition_point(|&null| null < value - TIE);
    (FAMILIES * float(reached) / float(sorted.len() + 1)).min(1.0)
}

/// The smallest p-value that so many rounds can give.
pub(crate) fn smallest_p(rounds: usize) -> f64 {
    FAMILIES * ratio(1_usize, rounds + 1)
}

#[cfg(test)]
mod tests {
    use super::{Maxima, Standard, rank, smallest_p};
    use crate::null::test::{Each, Statistic};
    use crate::signal::channel::Channel;
    use crate::signal::timing::Width;

    const PAYMENT: Statistic = Statistic::Likeness(Channel::Payment);
    const MINUTE: Statistic = Statistic::Synchrony(Width::Minute);

    #[test]
    fn the_observed_value_counts_among_the_null() {
        let null: Vec<f64> = (0..199).map(f64::from).collect();
        assert!((rank(&null, 1_000.0) - smallest_p(199)).abs() < 1e-12 && (smallest_p(199) - 0.01).abs() < 1e-12);
        assert!((rank(&null, 198.0) - 0.02).abs() < 1e-12, "a tie counts against it");
        assert!((rank(&null, -1.0) - 1.0).abs() < 1e-12, "twice the share, and no more than certain");
        assert!((rank(&[], 5.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_null_without_spread_has_the_deviation_of_its_floor() {
        let standard = Standard::new([2.0; 9].into_iter(), |mean| mean + 0.5);
        assert!((standard.standardise(7.0) - 2.0).abs() < 1e-12);
    }

    /// Two candidates over 99 rounds: what the luckier one reaches by chance is no evidence on the other.
    #[test]
    fn a_candidate_is_ranked_among_the_luckiest_of_all() {
        let round = |payment: f32, minute: f32| {
            Each::new(|statistic| {
                if statistic == PAYMENT {
                    payment
                } else if statistic == MINUTE {
                    minute
                } else {
                    0.0
                }
            })
        };
        let quiet = (0..99_u8).map(|at| round(f32::from(at % 2), 0.0)).collect();
        let lucky = (0..99_u8).map(|at| round(f32::from(at % 2) * 9.0, 0.0)).collect();
        let values = [quiet, lucky];
        let standards: Vec<Each<Standard>> =
            values.iter().map(|_| Each::new(|_| Standard { mean: 0.0, deviation: 1.0 })).collect();
        let maxima = Maxima::new(&values, &standards, 99);
        let observe = |payment: f64, minute: f64| {
            let observed = Each::new(|statistic| {
                if statistic == PAYMENT {
                    payment
                } else if statistic == MINUTE {
                    minute
                } else {
                    0.0
                }
            });
            maxima.rank(&observed, &Each::new(|_| Standard { mean: 0.0, deviation: 1.0 }))
        };
        assert!(observe(5.0, 0.0).q > 0.9);
        assert!((observe(50.0, 0.0).q - 0.02).abs() < 1e-12);
        // Avoiding each other's minutes counts as meeting does.
        assert!((observe(0.0, -50.0).synchrony().p - 0.02).abs() < 1e-12);
        assert!(observe(-50.0, 0.0).q > 0.9);
    }
}
