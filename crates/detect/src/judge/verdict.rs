//! The tier that evidence and innocent explanations give together.

use stillwatch_core::Tier;

use crate::judge::measured::Measured;
use crate::parameters::{ACT_LEVEL, LEAST_ACCOUNTS, MOST_MEMBERS, REVIEW_LEVEL};
use crate::report::BenignHypothesis;
use crate::seek::candidate::Origin;
use crate::signal::channel::Channel;

/// The tier that the evidence and the innocent explanations give.
pub(crate) fn verdict(set: &Measured, hypotheses: &[BenignHypothesis]) -> Option<Tier> {
    let by_requests = set.tested.channel(Channel::Parameters).p <= ACT_LEVEL;
    if set.tested.q > REVIEW_LEVEL && !by_requests {
        return None;
    }
    let innocent = hypotheses.iter().any(|hypothesis| hypothesis.tested && !hypothesis.rejected);
    let open = hypotheses.iter().any(|hypothesis| !hypothesis.tested);
    let holds = set.holds();
    if holds && !innocent && !open && set.origin.is_by_content() && set.is_about_most() && set.is_run_by_one() {
        Some(Tier::Act)
    } else if !innocent && (holds || set.origin.is_by_content() && set.has_one_generator()) {
        Some(Tier::Review)
    } else if set.tested.q <= REVIEW_LEVEL && (holds || set.origin.is_by_content()) {
        Some(Tier::Watch)
    } else {
        None
    }
}

impl Measured {
    /// Whether the evidence holds, whatever innocent explanations there are: what chose the accounts, and something of
    /// another family that was tested.
    fn holds(&self) -> bool {
        let tested = &self.tested;
        let linked = match self.origin {
            Origin::Owned => tested.content().p <= ACT_LEVEL,
            Origin::Concert => tested.synchrony().p <= ACT_LEVEL,
            // Carriers and mail domains follow from where and when a product is used; they support, but carry nothing
            // alone. Days of sign-up follow from when it became known, unless one generator speaks.
            _ => {
                tested.links() <= ACT_LEVEL
                    || tested.channel(Channel::Signup).p <= ACT_LEVEL && self.has_one_generator()
            }
        };
        linked && self.says_its_own() && self.families(ACT_LEVEL).len() >= 2 && self.owners >= LEAST_ACCOUNTS
    }

    /// Whether what they say is their own: more of them than of others say it, or a generator does.
    fn says_its_own(&self) -> bool {
        !self.origin.is_by_content() || self.outside <= self.accounts.len() || self.wording.is_generated()
    }

    /// Whether the evidence is about most of the accounts, so that none is carried by a few others.
    fn is_about_most(&self) -> bool {
        self.implicated > MOST_MEMBERS || self.tested.synchrony().p <= ACT_LEVEL || self.origin == Origin::Owned
    }

    /// Whether one hand runs the accounts: of a pool, whoever pays.
    fn is_run_by_one(&self) -> bool {
        !self.is_relay() || self.tested.channel(Channel::Payment).p <= ACT_LEVEL
    }
}
