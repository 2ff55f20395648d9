//! The verdict: a pure function of the facts, on one page.

use stillwatch_core::Tier;

/// The balance from which on a set may be at `act`, in bits: four to one. Of the innocent sets of 160 random worlds that
/// answer the three questions so, none has as much.
pub(crate) const ACT_BALANCE: f64 = 2.0;
/// Bits by which one hidden operator must explain a set at `act` better than each crowd: two to one. Where few fields are
/// logged, the learnt weights alone would outweigh a crowd that fits as well.
pub(crate) const ACT_MARGIN: f64 = 1.0;
/// The balance from which on a set may be at `review`: two to one.
pub(crate) const REVIEW_BALANCE: f64 = 1.0;
/// The balance of a clear case, sixteen to one: it stands in where the tests lack the power to say that the accounts act as
/// one, for `review`; and where they say it of some of them, or more of the signs of use says that they harvest than that they do not,
/// for `act`.
pub(crate) const CLEAR_BALANCE: f64 = 4.0;
/// The balance below which a set that may act as one is told as the crowd that fits it best: one to four.
pub(crate) const CROWD_BALANCE: f64 = -2.0;
/// The same where nothing says that the accounts act as one: neither side is better.
pub(crate) const APART_BALANCE: f64 = 0.0;
/// What each of two opinions may say at most, in bits: sixty-four to one. Either was found wrong by more.
pub const MOST_SAID: f64 = 6.0;
/// Bits from which on the signs of a question answer it with yes: they speak for it.
pub(crate) const YES_BITS: f64 = 0.5;
/// Bits above which they leave it open.
pub(crate) const PERHAPS_BITS: f64 = -1.0;

/// The mean of two opinions that were formed in different ways and fail in different ways, each cut at [`MOST_SAID`].
pub(crate) fn mean_opinion(learnt: f64, by_hand: f64) -> f64 {
    let said = |bits: f64| bits.clamp(-MOST_SAID, MOST_SAID);
    f64::midpoint(said(learnt), said(by_hand))
}

/// All that a verdict depends on.
#[expect(clippy::struct_excessive_bools, reason = "the facts of a verdict, each by its name")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Whether two independent families say that most of the accounts act as one, at the level of tier `act`.
    pub(crate) coordinated: bool,
    /// Whether two families say it of some of the accounts, or one generator words and sets the requests of all.
    pub(crate) perhaps_coordinated: bool,
    /// Whether one hand runs the accounts: no pool that many people use and pay for themselves.
    pub(crate) run_by_one: bool,
    /// What both opinions say by the signs of extraction, in bits.
    pub(crate) extraction: f64,
    /// What both opinions say by the signs of concealment, in bits.
    pub(crate) concealment: f64,
    /// Whether a written rule is broken: accounts return after others like them were closed.
    pub(crate) broke_a_rule: bool,
    /// Whether a permit names most of the accounts without covering all that they did; its holder is to be asked first.
    pub(crate) named_by_permit: bool,
    /// Whether the log shows no more than half of the signs of some question.
    pub(crate) too_few_signs: bool,
    /// Bits by which one hidden operator explains the set better than the nearest crowd, by the models that were written
    /// by hand.
    pub(crate) margin: f64,
    /// Bits by which its signs speak for one hidden operator, by the weights that were learnt on random worlds.
    pub(crate) strength: f64,
}

impl Facts {
    /// What both opinions together say for one hidden operator.
    pub(crate) fn balance(&self) -> f64 {
        mean_opinion(self.strength, self.margin)
    }
}

