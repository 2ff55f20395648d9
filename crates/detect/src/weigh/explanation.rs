//! Explanations of a set: one hidden operator, or an innocent crowd. Each is a small model of what such a set looks like
//! in all signs; they are held against each other by how probable they make what was seen.
//!
//! A model names the levels that it makes likely or unlikely, in four words. Levels of the same sign that it does not
//! name share what is left; of signs that it does not name it says nothing, and `anybody` stands in. Signs that fail
//! together are one family, and a family speaks for at most [`FAMILY_BITS`], so that no single cause decides alone.

use stillwatch_core::Family;

use super::sign::{Level, Observation, Sign};

/// What one family of signs may add for or against an explanation, in bits: a hundred to one.
pub(crate) const FAMILY_BITS: f64 = 6.6;
/// The least probability of a level: a model of a crowd is never certain.
const FLOOR: f64 = 0.02;

/// How often a level is seen on sets that an explanation is true of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Often {
    /// Nine in ten.
    Nearly,
    /// Six in ten.
    Mostly,
    /// Three in ten.
    Sometimes,
    /// One in ten.
    Seldom,
    /// One in fifty.
    Hardly,
}

impl Often {
    fn probability(self) -> f64 {
        match self {
            Self::Nearly => 0.9,
            Self::Mostly => 0.6,
            Self::Sometimes => 0.3,
            Self::Seldom => 0.1,
            Self::Hardly => FLOOR,
        }
    }
}

/// What a set may be, and what it looks like then.
#[derive(Debug)]
pub(crate) struct Explanation {
    pub(crate) name: &'static str,
    /// After "these accounts are".
    pub(crate) noun: &'static str,
    pub(crate) expects: &'static [(Level, Often)],
}

impl Explanation {
    /// The probability of a level of a sign.
    fn probability(&self, level: Level, anybody: &Self) -> f64 {
        let of_sign = |explanation: &Self| -> Vec<(Level, f64)> {
            let named = explanation.expects.iter().filter(|(named, _)| named.sign() == level.sign());
            named.map(|(named, often)| (*named, often.probability())).collect()
        };
        let mut named = of_sign(self);
        if named.is_empty() {
            named = of_sign(anybody);
        }
        let total: f64 = named.iter().map(|of| of.1).sum();
        let others = level.sign().levels().filter(|level| named.iter().all(|of| of.0 != *level)).count();
        let rest = if others == 0 { 0.0 } else { (1.0 - total).max(FLOOR) };
        let own = named.iter().find(|of| of.0 == level).map(|of| of.1);
        #[expect(clippy::cast_precision_loss, reason = "few levels")]
        let share = own.unwrap_or_else(|| rest / others.max(1) as f64);
        (share / (total + rest)).max(FLOOR)
    }

    /// How much more probable this makes each observation than `other` does, in bits.
    pub(crate) fn against(&self, other: &Self, anybody: &Self, seen: &[Observation]) -> Vec<Term> {
        let bits = |level| (self.probability(level, anybody) / other.probability(level, anybody)).log2();
        seen.iter().map(|of| Term { level: of.level, bits: bits(of.level) }).collect()
    }
}

/// What one sign adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) level: Level,
    pub(crate) bits: f64,
}

/// The sum of the terms, each family capped.
pub(crate) fn sum(terms: &[Term]) -> f64 {
    [Family::Content, Family::Infrastructure, Family::Timing, Family::Lifecycle]
        .into_iter()
        .map(|family| {
            let of = terms.iter().filter(|term| family_of(term.level.sign()) == family);
            of.map(|term| term.bits).sum::<f64>().clamp(-FAMILY_BITS, FAMILY_BITS)
        })
        .sum()
}

/// Signs that fail together.
pub(crate) fn family_of(sign: Sign) -> Family {
    match sign {
        Sign::Wording | Sign::Tasks | Sign::Appetite | Sign::Parameters => Family::Content,
        Sign::Place | Sign::Rotation | Sign::Client | Sign::Payment | Sign::Domain | Sign::Standing => {
            Family::Infrastructure
        }
        Sign::Rhythm | Sign::Turns | Sign::Minutes | Sign::Volume => Family::Timing,
        Sign::Tenure | Sign::Joining | Sign::Duration => Family::Lifecycle,
    }
}

#[cfg(test)]
mod tests {
    use super::super::crowds::{ANYBODY, CROWDS, OPERATOR};
    use super::*;

    #[test]
    fn the_levels_of_a_sign_add_up() {
        for explanation in CROWDS.into_iter().chain([&OPERATOR, &ANYBODY]) {
            for sign in Sign::ALL {
                let sum: f64 = sign.levels().map(|level| explanation.probability(level, &ANYBODY)).sum();
                assert!((0.95..1.12).contains(&sum), "{} {sign:?} {sum}", explanation.name);
            }
        }
    }
}
