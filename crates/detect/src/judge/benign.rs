//! Innocent explanations, each tested by what it predicts. What is not rejected stands, and stands in the way.

use stillwatch_core::{AccountType, SECONDS_PER_DAY, count, median, ratio};

use crate::account::AccountIndex;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::parameters::{
    ACT_LEVEL, EVENT_DAYS, FEW_SHARED_PROMPTS, GRADE_TOKENS, JOINED_BEFORE_EVENT_DAYS, MOST_OF_ONE_OWNER, MOST_UNIFORM,
    NEARLY_ALL, ONE_DOMAIN, PASTED_COVERAGE,
};
use crate::profile::Profile;
use crate::report::BenignHypothesis;
use crate::seek::candidate::Origin;
use crate::signal::channel::{Channel, Scratch};

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
        owned_group(setting, set),
        joined_together(set),
        key_migration(setting, set),
        release_rush(setting, set),
        carrier_nat_or_vpn(setting, set),
        scheduled_jobs(set),
        judge_evaluation(setting, set),
        internal_evaluation(setting, set),
        one_company(setting, set),
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
    ratio(setting.population.of(&set.accounts).filter(|profile| of(profile)).count(), set.accounts.len())
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
        let known = ratio(addresses.map(|holdings| holdings.known(&set.accounts)).sum::<usize>(), set.accounts.len());
        let (alike, why) = operated_alike_or_pooled(set);
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
    let (alike, why) = operated_alike_or_pooled(set);
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
    let joined_for_it = setting.population.of(&set.accounts).filter(|profile| {
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
    if set.origin == Origin::Owned && set.wording.uniformity() < MOST_UNIFORM {
        let why = format!(
            "the median account repeats {:.0} % of what all have in common, and they have more in common than accounts drawn at random (z = {:.1}); users of one popular template repeat most of it",
            100.0 * set.wording.uniformity(),
            set.tested.content().z
        );
        return verdict("popular_template", true, why);
    }
    let common = set.tested.content();
    if set.origin == Origin::Concert && common.p > ACT_LEVEL {
        let why = format!(
            "the accounts have no more wording in common than chance explains (p = {:.3}); users of one template have",
            common.p
        );
        return verdict("popular_template", true, why);
    }
    if set.origin.is_by_content() && set.tested.links() <= ACT_LEVEL {
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
    if !set.origin.is_by_content() {
        return verdict("pasted_public_prompt", true, "it was not a common prompt that chose the accounts".into());
    }
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
    let of_type = |profile: &&Profile| profile.account.account_type == AccountType::Aggregator;
    let contracts = setting.population.of(&set.accounts).filter(of_type).count();
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

/// Companies of one owner may have one tool, with its template and settings. What they do not have is one generator that
/// words everything anew, nor the same settings where every company words its own way.
fn owned_group(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let owner = |at| setting.population.profile(at).account.owner.as_deref();
    let together = together(set, owner, |_, _| true);
    let share = ratio(together, set.accounts.len());
    let why = format!("{:.0} % of the accounts have a declared owner in common", 100.0 * share);
    if share <= MOST_OF_ONE_OWNER {
        return verdict("owned_group", true, why);
    }
    if set.has_one_generator() {
        return verdict(
            "owned_group",
            true,
            format!(
                "{why}; but one generator words their requests anew and sets their parameters, where companies with one tool use its template as it is"
            ),
        );
    }
    let settings = set.tested.channel(Channel::Parameters);
    let tool = set.wording.uniformity();
    let rejected = settings.p <= ACT_LEVEL && tool < MOST_UNIFORM;
    verdict(
        "owned_group",
        rejected,
        format!(
            "{why}; they use the same settings beyond chance (p = {:.3}), and the median account repeats {:.0} % of what all have in common (most of it, with one tool)",
            settings.p,
            100.0 * tool
        ),
    )
}

/// A class, an event, an onboarding or a release brings accounts on the same days.
fn joined_together(set: &Measured) -> BenignHypothesis {
    let signup = set.tested.channel(Channel::Signup);
    if signup.p > ACT_LEVEL {
        return verdict(
            "joined_together",
            true,
            format!("sign-ups are no more crowded than chance explains (p = {:.3})", signup.p),
        );
    }
    let (alike, why) = operated_alike(set);
    verdict("joined_together", alike, format!("sign-ups crowd on the same days (z = {:.1}); {why}", signup.z))
}

/// A customer that moves to new accounts uses them one after the other.
fn key_migration(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let mut ends: Vec<(i64, isize)> = Vec::new();
    for profile in setting.population.of(&set.accounts) {
        ends.extend([(profile.first.seconds(), 1), (profile.last.seconds() + 1, -1)]);
    }
    ends.sort_unstable();
    let together = ends.iter().scan(0_usize, |active, (_, change)| {
        *active = active.saturating_add_signed(*change);
        Some(*active)
    });
    let together = together.max().unwrap_or(0);
    let share = ratio(together, set.accounts.len());
    let why = format!(
        "{together} of {} accounts ({} organisations) are in use at the same time; a move to new keys leaves one in use for each old one",
        set.accounts.len(),
        set.owners
    );
    verdict("key_migration", share > MOST_OF_ONE_OWNER || 2 * set.owners > set.accounts.len(), why)
}

/// A new model or product draws many people at once, who come for a few days.
fn release_rush(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let mut starts: Vec<i64> = setting.population.of(&set.accounts).map(|profile| profile.first.seconds()).collect();
    starts.sort_unstable();
    let within = |from: &i64| {
        starts.partition_point(|start| *start <= from + EVENT_DAYS * SECONDS_PER_DAY)
            - starts.partition_point(|start| start < from)
    };
    let share = ratio(starts.iter().map(within).max().unwrap_or(0), starts.len());
    let why = format!(
        "{:.0} % of the accounts begin within the same {EVENT_DAYS} days; a rush has nearly all",
        100.0 * share
    );
    if share < NEARLY_ALL {
        return verdict("release_rush", true, why);
    }
    let (alike, how) = operated_alike(set);
    verdict("release_rush", alike, format!("{why}; {how}"))
}

/// Customers of a carrier or of a VPN share addresses with many who have nothing to do with them.
fn carrier_nat_or_vpn(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let network = set.tested.channel(Channel::Network);
    if network.p > ACT_LEVEL {
        return verdict(
            "carrier_nat_or_vpn",
            true,
            "addresses are shared no more than among accounts drawn at random".into(),
        );
    }
    let mut scratch = Scratch::default();
    let addresses = setting.holdings.iter().filter(|holdings| holdings.channel == Channel::Network);
    let others: u64 = addresses.map(|holdings| holdings.bystanders(&set.accounts, &mut scratch)).sum();
    let why = format!("{others} accounts outside use the addresses that members share; a carrier or a VPN has many");
    if others < count(set.accounts.len()) {
        return verdict("carrier_nat_or_vpn", true, why);
    }
    let (alike, how) = operated_alike_or_pooled(set);
    verdict("carrier_nat_or_vpn", alike, format!("{why}; {how}"))
}

/// Jobs on one schedule run in the same minutes, day after day.
fn scheduled_jobs(set: &Measured) -> BenignHypothesis {
    let synchrony = set.tested.synchrony();
    let why = if synchrony.p > ACT_LEVEL {
        "minutes agree no more than half-hours and daily habits explain".to_owned()
    } else {
        "minutes agree more than the same jobs on other days would, so no timetable explains it".to_owned()
    };
    // Synchrony that habits explain has been taken back before.
    verdict("scheduled_jobs", true, why)
}

/// Whoever evaluates models with a published rubric asks for grades, with one template.
fn judge_evaluation(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let answered = setting.population.of(&set.accounts).filter(|profile| profile.answered > 0);
    let mut lengths: Vec<f64> = answered.map(|profile| ratio(profile.output_tokens, profile.answered)).collect();
    let length = median(&mut lengths);
    let why = format!("the median account gets {length:.0} tokens an answer; a grade takes a few");
    if length > GRADE_TOKENS {
        return verdict("judge_evaluation", true, why);
    }
    let (alike, how) = operated_alike(set);
    verdict("judge_evaluation", alike, format!("{why}; {how}"))
}

/// Evaluations of the provider's own, and of one customer over several accounts.
fn internal_evaluation(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let internal = known(setting, set, |profile| profile.account.account_type == AccountType::Internal);
    let why = format!(
        "{:.0} % of the accounts are the provider's own, and they belong to {} organisations",
        100.0 * internal,
        set.owners
    );
    verdict("internal_evaluation", internal <= MOST_OF_ONE_OWNER && set.owners > 1, why)
}

/// The teams of a company sign up under its own mail domain, each perhaps as an organisation of its own. Whoever hides
/// does not carry one name; unless a generator speaks, a common name is an address to write to.
fn one_company(setting: &Setting<'_>, set: &Measured) -> BenignHypothesis {
    let domain = |at| setting.population.profile(at).account.email_domain.as_deref();
    let own = together(set, domain, |name, members| {
        setting.population.accounts().filter(|&at| domain(at) == Some(name)).count() < 2 * members
    });
    let share = ratio(own, set.accounts.len());
    let why = format!(
        "{:.0} % of the accounts signed up, several at a time, under mail domains that few others have",
        100.0 * share
    );
    verdict("one_company", share < ONE_DOMAIN || set.has_one_generator(), why)
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

/// As [`operated_alike`], or a pool with addresses of its own. It says nothing about events and classes, whose teams share
/// accounts too.
fn operated_alike_or_pooled(set: &Measured) -> (bool, String) {
    if set.is_relay() {
        return (
            true,
            format!(
                "{:.0} % of the accounts carry several people through addresses that are the set's own, where neighbours have one client each",
                100.0 * set.pool.several
            ),
        );
    }
    operated_alike(set)
}

/// Accounts that have a name of this kind in common with at least two others of the set, as far as the name `counts`,
/// given how many members have it.
fn together<'a>(
    set: &Measured,
    of: impl Fn(AccountIndex) -> Option<&'a str>,
    counts: impl Fn(&str, usize) -> bool,
) -> usize {
    let mut names: Vec<&str> = set.accounts.iter().filter_map(of).collect();
    names.sort_unstable();
    let several = |chunk: &&[&str]| chunk.len() > 2 && chunk.first().is_some_and(|name| counts(name, chunk.len()));
    names.chunk_by(|a, b| a == b).filter(several).map(<[&str]>::len).sum()
}
