//! What would have to change for the verdict to change, answered by the rules that gave it.

use stillwatch_core::{Family, Tier};

use crate::hypothesis::{Supposition, TestName};
use crate::judge::judgement::Judgement;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::told::Finding;
use crate::judge::verdict::{ACT_BALANCE, ACT_MARGIN, MOST_SAID};
use crate::null::TakenBack;
use crate::parameters::ACT_LEVEL;
use crate::report::Counterfactual;
use crate::signal::channel::Channel;

/// Innocent explanations that are supposed to be ruled out, the nearest first.
const MOST_DOUBTS: usize = 3;

/// Families of evidence beside the requests.
const BESIDE: [Family; 3] = [Family::Infrastructure, Family::Timing, Family::Lifecycle];

/// The verdict without each part of its grounds, and with each open doubt settled.
pub(crate) fn counterfactuals(setting: &Setting<'_>, finding: &Finding) -> Vec<Counterfactual> {
    let set = &finding.set;
    // A verdict that an earlier step has lowered is not raised here.
    let again = |set: &Measured| {
        let judgement = Judgement::new(setting, set);
        let judgement = if finding.judgement.facts.broke_a_rule { judgement.breaking_a_rule() } else { judgement };
        judgement.tier().map(|tier| tier.min(finding.tier))
    };
    let mut list = Vec::new();
    for family in BESIDE {
        if finding.families.contains(&family) {
            let without = set.without(setting, |tested| tested.forget(family));
            list.push(told(Supposition::WithoutFamily(family), finding.tier, again(&without)));
        }
    }
    let significant = |channel: &&Channel| set.tested.channel(**channel).p <= ACT_LEVEL;
    for &channel in Channel::ALL.iter().filter(significant) {
        let without = set.without(setting, |tested| tested.discount(channel, TakenBack::Supposed));
        list.push(told(Supposition::WithoutTest(TestName(channel)), finding.tier, again(&without)));
    }
    let without = set.without(setting, |tested| {
        for family in BESIDE {
            tested.forget(family);
        }
    });
    list.push(told(Supposition::RequestsAlone, finding.tier, again(&without)));
    if finding.raised {
        let before = if finding.tier == Tier::Act { Tier::Review } else { Tier::Watch };
        list.push(told(Supposition::WithoutSuccessors, finding.tier, Some(before)));
    }
    // Explanations that fit better than one hidden operator, or keep the balance from what the next tier needs.
    let needed = (2.0 * ACT_BALANCE - finding.judgement.facts.strength.clamp(-MOST_SAID, MOST_SAID)).max(ACT_MARGIN);
    for doubt in finding.judgement.nearest().into_iter().filter(|doubt| doubt.bits < needed).take(MOST_DOUBTS) {
        // A verdict that an earlier step has lowered is not raised here, but for the doubt itself.
        let most = if finding.raised { finding.tier } else { Tier::Act };
        let settled = finding.judgement.tier_without(doubt.crowd).map(|tier| tier.min(most));
        list.push(told(Supposition::RuledOut(doubt.crowd.name), finding.tier, settled));
    }
    if finding.tier > Tier::Watch {
        list.push(told(Supposition::OneIsTrue, finding.tier, None));
    }
    list
}

fn told(suppose: Supposition, tier: Tier, then: Option<Tier>) -> Counterfactual {
    let statement = match then {
        None => format!("{suppose}, the accounts would not be told as a campaign"),
        Some(then) if then == tier => format!("{suppose}, the tier would still be {tier}"),
        Some(then) => format!("{suppose}, the tier would be {then} instead of {tier}"),
    };
    Counterfactual { suppose, tier: then, statement }
}
