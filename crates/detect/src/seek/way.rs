//! What a way to seek is: how it finds sets, and what may be said of them because of that.

use stillwatch_core::{Cancelled, Family, NotEvaluated, Tier};

use crate::account::Owners;
use crate::null::{Test, Tested};
use crate::population::Population;
use crate::seek::candidate::Candidate;
use crate::seek::wording::Communities;
use crate::signal::channel::{Channel, Holdings};
use crate::signal::timing::Activity;
use crate::work::Work;

/// A way to seek sets of accounts. Its sets are tested together, against a null of their own.
pub(crate) struct Way {
    /// After "sought by".
    pub(crate) name: &'static str,
    /// What chose all of its sets, and is no evidence for them; each set may add to it.
    pub(crate) chosen_by: Choices,
    /// The family-wise error of the search itself, where it has one; otherwise only tests speak.
    pub(crate) level: Option<f64>,
    /// The test without which its sets are not taken to act as one; nothing where what chose them is enough.
    pub(crate) confirmed_by: Option<fn(&Tested) -> &Test>,
    /// The highest tier of its sets. The error of tier `act` is that of one search.
    pub(crate) most: Tier,
    /// How many ways share the error of one search with it, itself among them: its q-values are multiplied by so much.
    pub(crate) sharing: f64,
    /// Whether what chose its sets is true of each member, by the member's own declaration.
    pub(crate) is_declared: bool,
    /// How its sets are brought to their last form.
    pub(crate) finish: Finish,
    /// Its sets, in ascending order; nothing where this log cannot be searched so.
    pub(crate) seek: fn(&Scene<'_>) -> Result<Option<Vec<Candidate>>, Cancelled>,
    /// What to tell where it cannot.
    pub(crate) unsought: Option<fn() -> NotEvaluated>,
}

/// What sets are chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// What the accounts say.
    Wording,
    /// The minutes of the even days; those of the odd days are left for tests.
    EvenDays,
    Likeness(Channel),
}

/// Some of the choices, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Choices(u16);

impl Choice {
    const fn bit(self) -> u16 {
        match self {
            Self::Wording => 1,
            Self::EvenDays => 2,
            Self::Likeness(channel) => 4 << channel as u16,
        }
    }
}

impl Choices {
    pub(crate) const fn of(choices: &[Choice]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < choices.len() {
            bits |= choices[at].bit();
            at += 1;
        }
        Self(bits)
    }

    pub(crate) fn has(self, choice: Choice) -> bool {
        self.0 & choice.bit() != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether what the accounts say chose the set.
    pub(crate) fn is_by_wording(self) -> bool {
        self.has(Choice::Wording)
    }

    /// How many channels that would be evidence beside the requests are used up.
    pub(crate) fn independent(self) -> usize {
        self.channels().filter(|channel| channel.is_independent()).count()
    }

    /// The family of evidence that speaks for a set because it chose it. What was chosen by half of the days is tested on
    /// the others, and does not speak by itself.
    pub(crate) fn speaks(self) -> Option<Family> {
        if self.is_by_wording() {
            return Some(Family::Content);
        }
        let families =
            || self.channels().map(|channel| if channel.is_independent() { channel.family() } else { Family::Content });
        [Family::Content, Family::Infrastructure, Family::Lifecycle]
            .into_iter()
            .find(|of| families().any(|family| family == *of))
    }

    fn channels(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |channel| self.has(Choice::Likeness(*channel)))
    }
}

/// How a set is brought to its last form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Accounts that came in by a chance phrase are left out.
    Strays,
    /// It is completed by those who come to its meetings on all days, and loses those who do not.
    Meetings,
}

/// What is looked at to seek.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) population: &'a Population,
    pub(crate) owners: &'a Owners,
    pub(crate) communities: &'a Communities,
    pub(crate) holdings: &'a [Holdings],
    pub(crate) even_days: &'a Activity,
    /// Families that are left out.
    pub(crate) without: &'a [Family],
    pub(crate) work: Work<'a>,
}

impl Way {
    /// A q-value among all sets of the ways that share one error with it (Bonferroni).
    pub(crate) fn shared(&self, q: f64) -> f64 {
        (q * self.sharing).min(1.0)
    }
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Way {}
