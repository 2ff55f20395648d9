//! Logistic regression whose weights have a sign that is fixed beforehand, with a ridge penalty.
//!
//! The loss is convex and the bounds are a box, so that cyclic coordinate descent reaches the only minimum; no random
//! numbers are drawn. Each step minimises a parabola above the loss (the curvature of the logistic function is at most a
//! quarter), so that no step goes too far. (Wright, "Coordinate descent algorithms", Mathematical Programming 151, 2015.)

/// Something to learn from: which columns are set, what it is, and how much it counts.
pub(crate) struct Example {
    /// Places of the columns that are one, ascending.
    pub(crate) columns: Vec<usize>,
    pub(crate) positive: bool,
    pub(crate) weight: f64,
}

/// For which side a column may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    NotNegative,
    NotPositive,
}

/// What was learnt, in natural logarithms.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    pub(crate) start: f64,
    pub(crate) weights: Vec<f64>,
}

const MOST_PASSES: usize = 2_000;
/// A pass that moves no weight by more has arrived.
const STILL: f64 = 1e-7;
/// A curvature below this would make a step without end.
const LEAST_CURVATURE: f64 = 1e-9;

impl Fitted {
    /// The minimum of the weighted logistic loss plus `ridge / 2` times the sum of the squared weights, none of which is
    /// larger than `most`.
    pub(crate) fn new(examples: &[Example], bounds: &[Bound], ridge: f64, most: f64) -> Self {
        let mut fitted = Self { start: 0.0, weights: vec![0.0; bounds.len()] };
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); bounds.len()];
        for (at, example) in examples.iter().enumerate() {
            example.columns.iter().for_each(|&column| holders[column].push(at));
        }
        let everybody: Vec<usize> = (0..examples.len()).collect();
        let mut sums = vec![0.0; examples.len()];
        for _ in 0..MOST_PASSES {
            let mut moved = step(examples, &everybody, &mut sums, &mut fitted.start, 0.0, |value| value);
            for ((weight, bound), holders) in fitted.weights.iter_mut().zip(bounds).zip(&holders) {
                let within = |value: f64| match bound {
                    Bound::NotNegative => value.clamp(0.0, most),
                    Bound::NotPositive => value.clamp(-most, 0.0),
                };
                moved = f64::max(moved, step(examples, holders, &mut sums, weight, ridge, within));
            }
            if moved < STILL {
                break;
            }
        }
        fitted
    }

    pub(crate) fn score(&self, columns: &[usize]) -> f64 {
        self.start + columns.iter().map(|&column| self.weights[column]).sum::<f64>()
    }
}

/// One Newton step of one weight, cut at its bound; by how much it moved.
fn step(
    examples: &[Example],
    holders: &[usize],
    sums: &mut [f64],
    weight: &mut f64,
    ridge: f64,
    within: impl Fn(f64) -> f64,
) -> f64 {
    let (mut gradient, mut curvature) = (ridge * *weight, ridge);
    for &at in holders {
        let example = &examples[at];
        let probability = 1.0 / (1.0 + (-sums[at]).exp());
        gradient += example.weight * (probability - f64::from(u8::from(example.positive)));
        curvature += example.weight / 4.0;
    }
    let moved = within(*weight - gradient / curvature.max(LEAST_CURVATURE)) - *weight;
    *weight += moved;
    for &at in holders {
        sums[at] += moved;
    }
    moved.abs()
}
