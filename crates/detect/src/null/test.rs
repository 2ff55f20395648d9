//! What the tests of one candidate say.

use stillwatch_core::Family;

use crate::signal::channel::Channel;
use crate::signal::timing::Width;

/// Two maxima are looked at, beside the requests and in them; each may err half as often (Bonferroni).
pub(crate) const FAMILIES: f64 = 2.0;

/// What is tested on a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statistic {
    Likeness(Channel),
    Synchrony(Width),
    /// What the accounts say, tested where it did not choose them.
    Content,
}

/// Likeness channels, then synchrony in one and in five minutes, then content.
const TESTS: usize = Channel::ALL.len() + 3;

impl Statistic {
    pub(crate) const ALL: [Self; TESTS] = [
        Self::Likeness(Channel::Network),
        Self::Likeness(Channel::Payment),
        Self::Likeness(Channel::Owner),
        Self::Likeness(Channel::Carrier),
        Self::Likeness(Channel::Domain),
        Self::Likeness(Channel::Signup),
        Self::Likeness(Channel::Adoption),
        Self::Likeness(Channel::Client),
        Self::Likeness(Channel::Parameters),
        Self::Synchrony(Width::Minute),
        Self::Synchrony(Width::FiveMinutes),
        Self::Content,
    ];

    pub(super) fn family(self) -> Family {
        match self {
            Self::Likeness(channel) => channel.family(),
            Self::Synchrony(_) => Family::Timing,
            Self::Content => Family::Content,
        }
    }

    /// Whether its outcome does not follow from what the accounts say.
    pub(super) fn is_independent(self) -> bool {
        match self {
            Self::Likeness(channel) => channel.is_independent(),
            _ => true,
        }
    }

    /// How far a standardised value is from chance. Synchrony counts on either side: meeting too often, and avoiding each
    /// other.
    pub(super) fn size(self, z: f64) -> f64 {
        if matches!(self, Self::Synchrony(_)) { z.abs() } else { z }
    }
}

/// Something for each statistic, in their order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Each<T>([T; TESTS]);

impl<T> Each<T> {
    pub(super) fn new(of: impl FnMut(Statistic) -> T) -> Self {
        Self(Statistic::ALL.map(of))
    }

    pub(crate) fn of(&self, statistic: Statistic) -> &T {
        &self.0[place(statistic)]
    }

    pub(super) fn of_mut(&mut self, statistic: Statistic) -> &mut T {
        &mut self.0[place(statistic)]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Statistic, &T)> {
        Statistic::ALL.into_iter().zip(&self.0)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (Statistic, &mut T)> {
        Statistic::ALL.into_iter().zip(&mut self.0)
    }
}

/// The place of a statistic in [`Statistic::ALL`].
fn place(statistic: Statistic) -> usize {
    match statistic {
        Statistic::Likeness(channel) => channel as usize,
        Statistic::Synchrony(width) => Channel::ALL.len() + width as usize,
        Statistic::Content => TESTS - 1,
    }
}

/// One candidate under one test.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Test {
    pub(crate) observed: f64,
    pub(crate) mean: f64,
    /// Deviation of the null.
    pub(crate) deviation: f64,
    /// Standardised excess.
    pub(crate) z: f64,
    /// Family-wise p-value among all candidates and all tests of its kind; 1 where it was taken back.
    pub(crate) p: f64,
    /// The same as it was computed.
    pub(crate) raw_p: f64,
    /// Why it counts for nothing, if it does.
    pub(crate) taken_back: Option<TakenBack>,
}

/// Why a test counts for nothing, whatever its p-value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TakenBack {
    /// A few of many accounts are linked.
    FewLinked,
    /// It vanishes without the few accounts that add most to it.
    FewCarryIt,
    /// Daily habits explain it.
    Habit,
    /// It is supposed not to be known, to see what the rest carries.
    Supposed,
}

impl TakenBack {
    /// After "taken back because".
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::FewLinked => "a few links do not implicate the others",
            Self::FewCarryIt => "it vanishes without the few accounts that add most to it",
            Self::Habit => "daily habits explain it",
            Self::Supposed => "it is supposed not to be known",
        }
    }
}

