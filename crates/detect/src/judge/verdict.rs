//! The verdict: a pure function of the facts, on one page.

use stillwatch_core::Tier;

/// Bits by which one hidden operator must explain a set better than the nearest innocent crowd does, for tier `act`: four
/// to one. Chosen on 60 random worlds, where no innocent set that was coordinated reached it; the largest had 1.1.
pub(crate) const ACT_MARGIN: f64 = 2.0;
/// The same for tier `review`: no crowd explains the set better.
pub(crate) const REVIEW_MARGIN: f64 = 0.0;
/// Bits below which a crowd explains the set, and it is told as that crowd: eight to one.
pub(crate) const CROWD_MARGIN: f64 = -3.0;
/// The same for accounts that may act as one: sixty-four to one, since more speaks against a crowd.
pub(crate) const COORDINATED_CROWD_MARGIN: f64 = -6.0;
/// Bits that extraction needs by itself, for tier `act`: the signs speak for it.
pub(crate) const EXTRACTION_BITS: f64 = 0.5;
/// Bits that concealment needs by itself, for tier `act`: two to one.
pub(crate) const CONCEALMENT_BITS: f64 = 1.0;
/// Bits that one of both needs, for tier `review`.
pub(crate) const EITHER_BITS: f64 = 1.0;

/// All that a verdict depends on.
#[expect(clippy::struct_excessive_bools, reason = "the facts of a verdict, each by its name")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Whether two independent families say that most of the accounts act as one, at the level of tier `act`.
    pub(crate) coordinated: bool,
    /// Whether two families say it of some of the accounts, or one generator words and sets the requests of all.
    pub(crate) perhaps_coordinated: bool,
    /// What the signs of extraction say, in bits.
    pub(crate) extraction: f64,
    /// What the signs of concealment say, in bits.
    pub(crate) concealment: f64,
    /// Whether a written rule is broken: accounts return after others like them were closed.
    pub(crate) broke_a_rule: bool,
    /// Whether a permit names most of the accounts without covering all that they did; its holder is to be asked first.
    pub(crate) named_by_permit: bool,
    /// Whether the log shows too few signs to tell one explanation from another.
    pub(crate) too_few_signs: bool,
    /// Bits by which one hidden operator explains the set better than the nearest crowd.
    pub(crate) margin: f64,
}

/// The tier; nothing where a crowd explains the set.
pub(crate) fn verdict(facts: &Facts) -> Option<Tier> {
    let harvests = facts.extraction >= EXTRACTION_BITS;
    let hides = facts.concealment >= CONCEALMENT_BITS;
    let either = facts.extraction.max(facts.concealment) >= EITHER_BITS;
    if facts.coordinated
        && harvests
        && (hides || facts.broke_a_rule)
        && facts.margin >= ACT_MARGIN
        && !facts.named_by_permit
        && !facts.too_few_signs
    {
        Some(Tier::Act)
    } else if facts.perhaps_coordinated && (either || facts.broke_a_rule) && facts.margin >= REVIEW_MARGIN {
        Some(Tier::Review)
    } else if facts.margin > if facts.perhaps_coordinated { COORDINATED_CROWD_MARGIN } else { CROWD_MARGIN } {
        Some(Tier::Watch)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Tier;

    use super::{Facts, verdict};

    const RING: Facts = Facts {
        coordinated: true,
        perhaps_coordinated: true,
        extraction: 3.0,
        concealment: 4.0,
        broke_a_rule: false,
        named_by_permit: false,
        too_few_signs: false,
        margin: 6.0,
    };

    #[test]
    fn act_needs_all_three_answers_and_no_crowd() {
        assert_eq!(verdict(&RING), Some(Tier::Act));
        let lacking = [
            Facts { coordinated: false, ..RING },
            Facts { extraction: -1.0, ..RING },
            Facts { concealment: 0.0, ..RING },
            Facts { margin: 1.5, ..RING },
            Facts { named_by_permit: true, ..RING },
            Facts { too_few_signs: true, ..RING },
        ];
        assert!(lacking.iter().all(|facts| verdict(facts) == Some(Tier::Review)));
    }

    #[test]
    fn a_broken_rule_stands_in_for_concealment() {
        assert_eq!(verdict(&Facts { concealment: -1.0, broke_a_rule: true, ..RING }), Some(Tier::Act));
    }

    #[test]
    fn review_needs_coordination_and_one_of_the_others() {
        let open = Facts { coordinated: false, extraction: -1.0, concealment: -2.0, ..RING };
        assert_eq!(verdict(&open), Some(Tier::Watch));
        assert_eq!(verdict(&Facts { perhaps_coordinated: false, coordinated: false, ..RING }), Some(Tier::Watch));
    }

    #[test]
    fn a_crowd_is_no_campaign() {
        assert_eq!(verdict(&Facts { margin: -7.0, ..RING }), None);
        assert_eq!(verdict(&Facts { margin: -4.0, ..RING }), Some(Tier::Watch));
        let apart = Facts { coordinated: false, perhaps_coordinated: false, ..RING };
        assert_eq!(verdict(&Facts { margin: -4.0, ..apart }), None);
    }
}
