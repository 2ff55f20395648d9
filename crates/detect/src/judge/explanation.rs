//! Explanations of a set: one hidden operator, or an innocent crowd. Each is a small model of what such a set looks like
//! in all signs; they are held against each other by how probable they make what was seen.
//!
//! A model names the levels that it makes likely or unlikely, in a few words. Levels of the same sign that it does not
//! name share what is left as they do among unrelated accounts, and so do all levels of signs that it does not name.
//! Signs that fail together have one cause, and a cause speaks for at most [`CAUSE_BITS`], so that no cause adds more than
//! a hundred to one.

use crate::hypothesis::Hypothesis;
use crate::judge::sign::{Level, Observed, Sign};

/// What one cause may add for or against an explanation, in bits: a hundred to one.
pub(crate) const CAUSE_BITS: f64 = 6.6;
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
    pub(crate) name: Hypothesis,
    /// After "these accounts are".
    pub(crate) noun: &'static str,
    pub(crate) expects: &'static [(Level, Often)],
}

impl Explanation {
    /// The probability of a level of a sign: as named, or of what the named levels leave, the part that `anybody` gives.
    fn probability(&self, level: Level, anybody: &Self) -> f64 {
        let named = |explanation: &Self, level: Level| {
            explanation.expects.iter().find(|(named, _)| *named == level).map(|(_, often)| often.probability())
        };
        let base = |level: Level| named(anybody, level).unwrap_or(FLOOR);
        let (mut taken, mut left) = (0.0, 0.0);
        for other in level.sign().levels() {
            match named(self, other) {
                Some(probability) => taken += probability,
                None => left += base(other),
            }
        }
        let rest = if left > 0.0 { (1.0 - taken).max(FLOOR) } else { 0.0 };
        let share = named(self, level).unwrap_or_else(|| rest * base(level) / left.max(FLOOR));
        (share / (taken + rest)).max(FLOOR)
    }

    /// How much more probable this makes each observation than `other` does, in bits.
    pub(crate) fn against(&self, other: &Self, anybody: &Self, seen: &[Observed]) -> Vec<Term> {
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

/// The sum of the terms, each cause capped.
pub(crate) fn sum(terms: &[Term]) -> f64 {
    Cause::ALL
        .into_iter()
        .map(|cause| {
            let of = terms.iter().filter(|term| cause_of(term.level.sign()) == cause);
            of.map(|term| term.bits).sum::<f64>().clamp(-CAUSE_BITS, CAUSE_BITS)
        })
        .sum()
}

/// Signs with one cause fail together, and speak together for at most [`CAUSE_BITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The text of the requests.
    Request,
    /// The program that sends them.
    Program,
    /// Where they come from.
    Place,
    /// What the holders say of themselves.
    Papers,
    /// How the accounts are used.
    Conduct,
    /// When they are used, to the minute.
    Minutes,
    /// When they came, and for how long.
    Life,
}

impl Cause {
    const ALL: [Self; 7] =
        [Self::Request, Self::Program, Self::Place, Self::Papers, Self::Conduct, Self::Minutes, Self::Life];
}

fn cause_of(sign: Sign) -> Cause {
    match sign {
        Sign::Wording | Sign::Tasks | Sign::Appetite | Sign::Novelty | Sign::Output | Sign::Audience => Cause::Request,
        Sign::Parameters | Sign::Client | Sign::Adoption => Cause::Program,
        Sign::Place | Sign::Rotation | Sign::Links | Sign::Carrier => Cause::Place,
        Sign::Payment | Sign::Domain | Sign::Standing | Sign::Claim => Cause::Papers,
        Sign::Rhythm | Sign::Turns | Sign::Volume | Sign::Tempo => Cause::Conduct,
        Sign::Minutes => Cause::Minutes,
        Sign::Tenure | Sign::Joining | Sign::Duration | Sign::Waking => Cause::Life,
    }
}

/// Two digits: more would claim a precision that words do not have.
pub(crate) fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::crowds::CROWDS;
    use crate::judge::operator::{ANYBODY, OPERATOR};

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