impl Test {
    /// Lets it count for nothing; what was computed is kept.
    pub(crate) fn take_back(&mut self, why: TakenBack) {
        self.p = 1.0;
        self.taken_back.get_or_insert(why);
    }

    /// Whether it is supposed not to be known.
    pub(crate) fn is_left_out(&self) -> bool {
        self.taken_back == Some(TakenBack::Supposed)
    }
}

/// All tests of one candidate.
#[derive(Clone, Debug)]
pub(crate) struct Tested {
    pub(super) tests: Each<Test>,
    /// Family-wise p-value over all tests that are independent of content.
    pub(crate) q: f64,
}

impl Tested {
    pub(super) fn new(of: impl FnMut(Statistic) -> Test) -> Self {
        let mut tested = Self { tests: Each::new(of), q: 1.0 };
        tested.update();
        tested
    }

    pub(crate) fn channel(&self, channel: Channel) -> &Test {
        self.tests.of(Statistic::Likeness(channel))
    }

    /// Takes back the significance of a channel.
    pub(crate) fn discount(&mut self, channel: Channel, why: TakenBack) {
        self.tests.of_mut(Statistic::Likeness(channel)).take_back(why);
        self.update();
    }

    /// What the accounts say, tested where it did not choose them.
    pub(crate) fn content(&self) -> &Test {
        self.tests.of(Statistic::Content)
    }

    /// Supposes that nothing of a family is known.
    pub(crate) fn forget(&mut self, family: Family) {
        for (_, test) in self.tests.iter_mut().filter(|(statistic, _)| statistic.family() == family) {
            // What was taken back before is not known either.
            test.taken_back = Some(TakenBack::Supposed);
            test.p = 1.0;
        }
        self.update();
    }

    /// The stronger of the two widths.
    pub(crate) fn synchrony(&self) -> &Test {
        let [narrow, wide] = Width::ALL.map(|width| self.tests.of(Statistic::Synchrony(width)));
        if (narrow.p, -narrow.z.abs()) <= (wide.p, -wide.z.abs()) { narrow } else { wide }
    }

    /// The smallest p-value of the independent tests, after any was changed.
    pub(super) fn update(&mut self) {
        let independent = self.tests.iter().filter(|(statistic, _)| statistic.is_independent());
        self.q = independent.map(|(_, test)| test.p).fold(1.0, f64::min);
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Family;

    use super::{Each, Statistic, TakenBack, Test, Tested};
    use crate::signal::channel::Channel;
    use crate::signal::timing::Width;

    fn tested(p: impl Fn(Statistic) -> f64) -> Tested {
        Tested::new(|statistic| Test { p: p(statistic), raw_p: p(statistic), ..Test::default() })
    }

    #[test]
    fn every_statistic_has_its_own_place() {
        let each = Each::new(|statistic| statistic);
        assert!(Statistic::ALL.into_iter().all(|statistic| *each.of(statistic) == statistic));
    }

    #[test]
    fn what_follows_from_content_gives_no_significance() {
        let dependent = [Channel::Adoption, Channel::Client, Channel::Parameters].map(Statistic::Likeness);
        assert!((tested(|statistic| if dependent.contains(&statistic) { 0.01 } else { 1.0 }).q - 1.0).abs() < 1e-12);
        assert!((tested(|statistic| if dependent.contains(&statistic) { 1.0 } else { 0.01 }).q - 0.01).abs() < 1e-12);
    }

    #[test]
    fn what_is_taken_back_gives_no_significance() {
        let payment = Statistic::Likeness(Channel::Payment);
        let minute = Statistic::Synchrony(Width::Minute);
        let p = |statistic| match statistic {
            _ if statistic == payment => 0.01,
            _ if statistic == minute => 0.02,
            _ => 1.0,
        };
        let mut tested = tested(p);
        assert!((tested.q - 0.01).abs() < 1e-12);
        tested.discount(Channel::Payment, TakenBack::FewLinked);
        let payment = tested.channel(Channel::Payment);
        assert!((payment.raw_p - 0.01).abs() < 1e-12 && payment.taken_back == Some(TakenBack::FewLinked));
        assert!((tested.q - 0.02).abs() < 1e-12 && (tested.synchrony().p - 0.02).abs() < 1e-12);
        tested.forget(Family::Timing);
        assert!((tested.q - 1.0).abs() < 1e-12);
    }
}
