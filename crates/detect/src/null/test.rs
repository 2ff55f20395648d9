//! What the tests of one candidate say.

use stillwatch_core::Family;

use crate::signal::channel::Channel;

/// Two maxima are looked at, beside the requests and in them; each may err half as often (Bonferroni).
pub(crate) const FAMILIES: f64 = 2.0;
/// Likeness channels, then synchrony in one and in five minutes, then content.
pub(super) const TESTS: usize = Channel::ALL.len() + 3;
pub(super) const SYNCHRONY: [usize; 2] = [Channel::ALL.len(), Channel::ALL.len() + 1];
pub(super) const CONTENT: usize = Channel::ALL.len() + 2;

/// One candidate under one test.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Test {
    pub(crate) observed: f64,
    pub(crate) mean: f64,
    /// Deviation of the null.
    pub(crate) deviation: f64,
    /// Standardised excess.
    pub(crate) z: f64,
    /// Family-wise p-value among all candidates and all tests of its kind.
    pub(crate) p: f64,
    /// Standardised excess in units of the largest one that chance gives in 95 of 100 rounds.
    pub(crate) strength: f64,
}

/// All tests of one candidate.
#[derive(Clone, Debug)]
pub(crate) struct Tested {
    pub(crate) tests: [Test; TESTS],
    /// Family-wise p-value over all tests that are independent of content.
    pub(crate) q: f64,
}

impl Tested {
    pub(crate) fn channel(&self, channel: Channel) -> &Test {
        &self.tests[Channel::ALL.iter().position(|&other| other == channel).unwrap_or(0)]
    }

    /// Takes back the significance of a channel.
    pub(crate) fn discount(&mut self, channel: Channel) {
        if let Some(at) = Channel::ALL.iter().position(|&other| other == channel) {
            self.tests[at].p = 1.0;
            self.q = smallest_p(&self.tests);
        }
    }

    /// What the accounts say, tested where it did not choose them.
    pub(crate) fn content(&self) -> &Test {
        &self.tests[CONTENT]
    }

    /// Takes back the significance of everything that is computed on these tests.
    pub(crate) fn forget(&mut self, family: Family) {
        for (at, test) in self.tests.iter_mut().enumerate() {
            if family_of(at) == family {
                test.p = 1.0;
            }
        }
        self.q = smallest_p(&self.tests);
    }

    /// Family-wise p-value of the links: without the channels that follow from where a product runs, or from when its
    /// users came.
    pub(crate) fn links(&self) -> f64 {
        [self.channel(Channel::Network), self.channel(Channel::Payment), self.channel(Channel::Owner), self.synchrony()]
            .iter()
            .map(|test| test.p)
            .fold(1.0, f64::min)
    }

    /// The stronger of the two widths.
    pub(crate) fn synchrony(&self) -> &Test {
        let [narrow, wide] = SYNCHRONY.map(|at| &self.tests[at]);
        if (narrow.p, -narrow.z.abs()) <= (wide.p, -wide.z.abs()) { narrow } else { wide }
    }
}

/// The family that a test belongs to.
fn family_of(at: usize) -> Family {
    match Channel::ALL.get(at) {
        Some(channel) => channel.family(),
        None if at == CONTENT => Family::Content,
        None => Family::Timing,
    }
}

pub(super) fn smallest_p(tests: &[Test; TESTS]) -> f64 {
    tests.iter().enumerate().filter(|&(at, _)| is_independent(at)).map(|(_, test)| test.p).fold(1.0, f64::min)
}

/// Whether the outcome of a test does not follow from what the accounts say.
pub(super) fn is_independent(at: usize) -> bool {
    Channel::ALL.get(at).is_none_or(|channel| channel.is_independent())
}
