//! What sets are chosen by, which no test uses again.

use stillwatch_core::Family;

use crate::signal::channel::Channel;

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