/// The tier; nothing where a crowd explains the set.
pub(crate) fn verdict(facts: &Facts) -> Option<Tier> {
    let (harvests, hides) = (facts.extraction >= YES_BITS, facts.concealment >= YES_BITS);
    let balance = facts.balance();
    let clear = balance >= CLEAR_BALANCE;
    let joined = facts.perhaps_coordinated || clear;
    let may_harvest = harvests || clear && facts.extraction > 0.0;
    if (facts.coordinated || facts.perhaps_coordinated && facts.run_by_one && clear)
        && may_harvest
        && (hides || facts.broke_a_rule)
        && balance >= ACT_BALANCE
        && facts.margin >= ACT_MARGIN
        && !facts.named_by_permit
        && !facts.too_few_signs
    {
        Some(Tier::Act)
    } else if joined && (harvests || hides || facts.broke_a_rule) && balance >= REVIEW_BALANCE {
        Some(Tier::Review)
    } else if balance > if facts.perhaps_coordinated { CROWD_BALANCE } else { APART_BALANCE } {
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
        run_by_one: true,
        extraction: 3.0,
        concealment: 4.0,
        broke_a_rule: false,
        named_by_permit: false,
        too_few_signs: false,
        margin: 2.0,
        strength: 3.5,
    };

    #[test]
    fn act_needs_all_three_answers_and_no_crowd() {
        assert_eq!(verdict(&RING), Some(Tier::Act));
        let lacking = [
            Facts { coordinated: false, ..RING },
            Facts { coordinated: false, run_by_one: false, margin: 6.0, ..RING },
            Facts { extraction: -1.0, ..RING },
            Facts { concealment: 0.0, ..RING },
            Facts { margin: 0.0, ..RING },
            Facts { named_by_permit: true, ..RING },
            Facts { too_few_signs: true, ..RING },
        ];
        assert!(lacking.iter().all(|facts| verdict(facts) == Some(Tier::Review)));
    }

    #[test]
    fn a_clear_case_stands_in_for_tests_on_all() {
        assert_eq!(verdict(&Facts { coordinated: false, margin: 5.0, ..RING }), Some(Tier::Act));
    }

    #[test]
    fn a_clear_case_needs_less_of_harvest_but_some() {
        let open = Facts { extraction: 0.2, ..RING };
        assert_eq!(verdict(&open), Some(Tier::Review));
        assert_eq!(verdict(&Facts { margin: 5.0, ..open }), Some(Tier::Act));
        assert_eq!(verdict(&Facts { margin: 5.0, extraction: -0.1, ..open }), Some(Tier::Review));
    }

    #[test]
    fn no_crowd_may_fit_as_well() {
        let fits = Facts { margin: 0.5, strength: 6.0, ..RING };
        assert!(fits.balance() > super::ACT_BALANCE);
        assert_eq!(verdict(&fits), Some(Tier::Review));
        assert_eq!(verdict(&Facts { margin: 1.0, ..fits }), Some(Tier::Act));
    }

    #[test]
    fn a_broken_rule_stands_in_for_concealment() {
        assert_eq!(verdict(&Facts { concealment: -1.0, broke_a_rule: true, ..RING }), Some(Tier::Act));
    }

    #[test]
    fn review_needs_coordination_and_one_of_the_others() {
        let open = Facts { coordinated: false, extraction: -1.0, concealment: -2.0, ..RING };
        assert_eq!(verdict(&open), Some(Tier::Watch));
        let apart = Facts { perhaps_coordinated: false, coordinated: false, ..RING };
        assert_eq!(verdict(&apart), Some(Tier::Watch));
        // So clear a case is for a person to look at, whatever the tests say.
        assert_eq!(verdict(&Facts { margin: 6.0, ..apart }), Some(Tier::Review));
    }

    #[test]
    fn a_crowd_is_no_campaign() {
        assert_eq!(verdict(&Facts { margin: -9.0, strength: -1.0, ..RING }), None);
        assert_eq!(verdict(&Facts { margin: -4.0, strength: 2.0, ..RING }), Some(Tier::Watch));
        let apart = Facts { coordinated: false, perhaps_coordinated: false, ..RING };
        assert_eq!(verdict(&Facts { margin: -4.0, strength: 2.0, ..apart }), None);
    }

    #[test]
    fn neither_opinion_decides_alone() {
        assert_eq!(verdict(&Facts { margin: 60.0, strength: -6.0, ..RING }), Some(Tier::Watch));
        assert_eq!(verdict(&Facts { margin: -6.0, strength: 60.0, ..RING }), Some(Tier::Watch));
    }
}
