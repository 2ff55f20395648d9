//! Innocent explanations, each tested by what it predicts. What is not rejected stands, and stands in the way.

use stillwatch_core::{AccountType, SECONDS_PER_DAY};

use crate::channel::Channel;
use crate::finding::{Measured, Setting};
use crate::parameters::{
    ACT_LEVEL, EVENT_DAYS, FEW_SHARED_PROMPTS, JOINED_BEFORE_EVENT_DAYS, MOST_OF_ONE_OWNER, NEARLY_ALL, PASTED_COVERAGE,
};
use crate::profile::Profile;
use crate::report::BenignHypothesis;

/// Tests every hypothesis, in a fixed order.
pub(crate) fn hypotheses(setting: &Setting<'_>, set: &Measured) -> Vec<BenignHypothesis> {
    vec![
        enterprise_seats(setting, set),
        shared_egress(setting, set),
        classroom(set),
        hackathon(setting, set),
        popular_template(set),
        public_benchmark(set),
        pasted_public_prompt(set),
        aggregator(setting, set),
        permitted_partner(setting, set),
    ]
}

fn verdict(name: &str, rejected: bool, why: String) -> BenignHypothesis {
    BenignHypothesis { name: name.into(), tested: true, rejected, why }
}

/// For want of a field, the data speak neither for nor against it.
fn not_tested(name: &str, why: String) -> BenignHypothesis {
    BenignHypothesis { name: name.into(), tested: false, rejected: false, why }
}

/// Members for which something is known, as a share.
fn known(setting: &Setting<'_>, set: &Measured, of: impl Fn(&Profile) -> bool) -> f64 {
    ratio(set.accounts.iter().filter(|&&at| of(&setting.population.profiles[at as usize])).count(), set.accounts.len())
}

/// Colleagues work under one organisation or pay with one instrument.
fn enterprise_seats(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let known = known(setting, set, |profile| profile.organization().is_some());
    if known < NEARLY_ALL {
        return not_tested(
            "enterprise_seats",
            format!("the organisation is known of {:.0} % of the accounts", 100.0 * known),
        );
    }
    let share = set.largest_owner_share;
    let why = format!(
        "{:.0} % of the accounts belong to the largest organisation; seats of an enterprise share one ({} organisations here)",
        100.0 * share,
        set.owners
    );
    verdict("enterprise_seats", share <= MOST_OF_ONE_OWNER, why)
}

/// People behind one address keep their own cards, settings and minutes.
fn shared_egress(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let network = set.tested.channel(Channel::Network);
    let domain = set.tested.channel(Channel::Domain);
    if network.p > ACT_LEVEL && domain.p > ACT_LEVEL {
        let addresses = setting.holdings.iter().filter(|holdings| holdings.channel == Channel::Network);
        let known = ratio(addresses.map(|holdings| holdings.known(&set.accounts)).sum(), set.accounts.len());
        let (alike, why) = operated_alike(set);
        if known < NEARLY_ALL && alike {
            return verdict("shared_egress", true, why);
        }
        if known < NEARLY_ALL {
            return not_tested(
                "shared_egress",
                format!("addresses are known of {:.0} % of the accounts", 100.0 * known),
            );
        }
        return verdict(
            "shared_egress",
            true,
            "addresses are shared no more than among accounts drawn at random".into(),
        );
    }
    let (alike, why) = operated_alike(set);
    verdict("shared_egress", alike, why)
}

/// A class gets the same assignment in the same hour behind one campus network.
fn classroom(set: &Measured) -> BenignHypothesis {
    let shared = set.shared_prompts;
    if shared < FEW_SHARED_PROMPTS {
        let why = format!(
            "{:.1} % of the prompts are asked by more than one owner; an assignment is asked by all",
            100.0 * shared
        );
        return verdict("classroom", true, why);
    }
    let (alike, why) = operated_alike(set);
    verdict(
        "classroom",
        alike,
        format!("{:.1} % of the prompts are asked by more than one owner; {why}", 100.0 * shared),
    )
}

/// An event has new accounts, a few days and one starter template.
fn hackathon(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let known = known(setting, set, |profile| profile.account.created_at.is_some());
    if known < NEARLY_ALL {
        return not_tested(
            "hackathon",
            format!("the day of opening is known of {:.0} % of the accounts", 100.0 * known),
        );
    }
    let day = SECONDS_PER_DAY;
    let joined_for_it = set.accounts.iter().filter(|&&at| {
        let profile = &setting.population.profiles[at as usize];
        let span = profile.last.seconds() - profile.first.seconds();
        let age = profile.account.created_at.map(|created| profile.first.seconds() - created.seconds());
        span <= EVENT_DAYS * day && age.is_some_and(|age| age <= JOINED_BEFORE_EVENT_DAYS * day)
    });
    let share = ratio(joined_for_it.count(), set.accounts.len());
    if share < NEARLY_ALL {
        let why = format!(
            "{:.0} % of the accounts were opened at most {JOINED_BEFORE_EVENT_DAYS} days before and used for at most {EVENT_DAYS} days",
            100.0 * share
        );
        return verdict("hackathon", true, why);
    }
    let (alike, why) = operated_alike(set);
    verdict("hackathon", alike, why)
}

