//! What would have to change for the verdict to change, answered by the rules that gave it.

use stillwatch_core::{Family, Tier};

use crate::judge::benign::hypotheses;
use crate::judge::finding::Finding;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::verdict::verdict;
use crate::parameters::ACT_LEVEL;
use crate::report::Counterfactual;
use crate::signal::channel::Channel;

/// Families of evidence beside the requests.
const BESIDE: [Family; 3] = [Family::Infrastructure, Family::Timing, Family::Lifecycle];

/// The verdict without each part of its grounds, and with each open doubt settled.
pub(crate) fn counterfactuals(setting: &Setting<'_>, finding: &Finding) -> Vec<Counterfactual> {
    let set = &finding.set;
    // A verdict that an earlier step has lowered is not raised here.
    let again = |set: &Measured| {
        let tier = verdict(set, &hypotheses(setting, set)).map(|tier| tier.min(finding.tier));
        if finding.raised { tier.map(|_| finding.tier) } else { tier }
    };
    let mut list = Vec::new();
    for family in BESIDE {
        if finding.families.contains(&family) {
            let without = set.without(setting, |tested| tested.forget(family));
            list.push(told(format!("without the family {family}"), finding.tier, again(&without)));
        }
    }
    let significant = |channel: &&Channel| set.tested.channel(**channel).p <= ACT_LEVEL;
    for &channel in Channel::ALL.iter().filter(significant) {
        let without = set.without(setting, |tested| tested.discount(channel));
        list.push(told(format!("without {}", channel.noun()), finding.tier, again(&without)));
    }
    let without = set.without(setting, |tested| {
        for family in BESIDE {
            tested.forget(family);
        }
    });
    list.push(told("without all evidence beside the requests".into(), finding.tier, again(&without)));
    if finding.raised {
        list.push(told("without successors of closed accounts".into(), finding.tier, Some(Tier::Watch)));
    }
    for doubt in finding.hypotheses.iter().filter(|doubt| !doubt.rejected) {
        let mut settled = hypotheses(setting, set);
        for hypothesis in settled.iter_mut().filter(|hypothesis| hypothesis.name == doubt.name) {
            (hypothesis.tested, hypothesis.rejected) = (true, true);
        }
        list.push(told(format!("if {} were rejected", doubt.name), finding.tier, verdict(set, &settled)));
    }
    if finding.tier > Tier::Watch {
        let mut believed = hypotheses(setting, set);
        if let Some(hypothesis) = believed.first_mut() {
            (hypothesis.tested, hypothesis.rejected) = (true, false);
        }
        let tier = verdict(set, &believed).map(|tier| tier.min(finding.tier));
        list.push(told("if one innocent explanation were shown to be true".into(), finding.tier, tier));
    }
    list
}

fn told(suppose: String, tier: Tier, then: Option<Tier>) -> Counterfactual {
    let statement = match then {
        None => format!("{suppose}, nothing would be told"),
        Some(then) if then == tier => format!("{suppose}, the tier would still be {tier}"),
        Some(then) => format!("{suppose}, the tier would be {then} instead of {tier}"),
    };
    Counterfactual { suppose, tier: then, statement }
}
