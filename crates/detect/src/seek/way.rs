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
    /// What chose its sets, and is no evidence for them.
    pub(crate) chosen_by: &'static [Choice],
    /// The family of evidence that speaks for its sets because it chose them; nothing where only tests speak.
    pub(crate) speaks: Option<Family>,
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
    pub(crate) work: Work<'a>,
}

impl Way {
    /// A q-value among all sets of the ways that share one error with it (Bonferroni).
    pub(crate) fn shared(&self, q: f64) -> f64 {
        (q * self.sharing).min(1.0)
    }

    /// Whether what the accounts say chose its sets.
    pub(crate) fn is_by_wording(&self) -> bool {
        self.chosen_by.contains(&Choice::Wording)
    }

    /// Whether a channel chose its sets.
    pub(crate) fn is_by(&self, channel: Channel) -> bool {
        self.chosen_by.contains(&Choice::Likeness(channel))
    }

    /// Whether the even days chose its sets.
    pub(crate) fn is_by_even_days(&self) -> bool {
        self.chosen_by.contains(&Choice::EvenDays)
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
