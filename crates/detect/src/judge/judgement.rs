//! The verdict: a pure function of the facts, on one page.

use stillwatch_core::Tier;

use crate::judge::crowds::{ANYBODY, CROWDS, OPERATOR};
use crate::judge::explanation::{Explanation, Term, sum};
use crate::judge::sign::{Observation, Question};

/// Bits by which one hidden operator must explain a set better than every innocent crowd does, for tier `act`.
pub(crate) const ACT_MARGIN: f64 = 5.0;
/// The same for tier `review`.
pub(crate) const REVIEW_MARGIN: f64 = 0.0;
/// Bits below which a crowd explains the set and it is told as that crowd.
pub(crate) const CROWD_MARGIN: f64 = -3.0;
/// Bits that extraction needs by itself.
pub(crate) const EXTRACTION_BITS: f64 = 0.5;
/// Bits that concealment needs by itself.
pub(crate) const CONCEALMENT_BITS: f64 = 1.5;

/// What a set shows, held against every explanation.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub(crate) seen: Vec<Observation>,
    /// Against each crowd, in their order: what each sign says, and the sum of the families.
    pub(crate) against: Vec<(&'static Explanation, Vec<Term>, f64)>,
}

impl Judgement {
    pub(crate) fn new(seen: Vec<Observation>) -> Self {
        let against = CROWDS
            .into_iter()
            .map(|crowd| {
                let terms = OPERATOR.against(crowd, &ANYBODY, &seen);
                let bits = sum(&terms);
                (crowd, terms, bits)
            })
            .collect();
        Self { seen, against }
    }

    /// The innocent explanation that fits best, and by how many bits one hidden operator fits better than it.
    pub(crate) fn nearest(&self) -> (&'static Explanation, f64) {
        let least = self.against.iter().min_by(|a, b| a.2.total_cmp(&b.2));
        least.map_or((&ANYBODY, 0.0), |(crowd, _, bits)| (*crowd, *bits))
    }

    /// What the signs of one question say for an operator, against unrelated accounts.
    pub(crate) fn answer(&self, question: Question) -> f64 {
        let terms: Vec<Term> = OPERATOR
            .against(&ANYBODY, &ANYBODY, &self.seen)
            .into_iter()
            .filter(|term| term.level.sign().question() == question)
            .collect();
        sum(&terms)
    }
}

/// All that a verdict depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Whether two independent families say that most of the accounts act as one, at the level of tier `act`.
    pub(crate) coordinated: bool,
    /// The same at the level of tier `review`.
    pub(crate) perhaps_coordinated: bool,
    pub(crate) extraction: f64,
    pub(crate) concealment: f64,
    /// Whether a rule is broken that was written down: accounts return after others like them were closed.
    pub(crate) broke_a_rule: bool,
    /// Bits by which one hidden operator explains the set better than the nearest crowd.
    pub(crate) margin: f64,
}

/// `None`: a crowd explains it.
pub(crate) fn verdict(facts: &Facts) -> Option<Tier> {
    let harvests = facts.extraction >= EXTRACTION_BITS;
    let hides = facts.concealment >= CONCEALMENT_BITS;
    if facts.coordinated && harvests && (hides || facts.broke_a_rule) && facts.margin >= ACT_MARGIN {
        Some(Tier::Act)
    } else if facts.perhaps_coordinated && (harvests || hides) && facts.margin >= REVIEW_MARGIN {
        Some(Tier::Review)
    } else if facts.margin > CROWD_MARGIN {
        Some(Tier::Watch)
    } else {
        None
    }
}
