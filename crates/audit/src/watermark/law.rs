use stillwatch_core::statistics::{ln_binomial_tail, ln_gamma_tail, ln_normal_tail};

/// One in the fixed-point numbers in which weights and logarithms are added up, so that sums do not depend on their order.
pub(crate) const ONE: f64 = 4_294_967_296.0;

/// How the sum of scores is distributed over texts that know nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Law {
    /// Each n-gram is so many independent draws.
    Binomial { draws: u64, probability: f64 },
    /// Weighted fair bits: mean one half and the given variance an n-gram. At any size the tail is at most 3.18 times
    /// the normal one (Bentkus and Dzindzalieta, Bernoulli 21, 2015).
    Normal { variance: f64 },
    /// Each n-gram is an exponential variable of mean one.
    Exponential,
}

impl Law {
    /// Natural logarithm of the chance of at least this total over `n` n-grams.
    pub(crate) fn ln_p(self, n: u64, total: u64) -> f64 {
        match self {
            _ if n == 0 => 0.0,
            Self::Binomial { draws, probability } => ln_binomial_tail(n * draws, total, probability),
            Self::Normal { .. } => ln_normal_tail(self.z(n, total)),
            Self::Exponential => ln_gamma_tail(n, float(total) / ONE),
        }
    }

    /// Standard deviations above what is expected; zero of nothing.
    pub(crate) fn z(self, n: u64, total: u64) -> f64 {
        if n == 0 {
            return 0.0;
        }
        let (mean, variance) = match self {
            Self::Binomial { draws, probability } => {
                let draws = float(draws);
                (draws * probability, draws * probability * (1.0 - probability))
            }
            Self::Normal { variance } => (0.5, variance),
            Self::Exponential => (1.0, 1.0),
        };
        let deviation = (float(n) * variance).sqrt();
        if deviation > 0.0 { (float(total) / self.unit() - float(n) * mean) / deviation } else { 0.0 }
    }

    /// The mean score: the share of green tokens, the mean g-value, or the mean of −ln(1 − r).
    pub(crate) fn statistic(self, n: u64, total: u64) -> f64 {
        let draws = if let Self::Binomial { draws, .. } = self { draws } else { 1 };
        float(total) / self.unit() / float((n * draws).max(1))
    }

    /// What [`statistic`](Self::statistic) is without a watermark.
    pub(crate) fn expected(self) -> f64 {
        match self {
            Self::Binomial { probability, .. } => probability,
            Self::Normal { .. } => 0.5,
            Self::Exponential => 1.0,
        }
    }

    fn unit(self) -> f64 {
        if matches!(self, Self::Binomial { .. }) { 1.0 } else { ONE }
    }
}

#[expect(clippy::cast_precision_loss, reason = "totals lie far under 2^53 units of interest")]
fn float(count: u64) -> f64 {
    count as f64
}
