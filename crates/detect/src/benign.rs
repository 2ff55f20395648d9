//! Innocent explanations, each tested by what it predicts. What is not rejected stands, and stands in the way.

use stillwatch_core::{AccountType, SECONDS_PER_DAY};

use crate::channel::Channel;
use crate::finding::{Measured, Setting};
use crate::parameters::{ACT_LEVEL, FEW_SHARED_PROMPTS, MOST_OF_ONE_OWNER, PASTED_COVERAGE};
use crate::report::BenignHypothesis;

const EVENT_DAYS: i64 = 4;
const JOINED_BEFORE_EVENT_DAYS: i64 = 7;
const MOST: f64 = 0.8;

/// Tests every hypothesis, in a fixed order.
pub(crate) fn hypotheses(setting: &Setting<'_>, set: &Measured) -> Vec<BenignHypothesis> {
    vec![
        enterprise_seats(set),
        shared_egress(set),
        classroom(set),
        hackathon(setting, set),
        popular_template(set),
        public_benchmark(set),
        pasted_public_prompt(set),
        aggregator(setting, set),
        permitted_partner(),
    ]
}

fn verdict(name: &str, rejected: bool, why: String) -> BenignHypothesis {
    BenignHypothesis { name: name.into(), rejected, why }
}

/// Colleagues work under one organisation or pay with one instrument.
fn enterprise_seats(set: &Measured) -> BenignHypothesis {
    let share = set.largest_owner_share;
    let why = format!(
        "{:.0} % of the accounts belong to the largest organisation; seats of an enterprise share one ({} organisations here)",
        100.0 * share,
        set.owners
    );
    verdict("enterprise_seats", share <= MOST_OF_ONE_OWNER, why)
}

/// People behind one address keep their own cards, settings and minutes.
fn shared_egress(set: &Measured) -> BenignHypothesis {
    let network = set.tested.channel(Channel::Network);
    let domain = set.tested.channel(Channel::Domain);
    if network.p > ACT_LEVEL && domain.p > ACT_LEVEL {
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
    let day = SECONDS_PER_DAY;
    let joined_for_it = set.accounts.iter().filter(|&&at| {
        let profile = &setting.population.profiles[at as usize];
        let span = profile.last.seconds() - profile.first.seconds();
        let age = profile.account.created_at.map(|created| profile.first.seconds() - created.seconds());
        span <= EVENT_DAYS * day && age.is_some_and(|age| age <= JOINED_BEFORE_EVENT_DAYS * day)
    });
    let share = ratio(joined_for_it.count(), set.accounts.len());
    if share < MOST {
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
    let contracts = set
        .accounts
        .iter()
        .filter(|&&at| setting.population.profiles[at as usize].account.account_type == AccountType::Aggregator)
        .count();
    let why = format!("{contracts} of {} accounts have an aggregator's contract", set.accounts.len());
    verdict("aggregator", 2 * contracts < set.accounts.len(), why)
}

/// Accounts under a permit were set aside before anything was compared.
fn permitted_partner() -> BenignHypothesis {
    verdict(
        "permitted_partner",
        true,
        "no permit on record covers any of these accounts for the whole of their activity".into(),
    )
}

/// Whether the set is run like one operation: what a crowd behind one address does not do.
fn operated_alike(set: &Measured) -> (bool, String) {
    let tests = [
        (set.tested.channel(Channel::Payment), "payment instruments are shared"),
        (set.tested.synchrony(), "minutes of activity are coordinated"),
        (set.tested.channel(Channel::Parameters), "sampling parameters agree"),
    ];
    match tests.iter().find(|(test, _)| test.p <= ACT_LEVEL) {
        Some((test, what)) => (true, format!("{what} beyond chance (z = {:.1}, p = {:.3}), which people behind one address do not do", test.z, test.p)),
        None => {
            (false, "nothing but address or mail domain is shared: payment, minutes and sampling parameters are those of a crowd".into())
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let ratio = part as f64 / whole.max(1) as f64;
    ratio
}