/// Users of one agent or framework share its words, its client and the few clouds that it runs on, and nothing else.
fn popular_template(set: &Measured) -> BenignHypothesis {
    if set.tested.without_carriers() <= ACT_LEVEL {
        let why =
            format!("accounts that share the wording are also {}, which users of one product are not", set.strongest());
        return verdict("popular_template", true, why);
    }
    let why = format!(
        "an exchange with any shared passage comes {:.1} times for one with a given passage (1.0 for a fixed template), and the median account repeats {:.0} % of what all have in common (most of it, of published templates)",
        set.wording.rotation,
        100.0 * set.wording.uniformity()
    );
    verdict("popular_template", set.wording.is_generated(), why)
}

/// Runs of a public benchmark ask the same questions.
fn public_benchmark(set: &Measured) -> BenignHypothesis {
    let shared = set.shared_prompts;
    let why = format!(
        "{:.1} % of the prompts are asked by more than one owner; runs of one benchmark share most",
        100.0 * shared
    );
    if shared < 2.0 * FEW_SHARED_PROMPTS {
        return verdict("public_benchmark", true, why);
    }
    let paid = set.tested.channel(Channel::Payment).p <= ACT_LEVEL;
    let timed = set.tested.synchrony().p <= ACT_LEVEL;
    let more = match (paid, timed) {
        (true, _) => "; but unrelated runners do not share payment instruments",
        (_, true) => "; but unrelated runners do not divide their minutes",
        _ => "",
    };
    verdict("public_benchmark", paid || timed, format!("{why}{more}"))
}

/// A prompt that went round is pasted now and then, not built upon.
fn pasted_public_prompt(set: &Measured) -> BenignHypothesis {
    let coverage = set.wording.coverage;
    let why = format!("shared passages are in {:.0} % of a member's exchanges (median)", 100.0 * coverage);
    verdict("pasted_public_prompt", coverage >= PASTED_COVERAGE, why)
}

/// Aggregators carry other people's traffic under a contract that says so.
fn aggregator(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let known = known(setting, set, |profile| profile.in_table);
    if known < NEARLY_ALL {
        return not_tested("aggregator", format!("the contract is known of {:.0} % of the accounts", 100.0 * known));
    }
    let contracts = set
        .accounts
        .iter()
        .filter(|&&at| setting.population.profiles[at as usize].account.account_type == AccountType::Aggregator)
        .count();
    let why = format!("{contracts} of {} accounts have an aggregator's contract", set.accounts.len());
    verdict("aggregator", 2 * contracts < set.accounts.len(), why)
}

/// Accounts that a permit covers were set aside before anything was compared. Those that a permit names without
/// covering all that they did are a matter for whoever holds the permit.
fn permitted_partner(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let named = known(setting, set, |profile| profile.named_by_permit);
    let why = format!("a permit names {:.0} % of the accounts without covering all that they did", 100.0 * named);
    verdict("permitted_partner", named <= MOST_OF_ONE_OWNER, why)
}

/// Whether the set is run like one operation: what colleagues, students or neighbours behind one address do not do.
/// That they use one tool with its settings proves nothing; that the tool words every request anew, account by account,
/// does.
fn operated_alike(set: &Measured) -> (bool, String) {
    let (payment, synchrony) = (set.tested.channel(Channel::Payment), set.tested.synchrony());
    if payment.p <= ACT_LEVEL {
        return (
            true,
            format!(
                "payment instruments are shared beyond chance (z = {:.1}, p = {:.3}), which people behind one address do not do",
                payment.z, payment.p
            ),
        );
    }
    if synchrony.p <= ACT_LEVEL {
        return (
            true,
            format!(
                "minutes of activity are coordinated beyond chance (z = {:.1}, p = {:.3}), which people behind one address do not do",
                synchrony.z, synchrony.p
            ),
        );
    }
    if set.has_one_generator() {
        return (true, "one generator words the requests anew and sets their parameters, where people who share a tool use its template as it is".into());
    }
    (false, "nothing but address or mail domain is shared: payment, minutes and wording are those of a crowd".into())
}

fn ratio(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let ratio = part as f64 / whole.max(1) as f64;
    ratio
}
